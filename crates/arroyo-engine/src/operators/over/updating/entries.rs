//! The rows of one partition with their counts.

use std::ops::Range;

use super::rows::{Entry, OrderedRows, RowKey};
use crate::operators::over::top::Top;

/// Rows that changed since the last barrier.
#[derive(Debug, Default)]
pub(super) struct Unstored {
    /// Rows with their partitions; some may be gone since, or be there twice.
    pub(super) changed: Vec<(u32, RowKey)>,
    /// Rows that the table has and that are gone; some may have come again.
    pub(super) gone: Vec<RowKey>,
    /// So many changed rows are listed before those that are gone since are taken off the list.
    tidy_at: usize,
}

/// Changed rows that are not worth tidying.
const TIDY_MIN_ROWS: usize = 64 * 1024;

impl Unstored {
    fn change(&mut self, partition: u32, row: &RowKey, entry: &mut Entry) {
        if !std::mem::replace(&mut entry.is_changed, true) {
            self.changed.push((partition, row.clone()));
        }
    }

    fn remove(&mut self, row: RowKey, entry: Entry) {
        if entry.is_stored {
            self.gone.push(row);
        }
    }

    /// Lists only changed rows for which `is_changed` holds, now and then: rows that come and go between two barriers take no
    /// memory.
    pub(super) fn tidy(&mut self, is_changed: impl Fn(u32, &RowKey) -> bool) {
        if self.changed.len() >= self.tidy_at.max(TIDY_MIN_ROWS) {
            self.changed.retain(|(partition, row)| is_changed(*partition, row));
            self.tidy_at = 2 * self.changed.len();
        }
    }
}

/// The rows of a partition in order.
#[derive(Debug, Default)]
pub(super) struct Entries {
    rows: OrderedRows,
    bytes: usize,
    /// When only the first rows are wanted and they are there: the last of them. No row behind it and its peers is wanted.
    bound: Option<RowKey>,
    /// So many rows are kept before those that are not wanted are given up.
    prune_at: usize,
}

impl Entries {
    /// Whether a row with these bytes of ORDER BY can be wanted.
    pub(super) fn may_want(&self, order: &[u8]) -> bool {
        self.bound.as_ref().is_none_or(|bound| order <= bound.order())
    }

    /// Whether the row with these bytes is there.
    pub(super) fn has(&self, row: &[u8]) -> bool {
        self.rows.get(row).is_some()
    }

    /// Drops all rows.
    pub(super) fn forget(&mut self, log: &mut Unstored) {
        for (row, entry) in std::mem::take(self).rows.into_rows() {
            log.remove(row, entry);
        }
    }

    /// Adds to the count of the row with these bytes (those of ORDER BY, `order` in number, first).
    pub(super) fn add(&mut self, row: (&[u8], usize), (count, time): (i64, i64), partition: u32, log: &mut Unstored) {
        let (bytes, order) = row;
        let Some(entry) = self.rows.get_mut(bytes) else {
            if count != 0 {
                let key = RowKey::new(bytes, order);
                let mut entry = Entry { count, time, is_changed: false, is_stored: false };
                log.change(partition, &key, &mut entry);
                self.bytes += entry_bytes(&key);
                self.rows.insert(key, entry);
            }
            return;
        };
        entry.count += count;
        entry.time = entry.time.max(time);
        if entry.count == 0 {
            if let Some((key, entry)) = self.rows.remove(bytes) {
                self.bytes = self.bytes.saturating_sub(entry_bytes(&key));
                log.remove(key, entry);
            }
        } else if !entry.is_changed {
            log.change(partition, &RowKey::new(bytes, order), entry);
        }
    }

    /// What the table is to have of a row from now on; `None`: nothing new.
    pub(super) fn take_changed(&mut self, row: &RowKey) -> Option<Entry> {
        let entry = self.rows.get_mut(row.bytes())?;
        let is_changed = std::mem::take(&mut entry.is_changed);
        entry.is_stored = true;
        is_changed.then_some(*entry)
    }

    pub(super) fn is_changed(&self, row: &RowKey) -> bool {
        self.rows.get(row.bytes()).is_some_and(|entry| entry.is_changed)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Rows that are equal in ORDER BY.
    fn peers(&self) -> impl Iterator<Item = Range<usize>> {
        let mut rows = self.rows.iter().filter(|(_, entry)| entry.count > 0).peekable();
        let mut end = 0;
        std::iter::from_fn(move || {
            let (first, entry) = rows.next()?;
            let start = end;
            end += entry.rows();
            while let Some((_, peer)) = rows.next_if(|(row, _)| row.order() == first.order()) {
                end += peer.rows();
            }
            Some(start..end)
        })
    }

    /// The rows that are wanted, in order, each as often as it is there, with event times.
    pub(super) fn wanted(&self, top: Option<Top>) -> impl Iterator<Item = (&RowKey, i64)> {
        let count = top.map_or(usize::MAX, |top| top.wanted(self.peers()));
        let rows = self.rows.iter();
        rows.flat_map(|(row, entry)| std::iter::repeat_n((row, entry.time), entry.rows())).take(count)
    }

    /// [`Entries::prune`], if that is worth it: its cost is shared by as many insertions as half of the rows.
    pub(super) fn prune_when_due(&mut self, top: Top, partition: u32, log: &mut Unstored) {
        if self.rows.len() >= self.prune_at {
            self.prune(top, partition, log);
        }
    }

    /// Drops rows that are not wanted. No row may have been, or be, taken back.
    pub(super) fn prune(&mut self, top: Top, partition: u32, log: &mut Unstored) {
        let mut left = top.wanted(self.peers());
        let (mut kept, mut groups) = (0, 0);
        let (mut last, mut cut, mut first_gone) = (None::<&RowKey>, None, None);
        for (row, entry) in self.rows.iter() {
            if left == 0 {
                first_gone = Some(row.clone());
                break;
            }
            let rows = entry.rows().min(left);
            if rows < entry.rows() {
                cut = Some((row.clone(), i64::try_from(rows).unwrap_or(i64::MAX)));
            }
            groups += usize::from(last.is_none_or(|last| last.order() != row.order()));
            last = Some(row);
            left -= rows;
            kept += rows;
        }
        self.bound = last.filter(|_| top.is_full(kept, groups)).cloned();
        if let Some((row, count)) = cut
            && let Some(entry) = self.rows.get_mut(row.bytes())
        {
            entry.count = count;
            log.change(partition, &row, entry);
        }
        for (row, entry) in first_gone.map(|first| self.rows.split_off(&first)).unwrap_or_default() {
            self.bytes = self.bytes.saturating_sub(entry_bytes(&row));
            log.remove(row, entry);
        }
        self.prune_at = self.rows.len() + self.rows.len() / 2;
    }
}

fn entry_bytes(row: &RowKey) -> usize {
    row.bytes().len() + size_of::<(RowKey, Entry)>()
}

#[cfg(test)]
mod tests {
    use arroyo_dataflow::operators as config;

    use super::*;

    fn add(entries: &mut Entries, log: &mut Unstored, row: &[u8], count: i64) {
        entries.add((row, 1), (count, 0), 0, log);
    }

    fn wanted(entries: &Entries, top: Option<Top>) -> Vec<Vec<u8>> {
        entries.wanted(top).map(|(row, _)| row.bytes().to_vec()).collect()
    }

    fn first(rank: config::top::Rank, last: u64) -> Top {
        Top::new(&config::Top { rank: rank.into(), last }).expect("a ranking function")
    }

    #[test]
    fn rows_that_cannot_be_wanted_are_known_and_given_up() {
        let (mut entries, mut log) = (Entries::default(), Unstored::default());
        let top = first(config::top::Rank::RowNumber, 2);
        for row in [[3, 0], [5, 0], [4, 0], [4, 1]] {
            assert!(entries.may_want(&row[..1]));
            add(&mut entries, &mut log, &row, 1);
        }
        entries.prune(top, 0, &mut log);
        assert_eq!(wanted(&entries, None), [[3, 0], [4, 0]]);
        assert!(entries.may_want(&[4]) && !entries.may_want(&[5]), "peers of the last one may come before it");
        let changed: Vec<RowKey> = std::mem::take(&mut log.changed).into_iter().map(|(_, row)| row).collect();
        assert_eq!(changed.iter().filter_map(|row| entries.take_changed(row)).count(), 2);
        assert!(log.gone.is_empty(), "the table did not have them");
        add(&mut entries, &mut log, &[1, 0], 1);
        entries.prune(top, 0, &mut log);
        assert_eq!(log.gone.iter().map(RowKey::bytes).collect::<Vec<_>>(), [[4, 0]]);
        assert!(!entries.may_want(&[4]));
    }

    #[test]
    fn peers_are_wanted_together() {
        let (mut entries, mut log) = (Entries::default(), Unstored::default());
        for row in [[1, 0], [2, 0], [2, 1], [3, 0]] {
            add(&mut entries, &mut log, &row, 1);
        }
        assert_eq!(wanted(&entries, Some(first(config::top::Rank::Rank, 2))).len(), 3);
        assert_eq!(wanted(&entries, Some(first(config::top::Rank::DenseRank, 1))).len(), 1);
        entries.prune(first(config::top::Rank::DenseRank, 2), 0, &mut log);
        assert_eq!(wanted(&entries, None).len(), 3);
        assert!(entries.may_want(&[2]) && !entries.may_want(&[3]));
    }

    #[test]
    fn a_row_can_be_taken_back_before_it_comes() {
        let (mut entries, mut log) = (Entries::default(), Unstored::default());
        add(&mut entries, &mut log, &[1, 0], -1);
        assert!(!entries.is_empty() && wanted(&entries, None).is_empty());
        add(&mut entries, &mut log, &[1, 0], 1);
        assert!(entries.is_empty());
        assert_eq!(entries.bytes(), 0);
        assert!(log.changed.iter().all(|(_, row)| entries.take_changed(row).is_none()));
    }

    #[test]
    fn rows_that_come_and_go_are_taken_off_the_list() {
        let (mut entries, mut log) = (Entries::default(), Unstored::default());
        add(&mut entries, &mut log, &[1, 0], 1);
        for _ in 0..TIDY_MIN_ROWS {
            add(&mut entries, &mut log, &[2, 0], 1);
            add(&mut entries, &mut log, &[2, 0], -1);
        }
        log.tidy(|_, row| entries.is_changed(row));
        assert_eq!(log.changed.iter().map(|(_, row)| row.bytes()).collect::<Vec<_>>(), [[1, 0]]);
        assert!(log.gone.is_empty());
    }
}
