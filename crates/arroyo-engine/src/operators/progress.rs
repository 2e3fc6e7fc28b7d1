//! How far an operator's watermark was at a checkpoint.

use std::collections::BTreeMap;

use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_state::TableSpec;

const PROGRESS: &str = "progress";

/// The watermark that was stored with a restored checkpoint. At a barrier all subtasks have the same one.
pub(super) fn restored_watermark(ctx: &OperatorContext) -> Option<i64> {
    restored_watermarks(ctx).max()
}

/// The watermarks of all subtasks that were stored with a restored checkpoint.
pub(super) fn restored_watermarks(ctx: &OperatorContext) -> impl Iterator<Item = i64> {
    ctx.state.global(PROGRESS).filter_map(|(_, value)| value.try_into().ok().map(i64::from_le_bytes))
}

/// Stores the watermark, for [`restored_watermark`].
pub(super) fn store_watermark(ctx: &mut OperatorContext, watermark: i64) -> Result<(), OperatorError> {
    let key = ctx.info.task.subtask.to_le_bytes().to_vec();
    ctx.state.replace_global(PROGRESS, BTreeMap::from([(key, watermark.to_le_bytes().to_vec())]))?;
    Ok(())
}

/// The table in which [`store_watermark`] stores.
pub(super) fn progress_table() -> TableSpec {
    TableSpec::global(PROGRESS)
}
