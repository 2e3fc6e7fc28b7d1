use std::sync::Arc;
use std::time::Duration;

use arroyo_runtime::Shutdown;
use arroyo_types::PipelineId;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::sync::mpsc;

use super::*;
use crate::schedulers::conformance::{self, BEHAVIOUR, CRASHING, OBEDIENT, STUBBORN, scheduler_conformance};

/// Set in a process that plays a controller.
const PARENT: &str = "ARROYO_TEST_PARENT";

/// Has this test's own executable play the worker: see [`child`].
fn make(options: &Options, shutdown: &Shutdown) -> Arc<dyn Scheduler> {
    let args = ["--exact", "schedulers::process::tests::child", "--nocapture"].map(OsString::from).to_vec();
    let program = std::env::current_exe().unwrap();
    Arc::new(ProcessScheduler::running(program, args, "cluster".to_string(), options, &shutdown.guard()))
}

scheduler_conformance!(make);

#[test]
fn workers_read_the_configuration_of_their_controller() {
    let set = |key: &str, value: &str| (key.to_string(), value.to_string());
    let options = Options {
        config_path: Some("/etc/arroyo.toml".into()),
        overrides: vec![set("worker.queue-size", "7"), set("admin.http-port", "9000")],
        ..conformance::options(Duration::from_secs(1))
    };
    let args: Vec<String> = worker_args(&options).into_iter().map(|arg| arg.into_string().unwrap()).collect();
    assert_eq!(args, ["-c", "/etc/arroyo.toml", "--set", "worker.queue-size=7", "worker"]);
}

/// Plays a worker when a scheduler runs this; tests nothing otherwise.
#[tokio::test]
async fn child() {
    let Ok(behaviour) = std::env::var(BEHAVIOUR) else { return };
    println!("worker of generation {} is up", std::env::var(env::GENERATION).unwrap());
    match behaviour.as_str() {
        CRASHING => std::process::exit(3),
        STUBBORN => std::future::pending().await,
        _ => env::parent_gone().await,
    }
}

/// Plays a controller with one worker; tests nothing otherwise.
#[tokio::test]
async fn parent() {
    if std::env::var_os(PARENT).is_none() {
        return;
    }
    let shutdown = Shutdown::new("parent");
    let scheduler = make(&conformance::options(Duration::from_secs(60)), &shutdown);
    let (exits, _) = mpsc::channel(1);
    let request = StartRequest {
        job: JobId::from("job_test"),
        pipeline: PipelineId::from("pl_test"),
        generation: Generation(3),
        slots: 1,
        controller_endpoint: "http://127.0.0.1:1".to_string(),
        checkpoint_url: "/nowhere".to_string(),
        env_vars: BTreeMap::from([(BEHAVIOUR.to_string(), OBEDIENT.to_string())]),
        exits,
    };
    scheduler.start(request).await.unwrap();
    std::future::pending().await
}

#[tokio::test]
async fn a_worker_ends_when_its_controller_is_killed() {
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "schedulers::process::tests::parent", "--nocapture"])
        .env(PARENT, "1")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut output = BufReader::new(parent.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("worker of generation 3 is up") {
        line.clear();
        assert_ne!(output.read_line(&mut line).await.unwrap(), 0, "the worker did not come up");
    }
    parent.kill().await.unwrap();
    // The worker holds the other end of the pipe until it has ended.
    let mut rest = Vec::new();
    let ended = output.read_to_end(&mut rest);
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the worker outlived its controller").unwrap();
}
