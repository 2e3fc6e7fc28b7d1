//! Pipelines that an earlier release has planned.

use std::collections::BTreeMap;

use arroyo_dataflow::Program;
use arroyo_metastore::{Metastore, PipelineUpdate};
use arroyo_state::{Manifest, Manifests, OperatorManifest, SubtaskCommit};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation, HASH_VERSION, JobState, OperatorId, PipelineId};
use serde_json::{Value, json};

use crate::pipelines::{create, set_state};
use crate::server::Server;

/// The program with ids that this release gives to nothing.
fn of_another_release(program: &[u8]) -> Vec<u8> {
    let mut program = Program::decode(program).unwrap();
    for operator in program.nodes.iter_mut().flat_map(|node| &mut node.chain) {
        operator.id = OperatorId::from(format!("{}-before", operator.id));
    }
    program.encode().unwrap()
}

/// A checkpoint in which every operator of the program has something to lose.
fn checkpoint_of(program: &[u8]) -> Manifest {
    let operators = Program::decode(program).unwrap().nodes.into_iter().flat_map(|node| node.chain).map(|operator| {
        let commits = vec![SubtaskCommit { subtask: 0, data: vec![1] }];
        let (name, description) = (operator.name, operator.description);
        let kept = OperatorManifest { name, description, parallelism: 1, tables: BTreeMap::new(), commits };
        (operator.id, kept)
    });
    Manifest {
        job: "job".into(),
        epoch: Epoch(1),
        generation: Generation(1),
        created_at_micros: 0,
        hash_version: HASH_VERSION,
        fingerprint: String::new(),
        stopping: false,
        operators: operators.collect(),
    }
}

#[tokio::test]
async fn what_only_the_stored_program_finds_is_not_lost() {
    let checkpoints = tempfile::tempdir().unwrap();
    let url = checkpoints.path().display().to_string();
    let configure = |config: &mut arroyo_config::Config| config.checkpoint_url.clone_from(&url);
    let server = Server::with("http://127.0.0.1:1".into(), configure).await.unwrap();
    let (id, job) = create(&server).await;
    set_state(&server, &job, JobState::Stopped).await;
    let (path, id) = (format!("/pipelines/{id}"), PipelineId::from(id));
    let planned = server.metastore.pipeline(&id).await.unwrap().program;
    let started_with = async |program: &[u8], patch: Value| {
        let update = PipelineUpdate { program: Some(program.to_vec()), ..PipelineUpdate::default() };
        server.metastore.update_pipeline(&id, &update, 0).await.unwrap();
        let (status, body) = server.patch(&path, patch).await;
        (status, body["error"].to_string(), server.metastore.pipeline(&id).await.unwrap().program)
    };
    let start = || json!({"stop": "none"});
    let earlier = of_another_release(&planned);
    let (status, _, program) = started_with(&earlier, start()).await;
    assert!(status == 200 && program == planned, "there is nothing to lose: {status}");

    let manifests = Manifests::new(Storage::open(&url).unwrap().child(&job).unwrap());
    manifests.publish(&checkpoint_of(&earlier)).await.unwrap();
    let (status, _, program) = started_with(&earlier, start()).await;
    assert!(status == 200 && program == earlier, "the stored program has the state's operators: {status}");

    let query = server.metastore.pipeline(&id).await.unwrap().query;
    for epoch in [json!(null), json!(1)] {
        let (status, compared) =
            server.post(&format!("{path}/compare_query"), json!({"query": query, "epoch": epoch})).await;
        assert!(status == 200 && compared["same"] == true && compared["drops_state"] == false, "{compared}");
        let changes = compared["operators"].as_array().unwrap();
        assert!(!changes.is_empty() && changes.iter().all(|change| change["change"] == "kept"), "{compared}");
    }

    let unreadable = b"a program of another version";
    let (status, error, _) = started_with(unreadable, start()).await;
    assert!(status == 409 && error.contains("drops the state of"), "{status} {error}");
    let (status, _, program) = started_with(unreadable, json!({"stop": "none", "drop_state": true})).await;
    assert!(status == 200 && program == planned, "{status}");
}
