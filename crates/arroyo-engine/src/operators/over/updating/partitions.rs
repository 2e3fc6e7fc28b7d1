//! The partitions of one subtask.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::emitted::Emitted;
use super::entries::Entries;

/// The rows of a partition, and what was emitted of it.
#[derive(Debug)]
pub(super) struct Partition {
    key: Arc<[u8]>,
    pub(super) entries: Entries,
    pub(super) emitted: Emitted,
    /// It changed since the last flush.
    pub(super) is_touched: bool,
    /// When it last got a row, wanted or not, in microseconds.
    pub(super) seen: i64,
}

/// Partitions by the values of PARTITION BY, as bytes. Each has a number for as long as it is there.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    numbers: HashMap<Arc<[u8]>, u32, FixedState>,
    partitions: Vec<Option<Partition>>,
    free: Vec<u32>,
}

impl Partitions {
    /// The number of the partition with this key, which is made if it is not there.
    pub(super) fn number_of(&mut self, key: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.partitions.push(None);
            (self.partitions.len() - 1) as u32
        });
        let key: Arc<[u8]> = Arc::from(key);
        self.numbers.insert(Arc::clone(&key), number);
        if let Some(place) = self.partitions.get_mut(number as usize) {
            let (entries, emitted) = (Entries::default(), Emitted::default());
            *place = Some(Partition { key, entries, emitted, is_touched: false, seen: 0 });
        }
        number
    }

    pub(super) fn get(&self, number: u32) -> Option<&Partition> {
        self.partitions.get(number as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Partition> {
        self.partitions.get_mut(number as usize)?.as_mut()
    }

    /// The numbers of partitions that got no row since `before`.
    pub(super) fn unseen_since(&self, before: i64) -> Vec<u32> {
        let partitions = (0u32..).zip(&self.partitions);
        let unseen = partitions.filter(|(_, partition)| partition.as_ref().is_some_and(|held| held.seen < before));
        unseen.map(|(number, _)| number).collect()
    }

    /// Forgets a partition without rows.
    pub(super) fn remove_if_empty(&mut self, number: u32) {
        let Some(place) = self.partitions.get_mut(number as usize) else { return };
        if let Some(partition) = place.take_if(|partition| partition.entries.is_empty()) {
            self.numbers.remove(&partition.key);
            self.free.push(number);
        }
    }

    /// Bytes held besides those of the partitions' rows, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.partitions.capacity() * size_of::<Option<Partition>>()
            + self.numbers.capacity() * size_of::<(Arc<[u8]>, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_partitions_without_rows_are_given_again() {
        let mut partitions = Partitions::default();
        assert_eq!([b"a", b"b", b"a"].map(|key| partitions.number_of(key)), [0, 1, 0]);
        partitions.remove_if_empty(0);
        assert!(partitions.get(0).is_none() && partitions.get(1).is_some());
        assert_eq!([b"c", b"a"].map(|key| partitions.number_of(key)), [0, 2]);
    }
}
