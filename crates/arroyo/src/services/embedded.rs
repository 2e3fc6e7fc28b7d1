//! Workers inside this process, for the controller's `embedded` scheduler.

use std::sync::Arc;

use arroyo_config::Config;
use arroyo_controller::{EmbeddedWorkers, WorkerHandle, WorkerOptions};
use arroyo_engine::MetricsHub;
use arroyo_runtime::{Failpoints, Guard, Tcp};
use arroyo_types::SystemClock;
use arroyo_worker::{ConnectorComponents, WorkerServer};
use async_trait::async_trait;

/// Starts workers in this process.
#[derive(Debug)]
pub(crate) struct InProcessWorkers {
    config: Arc<Config>,
    metrics: MetricsHub,
    guard: Guard,
}

impl InProcessWorkers {
    /// Workers get this configuration, show their metrics in `metrics` and end with `guard`.
    pub(crate) fn new(config: Arc<Config>, metrics: MetricsHub, guard: &Guard) -> Self {
        Self { config, metrics, guard: guard.child("workers") }
    }
}

#[async_trait]
impl EmbeddedWorkers for InProcessWorkers {
    async fn start(&self, options: WorkerOptions) -> Result<Box<dyn WorkerHandle>, String> {
        let options = arroyo_worker::WorkerOptions {
            worker: options.worker,
            job: options.job,
            generation: options.generation,
            pipeline: options.pipeline,
            controller_endpoint: options.controller_endpoint,
            slots: options.slots,
            config: self.config.clone(),
            components: Arc::new(ConnectorComponents),
            clock: Arc::new(SystemClock),
            network: Arc::new(Tcp),
            metrics: self.metrics.clone(),
            failpoints: Failpoints::default(),
        };
        let handle = WorkerServer::start(options, &self.guard).await.map_err(|error| error.to_string())?;
        Ok(Box::new(InProcessWorker(handle)))
    }
}

struct InProcessWorker(arroyo_worker::WorkerHandle);

#[async_trait]
impl WorkerHandle for InProcessWorker {
    fn stop(&mut self) {
        self.0.stop();
    }

    fn kill(&mut self) {
        self.0.kill();
    }

    async fn wait(&mut self) -> Result<(), String> {
        self.0.wait().await.map_err(|error| error.to_string())
    }
}
