//! Matches of a pattern in the rows of each partition, in the order of event time.
//!
//! `PATTERN (A B+) DEFINE B AS B.v > PREV(B.v)`, the greatest value of a match as `top`:
//!
//! ```text
//! in:  k=a v=3 at=12     out: k=a top=5 at=13     (rows at 10 … 13)
//!      k=a v=1 at=10
//!      k=a v=5 at=13
//!      k=a v=2 at=11
//!      k=a v=4 at=14
//!      watermark 15           watermark 15
//! ```
//!
//! Rows wait in no order until the watermark has passed them; then their place is final. In each partition a search goes from row
//! to row: an attempt follows all ways in which the pattern can go on, those that SQL prefers first, until the preferred match is
//! known. So the result does not depend on when rows come. A match has the event time of its last row; the watermark is held
//! back where a match of earlier rows can still follow.
//! A partition keeps the rows from the attempt's first one on, and those before it that PREV can reach. With WITHIN an attempt is
//! given up when the watermark says that no row comes in time.
//! How rows come to their partitions, and state into tables, is [`InTime`]'s; attempts are made again after a restore.

mod aggregates;
mod attempt;
mod conditions;
mod later;
mod memory;
mod partition;
mod results;
mod rows;
mod seen;
mod spec;

use std::ops::Range;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, SchemaRef};
use arroyo_dataflow::operators as config;
use arroyo_operator::OperatorError;

use self::partition::Partition;
use self::spec::MatchSpec;
use super::in_time::stored::{number_column, number_field, stored_number};
use super::in_time::{InTime, Schedule, Work};
use super::order::RowOrder;

/// See the module's documentation.
pub(in crate::operators) type Matches = InTime<MatchSpec>;

impl Matches {
    pub(in crate::operators) fn new(config: &config::MatchRecognize, input: &SchemaRef) -> Result<Self, OperatorError> {
        Self::of(MatchSpec::new(config, input)?)
    }
}

impl Work for MatchSpec {
    type Partition = Partition;

    fn input(&self) -> &SchemaRef {
        &self.input
    }

    fn output(&self) -> &SchemaRef {
        &self.schema
    }

    fn order(&self) -> &RowOrder {
        &self.order
    }

    fn begin(&self) -> Result<Partition, OperatorError> {
        Ok(Partition::default())
    }

    fn extend(
        &self,
        partition: &mut Partition,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        partition.extend(self, rows, watermark)
    }

    fn schedule(&self, partition: &Partition) -> Schedule {
        Schedule { holds: partition.holds, due: partition.due, waits: partition.has_rows_to_search() }
    }

    fn is_over(&self, partition: &Partition) -> bool {
        partition.rows.numbers().is_empty() && !(self.numbers_matches && partition.matches > 0)
    }

    fn bytes(&self, partition: &Partition) -> usize {
        partition.bytes()
    }

    /// The row that the search is at, and the number of matches.
    fn state_fields(&self) -> Vec<Field> {
        ["start", "matches"].map(number_field).into()
    }

    fn state_of(&self, partition: &mut Partition) -> Result<Vec<ArrayRef>, OperatorError> {
        Ok([partition.start, partition.matches].map(number_column).into())
    }

    fn kept(&self, partition: &Partition) -> Range<u64> {
        partition.rows.numbers()
    }

    fn kept_rows(&self, partition: &Partition, rows: Range<u64>) -> Result<RecordBatch, OperatorError> {
        partition.rows.batch(&self.input, &rows.collect::<Vec<_>>())
    }

    fn restored(&self, state: &[ArrayRef], kept: Option<(u64, RecordBatch)>) -> Result<Partition, OperatorError> {
        let (start, matches) = (stored_number(state.first())?, stored_number(state.get(1))?);
        Partition::restored(self, kept, start, matches)
    }
}
