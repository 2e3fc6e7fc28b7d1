//! What a scheduler tells a worker process that it starts: the names of environment variables, and the pipe that ties their lives.
//!
//! The `process` scheduler starts `arroyo worker` with the variables below and with a pipe as its standard input, which it never
//! writes to. The worker ends itself when the pipe is closed ([`parent_gone`]): that is how it is asked to stop, and how it
//! learns that its parent has died, even by SIGKILL.

use tokio::sync::oneshot;

/// The metadata database's id.
pub const CLUSTER_ID: &str = "CLUSTER_ID";
/// The job to work for.
pub const JOB_ID: &str = "JOB_ID";
/// The start of the job to work for.
pub const GENERATION: &str = "GENERATION";
/// The pipeline of the job.
pub const PIPELINE_ID: &str = "PIPELINE_ID";
/// `true` if standard input is the pipe described above.
pub const UNDER_PROCESS_SCHEDULER: &str = "UNDER_PROCESS_SCHEDULER";
/// The URL of the controller's gRPC services.
pub const CONTROLLER_ENDPOINT: &str = "ARROYO__CONTROLLER_ENDPOINT";
/// Where the job's state goes.
pub const CHECKPOINT_URL: &str = "ARROYO__CHECKPOINT_URL";
/// The worker's id, a number.
pub const WORKER_ID: &str = "ARROYO__WORKER__ID";
/// The worker's slots.
pub const TASK_SLOTS: &str = "ARROYO__WORKER__TASK_SLOTS";
/// The port of the worker's admin server.
pub const ADMIN_HTTP_PORT: &str = "ARROYO__ADMIN__HTTP_PORT";

/// Completes when the process scheduler that started this process asks it to end, or is gone.
///
/// Never completes in a process that was started otherwise. To be called once.
pub async fn parent_gone() {
    let under_scheduler = std::env::var(UNDER_PROCESS_SCHEDULER).is_ok_and(|value| value == "true");
    if under_scheduler {
        let (ended, wait) = oneshot::channel();
        // A thread of its own: a read in the runtime's pool would hold up the end of the runtime.
        let watcher = std::thread::Builder::new().name("parent-watch".to_string()).spawn(move || {
            let read = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            if let Err(error) = read {
                tracing::warn!("cannot read standard input, taking its end for the scheduler's: {error}");
            }
            let _ = ended.send(());
        });
        match watcher {
            Ok(_) => {
                let _ = wait.await;
                return;
            }
            Err(error) => tracing::warn!("cannot watch for the end of the scheduler: {error}"),
        }
    }
    std::future::pending().await
}
