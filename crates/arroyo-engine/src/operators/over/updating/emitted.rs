//! What was emitted of a partition, and how that changes.

use std::sync::Arc;

use super::rows::RowKey;

/// A row of the output: one of the input, the functions' results for it as bytes, and its event time.
pub(super) type OutputRow = (RowKey, Arc<[u8]>, i64);

/// A row to emit, and +1 or −1.
pub(super) type Change = (OutputRow, i8);

/// What was emitted of a partition and not taken back, in order of its bytes.
#[derive(Debug, Default)]
pub(super) struct Emitted {
    rows: Vec<OutputRow>,
}

impl Emitted {
    /// Replaces it by `rows`; adds the differences to `changes`, the retractions first.
    pub(super) fn replace(&mut self, mut rows: Vec<OutputRow>, changes: &mut Vec<Change>) {
        rows.sort_unstable();
        let mut inserted = Vec::new();
        let mut old = std::mem::take(&mut self.rows).into_iter().peekable();
        for new in &mut rows {
            while let Some(gone) = old.next_if(|before| (&before.0, &before.1) < (&new.0, &new.1)) {
                changes.push((gone, -1));
            }
            match old.next_if(|before| (&before.0, &before.1) == (&new.0, &new.1)) {
                // A retraction carries the time of its insertion.
                Some((_, _, before)) => new.2 = before,
                None => inserted.push((new.clone(), 1)),
            }
        }
        changes.extend(old.map(|gone| (gone, -1)));
        changes.extend(inserted);
        self.rows = rows;
    }

    /// Bytes held, roughly; the input's rows are held elsewhere, too.
    pub(super) fn bytes(&self) -> usize {
        self.rows.len() * size_of::<OutputRow>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[u8]) -> Vec<OutputRow> {
        values.iter().map(|value| (RowKey::new(&[*value], 0), Arc::from([]), 0)).collect()
    }

    #[test]
    fn only_differences_are_emitted() {
        let found = |changes: &[Change]| -> Vec<(u8, i8)> {
            changes.iter().map(|((row, _, _), change)| (row.bytes()[0], *change)).collect()
        };
        let mut emitted = Emitted::default();
        let mut changes = Vec::new();
        emitted.replace(rows(&[3, 1, 1]), &mut changes);
        assert_eq!(found(&changes), [(1, 1), (1, 1), (3, 1)]);
        changes.clear();
        emitted.replace(rows(&[1, 2, 4]), &mut changes);
        assert_eq!(found(&changes), [(1, -1), (3, -1), (2, 1), (4, 1)]);
    }
}
