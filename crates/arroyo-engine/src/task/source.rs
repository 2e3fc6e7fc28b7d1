//! The loop of a task that begins with a source.

use std::time::Duration;

use arroyo_operator::{SourceEvent, Watermark};

use super::TaskError;
use super::runner::{Next, Runner};
use crate::message::batch_bytes;
use crate::metrics::working;

/// How long a source that has just said that it has nothing is left alone.
const IDLE_PAUSE: Duration = Duration::from_millis(100);

/// What happens next in a source's task.
enum Happening {
    Control(super::Control),
    Tick,
    Flush,
    /// Nobody reads any more.
    Unwanted,
    Event(SourceEvent),
}

impl Runner {
    /// Reads the source until it ends or is told to, and serves the ended task.
    pub(super) async fn run_source(&mut self) -> Result<(), TaskError> {
        let mut idle = false;
        if !self.chain.wants_input() {
            return self.end_of_data().await;
        }
        loop {
            let next = match self.next_happening(idle).await? {
                Happening::Control(control) => self.control(control).await?,
                Happening::Tick => {
                    self.tick().await?;
                    Next::Continue
                }
                Happening::Flush => {
                    self.flush().await?;
                    Next::Continue
                }
                Happening::Event(SourceEvent::Batch(batch)) => {
                    idle = false;
                    self.meter.received(batch.num_rows(), batch_bytes(&batch));
                    self.meter.rows_in(self.resting_place(), batch.num_rows());
                    self.meter.rows_out(self.resting_place(), batch.num_rows());
                    self.environment.failpoints.pass("after read").await;
                    self.chain.process(0, batch)?;
                    self.deliver().await?;
                    self.measure_when_due()?;
                    if self.chain.wants_input() { Next::Continue } else { Next::End }
                }
                Happening::Event(SourceEvent::Idle) => {
                    if !std::mem::replace(&mut idle, true) {
                        self.watermark(Watermark::Idle).await?;
                    }
                    Next::Continue
                }
                Happening::Event(SourceEvent::End) | Happening::Unwanted => Next::End,
            };
            match next {
                Next::Continue => {}
                Next::End => return self.end_of_data().await,
                Next::Leave => return self.linger().await,
            }
        }
    }

    async fn next_happening(&mut self, idle: bool) -> Result<Happening, TaskError> {
        let tick_at = self.chain.next_tick();
        let unflushed = self.has_unflushed();
        let Some(link) = &mut self.source else { return Ok(Happening::Event(SourceEvent::End)) };
        let read = async {
            if idle {
                tokio::time::sleep(IDLE_PAUSE).await;
            }
            working(link.source.next(&mut link.context), |time| self.meter.busy(link.place, time)).await
        };
        tokio::select! {
            biased;
            Some(control) = self.control.recv() => Ok(Happening::Control(control)),
            () = super::inputs::due(tick_at) => Ok(Happening::Tick),
            () = self.outputs.unwanted() => Ok(Happening::Unwanted),
            event = read => Ok(Happening::Event(event?)),
            () = std::future::ready(()), if unflushed => Ok(Happening::Flush),
        }
    }
}
