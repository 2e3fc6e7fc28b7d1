//! Operators that run fused in one task.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arrow::array::RecordBatch;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Prefetch, Watermark};
use arroyo_types::EventTime;
use tokio::time::Instant;

use crate::metrics::TaskMeter;
use crate::state_memory::Held;

/// Which operator of a task is at work: the one to name when the task fails or panics.
#[derive(Debug, Clone, Default)]
pub(crate) struct Position(Arc<AtomicUsize>);

impl Position {
    /// The operator with this place in the node's chain is at work.
    pub(crate) fn set(&self, operator: usize) -> usize {
        self.0.swap(operator, Ordering::Relaxed)
    }

    /// The operator at work, or the one that failed.
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What came out of a chain.
#[derive(Debug)]
pub(crate) enum Emitted {
    Batch(RecordBatch),
    Watermark(Watermark),
}

/// An operator and what it works with.
pub(crate) struct Link {
    /// Its place in the node's chain.
    pub(crate) place: usize,
    pub(crate) operator: Box<dyn Operator>,
    pub(crate) context: OperatorContext,
    /// It got the final watermark.
    pub(crate) ended: bool,
}

/// The operators of a task between source and sink.
pub(crate) struct Chain {
    links: Vec<Link>,
    position: Position,
    meter: Arc<TaskMeter>,
    ticks: Vec<Tick>,
    lap: Instant,
    /// What came out since it was last drained.
    pub(crate) emitted: Vec<Emitted>,
}

struct Tick {
    link: usize,
    interval: Duration,
    next: Instant,
}

/// Passes output to the rest of a chain.
struct Rest<'a> {
    links: &'a mut [Link],
    position: &'a Position,
    emitted: &'a mut Vec<Emitted>,
    meter: &'a TaskMeter,
    /// The operator that the rest follows; `None` outside of all of them.
    caller: Option<usize>,
    /// When the operator at work began, or was last returned to.
    lap: &'a mut Instant,
}

impl Rest<'_> {
    /// Runs `call` on the first of the remaining operators. When it fails, the position stays on the operator that failed.
    fn with_next(
        &mut self,
        call: impl FnOnce(&mut Link, &mut Rest<'_>) -> Result<(), OperatorError>,
    ) -> Option<Result<(), OperatorError>> {
        if let Some(caller) = self.caller {
            self.note_work_of(caller);
        }
        let (link, links) = self.links.split_first_mut()?;
        let caller = self.position.set(link.place);
        let mut rest = Rest {
            links,
            position: self.position,
            emitted: self.emitted,
            meter: self.meter,
            caller: Some(link.place),
            lap: self.lap,
        };
        let result = call(link, &mut rest);
        rest.note_work_of(link.place);
        if result.is_ok() {
            self.position.set(caller);
        }
        Some(result)
    }

    /// Counts the time since the last lap as work of an operator.
    fn note_work_of(&mut self, place: usize) {
        let now = Instant::now();
        self.meter.busy(place, now - *self.lap);
        *self.lap = now;
    }

    fn process(&mut self, input: u32, batch: RecordBatch) -> Result<(), OperatorError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if let Some(caller) = self.caller {
            self.meter.rows_out(caller, batch.num_rows());
        }
        let Some(next) = self.links.first() else {
            self.emitted.push(Emitted::Batch(batch));
            return Ok(());
        };
        if cfg!(debug_assertions) && next.ended {
            let rows = batch.num_rows();
            return Err(OperatorError::bug(format!(
                "{rows} rows came after the final watermark, too late to be joined"
            )));
        }
        self.meter.rows_in(next.place, batch.num_rows());
        self.with_next(|link, rest| link.operator.process_batch(input, batch, &mut link.context, rest))
            .unwrap_or(Ok(()))
    }
}

impl Collector for Rest<'_> {
    fn collect(&mut self, batch: RecordBatch) -> Result<(), OperatorError> {
        self.process(0, batch)
    }

    fn watermark(&mut self, watermark: Watermark) -> Result<(), OperatorError> {
        let Some(next) = self.links.first_mut() else {
            self.emitted.push(Emitted::Watermark(watermark));
            return Ok(());
        };
        next.ended |= watermark == Watermark::At(EventTime::MAX);
        self.with_next(|link, rest| link.operator.process_watermark(watermark, &mut link.context, rest))
            .unwrap_or(Ok(()))
    }
}

impl Chain {
    pub(crate) fn new(links: Vec<Link>, position: Position, meter: Arc<TaskMeter>) -> Self {
        Self { links, position, meter, ticks: Vec::new(), lap: Instant::now(), emitted: Vec::new() }
    }

    fn from(&mut self, first: usize) -> Rest<'_> {
        let links = self.links.get_mut(first..).unwrap_or_default();
        self.lap = Instant::now();
        Rest {
            links,
            position: &self.position,
            emitted: &mut self.emitted,
            meter: &self.meter,
            caller: None,
            lap: &mut self.lap,
        }
    }

    /// Opens all operators and asks for their ticks.
    pub(crate) fn open(&mut self) -> Result<(), OperatorError> {
        for (index, link) in self.links.iter_mut().enumerate() {
            self.position.set(link.place);
            link.operator.open(&mut link.context)?;
            if let Some(interval) = link.operator.tick_interval() {
                let interval = interval.max(Duration::from_millis(1));
                self.ticks.push(Tick { link: index, interval, next: Instant::now() + interval });
            }
        }
        Ok(())
    }

    /// For how many batches at once the first operator may wait before it takes them.
    pub(crate) fn prefetches_max(&self) -> usize {
        self.links.first().map_or(0, |link| link.operator.prefetches_max())
    }

    /// What the first operator waits for before it takes `batch`.
    pub(crate) fn prefetch(&mut self, input: u32, batch: &RecordBatch) -> Result<Option<Prefetch>, OperatorError> {
        let Some(link) = self.links.first_mut().filter(|_| batch.num_rows() > 0) else { return Ok(None) };
        self.position.set(link.place);
        link.operator.prefetch(input, batch, &mut link.context)
    }

    /// Rows of an input of the first operator.
    pub(crate) fn process(&mut self, input: u32, batch: RecordBatch) -> Result<(), OperatorError> {
        self.from(0).process(input, batch)
    }

    /// The watermark of the first operator.
    pub(crate) fn watermark(&mut self, watermark: Watermark) -> Result<(), OperatorError> {
        self.from(0).watermark(watermark)
    }

    /// Lets each operator hand over its state and emit what it holds back, in chain order.
    pub(crate) fn checkpoint(&mut self) -> Result<(), OperatorError> {
        self.each(|link, rest| link.operator.checkpoint(&mut link.context, rest))
    }

    /// All input has ended.
    pub(crate) fn end(&mut self) -> Result<(), OperatorError> {
        self.each(|link, rest| link.operator.end(&mut link.context, rest))
    }

    fn each(
        &mut self,
        mut call: impl FnMut(&mut Link, &mut Rest<'_>) -> Result<(), OperatorError>,
    ) -> Result<(), OperatorError> {
        for index in 0..self.links.len() {
            self.from(index).with_next(&mut call).unwrap_or(Ok(()))?;
        }
        Ok(())
    }

    /// When the next tick is due.
    pub(crate) fn next_tick(&self) -> Option<Instant> {
        self.ticks.iter().map(|tick| tick.next).min()
    }

    /// Ticks the operators whose time has come.
    pub(crate) fn tick(&mut self) -> Result<(), OperatorError> {
        let now = Instant::now();
        let mut due = Vec::new();
        for tick in self.ticks.iter_mut().filter(|tick| tick.next <= now) {
            tick.next = now + tick.interval;
            due.push(tick.link);
        }
        for link in due {
            let tick = |link: &mut Link, rest: &mut Rest<'_>| link.operator.tick(&mut link.context, rest);
            self.from(link).with_next(tick).unwrap_or(Ok(()))?;
        }
        Ok(())
    }

    /// The operators' contexts, in chain order.
    pub(crate) fn contexts(&mut self) -> impl Iterator<Item = &mut OperatorContext> {
        self.links.iter_mut().map(|link| &mut link.context)
    }

    /// Whether further rows can change what comes out.
    pub(crate) fn wants_input(&self) -> bool {
        self.links.iter().all(|link| link.operator.wants_input())
    }

    /// What each operator holds in state.
    pub(crate) fn held(&self) -> impl Iterator<Item = Held> + '_ {
        self.links.iter().map(|link| Held {
            place: link.place,
            description: link.context.info.description.clone(),
            bytes: link.operator.state_bytes() as u64,
        })
    }
}
