//! What a worker is started with.

use std::sync::Arc;

use arroyo_config::Config;
use arroyo_engine::{Components, MetricsHub};
use arroyo_rpc::worker_process as env;
use arroyo_runtime::{Failpoints, Network, Tcp};
use arroyo_types::{Clock, Generation, JobId, PipelineId, SystemClock, WorkerId};

use crate::{ConnectorComponents, WorkerError};

/// What a worker is started with.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Its id.
    pub worker: WorkerId,
    /// The job it works for.
    pub job: JobId,
    /// The start of the job it works for.
    pub generation: Generation,
    /// The job's pipeline, for logs.
    pub pipeline: PipelineId,
    /// The URL of the `Controller` service.
    pub controller_endpoint: String,
    /// How many subtasks of each node it runs.
    pub slots: u32,
    /// Addresses, ports, limits and times.
    pub config: Arc<Config>,
    /// Makes operators, sources and sinks.
    pub components: Arc<dyn Components>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How the controller and other workers are reached.
    pub network: Arc<dyn Network>,
    /// Where its tasks' metrics are shown.
    pub metrics: MetricsHub,
    /// The named steps of its tasks.
    pub failpoints: Failpoints,
}

impl WorkerOptions {
    /// The options of a worker process, from the environment that its scheduler made and from the configuration.
    /// `random_id` is the worker's id if the configuration has none.
    ///
    /// # Errors
    /// A variable is missing or makes no sense.
    pub fn from_env(config: Arc<Config>, random_id: WorkerId) -> Result<Self, WorkerError> {
        Self::from_variables(config, random_id, |name| std::env::var(name).ok())
    }

    fn from_variables(
        config: Arc<Config>,
        random_id: WorkerId,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, WorkerError> {
        let required = |name| match variable(name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(WorkerError::MissingVariable { variable: name }),
        };
        let job = JobId(required(env::JOB_ID)?);
        let generation = required(env::GENERATION)?;
        let pipeline = PipelineId(required(env::PIPELINE_ID)?);
        let generation = generation.parse().map(Generation).map_err(|_| WorkerError::BadVariable {
            variable: env::GENERATION,
            value: generation,
            expected: "a number",
        })?;
        let controller_endpoint = config.controller_endpoint.clone().unwrap_or_else(|| {
            let host = config.hostname.as_deref().unwrap_or("localhost");
            format!("http://{host}:{}", config.controller.rpc_port)
        });
        Ok(Self {
            worker: config.worker.id.map_or(random_id, WorkerId),
            job,
            generation,
            pipeline,
            controller_endpoint,
            slots: config.worker.task_slots,
            config,
            components: Arc::new(ConnectorComponents),
            clock: Arc::new(SystemClock),
            network: Arc::new(Tcp),
            metrics: MetricsHub::default(),
            failpoints: Failpoints::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &'static [(&'static str, &'static str)]) -> Result<WorkerOptions, WorkerError> {
        let sources = arroyo_config::Sources { user_dir: Some("/nowhere".into()), ..Default::default() };
        let config = Arc::new(arroyo_config::load(&sources).unwrap());
        let find = |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_string());
        WorkerOptions::from_variables(config, WorkerId(7), find)
    }

    #[test]
    fn a_scheduler_says_what_to_work_for() {
        let options = from(&[("JOB_ID", "job_a"), ("GENERATION", "3"), ("PIPELINE_ID", "pl_a")]).unwrap();
        assert_eq!((options.job.as_str(), options.generation, options.worker), ("job_a", Generation(3), WorkerId(7)));
        assert_eq!(options.controller_endpoint, "http://localhost:5116");
    }

    #[test]
    fn missing_and_wrong_variables_are_named() {
        let missing = from(&[("JOB_ID", "job_a"), ("PIPELINE_ID", "pl_a")]).unwrap_err();
        assert_eq!(missing.to_string(), "GENERATION is not set; workers are started by a scheduler, which sets it");
        let wrong = from(&[("JOB_ID", "job_a"), ("GENERATION", "x"), ("PIPELINE_ID", "pl_a")]).unwrap_err();
        assert_eq!(wrong.to_string(), "GENERATION is `x`, which is not a number");
    }
}
