//! What Prometheus is shown of jobs and their workers.

use std::collections::BTreeMap;
use std::fmt::Error;
use std::sync::{Arc, Mutex, PoisonError};

use arroyo_metastore::Job;
use arroyo_types::{ErrorDomain, JobState};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::jobs::Jobs;

/// What a driver tells of its job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Figures {
    /// Its state; `UserFailed` if it failed by its user's fault.
    state: Option<&'static str>,
    /// Slots of its workers that have registered.
    slots: u64,
    /// Slots that its tasks take.
    used: u64,
}

/// The last figures of one job: written by its driver, read by whoever asks.
#[derive(Debug, Default)]
pub(crate) struct JobFigures(Mutex<Figures>);

impl JobFigures {
    pub(crate) fn set(&self, job: &Job, slots: u64, used: u64) {
        let by_user = job.failure.as_ref().is_some_and(|failure| failure.domain == ErrorDomain::User);
        let state = if job.state == JobState::Failed && by_user { "UserFailed" } else { job.state.as_str() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Figures { state: Some(state), slots, used };
    }

    fn get(&self) -> Figures {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The controller's metrics, for a registry.
#[derive(Debug, Clone)]
pub struct ControllerMetrics(pub(crate) Arc<Jobs>);

impl Collector for ControllerMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), Error> {
        let figures: Vec<Figures> = self.0.figures().iter().map(|figures| figures.get()).collect();
        let mut states: BTreeMap<&str, u64> = BTreeMap::new();
        for state in figures.iter().filter_map(|figures| figures.state) {
            *states.entry(state).or_default() += 1;
        }
        let mut family =
            encoder.encode_descriptor("arroyo_controller_jobs", "Jobs in a state", None, MetricType::Gauge)?;
        for (state, jobs) in states {
            let labels = [("state", state)];
            ConstGauge::new(as_signed(jobs)).encode(family.encode_family(&labels)?)?;
        }
        let slots: u64 = figures.iter().map(|figures| figures.slots).sum();
        let used: u64 = figures.iter().map(|figures| figures.used).sum();
        for (name, help, value) in [
            ("arroyo_controller_registered_slots", "Slots of workers that have registered", slots),
            ("arroyo_controller_free_slots", "Slots of them that no task takes", slots.saturating_sub(used)),
        ] {
            let gauge = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(as_signed(value)).encode(gauge)?;
        }
        Ok(())
    }
}

fn as_signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
