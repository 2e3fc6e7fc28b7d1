//! A side's table: a row per entry, the columns that tell rows apart as its key.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type, Schema, SchemaRef};
use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_state::TableSpec;

use super::input::key_rows;
use super::matches::columns_of;
use super::side::{Bytes, NewRow, Side};
use super::spec::{JoinSpec, SideSpec};
use crate::operators::aggregate::key_hashes;
use crate::operators::output::batch_of;

const TABLES: [&str; 2] = ["left", "right"];
/// Count, matches and time of an entry.
const NUMBERS: [&str; 3] = ["_count", "_matches", "_time"];

/// The tables of both sides.
pub(super) fn tables(spec: &JoinSpec) -> Vec<TableSpec> {
    let table = |(name, side): (&&str, &SideSpec)| TableSpec::keyed(name, schema(side), side.identity);
    TABLES.iter().zip(&spec.sides).map(table).collect()
}

fn schema(layout: &SideSpec) -> SchemaRef {
    let identity = layout.schema.fields().iter().take(layout.identity);
    let mut fields: Vec<FieldRef> =
        identity.map(|field| Arc::new(field.as_ref().clone().with_nullable(true))).collect();
    fields.extend(NUMBERS.map(|name| Arc::new(Field::new(name, DataType::Int64, false))));
    Arc::new(Schema::new(fields))
}

/// Hands over what changed since the last barrier.
pub(super) fn store(
    spec: &JoinSpec,
    place: usize,
    side: &mut Side,
    ctx: &mut OperatorContext,
) -> Result<(), OperatorError> {
    let layout = spec.side(place);
    let Some(table) = TABLES.get(place) else { return Ok(()) };
    let gone: Vec<Bytes> = side.take_gone();
    if !gone.is_empty() {
        let zeros = vec![0; gone.len()];
        let (rows, hashes) = stored(layout, gone.iter().map(AsRef::as_ref), [zeros.clone(), zeros.clone(), zeros])?;
        ctx.state.delete(table, rows, hashes)?;
    }
    let changed = side.take_changed();
    if changed.is_empty() {
        return Ok(());
    }
    let entries: Vec<_> = changed.iter().filter_map(|slot| side.entry(*slot)).collect();
    let numbers = [
        entries.iter().map(|entry| entry.count).collect(),
        entries.iter().map(|entry| entry.matches).collect(),
        entries.iter().map(|entry| entry.time).collect(),
    ];
    let (rows, hashes) = stored(layout, entries.iter().map(|entry| entry.row.as_ref()), numbers)?;
    ctx.state.put(table, rows, hashes)?;
    Ok(())
}

fn stored<'a>(
    layout: &SideSpec,
    rows: impl Iterator<Item = &'a [u8]>,
    numbers: [Vec<i64>; 3],
) -> Result<(RecordBatch, UInt64Array), OperatorError> {
    let mut columns = columns_of(layout, rows)?;
    let count = numbers.iter().map(Vec::len).max().unwrap_or(0);
    let keys: Vec<ArrayRef> = layout.keys.iter().filter_map(|key| columns.get(*key).cloned()).collect();
    let hashes = key_hashes(&keys, count)?;
    columns.extend(numbers.map(|numbers| Arc::new(Int64Array::from(numbers)) as ArrayRef));
    Ok((batch_of(&schema(layout), columns, count)?, hashes))
}

/// The side as a checkpoint has it.
pub(super) fn restore(spec: &JoinSpec, place: usize, ctx: &mut OperatorContext) -> Result<Side, OperatorError> {
    let layout = spec.side(place);
    let mut side = Side::default();
    let Some(table) = TABLES.get(place) else { return Ok(side) };
    for batch in ctx.state.take_restored(table) {
        let identity = batch.columns().get(..layout.identity).unwrap_or_default();
        let [counts, matches, times] = numbers(&batch, layout.identity)?;
        let rows = layout.rows.encode(identity, batch.num_rows())?;
        let keys = key_rows(spec, layout, identity, batch.num_rows())?;
        for row in 0..batch.num_rows() {
            let time = times.value(row);
            side.insert(NewRow {
                key: keys.row(row).data(),
                row: rows.row(row).data(),
                count: counts.value(row),
                matches: matches.value(row),
                time,
                deadline: spec.deadline(place, time),
                restored: true,
            });
        }
    }
    Ok(side)
}

fn numbers(batch: &RecordBatch, first: usize) -> Result<[Int64Array; 3], OperatorError> {
    let number = |offset: usize| {
        let column = batch.columns().get(first + offset);
        column
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
            .filter(|column| column.null_count() == 0)
            .cloned()
            .ok_or_else(|| OperatorError::bug("stored rows of a join lack their counts"))
    };
    Ok([number(0)?, number(1)?, number(2)?])
}
