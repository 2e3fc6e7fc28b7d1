//! Rows of preview sinks.

use arroyo_rpc::proto::OutputRows;
use serde::Serialize;
use utoipa::ToSchema;

use super::micros;

/// Rows of a preview sink: the data of an event of the output stream.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutputData {
    /// The sink.
    pub(crate) operator_id: String,
    /// The sink's subtask.
    pub(crate) subtask_idx: u32,
    /// The rows' event times.
    pub(crate) timestamps: Vec<u64>,
    /// The number of the first row, counted by the subtask from 0.
    pub(crate) start_id: u64,
    /// The rows: the text of a JSON array of objects.
    pub(crate) batch: String,
}

impl From<OutputRows> for OutputData {
    fn from(rows: OutputRows) -> Self {
        Self {
            operator_id: rows.operator_id,
            subtask_idx: rows.subtask,
            timestamps: rows.timestamps_micros.into_iter().map(micros).collect(),
            start_id: rows.start_id,
            batch: rows.batch,
        }
    }
}
