//! The rows of one partition with their counts, and what was emitted for them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Change;
use crate::operators::over::top::Top;

/// A row as bytes that sort by ORDER BY, and then by its columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowKey {
    order: Arc<[u8]>,
    row: Arc<[u8]>,
}

impl RowKey {
    pub(super) fn new(order: &[u8], row: &[u8]) -> Self {
        Self { order: Arc::from(order), row: Arc::from(row) }
    }

    /// The row's columns.
    pub(super) fn row(&self) -> &[u8] {
        &self.row
    }
}

/// How often a row is there, and its event time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Negative when a row was taken back before it came.
    pub(super) count: i64,
    pub(super) time: i64,
}

impl Entry {
    fn rows(self) -> usize {
        usize::try_from(self.count).unwrap_or(0)
    }
}

/// The rows of a partition in order.
#[derive(Default)]
pub(super) struct Entries {
    rows: BTreeMap<RowKey, Entry>,
    bytes: usize,
}

impl Entries {
    pub(super) fn add(&mut self, row: RowKey, count: i64, time: i64) {
        let size = row.order.len() + row.row.len();
        let entry = self.rows.entry(row.clone()).or_insert_with(|| {
            self.bytes += size;
            Entry { count: 0, time: i64::MIN }
        });
        entry.count += count;
        entry.time = entry.time.max(time);
        if entry.count == 0 {
            self.remove(&row);
        }
    }

    fn remove(&mut self, row: &RowKey) {
        if self.rows.remove(row).is_some() {
            self.bytes = self.bytes.saturating_sub(row.order.len() + row.row.len());
        }
    }

    pub(super) fn get(&self, row: &RowKey) -> Option<Entry> {
        self.rows.get(row).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Rows that are equal in ORDER BY.
    fn peers(&self) -> Vec<Range<usize>> {
        let mut peers: Vec<Range<usize>> = Vec::new();
        let mut last: Option<&[u8]> = None;
        let mut end = 0;
        for (row, entry) in &self.rows {
            end += entry.rows();
            match peers.last_mut() {
                Some(range) if last == Some(row.order.as_ref()) => range.end = end,
                _ => peers.push(end - entry.rows()..end),
            }
            last = Some(&row.order);
        }
        peers.retain(|range| !range.is_empty());
        peers
    }

    /// The rows that are wanted, in order, each as often as it is there, with event times.
    pub(super) fn wanted(&self, top: Option<Top>) -> Vec<(&RowKey, i64)> {
        let count = top.map_or(usize::MAX, |top| top.wanted(&self.peers()));
        let rows = self.rows.iter();
        rows.flat_map(|(row, entry)| std::iter::repeat_n((row, entry.time), entry.rows())).take(count).collect()
    }

    /// Drops rows that are not wanted, if they are more than `slack` and the wanted ones; returns those whose count changed.
    /// No row may have been, or be, taken back.
    pub(super) fn prune(&mut self, top: Top, slack: usize) -> Vec<RowKey> {
        if slack > 0 && self.rows.len() <= slack + 2 * top.last() {
            return Vec::new();
        }
        let mut left = top.wanted(&self.peers());
        let mut changed = Vec::new();
        for (row, entry) in &mut self.rows {
            let kept = entry.rows().min(left);
            left -= kept;
            if kept < entry.rows() {
                entry.count = i64::try_from(kept).unwrap_or(i64::MAX);
                changed.push(row.clone());
            }
        }
        for row in &changed {
            if self.get(row).is_some_and(|entry| entry.count == 0) {
                self.remove(row);
            }
        }
        changed
    }
}

/// A row of the output as bytes, and its event time.
pub(super) type OutputRow = (Arc<[u8]>, i64);

/// What was emitted of a partition and not taken back, in order of its bytes.
#[derive(Default)]
pub(super) struct Emitted {
    rows: Vec<OutputRow>,
}

impl Emitted {
    /// Replaces it by `rows`; adds the differences to `changes`, the retractions first.
    pub(super) fn replace(&mut self, mut rows: Vec<OutputRow>, changes: &mut Vec<Change>) {
        rows.sort_unstable();
        let mut inserted = Vec::new();
        let mut old = std::mem::take(&mut self.rows).into_iter().peekable();
        for (row, time) in &mut rows {
            while let Some((gone, time)) = old.next_if(|(before, _)| *before < *row) {
                changes.push((gone, -1, time));
            }
            match old.next_if(|(before, _)| *before == *row) {
                // A retraction carries the time of its insertion.
                Some((_, before)) => *time = before,
                None => inserted.push((Arc::clone(row), 1, *time)),
            }
        }
        changes.extend(old.map(|(gone, time)| (gone, -1, time)));
        changes.extend(inserted);
        self.rows = rows;
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.rows.iter().map(|(row, _)| row.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[u8]) -> Vec<OutputRow> {
        values.iter().map(|value| (Arc::from([*value].as_slice()), 0)).collect()
    }

    #[test]
    fn only_differences_are_emitted() {
        let mut emitted = Emitted::default();
        let mut changes = Vec::new();
        emitted.replace(rows(&[3, 1, 1]), &mut changes);
        assert_eq!(
            changes.iter().map(|(row, change, _)| (row[0], *change)).collect::<Vec<_>>(),
            [(1, 1), (1, 1), (3, 1)]
        );
        changes.clear();
        emitted.replace(rows(&[1, 2, 4]), &mut changes);
        let found: Vec<_> = changes.iter().map(|(row, change, _)| (row[0], *change)).collect();
        assert_eq!(found, [(1, -1), (3, -1), (2, 1), (4, 1)]);
    }
}
