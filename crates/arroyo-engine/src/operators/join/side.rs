//! The rows of one side that are kept.
//!
//! Equal rows are one entry with a count. Entries lie in a slab; two indices lead to them, by key and by row. Rows can be long, so
//! each is hashed once: an index that grows takes the hashes from the entries.

use std::collections::BTreeSet;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use smallvec::SmallVec;

/// A key or a row as comparable bytes.
pub(super) type Bytes = Arc<[u8]>;

/// Rows that are equal.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) row: Bytes,
    row_hash: u64,
    key: Bytes,
    key_hash: u64,
    /// Its place among the entries of its key.
    place: u32,
    /// How many there are; positive.
    pub(super) count: i64,
    /// How many rows of the other side each of them matches or has matched; kept only if it matters.
    pub(super) matches: i64,
    /// The latest event time.
    pub(super) time: i64,
    deadline: i64,
    /// It is among the changed ones.
    changed: bool,
    /// The last checkpoint has it.
    stored: bool,
}

/// A row to be kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewRow<'a> {
    pub(super) key: &'a [u8],
    pub(super) row: &'a [u8],
    pub(super) count: i64,
    pub(super) matches: i64,
    pub(super) time: i64,
    pub(super) deadline: i64,
    /// It comes from a checkpoint.
    pub(super) restored: bool,
}

/// The entries of one key.
#[derive(Debug)]
struct OfKey {
    hash: u64,
    key: Bytes,
    slots: SmallVec<[u32; 4]>,
}

/// The rows of one side.
#[derive(Debug, Default)]
pub(super) struct Side {
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    by_key: HashTable<OfKey>,
    /// Slots.
    by_row: HashTable<u32>,
    /// Deadlines of entries that have one.
    deadlines: BTreeSet<(i64, u32)>,
    /// Slots that changed since the last barrier; some may be free or taken by another entry since.
    changed: Vec<u32>,
    /// Stored rows that are gone since the last barrier.
    gone: Vec<Bytes>,
    bytes: usize,
}

impl Side {
    /// The entries with this key.
    pub(super) fn with_key(&self, key: &[u8]) -> &[u32] {
        self.by_key.find(hash_of(key), |of_key| *of_key.key == *key).map_or(&[], |of_key| &of_key.slots)
    }

    /// The slot of a row.
    fn slot_of(&self, row: &[u8], hash: u64) -> Option<u32> {
        self.by_row.find(hash, |slot| self.entry(*slot).is_some_and(|entry| *entry.row == *row)).copied()
    }

    /// The entry in a slot.
    pub(super) fn entry(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize)?.as_ref()
    }

    /// Adds to the matches of an entry; the answer is their number before and after.
    pub(super) fn add_matches(&mut self, slot: u32, matches: i64) -> (i64, i64) {
        let Some(Some(entry)) = self.entries.get_mut(slot as usize) else { return (0, 0) };
        let before = entry.matches;
        entry.matches = (before + matches).max(0);
        let after = entry.matches;
        if after != before {
            self.mark(slot);
        }
        (before, after)
    }

    /// Keeps one more of a row.
    pub(super) fn insert(&mut self, new: NewRow) {
        let row_hash = hash_of(new.row);
        match self.slot_of(new.row, row_hash) {
            Some(slot) => self.one_more(slot, &new),
            None => self.insert_first(&new, row_hash),
        }
    }

    fn one_more(&mut self, slot: u32, new: &NewRow) {
        let Some(Some(entry)) = self.entries.get_mut(slot as usize) else { return };
        entry.count += new.count;
        entry.matches = entry.matches.max(new.matches);
        if new.time > entry.time {
            entry.time = new.time;
        }
        let (before, after) = (entry.deadline, new.deadline.max(entry.deadline));
        entry.deadline = after;
        if before != after {
            self.deadlines.remove(&(before, slot));
            self.schedule(after, slot);
        }
        self.mark(slot);
    }

    fn insert_first(&mut self, new: &NewRow, row_hash: u64) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            (self.entries.len() - 1) as u32
        });
        let key_hash = hash_of(new.key);
        let of_key = self
            .by_key
            .entry(key_hash, |of_key| *of_key.key == *new.key, |of_key| of_key.hash)
            .or_insert_with(|| OfKey { hash: key_hash, key: new.key.into(), slots: SmallVec::new() })
            .into_mut();
        let place = of_key.slots.len() as u32;
        of_key.slots.push(slot);
        let entry = Entry {
            row: new.row.into(),
            row_hash,
            key: Arc::clone(&of_key.key),
            key_hash,
            place,
            count: new.count,
            matches: new.matches,
            time: new.time,
            deadline: new.deadline,
            changed: false,
            stored: new.restored,
        };
        self.bytes += entry_bytes(&entry);
        if let Some(free) = self.entries.get_mut(slot as usize) {
            *free = Some(entry);
        }
        let entries = &self.entries;
        let hash_of_slot =
            |slot: &u32| entries.get(*slot as usize).and_then(Option::as_ref).map_or(0, |entry| entry.row_hash);
        self.by_row.insert_unique(row_hash, slot, hash_of_slot);
        self.schedule(new.deadline, slot);
        if !new.restored {
            self.mark(slot);
        }
    }

    /// Takes one of a row back. The answer is whether it had matches; `None` if there is no such row: it was forgotten.
    pub(super) fn remove(&mut self, row: &[u8]) -> Option<bool> {
        let slot = self.slot_of(row, hash_of(row))?;
        let entry = self.entries.get_mut(slot as usize)?.as_mut()?;
        let matched = entry.matches > 0;
        entry.count -= 1;
        if entry.count > 0 {
            self.mark(slot);
        } else {
            self.forget(slot);
        }
        Some(matched)
    }

    /// Gives up the entries whose deadline is before `watermark`, in order of deadline.
    pub(super) fn expire(&mut self, watermark: i64) -> Vec<Entry> {
        let mut expired = Vec::new();
        while let Some((deadline, slot)) = self.deadlines.first().copied()
            && deadline < watermark
        {
            match self.forget(slot) {
                Some(entry) => expired.push(entry),
                None => {
                    self.deadlines.pop_first();
                }
            }
        }
        expired
    }

    fn forget(&mut self, slot: u32) -> Option<Entry> {
        let entry = self.entries.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        if let Ok(found) = self.by_row.find_entry(entry.row_hash, |found| *found == slot) {
            found.remove();
        }
        self.deadlines.remove(&(entry.deadline, slot));
        self.bytes = self.bytes.saturating_sub(entry_bytes(&entry));
        if let Ok(mut found) = self.by_key.find_entry(entry.key_hash, |of_key| of_key.key == entry.key) {
            let slots = &mut found.get_mut().slots;
            if (entry.place as usize) < slots.len() {
                slots.swap_remove(entry.place as usize);
            }
            let moved = slots.get(entry.place as usize).copied();
            if slots.is_empty() {
                found.remove();
            }
            if let Some(Some(moved)) = moved.and_then(|moved| self.entries.get_mut(moved as usize)) {
                moved.place = entry.place;
            }
        }
        if entry.stored {
            self.gone.push(Arc::clone(&entry.row));
        }
        Some(entry)
    }

    fn schedule(&mut self, deadline: i64, slot: u32) {
        if deadline < i64::MAX {
            self.deadlines.insert((deadline, slot));
        }
    }

    fn mark(&mut self, slot: u32) {
        if let Some(Some(entry)) = self.entries.get_mut(slot as usize)
            && !std::mem::replace(&mut entry.changed, true)
        {
            self.changed.push(slot);
        }
    }

    /// Stored rows that are gone since the last barrier.
    pub(super) fn take_gone(&mut self) -> Vec<Bytes> {
        std::mem::take(&mut self.gone)
    }

    /// Slots of the entries that changed since the last barrier, which count as stored from now on.
    pub(super) fn take_changed(&mut self) -> Vec<u32> {
        let mut slots = std::mem::take(&mut self.changed);
        slots.retain(|slot| match self.entries.get_mut(*slot as usize) {
            Some(Some(entry)) if entry.changed => {
                entry.changed = false;
                entry.stored = true;
                true
            }
            _ => false,
        });
        slots
    }

    /// Bytes of memory, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn hash_of(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

fn entry_bytes(entry: &Entry) -> usize {
    entry.key.len() + entry.row.len() + size_of::<Entry>() + 4 * size_of::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(key: &'a str, row: &'a str, deadline: i64) -> NewRow<'a> {
        let (key, row) = (key.as_bytes(), row.as_bytes());
        NewRow { key, row, count: 1, matches: 0, time: deadline, deadline, restored: false }
    }

    fn rows_of(side: &Side, key: &str) -> Vec<String> {
        let slots = side.with_key(key.as_bytes()).iter();
        let mut rows: Vec<String> = slots
            .filter_map(|slot| side.entry(*slot))
            .map(|entry| String::from_utf8_lossy(&entry.row).into_owned())
            .collect();
        rows.sort();
        rows
    }

    #[test]
    fn equal_rows_are_counted() {
        let mut side = Side::default();
        for name in ["x", "y", "x", "z"] {
            side.insert(row("a", name, 5));
        }
        assert_eq!(rows_of(&side, "a"), ["x", "y", "z"]);
        assert_eq!(side.remove(b"x"), Some(false));
        assert_eq!(rows_of(&side, "a"), ["x", "y", "z"]);
        assert_eq!(side.remove(b"x"), Some(false));
        assert_eq!(rows_of(&side, "a"), ["y", "z"]);
        assert_eq!(side.remove(b"x"), None, "there are no more");
        assert_eq!(side.remove(b"z"), Some(false));
        assert_eq!(side.remove(b"y"), Some(false));
        assert!(side.by_key.is_empty() && side.by_row.is_empty() && side.deadlines.is_empty());
        assert_eq!(side.bytes(), 0);
    }

    #[test]
    fn only_what_changed_is_stored() {
        let mut side = Side::default();
        side.insert(row("a", "x", 5));
        side.insert(row("a", "y", 5));
        assert_eq!(side.take_changed().len(), 2);
        assert_eq!(side.take_changed().len(), 0);
        let slot = side.with_key(b"a").first().copied().expect("an entry");
        assert_eq!(side.add_matches(slot, 2), (0, 2));
        assert_eq!(side.add_matches(slot, -1), (2, 1));
        assert_eq!(side.take_changed(), [slot]);
        side.remove(b"y");
        side.insert(row("a", "z", 5));
        side.remove(b"z");
        assert_eq!(side.take_gone().len(), 1, "`z` was never stored");
        assert_eq!(side.take_changed().len(), 0);
    }

    #[test]
    fn rows_expire_in_order() {
        let mut side = Side::default();
        for (name, deadline) in [("x", 7), ("y", 5), ("z", i64::MAX), ("v", 9)] {
            side.insert(row("a", name, deadline));
        }
        let expired: Vec<i64> = side.expire(9).iter().map(|entry| entry.deadline).collect();
        assert_eq!(expired, [5, 7]);
        assert_eq!(rows_of(&side, "a"), ["v", "z"]);
        side.insert(row("a", "v", 20));
        assert!(side.expire(10).is_empty(), "it came again");
    }
}
