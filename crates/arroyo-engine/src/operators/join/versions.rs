//! The versions of keys: which row is valid at which time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::side::Bytes;

/// A row, and whether it is valid from a time on or ends then. The row that ended names the stored version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) row: Bytes,
    pub(super) ended: bool,
}

/// A version that came or went.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) version: Version,
    pub(super) from: i64,
    pub(super) came: bool,
}

/// Versions by key and by the time from which on they are valid.
#[derive(Debug)]
pub(super) struct Versions {
    keys: HashMap<Bytes, BTreeMap<i64, Version>, FixedState>,
    /// From when on a key has versions that are of no use any more.
    outdated: BTreeSet<(i64, Bytes)>,
    /// What came or went since the last barrier, in order.
    changed: Vec<Changed>,
    /// The latest time of a version.
    newest: i64,
}

impl Default for Versions {
    fn default() -> Self {
        Self { keys: HashMap::default(), outdated: BTreeSet::new(), changed: Vec::new(), newest: i64::MIN }
    }
}

impl Versions {
    /// The row that is valid at a time, or right before it.
    pub(super) fn at(&self, key: &[u8], time: i64, strict: bool) -> Option<Bytes> {
        let versions = self.keys.get(key)?;
        let latest = if strict { versions.range(..time) } else { versions.range(..=time) }.next_back();
        latest.map(|(_, version)| version).filter(|version| !version.ended).map(|version| Arc::clone(&version.row))
    }

    /// A row that is valid from a time on. Of several rows of one time it is the last one, or the largest one.
    pub(super) fn begin(&mut self, key: &[u8], row: Bytes, time: i64, last_counts: bool) {
        self.newest = self.newest.max(time);
        let before = self.keys.get(key).and_then(|versions| versions.get(&time));
        if last_counts || before.is_none_or(|before| before.row < row) {
            self.set(key, time, Version { row, ended: false });
        }
    }

    /// Takes back a row that another one comes instead of. It is valid until then; if the other one is older, it never was.
    pub(super) fn replace(&mut self, key: &[u8], row: &Bytes, from: i64) {
        let Some(versions) = self.keys.get_mut(key) else { return };
        let mut newer = versions.range(from.saturating_add(1)..).rev();
        let time = newer.find(|(_, version)| !version.ended && version.row == *row).map(|(time, _)| *time);
        if let Some(from) = time
            && let Some(version) = versions.remove(&from)
        {
            self.changed.push(Changed { version, from, came: false });
        }
    }

    /// Ends a row that is taken back for good, if it is the valid one. Such a change has no time of its own, since a retraction
    /// has that of the row: it counts from the latest time on that is known.
    pub(super) fn end(&mut self, key: &[u8], row: Bytes, time: i64) {
        let from = self.newest.max(time);
        let Some(versions) = self.keys.get(key) else { return };
        let current = versions.range(..=from).next_back().map(|(_, version)| version);
        if current.is_some_and(|current| !current.ended && current.row == row) {
            self.set(key, from, Version { row, ended: true });
        }
    }

    fn set(&mut self, key: &[u8], from: i64, version: Version) {
        let versions = match self.keys.get_mut(key) {
            Some(versions) => versions,
            None => self.keys.entry(key.into()).or_default(),
        };
        let ended = version.ended;
        if let Some(version) = versions.insert(from, version.clone()) {
            self.changed.push(Changed { version, from, came: false });
        }
        self.changed.push(Changed { version, from, came: true });
        if versions.len() > 1 || ended {
            let later = versions.range(from..).map(|(time, _)| *time).take(2);
            self.outdated.extend(later.map(|time| (time, Bytes::from(key))));
        }
    }

    /// Forgets versions that are over for all rows still to come.
    pub(super) fn forget(&mut self, watermark: i64) {
        while let Some((time, _)) = self.outdated.first()
            && *time < watermark
            && let Some((_, key)) = self.outdated.pop_first()
        {
            let Some(versions) = self.keys.get_mut(&key) else { continue };
            let Some(latest) = versions.range(..watermark).next_back().map(|(time, _)| *time) else { continue };
            let mut kept = versions.split_off(&latest);
            let mut gone = std::mem::take(versions);
            if kept.get(&latest).is_some_and(|latest| latest.ended) {
                gone.extend(kept.remove_entry(&latest));
            }
            *versions = kept;
            if versions.is_empty() {
                self.keys.remove(&key);
            }
            self.changed.extend(gone.into_iter().map(|(from, version)| Changed { version, from, came: false }));
        }
    }

    /// What came or went since the last call, in order.
    pub(super) fn take_changed(&mut self) -> Vec<Changed> {
        std::mem::take(&mut self.changed)
    }

    /// A version of a checkpoint.
    pub(super) fn restore(&mut self, key: Bytes, from: i64, version: Version) {
        self.newest = self.newest.max(from);
        self.outdated.insert((from, Arc::clone(&key)));
        self.keys.entry(key).or_default().insert(from, version);
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.keys.values().flatten().map(|(_, version)| version.row.len() + size_of::<Version>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Bytes {
        text.as_bytes().into()
    }

    fn begin(versions: &mut Versions, key: &str, text: &str, time: i64) {
        versions.begin(key.as_bytes(), row(text), time, true);
    }

    /// What is valid of key `k` at these times.
    fn valid<const N: usize>(versions: &Versions, times: [i64; N]) -> [String; N] {
        let text = |row: Bytes| String::from_utf8_lossy(&row).into_owned();
        times.map(|time| versions.at(b"k", time, false).map(text).unwrap_or_default())
    }

    #[test]
    fn a_version_is_valid_until_the_next_one() {
        let mut versions = Versions::default();
        begin(&mut versions, "k", "a", 10);
        versions.replace(b"k", &row("a"), 20);
        begin(&mut versions, "k", "b", 20);
        assert_eq!(valid(&versions, [9, 10, 19, 20, 99]), ["", "a", "a", "b", "b"]);
        assert_eq!(versions.at(b"k", 20, true), Some(row("a")));
    }

    #[test]
    fn a_version_whose_successor_is_older_never_was() {
        let mut versions = Versions::default();
        begin(&mut versions, "k", "a", 20);
        versions.replace(b"k", &row("a"), 10);
        begin(&mut versions, "k", "b", 10);
        assert_eq!(valid(&versions, [9, 10, 20]), ["", "b", "b"]);
        let gone = Changed { version: Version { row: row("a"), ended: false }, from: 20, came: false };
        assert!(versions.take_changed().contains(&gone));
    }

    #[test]
    fn a_deletion_counts_from_the_latest_time_that_is_known() {
        let mut versions = Versions::default();
        begin(&mut versions, "k", "a", 10);
        begin(&mut versions, "other", "x", 30);
        versions.end(b"k", row("not the valid one"), 10);
        assert_eq!(valid(&versions, [30]), ["a"]);
        versions.end(b"k", row("a"), 10);
        assert_eq!(valid(&versions, [10, 29, 30]), ["a", "a", ""]);
        begin(&mut versions, "k", "b", 40);
        assert_eq!(valid(&versions, [29, 39, 40]), ["a", "", "b"]);
    }

    #[test]
    fn only_what_can_still_be_asked_for_is_kept() {
        let mut versions = Versions::default();
        for (text, time) in [("a", 10), ("b", 20), ("c", 30)] {
            begin(&mut versions, "k", text, time);
        }
        versions.take_changed();
        versions.forget(25);
        let changed = versions.take_changed();
        assert_eq!(changed.iter().map(|changed| (changed.from, changed.came)).collect::<Vec<_>>(), [(10, false)]);
        assert_eq!(valid(&versions, [25, 30]), ["b", "c"]);
        versions.end(b"k", row("c"), 30);
        versions.forget(31);
        assert_eq!(versions.bytes(), 0, "an end is of no use once all rows still to come are behind it");
    }

    #[test]
    fn of_rows_without_changes_the_largest_one_of_a_time_counts() {
        let mut versions = Versions::default();
        for text in ["b", "c", "a"] {
            versions.begin(b"k", row(text), 10, false);
        }
        assert_eq!(valid(&versions, [10]), ["c"]);
    }
}
