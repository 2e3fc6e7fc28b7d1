//! What the metadata database must know before anything else happens: the job's status, and that it is to stay stopped.
//!
//! While such a write waits for its answer, what follows waits with it; workers are heard all the same.

use arroyo_metastore::{Job, MetastoreError};
use arroyo_types::{JobState, StopMode};

use super::Driver;
use super::records::{Answer, Written};
use crate::machine::Event;

/// A write that effects wait for.
#[derive(Debug)]
pub(super) struct Writing {
    /// The status, if it is one.
    job: Option<Job>,
    answer: Answer,
}

impl Writing {
    /// Its outcome; `None` if it was given up because the controller ends.
    pub(super) async fn outcome(&mut self) -> Option<Result<Written, MetastoreError>> {
        (&mut self.answer).await.ok()
    }
}

impl Driver {
    /// Begins to write the status: nothing may happen that a new controller would not know of.
    pub(super) async fn persist(&mut self) {
        let now = self.context.clock.now_micros();
        let (state, generation) = (self.machine.state(), self.machine.generation());
        let is_same_start = generation == self.job.generation;
        let totals = self.totals;
        let counted = |stored: Option<u64>, new: Option<u64>| new.or(stored).filter(|_| is_same_start);
        let job = Job {
            state,
            generation,
            restart_nonce: self.machine.restart_nonce(),
            restarts: self.machine.restarts(),
            start_time: self.job.start_time.or((state == JobState::Running).then_some(now)),
            finish_time: state.is_terminal().then(|| self.job.finish_time.unwrap_or(now)),
            tasks: self.machine.task_count().or(self.job.tasks),
            failure: self.machine.failure().cloned(),
            stop_reason: self.machine.stop_reason(),
            rows_in: counted(self.job.rows_in, totals.map(|totals| totals.rows_in)),
            rows_out: counted(self.job.rows_out, totals.map(|totals| totals.rows_out)),
            late_rows: counted(self.job.late_rows, totals.map(|totals| totals.late_rows)),
            updated_at: now,
            ..self.job.clone()
        };
        self.pass("before status").await;
        let answer = self.records.status(job.clone(), self.job.generation);
        self.writing = Some(Writing { job: Some(job), answer });
    }

    /// Begins to note that the pipeline is to stay stopped.
    pub(super) fn request_stop(&mut self, stop: StopMode) {
        let answer = self.records.stop(self.pipeline.id.clone(), stop);
        self.writing = Some(Writing { job: None, answer });
    }

    /// A write has come to its end: what waited for it goes on.
    pub(super) async fn written(&mut self, outcome: Result<Written, MetastoreError>) {
        let job = self.writing.take().and_then(|writing| writing.job);
        match outcome {
            Ok(Written::Status) => {}
            Ok(Written::Pipeline(pipeline)) => self.pipeline = *pipeline,
            Err(MetastoreError::Fenced) => {
                // What should have followed does not: the effects rest on one another.
                self.effects.clear();
                self.events.push_front(Event::Fenced);
                return self.go_on().await;
            }
            // It was deleted: the notification about it is under way.
            Err(MetastoreError::NotFound { .. }) => {}
            Err(error) => tracing::warn!(job = %self.job.id, "the metadata database refused a write: {error}"),
        }
        if let Some(job) = job {
            self.pass("after status").await;
            if self.job.state != job.state {
                tracing::info!(
                    job = %job.id, pipeline = %job.pipeline, generation = %job.generation, from = %self.job.state,
                    "Job transitioned to {}", job.state
                );
            }
            self.job = job;
        }
        self.go_on().await;
    }
}
