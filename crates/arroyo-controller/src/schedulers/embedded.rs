//! Workers inside the controller's process.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_config::SchedulerKind;
use arroyo_runtime::Guard;
use arroyo_types::{Generation, JobId, Random, WorkerId};
use async_trait::async_trait;

use super::fleet::Fleet;
use super::{EmbeddedWorkers, Patience, Scheduler, StartRequest, WorkerOptions, split_slots};
use crate::ControllerError;
use crate::options::Options;

/// Starts workers as tasks of this process.
#[derive(Debug)]
pub(super) struct EmbeddedScheduler {
    workers: Arc<dyn EmbeddedWorkers>,
    slots_per_worker: u32,
    random: Random,
    fleet: Fleet,
}

impl EmbeddedScheduler {
    pub(super) fn new(options: &Options, workers: Arc<dyn EmbeddedWorkers>, random: Random, guard: &Guard) -> Self {
        let fleet = Fleet::new(guard.child("embedded"), options.worker_stop_grace, true);
        Self { workers, slots_per_worker: options.embedded_slots, random, fleet }
    }
}

#[async_trait]
impl Scheduler for EmbeddedScheduler {
    async fn start(&self, request: StartRequest) -> Result<Vec<WorkerId>, ControllerError> {
        let mut started = Vec::new();
        for slots in split_slots(request.slots, self.slots_per_worker) {
            let worker = WorkerId(self.random.number());
            let options = WorkerOptions {
                worker,
                job: request.job.clone(),
                pipeline: request.pipeline.clone(),
                generation: request.generation,
                slots,
                controller_endpoint: request.controller_endpoint.clone(),
                checkpoint_url: request.checkpoint_url.clone(),
                env_vars: request.env_vars.clone(),
            };
            let handle = self
                .workers
                .start(options)
                .await
                .map_err(|reason| ControllerError::Start { scheduler: SchedulerKind::Embedded, reason })?;
            self.fleet.add(worker, request.job.clone(), request.generation, handle, request.exits.clone());
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
