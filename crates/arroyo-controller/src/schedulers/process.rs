//! Workers as child processes.
//!
//! `arroyo worker` children get what they need in environment variables (`arroyo_rpc::worker_process`) and a pipe as standard
//! input. Closing the pipe asks the child to end; the operating system closes it as well when the controller is killed.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;

use arroyo_config::SchedulerKind;
use arroyo_rpc::worker_process as env;
use arroyo_runtime::Guard;
use arroyo_types::{Generation, JobId, WorkerId};
use async_trait::async_trait;
use rand::Rng;
use tokio::process::{Child, ChildStdin, Command};

use super::fleet::Fleet;
use super::{Patience, Scheduler, StartRequest, WorkerHandle, split_slots};
use crate::ControllerError;
use crate::options::Options;

/// Starts workers as children of this process.
#[derive(Debug)]
pub(super) struct ProcessScheduler {
    program: PathBuf,
    args: Vec<OsString>,
    cluster_id: String,
    slots_per_worker: u32,
    tied: bool,
    fleet: Fleet,
}

impl ProcessScheduler {
    /// Children run this process's executable.
    pub(super) fn new(options: &Options, cluster_id: String, guard: &Guard) -> Result<Self, ControllerError> {
        let program = std::env::current_exe().map_err(|error| ControllerError::Start {
            scheduler: SchedulerKind::Process,
            reason: format!("the path of this executable is not known: {error}"),
        })?;
        Ok(Self::running(program, worker_args(options), cluster_id, options, guard))
    }

    pub(super) fn running(
        program: PathBuf,
        args: Vec<OsString>,
        cluster_id: String,
        options: &Options,
        guard: &Guard,
    ) -> Self {
        let (slots_per_worker, tied) = (options.process_slots, options.shutdown_with_controller);
        let fleet = Fleet::new(guard.child("process"), options.worker_stop_grace, tied);
        Self { program, args, cluster_id, slots_per_worker, tied, fleet }
    }

    fn spawn(&self, worker: WorkerId, slots: u32, request: &StartRequest) -> Result<ChildWorker, ControllerError> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .envs(&request.env_vars)
            .env(env::CLUSTER_ID, &self.cluster_id)
            .env(env::JOB_ID, request.job.as_str())
            .env(env::PIPELINE_ID, request.pipeline.as_str())
            .env(env::GENERATION, request.generation.to_string())
            .env(env::CONTROLLER_ENDPOINT, &request.controller_endpoint)
            .env(env::CHECKPOINT_URL, &request.checkpoint_url)
            .env(env::WORKER_ID, worker.to_string())
            .env(env::TASK_SLOTS, slots.to_string())
            .env(env::ADMIN_HTTP_PORT, "0")
            .kill_on_drop(self.tied);
        if self.tied {
            command.env(env::UNDER_PROCESS_SCHEDULER, "true").stdin(Stdio::piped());
        } else {
            command.env(env::UNDER_PROCESS_SCHEDULER, "false").stdin(Stdio::null());
        }
        let mut child = command.spawn().map_err(|error| ControllerError::Start {
            scheduler: SchedulerKind::Process,
            reason: format!("{}: {error}", self.program.display()),
        })?;
        Ok(ChildWorker { pipe: child.stdin.take(), child })
    }
}

#[async_trait]
impl Scheduler for ProcessScheduler {
    async fn start(&self, request: StartRequest) -> Result<Vec<WorkerId>, ControllerError> {
        let mut started = Vec::new();
        for slots in split_slots(request.slots, self.slots_per_worker) {
            // TOML integers, as which the worker reads its id, have 63 bits.
            let worker = WorkerId(rand::rng().random_range(1..=i64::MAX as u64));
            let child = self.spawn(worker, slots, &request)?;
            self.fleet.add(worker, request.job.clone(), request.generation, Box::new(child), request.exits.clone());
            started.push(worker);
        }
        Ok(started)
    }

    async fn stop(&self, job: &JobId, generation: Generation, patience: Patience) {
        self.fleet.stop(job, generation, patience).await;
    }

    fn workers(&self, job: &JobId) -> BTreeMap<Generation, Vec<WorkerId>> {
        self.fleet.workers(job)
    }
}

/// Settings that each worker gets its own value of, as an environment variable.
const OWN_SETTINGS: &[&str] =
    &["admin.http-port", "checkpoint-url", "controller-endpoint", "worker.id", "worker.task-slots"];

/// The command line of a worker: it reads the same configuration as this process.
fn worker_args(options: &Options) -> Vec<OsString> {
    let mut args = Vec::new();
    for (flag, path) in [("-c", &options.config_path), ("--config-dir", &options.config_dir)] {
        if let Some(path) = path {
            args.extend([OsString::from(flag), path.clone().into_os_string()]);
        }
    }
    for (key, value) in options.overrides.iter().filter(|(key, _)| !OWN_SETTINGS.contains(&key.as_str())) {
        args.extend([OsString::from("--set"), format!("{key}={value}").into()]);
    }
    args.push("worker".into());
    args
}

struct ChildWorker {
    child: Child,
    pipe: Option<ChildStdin>,
}

#[async_trait]
impl WorkerHandle for ChildWorker {
    fn stop(&mut self) {
        self.pipe = None;
    }

    fn kill(&mut self) {
        if let Err(error) = self.child.start_kill() {
            tracing::warn!("cannot kill a worker process: {error}");
        }
    }

    async fn wait(&mut self) -> Result<(), String> {
        // `Child::wait` would close the pipe, but it was taken.
        match self.child.wait().await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the worker process ended with {status}")),
            Err(error) => Err(format!("the worker process cannot be waited for: {error}")),
        }
    }
}
