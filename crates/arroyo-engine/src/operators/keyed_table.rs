//! Changes of a keyed table.

use arrow::array::RecordBatch;
use arroyo_operator::{OperatorContext, OperatorError};

use super::aggregate::key_hashes;
use super::output::columns_at;

/// Hands over what changed in a keyed table since the last barrier: rows that are `gone`, of which only the key counts, and then,
/// because a row may have gone and come again, rows that are there now. Rows are routed by the columns `keys`.
pub(super) fn hand_over(
    table: &str,
    gone: RecordBatch,
    changed: RecordBatch,
    keys: impl IntoIterator<Item = usize>,
    ctx: &mut OperatorContext,
) -> Result<(), OperatorError> {
    let keys: Vec<usize> = keys.into_iter().collect();
    let hashes = |rows: &RecordBatch| key_hashes(&columns_at(rows, &keys)?, rows.num_rows());
    if gone.num_rows() > 0 {
        let hashes = hashes(&gone)?;
        ctx.state.delete(table, gone, hashes)?;
    }
    if changed.num_rows() > 0 {
        let hashes = hashes(&changed)?;
        ctx.state.put(table, changed, hashes)?;
    }
    Ok(())
}
