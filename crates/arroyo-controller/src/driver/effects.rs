//! Carrying out what the machine wants.

use std::convert::Infallible;
use std::time::Duration;

use arroyo_metastore::{CheckpointStatus, JobLogMessage, LogLevel};
use arroyo_rpc::proto;
use arroyo_runtime::TaskKind;
use arroyo_state::{Manifest, StateError};
use arroyo_types::{Epoch, ErrorDomain, ErrorKind, Generation, JobLogId, TaskId, WorkerId};
use futures::future::join_all;
use tokio::sync::mpsc;

use super::compaction::Compaction;
use super::publish::{Publication, clean_up};
use super::start::{StartInput, prepare};
use super::workers::{Call, Workers};
use super::{Driver, INTERNAL_QUEUE, Internal, Run};
use crate::ControllerError;
use crate::assignment::assign;
use crate::machine::{Effect, Event, Fault};
use crate::schedulers::Patience;

/// Workers are told to end; those that do not answer are ended by the scheduler.
const STOP_CALL_TIMEOUT: Duration = Duration::from_secs(2);
/// A manifest that is being written when a start is torn down is waited for, so that the next start sees it.
const PUBLISH_GRACE: Duration = Duration::from_secs(10);

impl Driver {
    /// Carries out one effect. An error is an event that takes the place of the effects after it.
    pub(super) async fn execute(&mut self, effect: Effect) -> Result<(), Event> {
        match effect {
            Effect::Persist => self.persist().await,
            Effect::RequestStop(stop) => self.request_stop(stop),
            Effect::StartWorkers(generation) => self.start_workers(generation),
            Effect::StartExecution => {
                self.pass("before start").await;
                self.start_execution().map_err(Event::Failed)?;
                self.pass("after start").await;
            }
            Effect::Recommit(epoch) => {
                self.pass("before recommit").await;
                self.commit(epoch)?;
            }
            Effect::Commit(epoch) => {
                self.pass("before commit").await;
                self.commit(epoch)?;
                self.pass("after commit").await;
            }
            Effect::InjectBarrier { epoch, then_stop } => {
                self.pass("before barrier").await;
                self.inject_barrier(epoch, then_stop).map_err(Event::Failed)?;
                self.pass("after barrier").await;
            }
            Effect::Publish { epoch, sealed } => self.publish(epoch, sealed),
            Effect::CheckpointDone(epoch) => self.checkpoint_done(epoch),
            Effect::AbandonCheckpoint(epoch, reason) => {
                // Whatever gave it up has said so where people should know.
                tracing::debug!(job = %self.job.id, %epoch, "checkpoint given up: {reason}");
                self.index(CheckpointStatus::Failed);
            }
            Effect::DrainTasks => self.drain().map_err(Event::Failed)?,
            Effect::StopWorkers { generation, kill } => self.stop_workers(generation, kill),
            Effect::SetTimer { timer, after, jitter } => {
                let shorter = |after: Duration| after.mul_f64(1.0 - self.context.random.fraction() / 2.0);
                self.timers.set(timer, if jitter { shorter(after) } else { after });
            }
            Effect::CancelTimer(timer) => self.timers.cancel(timer),
            Effect::CancelTimers => self.timers.clear(),
            Effect::CloseOutput => self.outputs.close(),
            Effect::Log { level, task, message, domain } => self.log(level, task, message, domain),
            Effect::Halt => {
                tracing::error!(job = %self.job.id, "the job has a newer owner; this controller lets go of it");
                self.outputs.close();
                self.kill_workers().await;
                self.overtaken.notify_one();
            }
        }
        Ok(())
    }

    /// A step that a test may stop us at.
    pub(super) async fn pass(&self, step: &'static str) {
        self.context.failpoints.pass(step).await;
    }

    fn start_workers(&mut self, generation: Generation) {
        self.outputs.open();
        let guard = self.guard.child(&format!("generation-{generation}"));
        let (internal, reports) = mpsc::channel(INTERNAL_QUEUE);
        let input = StartInput {
            job: self.job.id.clone(),
            pipeline: self.pipeline.clone(),
            desired: self.machine.applied().clone(),
            generation,
            exits: self.exit_sender.clone(),
        };
        let (context, reply) = (self.context.clone(), internal.clone());
        guard.spawn("start", TaskKind::BACKGROUND, async move {
            let outcome = match prepare(&context, input).await {
                Ok(plan) => Internal::Planned(Box::new(plan)),
                Err(error) => Internal::Event(start_failed(generation, &error)),
            };
            let _ = reply.send(outcome).await;
            Ok::<_, Infallible>(())
        });
        self.ended.clear();
        self.totals = None;
        self.run = Some(Run {
            generation,
            guard,
            workers: Workers::default(),
            plan: None,
            collector: None,
            ready: false,
            commits: Default::default(),
            publishing: None,
            compaction: Compaction::default(),
            internal,
            reports,
        });
    }

    fn start_execution(&mut self) -> Result<(), Fault> {
        let Some((run, plan)) = self.run.as_ref().and_then(|run| Some((run, run.plan.as_ref()?))) else {
            return Ok(());
        };
        let assignment = assign(&plan.program, &run.workers.slots())
            .ok_or_else(|| Fault::new(ErrorKind::Retry, "the workers that are left have too few slots"))?;
        let address = |worker: WorkerId| run.workers.get(worker).map(|worker| worker.data_address.clone());
        let assignments = assignment.iter().map(|(task, worker)| proto::TaskAssignment {
            task: Some((*task).into()),
            worker_id: worker.0,
            data_address: address(*worker).unwrap_or_default(),
        });
        let request = proto::StartExecutionRequest {
            job_id: self.job.id.0.clone(),
            generation: run.generation.0,
            program: plan.encoded.clone(),
            assignments: assignments.collect(),
            checkpoint_url: plan.checkpoint_url.clone(),
            restore_epoch: plan.base.as_ref().map(|base| base.epoch.0),
        };
        for worker in run.workers.ids() {
            run.workers.call(worker, Call::Start(Box::new(request.clone())))?;
        }
        Ok(())
    }

    fn inject_barrier(&mut self, epoch: Epoch, then_stop: bool) -> Result<(), Fault> {
        let now = self.context.clock.now_micros();
        if let Some(run) = &mut self.run {
            if let Some(collector) = &mut run.collector {
                collector.begin(epoch, then_stop, now);
            }
            let (job_id, generation) = (self.job.id.0.clone(), run.generation.0);
            let request = proto::CheckpointRequest { job_id, generation, epoch: epoch.0, then_stop };
            for worker in run.workers.ids() {
                run.workers.call(worker, Call::Checkpoint(request.clone()))?;
            }
        }
        self.index(CheckpointStatus::InProgress);
        Ok(())
    }

    fn publish(&mut self, epoch: Epoch, sealed: Epoch) {
        let Some(run) = &mut self.run else { return };
        let (Some(plan), Some(collector)) = (&run.plan, &run.collector) else { return };
        let publication = Publication {
            job: self.job.id.clone(),
            epoch,
            sealed,
            generation: run.generation,
            stopping: collector.is_stopping(),
            now_micros: self.context.clock.now_micros(),
            fingerprint: plan.fingerprint.clone(),
            program: plan.program.clone(),
            base: plan.base.clone(),
            parts: collector.parts(),
            replacements: run.compaction.take_finished(),
            manifests: plan.manifests.clone(),
            fence: self.context.fence.clone(),
            failpoints: self.context.failpoints.clone(),
            timeout: self.context.options.checkpoint_timeout(),
        };
        let reply = run.internal.clone();
        // Not a child of the run's guard: a manifest that is being written is waited for.
        let task = self.guard.spawn("publish", TaskKind::BACKGROUND, async move {
            let outcome = match publication.publish().await {
                Ok(manifest) => Internal::Published(Box::new(manifest)),
                Err(error) => Internal::NotPublished(epoch, error),
            };
            let _ = reply.send(outcome).await;
            Ok::<_, Infallible>(())
        });
        run.publishing = Some(task);
    }

    pub(super) async fn published(&mut self, manifest: Manifest) {
        let now = self.context.clock.now_micros();
        let epoch = manifest.epoch;
        let mut tasks = Default::default();
        if let Some(run) = &mut self.run {
            run.publishing = None;
            if let (Some(plan), Some(collector)) = (&mut run.plan, &mut run.collector) {
                run.commits = collector.published(epoch, now);
                tasks = collector.tasks(run.commits.keys());
                plan.base = Some(manifest);
            }
        }
        self.pass("before index").await;
        self.index(CheckpointStatus::Committing);
        self.apply(Event::ManifestPublished(epoch, tasks)).await;
    }

    /// Tells all workers that the manifest is durable; each gets the data of its own tasks' sinks.
    fn commit(&mut self, epoch: Epoch) -> Result<(), Event> {
        if self.context.fence.is_lost() {
            return Err(Event::Fenced);
        }
        let Some(run) = &mut self.run else { return Ok(()) };
        let (Some(plan), Some(collector)) = (&run.plan, &run.collector) else { return Ok(()) };
        let assignment = assign(&plan.program, &run.workers.slots()).unwrap_or_default();
        let commits = std::mem::take(&mut run.commits);
        for worker in run.workers.ids() {
            let own = commits.iter().filter(|((operator, subtask), _)| {
                let task = collector.node(operator).map(|node| TaskId { node, subtask: *subtask });
                task.and_then(|task| assignment.get(&task)) == Some(&worker)
            });
            let commits = own.map(|((operator, subtask), data)| proto::OperatorCommit {
                operator_id: operator.0.clone(),
                subtask: *subtask,
                data: data.clone(),
            });
            let request = proto::CommitRequest {
                job_id: self.job.id.0.clone(),
                generation: run.generation.0,
                epoch: epoch.0,
                commits: commits.collect(),
            };
            run.workers.call(worker, Call::Commit(request)).map_err(Event::Failed)?;
        }
        Ok(())
    }

    fn checkpoint_done(&mut self, epoch: Epoch) {
        tracing::debug!(job = %self.job.id, %epoch, "checkpoint complete");
        self.index(CheckpointStatus::Ready);
        self.keep_savepoints(epoch);
        self.compact();
        let busy = self.cleaning.as_ref().is_some_and(|cleaning| !cleaning.is_finished());
        if let (false, Some(plan)) = (busy, self.run.as_ref().and_then(|run| run.plan.as_ref())) {
            let cleaning = clean_up(self.context.clone(), self.job.id.clone(), plan.state.clone());
            self.cleaning = Some(self.guard.spawn("collect-garbage", TaskKind::BACKGROUND, cleaning));
        }
    }

    fn index(&self, status: CheckpointStatus) {
        let now = self.context.clock.now_micros();
        let collector = self.run.as_ref().and_then(|run| run.collector.as_ref());
        if let Some(row) = collector.and_then(|collector| collector.row(status, now)) {
            self.records.index(row);
        }
    }

    fn drain(&self) -> Result<(), Fault> {
        let Some(run) = &self.run else { return Ok(()) };
        for worker in run.workers.ids() {
            run.workers.call(worker, Call::Stop(self.stop_request(run.generation, proto::StopMode::Graceful)))?;
        }
        Ok(())
    }

    fn stop_request(&self, generation: Generation, mode: proto::StopMode) -> proto::StopExecutionRequest {
        let job_id = self.job.id.0.clone();
        proto::StopExecutionRequest { job_id, generation: generation.0, mode: mode.into() }
    }

    /// Ends the workers in a task of its own, which reports when they are gone.
    fn stop_workers(&mut self, generation: Generation, kill: bool) {
        self.refuse_savepoints();
        let run = self.run.take();
        let clients = run.as_ref().map(|run| run.workers.clients()).unwrap_or_default();
        let publishing = run.and_then(|mut run| {
            run.guard.cancel();
            run.publishing.take()
        });
        let request = self.stop_request(generation, proto::StopMode::Immediate);
        let (context, job, done) = (self.context.clone(), self.job.id.clone(), self.torn_down_sender.clone());
        self.guard.spawn("stop-workers", TaskKind::BACKGROUND, async move {
            if !kill {
                let calls = clients.into_iter().map(|mut client| {
                    let request = request.clone();
                    async move { tokio::time::timeout(STOP_CALL_TIMEOUT, client.stop_execution(request)).await }
                });
                join_all(calls).await;
            }
            context.failpoints.pass("before end of workers").await;
            context.scheduler.stop(&job, generation, if kill { Patience::Kill } else { Patience::Ask }).await;
            if let Some(mut publishing) = publishing
                && tokio::time::timeout(PUBLISH_GRACE, &mut publishing).await.is_err()
            {
                tracing::warn!(%job, "gave up a manifest that could not be written");
                publishing.abort();
            }
            context.failpoints.pass("after end of workers").await;
            let _ = done.send(generation).await;
            Ok::<_, Infallible>(())
        });
    }

    /// Kills whatever workers there are.
    pub(super) async fn kill_workers(&mut self) {
        if let Some(run) = self.run.take() {
            run.guard.cancel();
        }
        self.context.scheduler.stop(&self.job.id, self.machine.generation(), Patience::Kill).await;
    }

    fn log(&self, level: LogLevel, task: Option<TaskId>, message: String, domain: Option<ErrorDomain>) {
        let job = &self.job.id;
        match level {
            // The job's failure is told to its user by the job's status; the service itself is well.
            LogLevel::Error => tracing::info!(%job, "{message}"),
            LogLevel::Warn => tracing::warn!(%job, "{message}"),
            LogLevel::Info => tracing::info!(%job, "{message}"),
        }
        let program = self.run.as_ref().and_then(|run| run.plan.as_ref()).map(|plan| &plan.program);
        let node = task.and_then(|task| program?.node(task.node));
        let message = JobLogMessage {
            id: JobLogId::random(),
            job: job.clone(),
            created_at: self.context.clock.now_micros(),
            level,
            operator: node.and_then(|node| node.chain.last()).map(|operator| operator.id.clone()),
            subtask: task.map(|task| task.subtask),
            message,
            details: String::new(),
            domain,
        };
        self.records.log(message);
    }
}

fn start_failed(generation: Generation, error: &ControllerError) -> Event {
    match error {
        ControllerError::State(StateError::Fenced { by, .. }) if *by > generation => {
            Event::Overtaken(*by, Fault::new(ErrorKind::Retry, error.to_string()))
        }
        other => {
            let mut fault = Fault::new(other.kind(), other.to_string());
            fault.failure.hint = other.hint();
            Event::Failed(fault)
        }
    }
}
