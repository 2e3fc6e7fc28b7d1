//! `arroyo worker`: a worker for one start of a job, as schedulers start it.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use arroyo_config::Config;
use arroyo_runtime::Shutdown;
use arroyo_types::WorkerId;
use arroyo_worker::{WorkerOptions, WorkerServer};

use crate::services::{DRAIN_TIMEOUT, Metrics};
use crate::{admin, signals};

/// Works until the job's start ends, the scheduler asks for the end, or is gone.
///
/// Under the `process` scheduler signals are left to the parent: a Ctrl-C reaches the whole process group, but the final
/// checkpoint needs the workers.
pub(crate) async fn execute(config: Config) -> anyhow::Result<ExitCode> {
    let config = Arc::new(config);
    let mut signals = signals::StopSignals::listen()?;
    let under_scheduler = is_under_process_scheduler();
    let shutdown = Shutdown::new("worker");
    let guard = shutdown.guard();
    let metrics = Metrics::default();
    let random_id = WorkerId(u64::from(std::process::id()));
    let options = WorkerOptions { metrics: metrics.hub(), ..WorkerOptions::from_env(config.clone(), random_id)? };
    admin::start("worker", config, metrics.shown(), &guard).await?;
    let mut worker = WorkerServer::start(options, &guard).await.context("start the worker")?;
    let outcome = loop {
        tokio::select! {
            outcome = worker.wait() => break outcome,
            () = arroyo_rpc::worker_process::parent_gone() => {
                worker.stop();
                break worker.wait().await;
            }
            () = signals.next() => if !under_scheduler {
                worker.stop();
                break worker.wait().await;
            },
        }
    };
    shutdown.drain(DRAIN_TIMEOUT).await;
    outcome.context("work")?;
    Ok(ExitCode::SUCCESS)
}

/// Whether a `process` scheduler started this process.
pub(super) fn is_under_process_scheduler() -> bool {
    std::env::var(arroyo_rpc::worker_process::UNDER_PROCESS_SCHEDULER).is_ok_and(|value| value == "true")
}
