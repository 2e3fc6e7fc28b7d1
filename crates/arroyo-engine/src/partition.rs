//! Which destination gets which rows of a batch.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arroyo_dataflow::EdgeKind;
use arroyo_operator::OperatorError;
use arroyo_types::KeyRange;

/// Splits the batches of one edge between its destinations.
#[derive(Debug)]
pub(crate) enum Partitioner {
    /// There is one destination.
    Single,
    /// All rows to destination 0.
    First,
    /// Batches in turn.
    Rebalance {
        /// Who is next.
        next: usize,
        /// The number of destinations.
        destinations: usize,
    },
    /// By the hash of key columns.
    Shuffle {
        /// Indices into the batch.
        key_columns: Vec<usize>,
        /// The number of destinations.
        destinations: u32,
    },
}

impl Partitioner {
    /// For an edge of this kind with so many destinations.
    pub(crate) fn new(kind: &EdgeKind, destinations: u32, subtask: u32) -> Self {
        match kind {
            _ if destinations <= 1 => Self::Single,
            EdgeKind::Forward => Self::Single,
            EdgeKind::Shuffle { key_columns } if key_columns.is_empty() => Self::First,
            EdgeKind::Shuffle { key_columns } => Self::Shuffle { key_columns: key_columns.clone(), destinations },
            // Subtasks start at different destinations, so that the first batches are spread as well.
            EdgeKind::Rebalance => {
                Self::Rebalance { next: (subtask % destinations) as usize, destinations: destinations as usize }
            }
        }
    }

    /// The parts of `batch` and their destinations.
    pub(crate) fn split(
        &mut self,
        batch: RecordBatch,
        parts: &mut Vec<(usize, RecordBatch)>,
    ) -> Result<(), OperatorError> {
        match self {
            Self::Single | Self::First => parts.push((0, batch)),
            Self::Rebalance { next, destinations } => {
                let destination = *next;
                *next = (destination + 1) % *destinations;
                parts.push((destination, batch));
            }
            Self::Shuffle { key_columns, destinations } => shuffle(&batch, key_columns, *destinations, parts)?,
        }
        Ok(())
    }
}

/// Sorts rows by destination (a counting sort), gathers them once, and hands out slices of the result.
fn shuffle(
    batch: &RecordBatch,
    key_columns: &[usize],
    destinations: u32,
    parts: &mut Vec<(usize, RecordBatch)>,
) -> Result<(), OperatorError> {
    let keys = key_columns
        .iter()
        .map(|column| batch.columns().get(*column).map(Arc::clone))
        .collect::<Option<Vec<ArrayRef>>>()
        .ok_or_else(|| OperatorError::bug("a shuffle's key column is not in its rows"))?;
    let hashes = arroyo_expr::hash_columns(&keys)
        .map_err(|error| OperatorError::bug(format!("rows cannot be routed by their key: {error}")))?;
    let owners: Vec<u32> = hashes.values().iter().map(|hash| KeyRange::owner(*hash, destinations)).collect();

    let mut starts = vec![0u32; destinations as usize + 1];
    for owner in &owners {
        if let Some(count) = starts.get_mut(*owner as usize + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    let ends = starts.iter().skip(1);
    if let Some(only) = starts.iter().zip(ends).position(|(start, end)| (end - start) as usize == batch.num_rows()) {
        parts.push((only, batch.clone()));
        return Ok(());
    }

    let mut places = starts.clone();
    let mut indices = vec![0u32; owners.len()];
    for (row, owner) in (0u32..).zip(&owners) {
        let Some(place) = places.get_mut(*owner as usize) else { continue };
        if let Some(slot) = indices.get_mut(*place as usize) {
            *slot = row;
        }
        *place += 1;
    }
    let sorted = take_record_batch(batch, &UInt32Array::from(indices))?;
    for (destination, (start, end)) in starts.iter().zip(starts.iter().skip(1)).enumerate() {
        if end > start {
            parts.push((destination, sorted.slice(*start as usize, (end - start) as usize)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int64Array};
    use arrow::datatypes::Int64Type;

    use super::*;

    fn batch(values: impl IntoIterator<Item = i64>) -> RecordBatch {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(values));
        RecordBatch::try_from_iter([("k", column)]).unwrap()
    }

    fn values(batch: &RecordBatch) -> Vec<i64> {
        batch.column(0).as_primitive::<Int64Type>().values().to_vec()
    }

    #[test]
    fn a_shuffle_keeps_every_row_and_their_order_and_agrees_with_key_ranges() {
        let kind = EdgeKind::Shuffle { key_columns: vec![0] };
        let mut partitioner = Partitioner::new(&kind, 3, 0);
        let mut parts = Vec::new();
        partitioner.split(batch(0..1000), &mut parts).unwrap();
        assert_eq!(parts.len(), 3);
        let mut all: Vec<i64> = parts.iter().flat_map(|(_, part)| values(part)).collect();
        for (destination, part) in &parts {
            let range = KeyRange::of_subtask(u32::try_from(*destination).unwrap(), 3);
            let hashes = arroyo_expr::hash_columns(part.columns()).unwrap();
            assert!(hashes.values().iter().all(|hash| range.contains(*hash)));
            assert!(values(part).is_sorted());
        }
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn rows_of_one_key_pass_by_reference() {
        let kind = EdgeKind::Shuffle { key_columns: vec![0] };
        let batch = batch([7; 100]);
        let mut parts = Vec::new();
        Partitioner::new(&kind, 4, 0).split(batch.clone(), &mut parts).unwrap();
        assert_eq!(parts.len(), 1);
        assert!(Arc::ptr_eq(parts[0].1.column(0), batch.column(0)));
    }

    #[test]
    fn without_keys_everything_goes_to_the_first() {
        let kind = EdgeKind::Shuffle { key_columns: vec![] };
        let mut parts = Vec::new();
        Partitioner::new(&kind, 4, 3).split(batch(0..10), &mut parts).unwrap();
        assert_eq!(parts.iter().map(|(to, part)| (*to, part.num_rows())).collect::<Vec<_>>(), [(0, 10)]);
    }

    #[test]
    fn rebalancing_takes_turns() {
        let mut partitioner = Partitioner::new(&EdgeKind::Rebalance, 3, 1);
        let mut parts = Vec::new();
        for _ in 0..4 {
            partitioner.split(batch(0..10), &mut parts).unwrap();
        }
        assert_eq!(parts.iter().map(|(to, _)| *to).collect::<Vec<_>>(), [1, 2, 0, 1]);
    }
}
