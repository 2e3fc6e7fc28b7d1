//! What passes through queues.

use arrow::array::RecordBatch;
use arroyo_operator::Watermark;
use arroyo_types::Epoch;

/// One message from an upstream subtask to a downstream one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Message {
    /// Rows.
    Batch(RecordBatch),
    /// Progress of event time; comes after the rows it is about.
    Watermark(Watermark),
    /// A cut of a checkpoint.
    Barrier(Barrier),
    /// Nothing comes after this.
    EndOfData,
}

/// The cut of a checkpoint in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Barrier {
    /// The checkpoint.
    pub(crate) epoch: Epoch,
    /// Tasks end behind it.
    pub(crate) then_stop: bool,
}

impl Message {
    /// Whether nothing comes after it.
    pub(crate) fn is_last(&self) -> bool {
        matches!(self, Self::EndOfData | Self::Barrier(Barrier { then_stop: true, .. }))
    }

    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Batch(batch) => batch.num_rows(),
            _ => 0,
        }
    }
}

/// The bytes of memory that a batch's own rows take (a slice does not count for its whole parent).
pub(crate) fn batch_bytes(batch: &RecordBatch) -> usize {
    batch
        .columns()
        .iter()
        .map(|column| column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size()))
        .sum()
}
