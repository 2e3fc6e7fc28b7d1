//! What workers and the gRPC service ask of a driver.

use std::time::Duration;

use arroyo_metastore::{Failure, JobLogMessage, LogLevel};
use arroyo_rpc::proto;
use arroyo_rpc::proto::worker_event::Event as Report;
use arroyo_types::{Epoch, ErrorDomain, ErrorKind, JobLogId, OperatorId, TaskId, WorkerId};
use tonic::Status;

use super::Driver;
use crate::jobs::Request;
use crate::machine::{Event, Fault};

impl Driver {
    pub(super) async fn request(&mut self, request: Request) {
        // Whoever asked may have gone away: then nobody wants the answer.
        match request {
            Request::Register(request, reply) => {
                let answer = self.register(&request);
                let registered = answer.is_ok();
                let _ = reply.send(answer);
                if registered {
                    self.check_ready().await;
                }
            }
            Request::Events(request, reply) => {
                let answer = self.events(request).await;
                let _ = reply.send(answer);
            }
            Request::Workers(reply) => {
                let clients = self.run.as_ref().map(|run| run.workers.clients()).unwrap_or_default();
                let _ = reply.send((self.machine.generation(), clients));
            }
            Request::Ended(reply) => {
                let _ = reply.send(self.ended.values().cloned().collect());
            }
            Request::Check(generation, reply) => {
                let _ = reply.send(self.check_generation(generation));
            }
            Request::TakeSavepoint(reply) => self.take_savepoint(reply).await,
            Request::ListSavepoints(reply) => self.list_savepoints(reply),
            Request::ReleaseSavepoint(epoch, reply) => self.release_savepoint(epoch, reply),
            Request::GoBack(epoch, reply) => self.go_back(epoch, reply),
        }
    }

    fn check_generation(&self, generation: u64) -> Result<(), Status> {
        let current = self.run.as_ref().map(|run| run.generation.0);
        if current == Some(generation) {
            return Ok(());
        }
        let now = current.map_or_else(|| "is not running".to_string(), |current| format!("is at generation {current}"));
        Err(Status::failed_precondition(format!(
            "generation {generation} of job {} is over: the job {now}",
            self.job.id
        )))
    }

    fn register(&mut self, request: &proto::RegisterWorkerRequest) -> Result<Duration, Status> {
        self.check_generation(request.generation)?;
        let options = &self.context.options;
        if let Some(run) = &mut self.run {
            run.workers.register(request, &self.context, run.internal.clone(), &run.guard)?;
        }
        tracing::debug!(job = %self.job.id, worker = request.worker_id, slots = request.slots, "worker registered");
        Ok(options.heartbeat_interval())
    }

    async fn events(&mut self, request: proto::WorkerEventsRequest) -> Result<(), Status> {
        self.check_generation(request.generation)?;
        let known = self.run.as_mut().is_some_and(|run| run.workers.seen(WorkerId(request.worker_id)));
        if !known {
            return Err(Status::failed_precondition(format!(
                "worker {} is not registered, or was lost",
                request.worker_id
            )));
        }
        for event in request.events {
            if let Some(report) = event.event {
                self.report(report).await;
            }
            if self.run.as_ref().is_none_or(|run| run.generation.0 != request.generation) {
                // What is left was overtaken by a new start.
                break;
            }
        }
        Ok(())
    }

    async fn report(&mut self, report: Report) {
        let task = |task: Option<proto::Task>| TaskId::from(task.unwrap_or_default());
        match &report {
            Report::TaskCheckpoint(_) => self.pass("after part").await,
            Report::TaskCommitted(_) => self.pass("before acknowledgement").await,
            _ => {}
        }
        let now = self.context.clock.now_micros();
        let collector = self.run.as_mut().and_then(|run| run.collector.as_mut());
        let event = match report {
            Report::TaskStarted(started) => Event::TaskStarted(task(started.task)),
            Report::TaskFinished(finished) => {
                let id = task(finished.task);
                if let Some(metrics) = finished.metrics {
                    self.count(id, metrics);
                }
                Event::TaskFinished(id)
            }
            Report::TaskFailed(failed) => {
                let id = task(failed.task);
                Event::TaskFailed(id, fault(failed))
            }
            Report::TaskCheckpoint(checkpoint) => {
                let (id, epoch) = (task(checkpoint.task), Epoch(checkpoint.epoch));
                match collector.map(|collector| collector.add(id, checkpoint, now)) {
                    Some(Err(error)) => Event::TaskFailed(id, Fault::new(error.kind(), error.to_string())),
                    Some(Ok(())) | None => Event::TaskCheckpointed(id, epoch),
                }
            }
            Report::TaskCommitted(committed) => {
                let id = task(committed.task);
                if let Some(collector) = collector {
                    collector.committed(id, now);
                }
                Event::TaskCommitted(id, Epoch(committed.epoch))
            }
            Report::CheckpointProgress(progress) => {
                tracing::trace!(job = %self.job.id, task = %task(progress.task), epoch = progress.epoch, step = progress.step);
                return;
            }
            Report::ReportedError(error) => return self.reported_error(error),
        };
        self.apply(event).await;
    }

    /// An error that did not end its task.
    fn reported_error(&self, error: proto::ReportedError) {
        let domain = [ErrorDomain::User, ErrorDomain::External, ErrorDomain::Internal]
            .into_iter()
            .find(|domain| domain.as_str() == error.domain);
        let message = JobLogMessage {
            id: JobLogId::random(),
            job: self.job.id.clone(),
            created_at: self.context.clock.now_micros(),
            level: LogLevel::Error,
            operator: Some(OperatorId(error.operator_id)),
            subtask: error.task.map(|task| task.subtask),
            message: error.message,
            details: error.details,
            domain,
        };
        self.records.log(message);
    }
}

fn fault(failed: proto::TaskFailed) -> Fault {
    let kind = ErrorKind::from(failed.kind());
    let some = |text: String| (!text.is_empty()).then_some(text);
    let failure = Failure {
        operator: some(failed.operator),
        message: failed.message,
        hint: some(failed.hint),
        domain: kind.domain(),
    };
    Fault { kind, failure }
}
