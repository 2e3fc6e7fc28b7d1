//! Functions with OVER on rows in the order of event time.
//!
//! `SELECT …, sum(v) OVER (PARTITION BY k ORDER BY at ROWS 1 PRECEDING)`:
//!
//! ```text
//! in:  k=a v=3 at=12     out: k=a v=1 at=10 sum=1
//!      k=a v=1 at=10          k=b v=2 at=11 sum=2
//!      k=b v=2 at=11          k=a v=3 at=12 sum=4
//!      watermark 13           watermark 13
//! ```
//!
//! Rows wait in no order until the watermark has passed them; then their place is final. A row is emitted when the rows behind
//! it that its frames need have come, too; until then the watermark is held back for it.
//! A partition keeps the rows that later frames can still need, and the accumulators of frames without a start.
//! How rows come to their partitions, and state into tables, is [`InTime`]'s.

mod partition;
mod results;
mod stored;

use std::ops::Range;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, SchemaRef};
use arroyo_dataflow::operators as config;
use arroyo_expr::OverPlan;
use arroyo_operator::OperatorError;

use self::partition::Partition;
use super::in_time::{InTime, Schedule, Work};
use super::order::{Leading, RowOrder};
use super::spec::OverSpec;

/// See the module's documentation.
pub(in crate::operators) type TimeOver = InTime<Functions>;

/// Functions whose frames are over the rows of a partition.
pub(in crate::operators) struct Functions {
    spec: OverSpec,
    plans: Vec<OverPlan>,
}

impl TimeOver {
    pub(in crate::operators) fn new(config: &config::Over, input: &SchemaRef) -> Result<Self, OperatorError> {
        let spec = OverSpec::new(config, input, Leading::Partition)?;
        let plans = spec.plans()?;
        Self::of(Functions { spec, plans })
    }
}

impl Work for Functions {
    type Partition = Partition;

    fn input(&self) -> &SchemaRef {
        &self.spec.input
    }

    fn output(&self) -> &SchemaRef {
        &self.spec.schema
    }

    fn order(&self) -> &RowOrder {
        &self.spec.order
    }

    fn begin(&self) -> Result<Partition, OperatorError> {
        Partition::new(&self.plans)
    }

    fn extend(
        &self,
        partition: &mut Partition,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        partition.extend(&self.spec, &self.plans, rows, watermark)
    }

    fn schedule(&self, partition: &Partition) -> Schedule {
        Schedule {
            holds: partition.first_undecided,
            due: partition.due.map(|time| time.saturating_add(1)),
            waits: partition.first_undecided.is_some(),
        }
    }

    fn is_over(&self, partition: &Partition) -> bool {
        partition.held.is_none() && !self.plans.iter().any(OverPlan::is_running)
    }

    fn bytes(&self, partition: &Partition) -> usize {
        partition.bytes()
    }

    fn state_fields(&self) -> Vec<Field> {
        stored::fields(&self.plans)
    }

    fn state_of(&self, partition: &mut Partition) -> Result<Vec<ArrayRef>, OperatorError> {
        stored::state_of(&self.plans, partition)
    }

    fn kept(&self, partition: &Partition) -> Range<u64> {
        partition.held_numbers()
    }

    fn kept_rows(&self, partition: &Partition, rows: Range<u64>) -> Result<RecordBatch, OperatorError> {
        partition.held_rows(rows).ok_or_else(|| OperatorError::bug("rows of a partition are asked for that it has not"))
    }

    fn restored(&self, state: &[ArrayRef], kept: Option<(u64, RecordBatch)>) -> Result<Partition, OperatorError> {
        stored::restored(&self.plans, state, kept)
    }
}
