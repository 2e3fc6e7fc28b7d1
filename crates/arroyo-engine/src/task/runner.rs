//! What sources' tasks and other tasks have in common.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arroyo_operator::{OperatorContext, OperatorError, Sink, Source, Watermark};
use arroyo_types::{Epoch, EventTime, TaskId};
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::checkpoint_writer::{CheckpointWriter, PendingCheckpoint, PendingOperator};
use super::in_flight::InFlight;
use super::{Control, TaskEnvironment, TaskError};
use crate::chain::{Chain, Emitted, Position};
use crate::event::{CheckpointStep, TaskEventKind};
use crate::inbox::Inbox;
use crate::message::{Barrier, Message, batch_bytes};
use crate::metrics::{TaskMeter, waiting, working};
use crate::outputs::Outputs;
use crate::request::OperatorCommit;
use crate::state_memory::{Held, Measuring};

/// How long a sink may take to close; the task ends without it then.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);

/// A source at the head of a task.
pub(super) struct SourceLink {
    pub(super) place: usize,
    pub(super) source: Box<dyn Source>,
    pub(super) context: OperatorContext,
}

/// A sink at the tail of a task.
pub(super) struct SinkLink {
    pub(super) place: usize,
    pub(super) sink: Box<dyn Sink>,
    pub(super) context: OperatorContext,
    /// Rows were written since the last flush.
    pub(super) unflushed: bool,
}

/// A running task.
pub(super) struct Runner {
    pub(super) task: TaskId,
    pub(super) source: Option<SourceLink>,
    pub(super) chain: Chain,
    pub(super) sink: Option<SinkLink>,
    pub(super) inbox: Inbox,
    pub(super) in_flight: InFlight,
    pub(super) outputs: Outputs,
    pub(super) control: mpsc::Receiver<Control>,
    pub(super) meter: Arc<TaskMeter>,
    pub(super) writer: CheckpointWriter,
    pub(super) environment: Arc<TaskEnvironment>,
    pub(super) position: Position,
    /// The tasks that feed this one were told that no more rows are wanted.
    pub(super) refused: bool,
    measuring: Measuring,
    /// The last checkpoint that was taken.
    last_epoch: Epoch,
    /// Barriers that were announced and have not arrived; answered when all inputs end without them.
    announced: BTreeMap<Epoch, Barrier>,
    /// The last checkpoint whose data a two-phase sink has yet to commit.
    uncommitted: Option<Epoch>,
    /// The data has ended.
    ended: bool,
    /// `Finished` was reported.
    finished: bool,
    /// The engine is being stopped: an ended task leaves.
    stopped: bool,
}

/// What to do after a message was dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Read on.
    Continue,
    /// A source was told to end.
    End,
    /// The task stopped behind a barrier.
    Leave,
}

impl Runner {
    #[expect(clippy::too_many_arguments, reason = "called once, by the builder")]
    pub(super) fn new(
        task: TaskId,
        source: Option<SourceLink>,
        chain: Chain,
        sink: Option<SinkLink>,
        inbox: Inbox,
        outputs: Outputs,
        control: mpsc::Receiver<Control>,
        meter: Arc<TaskMeter>,
        writer: CheckpointWriter,
        environment: Arc<TaskEnvironment>,
        position: Position,
    ) -> Self {
        Self {
            task,
            source,
            in_flight: InFlight::new(chain.prefetches_max()),
            chain,
            sink,
            inbox,
            outputs,
            control,
            meter,
            writer,
            environment,
            position,
            refused: false,
            measuring: Measuring::new(),
            last_epoch: Epoch(0),
            announced: BTreeMap::new(),
            uncommitted: None,
            ended: false,
            finished: false,
            stopped: false,
        }
    }

    pub(super) fn is_source(&self) -> bool {
        self.source.is_some()
    }

    pub(super) fn report(&self, kind: TaskEventKind) -> BoxFuture<'static, ()> {
        // Owns what it needs: sources, operators and sinks cannot be shared between threads, so the task cannot be borrowed.
        let (environment, task) = (self.environment.clone(), self.task);
        Box::pin(async move { environment.report(task, kind).await })
    }

    /// Opens sink, operators and source, in this order: what comes first in the chain finds the rest ready.
    pub(super) async fn open(&mut self) -> Result<(), TaskError> {
        if let Some(link) = &mut self.sink {
            self.position.set(link.place);
            link.sink.open(&mut link.context).await?;
        }
        self.chain.open()?;
        if let Some(link) = &mut self.source {
            self.position.set(link.place);
            link.source.open(&mut link.context).await?;
        }
        self.measure()?;
        self.position.set(self.resting_place());
        self.meter.started();
        self.report(TaskEventKind::Started).await;
        self.deliver().await
    }

    /// Shows how much memory state takes, and fails if it is too much. The operator with most of it is named.
    fn measure(&mut self) -> Result<(), TaskError> {
        let mut held: Vec<Held> = self.chain.held().collect();
        if let Some(link) = &self.sink {
            let description = link.context.info.description.clone();
            held.push(Held { place: link.place, description, bytes: link.sink.buffered_bytes() as u64 });
        }
        for held in &held {
            self.meter.state_bytes(held.place, held.bytes);
        }
        let largest = held.iter().max_by_key(|held| held.bytes).map(|held| held.place);
        if let Err(error) = self.environment.state_memory.note(self.task, held) {
            self.position.set(largest.unwrap_or_default());
            return Err(error.into());
        }
        Ok(())
    }

    /// [`Runner::measure`] from time to time.
    pub(super) fn measure_when_due(&mut self) -> Result<(), TaskError> {
        let started = Instant::now();
        if self.measuring.is_due(started) {
            self.measure()?;
            self.measuring.done(started, Instant::now());
        }
        Ok(())
    }

    /// The operator to name when the engine itself fails between calls.
    pub(super) fn resting_place(&self) -> usize {
        self.source.as_ref().map_or(0, |link| link.place)
    }

    /// Sends on what came out of the chain.
    pub(super) async fn deliver(&mut self) -> Result<(), TaskError> {
        for emitted in self.chain.emitted.drain(..) {
            match (emitted, &mut self.sink) {
                (Emitted::Batch(batch), Some(link)) => {
                    let (rows, bytes) = (batch.num_rows(), batch_bytes(&batch));
                    let caller = self.position.set(link.place);
                    link.unflushed = true;
                    self.meter.rows_in(link.place, rows);
                    let written = link.sink.write(batch, &mut link.context);
                    working(written, |time| self.meter.busy(link.place, time)).await?;
                    self.position.set(caller);
                    self.meter.rows_out(link.place, rows);
                    self.meter.sent(rows, bytes);
                }
                (Emitted::Batch(batch), None) => {
                    let (rows, bytes) = (batch.num_rows(), batch_bytes(&batch));
                    waiting(self.outputs.send_batch(batch, &self.environment.failpoints), |time| {
                        self.meter.blocked(time)
                    })
                    .await?;
                    self.meter.sent(rows, bytes);
                }
                (Emitted::Watermark(watermark), Some(link)) => {
                    let caller = self.position.set(link.place);
                    link.sink.watermark(watermark, &mut link.context).await?;
                    self.position.set(caller);
                }
                (Emitted::Watermark(watermark), None) => {
                    self.outputs.broadcast(&Message::Watermark(watermark)).await?;
                }
            }
        }
        Ok(())
    }

    /// The operators' watermark advanced.
    pub(super) async fn watermark(&mut self, watermark: Watermark) -> Result<(), TaskError> {
        self.meter.watermark(watermark);
        self.chain.watermark(watermark)?;
        self.deliver().await
    }

    pub(super) async fn tick(&mut self) -> Result<(), TaskError> {
        self.chain.tick()?;
        self.deliver().await
    }

    pub(super) fn has_unflushed(&self) -> bool {
        self.sink.as_ref().is_some_and(|link| link.unflushed)
    }

    pub(super) async fn flush(&mut self) -> Result<(), TaskError> {
        if let Some(link) = &mut self.sink {
            let caller = self.position.set(link.place);
            link.unflushed = false;
            working(link.sink.flush(&mut link.context), |time| self.meter.busy(link.place, time)).await?;
            self.position.set(caller);
        }
        Ok(())
    }

    /// Carries out what the engine says, between two messages.
    pub(super) async fn control(&mut self, control: Control) -> Result<Next, TaskError> {
        match control {
            Control::Checkpoint(barrier) if barrier.epoch <= self.last_epoch => Ok(Next::Continue),
            Control::Checkpoint(barrier) if self.is_source() || self.ended => {
                let now = self.environment.clock.now_micros();
                self.checkpoint(barrier, now).await
            }
            Control::Checkpoint(barrier) => {
                self.announced.insert(barrier.epoch, barrier);
                Ok(Next::Continue)
            }
            Control::Commit { epoch, commits } => {
                self.commit(epoch, &commits).await?;
                Ok(Next::Continue)
            }
            Control::Stop => {
                self.stopped = true;
                Ok(if self.is_source() && !self.ended { Next::End } else { Next::Continue })
            }
        }
    }

    /// Takes a checkpoint: every input's barrier has arrived, or there are no more inputs.
    pub(super) async fn checkpoint(&mut self, barrier: Barrier, alignment_micros: i64) -> Result<Next, TaskError> {
        let epoch = barrier.epoch;
        self.last_epoch = epoch;
        self.announced.retain(|announced, _| *announced > epoch);
        let step = |step| TaskEventKind::CheckpointProgress { epoch, step };
        self.report(step(CheckpointStep::StartedCheckpointing)).await;

        let mut operators = Vec::new();
        if let Some(link) = &mut self.source {
            self.position.set(link.place);
            link.source.checkpoint(&mut link.context)?;
            operators.push(take_changes(&mut link.context, None));
            self.environment.failpoints.pass("after positions").await;
        }
        self.chain.checkpoint()?;
        if self.ended && self.sink.is_none() {
            // Nobody reads on behind the end of data.
            self.chain.emitted.clear();
        }
        self.deliver().await?;
        operators.extend(self.chain.contexts().map(|context| take_changes(context, None)));
        if let Some(link) = &mut self.sink {
            self.position.set(link.place);
            if self.ended || barrier.then_stop {
                link.sink.end_of_rows(&mut link.context).await?;
            }
            let commit_data = link.sink.pre_commit(epoch, &mut link.context).await?;
            link.unflushed = false;
            if commit_data.is_some() {
                self.uncommitted = Some(epoch);
            }
            operators.push(take_changes(&mut link.context, commit_data));
            self.environment.failpoints.pass("after pre-commit").await;
        }
        self.position.set(self.resting_place());
        self.measure()?;

        let sync_micros = self.environment.clock.now_micros();
        if !self.ended {
            self.outputs.broadcast(&Message::Barrier(barrier)).await?;
        }
        self.report(step(CheckpointStep::FinishedSync)).await;
        self.writer.write(PendingCheckpoint { epoch, alignment_micros, sync_micros, operators }).await?;
        if barrier.then_stop { self.stop_behind_barrier(epoch).await } else { Ok(Next::Continue) }
    }

    /// The data ends at this barrier: waits until its part is durable and its sink has committed.
    async fn stop_behind_barrier(&mut self, epoch: Epoch) -> Result<Next, TaskError> {
        self.ended = true;
        self.writer.durable(epoch).await?;
        while self.uncommitted.is_some() {
            match self.control.recv().await {
                Some(Control::Commit { epoch, commits }) => self.commit(epoch, &commits).await?,
                Some(Control::Stop) | None => {
                    self.stopped = true;
                    return Ok(Next::Leave);
                }
                Some(Control::Checkpoint(_)) => {}
            }
        }
        self.close_sink().await?;
        self.report_finished().await;
        Ok(Next::Leave)
    }

    async fn report_finished(&mut self) {
        if !std::mem::replace(&mut self.finished, true) {
            self.meter.ended();
            self.report(TaskEventKind::Finished(self.meter.read())).await;
        }
    }

    /// The epoch's manifest is durable.
    async fn commit(&mut self, epoch: Epoch, commits: &[OperatorCommit]) -> Result<(), TaskError> {
        if let Some(link) = &mut self.source {
            link.source.checkpoint_completed(&mut link.context).await?;
        }
        let Some(link) = &mut self.sink else { return Ok(()) };
        let ours = |commit: &&OperatorCommit| {
            commit.operator == link.context.info.operator && commit.subtask == self.task.subtask
        };
        if let Some(commit) = commits.iter().find(ours) {
            let caller = self.position.set(link.place);
            link.sink.commit(epoch, commit.data.clone(), &mut link.context).await?;
            self.position.set(caller);
            if self.uncommitted.is_some_and(|uncommitted| uncommitted <= epoch) {
                self.uncommitted = None;
            }
            self.environment.failpoints.pass("after sink commit").await;
            self.report(TaskEventKind::Committed { epoch }).await;
        }
        Ok(())
    }

    /// The data has ended: closes windows, drains, tells the tasks downstream, and stays to answer barriers until the engine
    /// is stopped.
    pub(super) async fn end_of_data(&mut self) -> Result<(), TaskError> {
        if self.is_source() {
            self.watermark(Watermark::At(EventTime::MAX)).await?;
        }
        self.chain.end()?;
        self.deliver().await?;
        self.flush().await?;
        self.outputs.broadcast(&Message::EndOfData).await?;
        self.ended = true;
        self.report_finished().await;
        let now = self.environment.clock.now_micros();
        while let Some((_, barrier)) = self.announced.pop_first() {
            if self.checkpoint(barrier, now).await? == Next::Leave {
                return self.linger().await;
            }
        }
        self.linger().await
    }

    /// Serves an ended task until the engine is stopped.
    pub(super) async fn linger(&mut self) -> Result<(), TaskError> {
        while !self.stopped
            && let Some(control) = self.control.recv().await
        {
            self.control(control).await?;
        }
        self.close_sink().await
    }

    async fn close_sink(&mut self) -> Result<(), TaskError> {
        let Some(mut link) = self.sink.take() else { return Ok(()) };
        let caller = self.position.set(link.place);
        match tokio::time::timeout(CLOSE_TIMEOUT, link.sink.close(&mut link.context)).await {
            Ok(closed) => closed?,
            Err(_) => tracing::warn!(task = %self.task, "a sink did not close within {} s", CLOSE_TIMEOUT.as_secs()),
        }
        self.position.set(caller);
        Ok(())
    }
}

fn take_changes(context: &mut OperatorContext, commit_data: Option<Vec<u8>>) -> PendingOperator {
    PendingOperator {
        operator: context.info.operator.clone(),
        description: context.info.description.clone(),
        tables: context.state.take_changes(),
        commit_data,
    }
}

/// A barrier that contradicts an earlier one.
pub(super) fn out_of_order(expected: Barrier, found: Barrier) -> OperatorError {
    OperatorError::bug(format!(
        "the barrier of checkpoint {} arrived while that of checkpoint {} is being aligned",
        found.epoch, expected.epoch
    ))
}
