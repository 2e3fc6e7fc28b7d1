//! What a running job does.

use arroyo_metastore as store;
use serde::Serialize;
use utoipa::ToSchema;

use super::micros;

/// What a job does at the time of an event. Counts are those of its last start.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct JobProgress {
    /// Where it is, as in `Job`.
    pub(crate) state: String,
    /// Rows that sources have read.
    pub(crate) rows_in: u64,
    /// Rows that sinks have taken.
    pub(crate) rows_out: u64,
    /// Rows that sources read per second, over the last two seconds.
    pub(crate) rows_in_per_second: f64,
    /// Rows that sinks took per second, over the last two seconds.
    pub(crate) rows_out_per_second: f64,
    /// The lowest watermark of its tasks; absent before there is one, and when all input was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) watermark_micros: Option<i64>,
    /// Records that could not be decoded.
    pub(crate) bad_records: u64,
    /// Rows that came too late: dropped, or written where LATE ROWS INTO says.
    pub(crate) late_rows: u64,
    /// The last complete checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) checkpoint: Option<CheckpointSummary>,
    /// Checkpoints that were given up since then.
    pub(crate) failed_checkpoints: u32,
}

/// A complete checkpoint in short.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct CheckpointSummary {
    /// Its number within the job.
    pub(crate) epoch: u64,
    /// When it became durable.
    pub(crate) finish_time: u64,
    /// How long it took.
    pub(crate) duration_micros: u64,
    /// Bytes written for it.
    pub(crate) bytes: u64,
}

impl From<store::Checkpoint> for CheckpointSummary {
    fn from(checkpoint: store::Checkpoint) -> Self {
        let finish_time = checkpoint.finish_time.unwrap_or(checkpoint.start_time);
        Self {
            epoch: checkpoint.epoch.0,
            finish_time: micros(finish_time),
            duration_micros: micros(finish_time.saturating_sub(checkpoint.start_time)),
            bytes: checkpoint.bytes,
        }
    }
}
