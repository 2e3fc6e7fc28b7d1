//! What of the configuration concerns the controller.

use std::path::PathBuf;
use std::time::Duration;

use arroyo_config::{Config, SchedulerKind};

use crate::ControllerError;
use crate::machine::Policy;

/// A job's tasks have this long to drain in a graceful stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);
/// Tasks have this long to end after a final checkpoint.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// A worker has this long to end before it is killed.
const WORKER_STOP_GRACE: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The controller's settings.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) bind_address: String,
    pub(crate) rpc_port: u16,
    pub(crate) scheduler: SchedulerKind,
    /// The URL that workers reach the controller at, if it is not where it listens.
    pub(crate) endpoint: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) checkpoint_url: String,
    pub(crate) config_path: Option<PathBuf>,
    pub(crate) config_dir: Option<PathBuf>,
    /// Settings of the command line.
    pub(crate) overrides: Vec<(String, String)>,
    /// Slots of an embedded worker.
    pub(crate) embedded_slots: u32,
    /// Slots of a worker process.
    pub(crate) process_slots: u32,
    /// Whether worker processes end with the controller.
    pub(crate) shutdown_with_controller: bool,
    pub(crate) heartbeat_timeout: Duration,
    pub(crate) worker_stop_grace: Duration,
    pub(crate) connect_timeout: Duration,
    /// How many checkpoints are kept.
    pub(crate) checkpoints_to_keep: usize,
    /// Tables with more files than this for the same keys are compacted; `None`: none is.
    pub(crate) compact_files: Option<usize>,
    pub(crate) policy: Policy,
}

impl Options {
    /// Takes the controller's part of the configuration.
    pub(crate) fn new(config: &Config) -> Result<Self, ControllerError> {
        if config.controller.tls.as_ref().unwrap_or(&config.tls).enabled {
            let reason = "gRPC over TLS is not supported by this build; switch it off".to_string();
            return Err(ControllerError::Config { key: "controller.tls.enabled", reason });
        }
        let pipeline = &config.pipeline;
        Ok(Self {
            bind_address: config.controller.bind_address.clone(),
            rpc_port: config.controller.rpc_port,
            scheduler: config.controller.scheduler,
            endpoint: config.controller_endpoint.clone(),
            hostname: config.hostname.clone(),
            checkpoint_url: config.checkpoint_url.clone(),
            config_path: config.config_path.clone(),
            config_dir: config.config_dir.clone(),
            overrides: config.overrides.clone(),
            embedded_slots: config.worker.task_slots,
            process_slots: config.process_scheduler.slots_per_process,
            shutdown_with_controller: config.process_scheduler.shutdown_with_controller,
            heartbeat_timeout: pipeline.worker_heartbeat_timeout.0,
            worker_stop_grace: WORKER_STOP_GRACE,
            connect_timeout: config.controller.connect_timeout.map_or(CONNECT_TIMEOUT, |timeout| timeout.0),
            checkpoints_to_keep: pipeline.checkpoint.keep as usize,
            compact_files: pipeline.compaction.enabled.then_some(pipeline.compaction.checkpoints_to_compact as usize),
            policy: Policy {
                preview: false,
                allowed_restarts: u32::try_from(pipeline.allowed_restarts).ok(),
                initial_backoff: pipeline.state_initial_backoff.0,
                max_backoff: pipeline.state_max_backoff.0,
                healthy: pipeline.healthy_duration.0,
                worker_startup: pipeline.worker_startup_time.0,
                task_startup: pipeline.task_startup_time.0,
                checkpoint_timeout: pipeline.checkpoint.timeout.0,
                tolerated_checkpoint_failures: u32::try_from(pipeline.checkpoint.tolerated_failures).ok(),
                drain_timeout: DRAIN_TIMEOUT,
                stop_timeout: STOP_TIMEOUT,
            },
        })
    }

    /// The policy for a pipeline.
    pub(crate) fn policy(&self, preview: bool) -> Policy {
        Policy { preview, ..self.policy.clone() }
    }

    /// A checkpoint that takes longer is given up.
    pub(crate) fn checkpoint_timeout(&self) -> Duration {
        self.policy.checkpoint_timeout
    }

    /// How often workers send heartbeats: often enough that two may be lost.
    pub(crate) fn heartbeat_interval(&self) -> Duration {
        (self.heartbeat_timeout / 3).min(Duration::from_secs(5))
    }

    /// `host:port` to listen on.
    pub(crate) fn listen_address(&self) -> String {
        let (host, port) = (&self.bind_address, self.rpc_port);
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// The host that workers reach the controller at.
    pub(crate) fn advertised_host(&self) -> String {
        let bound = self.bind_address.as_str();
        let default = if matches!(bound, "0.0.0.0" | "::" | "") { "127.0.0.1" } else { bound };
        let host = self.hostname.as_deref().unwrap_or(default);
        if host.contains(':') { format!("[{host}]") } else { host.to_string() }
    }
}
