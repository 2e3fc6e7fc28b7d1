//! Rows in order.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many rows are kept in a list at most; more of them in a tree.
const LISTED_MAX: usize = 64;

/// A row as bytes that sort by ORDER BY, and then by its columns.
#[derive(Debug, Clone)]
pub(super) struct RowKey {
    bytes: Arc<[u8]>,
    /// The length of what ORDER BY sorts by.
    order: u32,
}

impl RowKey {
    /// `bytes` are those of ORDER BY, `order` in number, and then those of the columns.
    pub(super) fn new(bytes: &[u8], order: usize) -> Self {
        Self { bytes: Arc::from(bytes), order: u32::try_from(order).unwrap_or(u32::MAX) }
    }

    /// What ORDER BY sorts by.
    pub(super) fn order(&self) -> &[u8] {
        self.bytes.get(..self.order as usize).unwrap_or_default()
    }

    /// The row's columns.
    pub(super) fn row(&self) -> &[u8] {
        self.bytes.get(self.order as usize..).unwrap_or_default()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Borrow<[u8]> for RowKey {
    fn borrow(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for RowKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.bytes, &other.bytes) || self.bytes == other.bytes
    }
}

impl Eq for RowKey {}

impl PartialOrd for RowKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RowKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

/// How often a row is there, and its event time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Negative when a row was taken back before it came.
    pub(super) count: i64,
    pub(super) time: i64,
    /// It is among the changed ones.
    pub(super) is_changed: bool,
    /// The last checkpoint has it.
    pub(super) is_stored: bool,
}

impl Entry {
    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.count).unwrap_or(0)
    }
}

/// Rows in order. There are many partitions of few rows: for those a list is smaller and faster than a tree.
#[derive(Debug, Default)]
pub(super) struct OrderedRows {
    /// Either this is empty, or the tree.
    list: Vec<(RowKey, Entry)>,
    tree: BTreeMap<RowKey, Entry>,
}

impl OrderedRows {
    pub(super) fn len(&self) -> usize {
        self.list.len() + self.tree.len()
    }

    fn place(&self, row: &[u8]) -> Result<usize, usize> {
        self.list.binary_search_by(|(other, _)| other.bytes().cmp(row))
    }

    pub(super) fn get(&self, row: &[u8]) -> Option<&Entry> {
        if !self.tree.is_empty() {
            return self.tree.get(row);
        }
        self.list.get(self.place(row).ok()?).map(|(_, entry)| entry)
    }

    pub(super) fn get_mut(&mut self, row: &[u8]) -> Option<&mut Entry> {
        if !self.tree.is_empty() {
            return self.tree.get_mut(row);
        }
        let place = self.place(row).ok()?;
        self.list.get_mut(place).map(|(_, entry)| entry)
    }

    /// Adds a row that is not there.
    pub(super) fn insert(&mut self, row: RowKey, entry: Entry) {
        if self.list.len() >= LISTED_MAX {
            self.tree.extend(self.list.drain(..));
        }
        if !self.tree.is_empty() {
            self.tree.insert(row, entry);
        } else if let Err(place) = self.place(row.bytes()) {
            if self.list.capacity() == 0 {
                self.list.reserve_exact(1);
            }
            self.list.insert(place, (row, entry));
        }
    }

    pub(super) fn remove(&mut self, row: &[u8]) -> Option<(RowKey, Entry)> {
        if !self.tree.is_empty() {
            return self.tree.remove_entry(row);
        }
        let place = self.place(row).ok()?;
        Some(self.list.remove(place))
    }

    /// Takes `first` and the rows behind it.
    pub(super) fn split_off(&mut self, first: &RowKey) -> Vec<(RowKey, Entry)> {
        if !self.tree.is_empty() {
            return self.tree.split_off(first).into_iter().collect();
        }
        let place = self.place(first.bytes()).unwrap_or_else(|place| place);
        self.list.drain(place..).collect()
    }

    pub(super) fn into_rows(self) -> impl Iterator<Item = (RowKey, Entry)> {
        self.list.into_iter().chain(self.tree)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&RowKey, &Entry)> {
        self.list.iter().map(|(row, entry)| (row, entry)).chain(&self.tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: u8) -> RowKey {
        RowKey::new(&[value], 1)
    }

    fn entry(time: i64) -> Entry {
        Entry { count: 1, time, is_changed: false, is_stored: false }
    }

    fn values(rows: &OrderedRows) -> Vec<u8> {
        rows.iter().map(|(row, _)| row.bytes()[0]).collect()
    }

    #[test]
    fn few_and_many_rows_are_the_same() {
        for count in [3u8, 60, 200] {
            let mut rows = OrderedRows::default();
            (0..count).rev().for_each(|value| rows.insert(key(value), entry(i64::from(value))));
            assert_eq!(values(&rows), (0..count).collect::<Vec<_>>());
            assert_eq!(rows.remove(&[1]).map(|(row, _)| row), Some(key(1)));
            assert!(rows.remove(&[1]).is_none() && rows.get_mut(&[1]).is_none());
            if let Some(entry) = rows.get_mut(&[0]) {
                entry.count = 5;
            }
            assert_eq!(rows.iter().next().map(|(_, entry)| entry.count), Some(5));
            let last: Vec<u8> = rows.split_off(&key(2)).iter().map(|(row, _)| row.bytes()[0]).collect();
            assert_eq!(last, (2..count).collect::<Vec<_>>());
            assert_eq!((values(&rows), rows.len()), (vec![0], 1));
        }
    }

    #[test]
    fn a_key_has_two_parts() {
        let key = RowKey::new(b"orderrow", 5);
        assert_eq!((key.order(), key.row()), (b"order".as_slice(), b"row".as_slice()));
    }
}
