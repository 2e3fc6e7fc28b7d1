//! The values of one group in order.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::ValueBytes;

/// How often a value is there.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    /// Negative when it was taken back before it came.
    count: i64,
    is_changed: bool,
    /// The table has it.
    is_stored: bool,
}

/// A place among the values.
#[derive(Debug)]
struct Cursor {
    /// The value there; it may be gone.
    value: ValueBytes,
    /// How many come before it, each as often as it counts.
    before: usize,
}

/// The values of one group, and what results are found by.
#[derive(Debug, Default)]
pub(super) struct Group {
    values: BTreeMap<ValueBytes, Held>,
    /// How many values there are, each as often as it counts.
    total: usize,
    /// How many different ones.
    present: usize,
    /// Near the middle, where it is asked for. It moves by about as much as changed.
    cursor: Option<Cursor>,
    bytes: usize,
    /// Values that the table has and that are gone.
    pub(super) gone: Vec<ValueBytes>,
}

impl Group {
    /// Adds to a value's count; `times` is how often a value counts. The answer is the value if it was not known as changed.
    pub(super) fn add(&mut self, value: &[u8], count: i64, times: impl Fn(i64) -> usize) -> Option<ValueBytes> {
        if count == 0 {
            return None;
        }
        let Some(held) = self.values.get_mut(value) else {
            let key = ValueBytes::from(value);
            self.bytes += value_bytes(value);
            self.values.insert(key.clone(), Held { count, is_changed: true, is_stored: false });
            self.counted(value, 0, times(count));
            return Some(key);
        };
        let before = times(held.count);
        held.count = held.count.wrapping_add(count);
        let (held, was_changed) = (*held, std::mem::replace(&mut held.is_changed, true));
        self.counted(value, before, times(held.count));
        if held.count != 0 {
            return if was_changed { None } else { Some(ValueBytes::from(value)) };
        }
        self.bytes = self.bytes.saturating_sub(value_bytes(value));
        if let Some((value, held)) = self.values.remove_entry(value)
            && held.is_stored
        {
            self.gone.push(value);
        }
        None
    }

    /// A value counts another number of times.
    fn counted(&mut self, value: &[u8], before: usize, after: usize) {
        self.total = (self.total + after).saturating_sub(before);
        self.present = (self.present + usize::from(after > 0)).saturating_sub(usize::from(before > 0));
        if let Some(cursor) = self.cursor.as_mut().filter(|cursor| value < cursor.value.as_ref()) {
            cursor.before = (cursor.before + after).saturating_sub(before);
        }
    }

    /// How many different values there are.
    pub(super) fn present(&self) -> usize {
        self.present
    }

    /// The values that count, in order, and how often each does.
    pub(super) fn iter(&self, times: impl Fn(i64) -> usize) -> impl DoubleEndedIterator<Item = (&[u8], usize)> {
        let counted = self.values.iter().map(move |(value, held)| (value.as_ref(), times(held.count)));
        counted.filter(|(_, times)| *times > 0)
    }

    /// The smallest and the largest value; beyond the infinities, all of them.
    pub(super) fn ends(&self, infinities: Option<&[Box<[u8]>; 2]>) -> Vec<(&[u8], usize)> {
        let values = || self.iter(|count| usize::from(count > 0));
        let is_number = |value: &[u8]| match infinities {
            Some([least, most]) => (least.as_ref()..=most.as_ref()).contains(&value),
            None => true,
        };
        let mut ends = Vec::new();
        for end in values() {
            ends.push(end);
            if is_number(end.0) {
                break;
            }
        }
        let first = ends.len();
        for end in values().rev().take(self.present.saturating_sub(first)) {
            ends.push(end);
            if is_number(end.0) {
                break;
            }
        }
        ends.get_mut(first..).unwrap_or_default().reverse();
        ends
    }

    /// Moves the cursor to the value in the middle, the lower one if there are two.
    pub(super) fn seek_middle(&mut self, times: impl Fn(i64) -> usize) {
        let Some(middle) = self.total.checked_sub(1).map(|last| last / 2) else { return };
        let Some((first, _)) = self.values.first_key_value() else { return };
        let cursor = self.cursor.get_or_insert_with(|| Cursor { value: first.clone(), before: 0 });
        let count_of = |value: &ValueBytes| self.values.get(value).map_or(0, |held| times(held.count));
        while middle < cursor.before {
            let below = self.values.range::<[u8], _>((Bound::Unbounded, Bound::Excluded(cursor.value.as_ref())));
            let Some((value, held)) = below.into_iter().next_back() else { return };
            *cursor = Cursor { value: value.clone(), before: cursor.before - times(held.count) };
        }
        loop {
            let end = cursor.before + count_of(&cursor.value);
            if middle < end {
                return;
            }
            let above = self.values.range::<[u8], _>((Bound::Excluded(cursor.value.as_ref()), Bound::Unbounded));
            let Some((value, _)) = above.into_iter().next() else { return };
            *cursor = Cursor { value: value.clone(), before: end };
        }
    }

    /// The values in the middle, one or two, after [`Group::seek_middle`].
    pub(super) fn middle(&self, times: impl Fn(i64) -> usize) -> Vec<(&[u8], usize)> {
        let Some(cursor) = self.cursor.as_ref().filter(|_| self.total > 0) else { return Vec::new() };
        let wanted = if self.total.is_multiple_of(2) { 2 } else { 1 };
        let skipped = ((self.total - 1) / 2).saturating_sub(cursor.before);
        let from = self.values.range::<[u8], _>((Bound::Included(cursor.value.as_ref()), Bound::Unbounded));
        let values = from.flat_map(|(value, held)| std::iter::repeat_n((value.as_ref(), 1), times(held.count)));
        values.skip(skipped).take(wanted).collect()
    }

    pub(super) fn is_changed(&self, value: &[u8]) -> bool {
        self.values.get(value).is_some_and(|held| held.is_changed)
    }

    /// The count of a value that changed; it counts as stored from now on.
    pub(super) fn take_changed(&mut self, value: &[u8]) -> Option<i64> {
        let held = self.values.get_mut(value)?;
        held.is_stored = true;
        std::mem::take(&mut held.is_changed).then_some(held.count)
    }

    /// The values that the table has.
    pub(super) fn into_stored(self) -> impl Iterator<Item = ValueBytes> {
        let stored = self.values.into_iter().filter(|(_, held)| held.is_stored).map(|(value, _)| value);
        stored.chain(self.gone)
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn value_bytes(value: &[u8]) -> usize {
    value.len() + size_of::<(ValueBytes, Held)>()
}
