//! Planted mistakes: what simulations must find. Each wraps a part of the engine, whose own code knows nothing of it.

use arrow::array::RecordBatch;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::{OperatorState, TableSpec};
use arroyo_types::EventTime;
use serde::{Deserialize, Serialize};

use super::settings::Settings;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mutant {
    /// An operator takes its snapshot at the first barrier: rows that another input sent before its barrier come after it.
    SkipAlignment,
    /// An operator does not take up the rows of its tables.
    ForgetTable,
    /// The changes of every third barrier are not written.
    DropChange,
    /// A source notes the position behind the rows that it gives next.
    PositionAhead,
    /// Sinks are told to commit before the manifest is written: only a death in between shows it, which a scenario makes sure of.
    CommitBeforeManifest,
    /// The restored checkpoint is not committed again.
    NoRecommit,
    /// A controller that takes a job over does not know of its last start.
    ReuseGeneration,
    /// The store writes over what is there although it was told not to.
    OverwriteManifest,
    /// The database takes two starts of one generation: only a controller that stood still shows it, as the museum's has.
    UncheckedStart,
}

impl Mutant {
    /// Those that seeds find.
    pub const ALL: &[Self] = &[
        Self::SkipAlignment,
        Self::ForgetTable,
        Self::DropChange,
        Self::PositionAhead,
        Self::NoRecommit,
        Self::ReuseGeneration,
        Self::OverwriteManifest,
    ];
}

/// The operator, with the mistake if it is one of operators.
pub(super) fn operator(settings: &Settings, inner: Box<dyn Operator>) -> Box<dyn Operator> {
    match settings.mutant {
        Some(Mutant::SkipAlignment) => Box::new(Behind { inner, held: None }),
        Some(Mutant::ForgetTable) => Box::new(Forgetful(inner)),
        Some(Mutant::DropChange) => Box::new(Careless { inner, barriers: 0 }),
        _ => inner,
    }
}

enum Held {
    Batch(u32, RecordBatch),
    Watermark(Watermark),
}

/// One message behind, as if that had come over an input whose barrier was not waited for.
struct Behind {
    inner: Box<dyn Operator>,
    held: Option<Held>,
}

impl Behind {
    fn take(
        &mut self,
        next: Option<Held>,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        match std::mem::replace(&mut self.held, next) {
            Some(Held::Batch(input, batch)) => self.inner.process_batch(input, batch, ctx, out),
            Some(Held::Watermark(watermark)) => self.inner.process_watermark(watermark, ctx, out),
            None => Ok(()),
        }
    }
}

impl Operator for Behind {
    fn tables(&self) -> Vec<TableSpec> {
        self.inner.tables()
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.inner.open(ctx)
    }

    fn process_batch(
        &mut self,
        input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.take(Some(Held::Batch(input, batch)), ctx, out)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let last = watermark == Watermark::At(EventTime::MAX);
        self.take(Some(Held::Watermark(watermark)), ctx, out)?;
        if last { self.take(None, ctx, out) } else { Ok(()) }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.inner.checkpoint(ctx, out)
    }

    fn end(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.take(None, ctx, out)?;
        self.inner.end(ctx, out)
    }
}

/// Passes everything on but what is said here.
macro_rules! pass_on {
    ($inner:tt) => {
        fn tables(&self) -> Vec<TableSpec> {
            self.$inner.tables()
        }

        fn process_batch(
            &mut self,
            input: u32,
            batch: RecordBatch,
            ctx: &mut OperatorContext,
            out: &mut dyn Collector,
        ) -> Result<(), OperatorError> {
            self.$inner.process_batch(input, batch, ctx, out)
        }

        fn process_watermark(
            &mut self,
            watermark: Watermark,
            ctx: &mut OperatorContext,
            out: &mut dyn Collector,
        ) -> Result<(), OperatorError> {
            self.$inner.process_watermark(watermark, ctx, out)
        }

        fn end(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
            self.$inner.end(ctx, out)
        }

        fn tick_interval(&self) -> Option<std::time::Duration> {
            self.$inner.tick_interval()
        }

        fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
            self.$inner.tick(ctx, out)
        }
    };
}

/// Starts from nothing.
struct Forgetful(Box<dyn Operator>);

impl Operator for Forgetful {
    pass_on!(0);

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        for table in self.0.tables() {
            ctx.state.take_restored(&table.name);
        }
        self.0.open(ctx)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.0.checkpoint(ctx, out)
    }
}

/// Loses what it should write.
struct Careless {
    inner: Box<dyn Operator>,
    barriers: u64,
}

impl Operator for Careless {
    pass_on!(inner);

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.inner.open(ctx)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.inner.checkpoint(ctx, out)?;
        self.barriers += 1;
        if self.barriers.is_multiple_of(3) {
            ctx.state = OperatorState::empty(ctx.state.task().clone(), self.inner.tables());
        }
        Ok(())
    }
}
