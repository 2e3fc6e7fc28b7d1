//! Rates of running jobs, made of the controller's totals.
//!
//! While somebody asks for a job's metrics, one task samples its totals; each sample gives a smoothed rate per subtask.
//! Samples older than the window are dropped; a job that nobody asks about any more is forgotten.

mod plan;
mod series;
mod throughput;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arroyo_rpc::proto::GetJobMetricsRequest;
use arroyo_rpc::proto::controller_client::ControllerClient;
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::{Clock, JobId};
use tokio::time::{Instant, MissedTickBehavior};
use tonic::transport::Channel;

use crate::models::OperatorMetricGroup;
pub(crate) use plan::plan_nodes;
use series::JobSeries;
pub(crate) use throughput::Throughput;

/// Between two samples.
const SAMPLE_INTERVAL: Duration = Duration::from_secs(2);

/// How long a job is sampled after it was last asked about.
const IDLE_MAX: Duration = Duration::from_secs(60);

/// Jobs that are sampled at once; more are answered without metrics.
const JOBS_MAX: usize = 1_000;

/// The metrics of all jobs that somebody asks about.
#[derive(Debug, Clone)]
pub(crate) struct JobMetrics {
    controller: ControllerClient<Channel>,
    clock: Arc<dyn Clock>,
    guard: Guard,
    jobs: Arc<Mutex<HashMap<JobId, Sampled>>>,
}

#[derive(Debug)]
struct Sampled {
    asked: Instant,
    series: JobSeries,
}

impl JobMetrics {
    pub(crate) fn new(controller: ControllerClient<Channel>, clock: Arc<dyn Clock>, guard: Guard) -> Self {
        Self { controller, clock, guard, jobs: Arc::default() }
    }

    /// What was sampled of `job` so far; the first call begins the sampling.
    pub(crate) fn of(&self, job: &JobId) -> Vec<OperatorMetricGroup> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sampled) = jobs.get_mut(job) {
            sampled.asked = Instant::now();
            return sampled.series.groups();
        }
        if jobs.len() < JOBS_MAX {
            jobs.insert(job.clone(), Sampled { asked: Instant::now(), series: JobSeries::default() });
            let sampler = self.clone();
            let job = job.clone();
            self.guard.spawn("sample", TaskKind::BACKGROUND, async move {
                sampler.sample(job).await;
                Ok::<_, tonic::Status>(())
            });
        }
        Vec::new()
    }

    async fn sample(self, job: JobId) {
        let mut controller = self.controller.clone();
        let mut ticks = tokio::time::interval(SAMPLE_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let answer =
                controller.get_job_metrics(GetJobMetricsRequest { job_id: job.0.clone(), with_ended: false }).await;
            let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(sampled) = jobs.get_mut(&job) else { return };
            match answer {
                Ok(answer) => sampled.series.add(self.clock.now_micros(), &answer.into_inner().tasks),
                Err(status) => tracing::debug!(%job, "no metrics: {status}"),
            }
            if sampled.asked.elapsed() > IDLE_MAX {
                jobs.remove(&job);
                return;
            }
        }
    }
}
