//! Pipelines. The queries' errors are the planner's; what is asserted of them here is their form.

use arroyo_metastore::Metastore;
use arroyo_types::{Epoch, JobState, StopMode};
use serde_json::{Value, json};

use crate::server::Server;

const QUERY: &str = "CREATE TABLE lines (value TEXT) WITH (
        connector = 'single_file', path = '/tmp/in.json', format = 'json', type = 'source');
    SELECT * FROM lines;";

pub(crate) async fn create(server: &Server) -> (String, String) {
    let (status, pipeline) = server.post("/pipelines", json!({"name": "p", "query": QUERY, "parallelism": 1})).await;
    assert_eq!(status, 200, "{pipeline}");
    let id = pipeline["id"].as_str().unwrap().to_string();
    let (_, jobs) = server.get(&format!("/pipelines/{id}/jobs")).await;
    (id, jobs["data"][0]["id"].as_str().unwrap().to_string())
}

pub(crate) async fn set_state(server: &Server, job: &str, state: JobState) {
    let mut job = server.metastore.job(&job.into()).await.unwrap();
    job.state = state;
    server.metastore.update_job(&job).await.unwrap();
}

#[tokio::test]
async fn a_pipeline_is_created_read_listed_and_deleted() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let (_, pipeline) = server.get(&format!("/pipelines/{id}")).await;
    assert_eq!(
        (&pipeline["name"], &pipeline["stop"], &pipeline["action_text"], &pipeline["checkpoint_interval_micros"]),
        (&json!("p"), &json!("none"), &json!("Stop"), &json!(10_000_000))
    );
    assert_eq!(pipeline["query"], QUERY);
    assert_eq!(pipeline["created_at"], 1_700_000_000_000_000_u64);
    let (_, listed) = server.get("/pipelines").await;
    assert_eq!(listed, json!({"data": [pipeline], "hasMore": false}));

    let (status, body) = server.delete(&format!("/pipelines/{id}")).await;
    assert_eq!(status, 400, "{body}");
    set_state(&server, &job, JobState::Stopped).await;
    assert_eq!(server.delete(&format!("/pipelines/{id}")).await.0, 200);
    let gone = (404, json!({"error": "Pipeline not found"}));
    assert_eq!(server.get(&format!("/pipelines/{id}")).await, gone);
    assert_eq!(server.delete(&format!("/pipelines/{id}")).await, gone);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.clock.advance_nanos(1_000_000);
        create(&server).await;
    }
    let (_, first) = server.get("/pipelines?limit=2").await;
    assert_eq!((first["data"].as_array().map(Vec::len), &first["hasMore"]), (Some(2), &json!(true)));
    let last = first["data"][1]["id"].as_str().unwrap();
    let (_, second) = server.get(&format!("/pipelines?limit=2&starting_after={last}")).await;
    assert_eq!((second["data"].as_array().map(Vec::len), &second["hasMore"]), (Some(1), &json!(false)));
    assert_eq!(server.get("/pipelines?limit=0").await, (400, json!({"error": "Limit must be greater than 0"})));
    assert_eq!(server.get("/pipelines?limit=x").await.0, 400);
}

#[tokio::test]
async fn wrong_pipelines_are_refused() {
    let server = Server::start().await;
    let post = |field: &str, value: Value| {
        let mut body = json!({"name": "p", "query": QUERY, "parallelism": 1});
        body[field] = value;
        body
    };
    let cases = [
        post("name", json!(" ")),
        post("parallelism", json!(0)),
        post("checkpoint_interval_micros", json!(999_999)),
        post("checkpoint_interval_micros", json!(86_400_000_001_u64)),
        post("scheduler_config", json!("x")),
        post("udfs", json!([{"definition": "fn f() {}"}])),
    ];
    for case in cases {
        let (status, body) = server.post("/pipelines", case.clone()).await;
        assert!(status == 400 && body["error"].is_string(), "{case}: {status} {body}");
    }
    assert_eq!(server.get("/pipelines").await.1["data"], json!([]));
}

#[tokio::test]
async fn a_rejected_query_is_answered_with_diagnostics() {
    let server = Server::start().await;
    let query = "SELECT a,\n  nope FROM missing_table";
    let (status, body) = server.post("/pipelines", json!({"name": "p", "query": query, "parallelism": 1})).await;
    assert_eq!(status, 400, "{body}");
    assert!(body["error"].as_str().unwrap().starts_with("Failed to plan query:\n * "), "{body}");
    let diagnostic = &body["diagnostics"][0];
    assert!(diagnostic["message"].is_string() && diagnostic["code"].as_str().unwrap().starts_with("SQL"), "{body}");

    let (status, body) = server.post("/pipelines/validate_query", json!({"query": query})).await;
    assert_eq!((status, &body["graph"]), (200, &Value::Null));
    assert_eq!(&body["errors"][0], diagnostic);
    let (status, body) = server.post("/pipelines/validate_query", json!({"query": QUERY})).await;
    assert_eq!((status, &body["errors"]), (200, &json!([])), "{body}");
    assert!(body["graph"]["nodes"].is_array(), "{body}");
}

#[tokio::test]
async fn parameters_are_values_and_stored_as_such() {
    let server = Server::start().await;
    let query = "CREATE TABLE ticks (counter BIGINT) WITH (connector = 'impulse', event_rate = 10);
                 SELECT counter FROM ticks WHERE counter > :least AND 'a' <> :text;";
    let params = json!({"least": 3, "text": "b' OR 'b' = 'b"});
    let body = json!({"name": "p", "query": query, "parallelism": 1, "params": params});
    let (status, pipeline) = server.post("/pipelines", body).await;
    assert_eq!(status, 200, "{pipeline}");
    let stored = pipeline["query"].as_str().unwrap();
    assert!(stored.contains("counter > 3 AND 'a' <> 'b'' OR ''b'' = ''b'"), "{stored}");
    let (status, body) = server.post("/pipelines/validate_query", json!({"query": query, "params": {"last": 3}})).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(3), "{body}");
    let wrong = json!({"query": query, "params": {"least": [3]}});
    assert_eq!(server.post("/pipelines/validate_query", wrong).await.0, 400);
}

#[tokio::test]
async fn a_put_pipeline_has_the_callers_id_and_is_created_once() {
    let server = Server::start().await;
    let body = json!({"name": "p", "query": QUERY, "parallelism": 1});
    let (status, pipeline) = server.put("/pipelines/mine-1", body.clone()).await;
    assert_eq!((status, &pipeline["id"]), (200, &json!("mine-1")), "{pipeline}");
    assert_eq!(server.put("/pipelines/mine-1", body.clone()).await.0, 400);
    assert_eq!(server.put("/pipelines/..%2Fetc", body).await.0, 400);
}

#[tokio::test]
async fn a_patch_says_what_is_wanted() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let path = format!("/pipelines/{id}");
    set_state(&server, &job, JobState::Running).await;
    let (_, body) = server.patch(&path, json!({"parallelism": 3})).await;
    assert_eq!((&body["parallelism"], &body["action_text"]), (&json!(3), &json!("Stop")));
    let (_, body) = server.patch(&path, json!({"stop": "checkpoint"})).await;
    assert_eq!((&body["stop"], &body["action_text"]), (&json!("checkpoint"), &json!("Stopping")));
    let stored = server.metastore.pipeline(&id.as_str().into()).await.unwrap();
    assert_eq!((stored.stop, stored.parallelism, stored.restart_nonce), (StopMode::Checkpoint, 3, 0));

    set_state(&server, &job, JobState::Stopped).await;
    let (_, body) = server.patch(&path, json!({"stop": "none", "parallelism": 2})).await;
    assert_eq!((&body["stop"], &body["parallelism"]), (&json!("none"), &json!(2)));
    assert_eq!(server.patch(&path, json!({"parallelism": 0})).await.0, 400);
    assert_eq!(server.patch(&path, json!({"stop": "nap"})).await.0, 422);
    assert_eq!(server.patch("/pipelines/pl_x", json!({})).await.0, 404);
}

#[tokio::test]
async fn a_failed_pipeline_can_be_asked_to_run_again() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    set_state(&server, &job, JobState::Failed).await;
    let (status, body) = server.patch(&format!("/pipelines/{id}"), json!({"stop": "none"})).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(server.metastore.pipeline(&id.as_str().into()).await.unwrap().restart_nonce, 1);
}

#[tokio::test]
async fn a_restart_can_ignore_state() {
    let server = Server::start().await;
    let (id, _) = create(&server).await;
    let (status, _) =
        server.post(&format!("/pipelines/{id}/restart"), json!({"force": true, "ignore_state": true})).await;
    assert_eq!(status, 200);
    let stored = server.metastore.pipeline(&id.as_str().into()).await.unwrap();
    assert_eq!((stored.restart_nonce, stored.restart_force), (1, true));
    assert_eq!(stored.ignore_state_before, Some(Epoch(1)));
}

#[tokio::test]
async fn a_preview_is_short_lived_and_not_listed() {
    let server = Server::start().await;
    let (status, body) = server.post("/pipelines/preview", json!({"query": QUERY})).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!((&body["preview"], &body["name"]), (&json!(true), &json!("preview_1700000000000")));
    let stored = server.metastore.pipeline(&body["id"].as_str().unwrap().into()).await.unwrap();
    assert_eq!(stored.ttl_micros, Some(60_000_000));
    assert_eq!(server.get("/pipelines").await.1["data"], json!([]));
    assert_eq!(server.get("/jobs").await.1["data"], json!([]));
}

#[tokio::test]
async fn a_pipeline_at_rest_takes_another_query() {
    let checkpoints = tempfile::tempdir().unwrap();
    let configure = |config: &mut arroyo_config::Config| {
        config.checkpoint_url = checkpoints.path().display().to_string();
    };
    let server = Server::with("http://127.0.0.1:1".into(), configure).await.unwrap();
    let (id, job) = create(&server).await;
    let compare =
        async |query: &str| server.post(&format!("/pipelines/{id}/compare_query"), json!({ "query": query })).await;
    let reformatted = QUERY.to_lowercase().replace("text", " TEXT /* a line */ ");
    let (_, same) = compare(&reformatted).await;
    assert_eq!((&same["same"], &same["drops_state"]), (&json!(true), &json!(false)), "{same}");
    let (_, other) = compare(&QUERY.replace("in.json", "other.json")).await;
    assert_eq!((&other["same"], &other["drops_state"]), (&json!(false), &json!(false)));
    let (status, body) = compare("SELEC").await;
    assert!(status == 400 && body["diagnostics"].is_array(), "{status} {body}");

    let patch = json!({"query": QUERY.replace("in.json", "other.json")});
    let path = format!("/pipelines/{id}");
    let (status, body) = server.patch(&path, patch.clone()).await;
    assert!(status == 409 && body["error"].as_str().unwrap().contains("stop it first"), "{status} {body}");
    set_state(&server, &job, JobState::Stopped).await;
    let (status, body) = server.patch(&path, patch.clone()).await;
    assert_eq!((status, &body["query"]), (200, &patch["query"]), "{body}");
}
