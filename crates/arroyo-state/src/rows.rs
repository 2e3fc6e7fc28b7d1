//! Combining changes: the latest row per key, rows in order of hash, rows of a key range.

use arrow::array::{Array, Int8Array, Int64Array, RecordBatch, UInt64Array};
use arrow::compute::{concat, concat_batches, take, take_arrays, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::row::{Row, RowConverter, Rows, SortField};
use arroyo_types::KeyRange;

use crate::{TableChange, TableKind};

/// All changes as one, in order; `None` if there are no rows.
pub(crate) fn concatenate(schema: &SchemaRef, changes: &[TableChange]) -> Result<Option<TableChange>, ArrowError> {
    if changes.iter().all(|change| change.rows.num_rows() == 0) {
        return Ok(None);
    }
    let rows = concat_batches(schema, changes.iter().map(|change| &change.rows))?;
    let hashes = concat_column::<UInt64Array>(changes.iter().map(|change| Some(&change.hashes)))?;
    let times = concat_column::<Int64Array>(changes.iter().map(|change| change.times.as_ref()))?;
    let ops = concat_column::<Int8Array>(changes.iter().map(|change| change.ops.as_ref()))?;
    let hashes = hashes.ok_or_else(|| ArrowError::InvalidArgumentError("rows without hashes".to_string()))?;
    Ok(Some(TableChange { rows, hashes, times, ops }))
}

/// One array of all; `None` if any is missing.
fn concat_column<'a, A: Array + Clone + 'static>(
    columns: impl Iterator<Item = Option<&'a A>>,
) -> Result<Option<A>, ArrowError> {
    let Some(columns) = columns.map(|column| column.map(|array| array as &dyn Array)).collect::<Option<Vec<_>>>()
    else {
        return Ok(None);
    };
    Ok(concat(&columns)?.as_any().downcast_ref::<A>().cloned())
}

/// The rows at `indices`, in their order.
fn take_rows(all: &TableChange, indices: &UInt64Array) -> Result<TableChange, ArrowError> {
    fn taken<A: Array + Clone + 'static>(array: &A, indices: &UInt64Array) -> Result<A, ArrowError> {
        take(array, indices, None)?
            .as_any()
            .downcast_ref::<A>()
            .cloned()
            .ok_or_else(|| ArrowError::ComputeError("taking rows changed their type".to_string()))
    }
    let rows = if all.rows.num_columns() == 0 {
        all.rows.slice(0, indices.len().min(all.rows.num_rows()))
    } else {
        take_record_batch(&all.rows, indices)?
    };
    Ok(TableChange {
        rows,
        hashes: taken(&all.hashes, indices)?,
        times: all.times.as_ref().map(|times| taken(times, indices)).transpose()?,
        ops: all.ops.as_ref().map(|ops| taken(ops, indices)).transpose()?,
    })
}

/// What of the changes has to be kept, in order of hash: of a keyed table the last change of each key, of a time-keyed one all
/// rows, those of one hash in the order in which they were added.
pub(crate) fn consolidate(
    kind: TableKind,
    schema: &SchemaRef,
    changes: &[TableChange],
    keep_deletions: bool,
) -> Result<Option<TableChange>, ArrowError> {
    let Some(all) = concatenate(schema, changes)? else { return Ok(None) };
    let indices = match kind {
        TableKind::Keyed { key_columns } => latest_per_key(&all, key_columns, keep_deletions)?,
        TableKind::TimeKeyed | TableKind::Global => by_hash(&all).into_iter().map(|(_, index)| index).collect(),
    };
    if indices.is_empty() {
        return Ok(None);
    }
    take_rows(&all, &UInt64Array::from(indices)).map(Some)
}

/// Hashes with the numbers of their rows, in order.
fn by_hash(all: &TableChange) -> Vec<(u64, u64)> {
    let mut order: Vec<(u64, u64)> = all.hashes.values().iter().copied().zip(0..).collect();
    order.sort_unstable();
    order
}

fn latest_per_key(all: &TableChange, key_columns: usize, keep_deletions: bool) -> Result<Vec<u64>, ArrowError> {
    let order = by_hash(all);
    let is_alone = |same: &&[(u64, u64)]| same.len() == 1;
    // Few rows have the hash of another one: only their keys are looked at.
    let shared: Vec<u64> = runs(&order).filter(|same| !is_alone(same)).flatten().map(|(_, index)| *index).collect();
    let keys = key_rows(&all.rows, key_columns, &UInt64Array::from(shared))?;
    let mut latest: Vec<u64> = Vec::with_capacity(order.len());
    let mut place = 0;
    for same in runs(&order) {
        if is_alone(&same) {
            latest.extend(same.iter().map(|(_, index)| *index));
            continue;
        }
        // By key, and then in the order in which the changes happened.
        let mut rows: Vec<(Option<Row<'_>>, u64)> = Vec::with_capacity(same.len());
        for (_, index) in same {
            rows.push((keys.as_ref().map(|keys| keys.row(place)), *index));
            place += 1;
        }
        rows.sort();
        let of_one_key = rows.chunk_by(|(left, _), (right, _)| left == right);
        latest.extend(of_one_key.filter_map(|changes| changes.last()).map(|(_, index)| *index));
    }
    if !keep_deletions {
        latest.retain(|index| all.ops.as_ref().is_none_or(|ops| ops.value(*index as usize) > 0));
    }
    Ok(latest)
}

/// Rows of one hash each.
fn runs(order: &[(u64, u64)]) -> impl Iterator<Item = &[(u64, u64)]> {
    order.chunk_by(|(left, _), (right, _)| left == right)
}

/// The keys of some rows in a comparable form; `None` when the table has one key only, the empty one.
fn key_rows(rows: &RecordBatch, key_columns: usize, indices: &UInt64Array) -> Result<Option<Rows>, ArrowError> {
    if key_columns == 0 {
        return Ok(None);
    }
    let columns = take_arrays(rows.columns().get(..key_columns).unwrap_or_default(), indices, None)?;
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    RowConverter::new(fields)?.convert_columns(&columns).map(Some)
}

/// The rows with a hash in `range`, of rows in order of hash.
pub(crate) fn slice_to_range(change: &TableChange, range: KeyRange) -> TableChange {
    let hashes = change.hashes.values();
    let start = hashes.partition_point(|hash| *hash < range.start);
    let end = hashes.partition_point(|hash| *hash <= range.end);
    let length = end.saturating_sub(start);
    TableChange {
        rows: change.rows.slice(start, length),
        hashes: change.hashes.slice(start, length),
        times: change.times.as_ref().map(|times| times.slice(start, length)),
        ops: change.ops.as_ref().map(|ops| ops.slice(start, length)),
    }
}

/// The rows for which `keep(hash, time)` holds.
pub(crate) fn retain(change: TableChange, keep: impl Fn(u64, Option<i64>) -> bool) -> Result<TableChange, ArrowError> {
    let time = |index: usize| change.times.as_ref().map(|times| times.value(index));
    let kept: Vec<u64> = (0..change.hashes.len())
        .filter(|index| keep(change.hashes.value(*index), time(*index)))
        .map(|index| index as u64)
        .collect();
    if kept.len() == change.hashes.len() {
        return Ok(change);
    }
    take_rows(&change, &UInt64Array::from(kept))
}
