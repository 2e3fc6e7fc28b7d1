//! The loop of a task that reads from other tasks.

use tokio::time::Instant;

use super::TaskError;
use super::in_flight::Ready;
use super::runner::{Next, Runner, out_of_order};
use crate::alignment::{Alignment, Step};
use crate::event::{CheckpointStep, TaskEventKind};
use crate::inbox::Received;
use crate::message::{Message, batch_bytes};
use crate::watermarks::Watermarks;

/// What happens next in a task.
enum Happening {
    Control(super::Control),
    Tick,
    Message(Received),
    /// What was prefetched can be processed.
    Ready(Ready),
    Flush,
    /// Nobody reads any more.
    Unwanted,
}

/// What a task knows of its inputs.
struct Inputs {
    alignment: Alignment,
    watermarks: Watermarks,
    alignment_micros: i64,
}

impl Runner {
    /// Reads the inputs until all have ended or a barrier says so, and serves the ended task.
    pub(super) async fn run_inputs(&mut self) -> Result<(), TaskError> {
        let count = self.inbox.len();
        let mut inputs =
            Inputs { alignment: Alignment::new(count), watermarks: Watermarks::new(count), alignment_micros: 0 };
        if count == 0 {
            return self.end_of_data().await;
        }
        self.refuse_unwanted();
        loop {
            let next = match self.next_in_inbox().await? {
                Happening::Control(control) => self.control(control).await?,
                Happening::Tick => {
                    self.tick().await?;
                    Next::Continue
                }
                Happening::Flush => {
                    self.flush().await?;
                    Next::Continue
                }
                Happening::Unwanted => {
                    self.refuse();
                    Next::Continue
                }
                Happening::Ready(ready) => {
                    self.process(ready).await?;
                    Next::Continue
                }
                Happening::Message(received) => self.message(received, &mut inputs).await?,
            };
            match next {
                Next::Continue => {}
                Next::End => return self.end_of_data().await,
                Next::Leave => return self.linger().await,
            }
        }
    }

    async fn next_in_inbox(&mut self) -> Result<Happening, TaskError> {
        let unflushed = self.has_unflushed();
        tokio::select! {
            biased;
            Some(control) = self.control.recv() => Ok(Happening::Control(control)),
            () = due(self.chain.next_tick()) => Ok(Happening::Tick),
            () = self.outputs.unwanted(), if !self.refused => Ok(Happening::Unwanted),
            ready = self.in_flight.next(), if !self.in_flight.is_empty() => Ok(Happening::Ready(ready?)),
            received = self.inbox.receive(), if self.in_flight.has_room() => Ok(Happening::Message(received?)),
            () = std::future::ready(()), if unflushed => Ok(Happening::Flush),
        }
    }

    async fn message(&mut self, received: Received, inputs: &mut Inputs) -> Result<Next, TaskError> {
        let Received { queue, operator_input, message } = received;
        let step = match message {
            Message::Batch(batch) => {
                self.meter.received(batch.num_rows(), batch_bytes(&batch));
                self.prefetch(Ready::Batch(operator_input, batch)).await?;
                return Ok(Next::Continue);
            }
            Message::Watermark(watermark) => {
                if let Some(watermark) = inputs.watermarks.update(queue, watermark) {
                    self.prefetch(Ready::Watermark(watermark)).await?;
                }
                return Ok(Next::Continue);
            }
            Message::Barrier(barrier) => {
                self.environment.failpoints.pass("before alignment").await;
                self.inbox.block(queue);
                let step = inputs.alignment.barrier(queue, barrier);
                step.map_err(|mismatch| out_of_order(mismatch.expected, mismatch.found))?
            }
            Message::EndOfData => {
                self.inbox.end(queue);
                let ended = arroyo_operator::Watermark::At(arroyo_types::EventTime::MAX);
                if let Some(watermark) = inputs.watermarks.update(queue, ended) {
                    self.prefetch(Ready::Watermark(watermark)).await?;
                }
                inputs.alignment.end(queue)
            }
        };
        self.aligned(step, inputs).await
    }

    /// Processes what came in, at once or when what its operator waits for is there.
    async fn prefetch(&mut self, came: Ready) -> Result<(), TaskError> {
        let waits_for = match &came {
            Ready::Batch(input, batch) if self.in_flight.is_used() => self.chain.prefetch(*input, batch)?,
            _ => None,
        };
        if waits_for.is_none() && self.in_flight.is_empty() {
            return self.process(came).await;
        }
        self.in_flight.push(waits_for, came);
        Ok(())
    }

    async fn process(&mut self, ready: Ready) -> Result<(), TaskError> {
        match ready {
            Ready::Batch(input, batch) => {
                self.chain.process(input, batch)?;
                self.deliver().await?;
                self.measure_when_due()?;
                self.refuse_unwanted();
            }
            Ready::Watermark(watermark) => self.watermark(watermark).await?,
        }
        Ok(())
    }

    /// Processes everything that came in.
    async fn finish_in_flight(&mut self) -> Result<(), TaskError> {
        while !self.in_flight.is_empty() {
            let ready = self.in_flight.next().await?;
            self.process(ready).await?;
        }
        Ok(())
    }

    /// Tells the tasks that feed this one when its operators want no more rows. It still takes what arrives, and their barriers.
    fn refuse_unwanted(&mut self) {
        if !self.refused && !self.chain.wants_input() {
            self.refuse();
        }
    }

    fn refuse(&mut self) {
        self.refused = true;
        self.inbox.refuse();
    }

    async fn aligned(&mut self, step: Step, inputs: &mut Inputs) -> Result<Next, TaskError> {
        let now = self.environment.clock.now_micros();
        match step {
            Step::None => Ok(Next::Continue),
            Step::Started(barrier) => {
                inputs.alignment_micros = now;
                let step = CheckpointStep::StartedAlignment;
                self.report(TaskEventKind::CheckpointProgress { epoch: barrier.epoch, step }).await;
                Ok(Next::Continue)
            }
            Step::Aligned(barrier) => {
                self.finish_in_flight().await?;
                self.environment.failpoints.pass("after alignment").await;
                let since = std::mem::take(&mut inputs.alignment_micros);
                let next = self.checkpoint(barrier, if since == 0 { now } else { since }).await?;
                self.inbox.unblock();
                Ok(next)
            }
            Step::AllEnded => {
                self.finish_in_flight().await?;
                Ok(Next::End)
            }
        }
    }
}

/// Completes at `at`; never without one.
pub(super) async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
