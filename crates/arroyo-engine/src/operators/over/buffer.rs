//! Rows that wait for the watermark, in no order.

use arrow::array::{BooleanArray, Int64Array, RecordBatch};
use arrow::compute::filter_record_batch;
use arroyo_operator::{OperatorContext, OperatorError};

use crate::operators::aggregate::key_hashes;
use crate::operators::output::event_times;

/// Rows with an event time each.
///
/// At a barrier the rows that came since the last one go into a time-keyed table; they expire with the watermark.
#[derive(Default)]
pub(super) struct TimeBuffer {
    held: Vec<Held>,
    rows: usize,
    bytes: usize,
}

struct Held {
    batch: RecordBatch,
    first: i64,
    last: i64,
    /// Whether the state's table has the rows.
    stored: bool,
}

/// All rows of a buffer.
pub(super) struct AllRows {
    /// Those that are stored come first.
    pub(super) batches: Vec<RecordBatch>,
    /// How many of the rows are stored.
    pub(super) stored: usize,
}

impl TimeBuffer {
    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds rows; `stored`: the state's table has them.
    pub(super) fn add(&mut self, batch: RecordBatch, stored: bool) -> Result<(), OperatorError> {
        let times = event_times(&batch)?;
        let (Some(first), Some(last)) = (times.values().iter().min(), times.values().iter().max()) else {
            return Ok(());
        };
        let (first, last) = (*first, *last);
        self.rows += batch.num_rows();
        self.bytes += batch.get_array_memory_size();
        self.held.push(Held { batch, first, last, stored });
        Ok(())
    }

    /// Takes the rows before `watermark`, or all.
    pub(super) fn take_before(&mut self, watermark: Option<i64>) -> Result<Vec<RecordBatch>, OperatorError> {
        let Some(watermark) = watermark else { return Ok(self.take_all().batches) };
        if self.held.iter().all(|held| held.first >= watermark) {
            return Ok(Vec::new());
        }
        let mut taken = Vec::new();
        for held in std::mem::take(self).held {
            if held.last < watermark {
                taken.push(held.batch);
            } else if held.first >= watermark {
                self.add(held.batch, held.stored)?;
            } else {
                let times = event_times(&held.batch)?;
                let before: BooleanArray = times.values().iter().map(|time| Some(*time < watermark)).collect();
                taken.push(filter_record_batch(&held.batch, &before)?);
                let rest = filter_record_batch(&held.batch, &arrow::compute::not(&before)?)?;
                self.add(rest, held.stored)?;
            }
        }
        Ok(taken)
    }

    /// Takes all rows.
    pub(super) fn take_all(&mut self) -> AllRows {
        let held = std::mem::take(self).held;
        let (stored, unstored): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|held| held.stored);
        let count = stored.iter().map(|held| held.batch.num_rows()).sum();
        let batches = stored.into_iter().chain(unstored).map(|held| held.batch).collect();
        AllRows { batches, stored: count }
    }

    /// Hands the rows that are not stored to the time-keyed table `table`; `keys` are the columns that rows are routed by.
    pub(super) fn store(
        &mut self,
        table: &str,
        keys: &[usize],
        ctx: &mut OperatorContext,
    ) -> Result<(), OperatorError> {
        for held in self.held.iter_mut().filter(|held| !held.stored) {
            let columns: Vec<_> = keys.iter().filter_map(|key| held.batch.columns().get(*key).cloned()).collect();
            let hashes = key_hashes(&columns, held.batch.num_rows())?;
            let times: Int64Array = event_times(&held.batch)?.reinterpret_cast();
            ctx.state.append(table, held.batch.clone(), hashes, times)?;
            held.stored = true;
        }
        Ok(())
    }
}
