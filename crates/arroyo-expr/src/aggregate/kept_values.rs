//! The values that groups keep for an aggregate: a flush costs what changed, whatever there is.

mod group;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use arrow::datatypes::DataType;
use datafusion::error::Result;
use foldhash::fast::FixedState;
use smallvec::SmallVec;

use self::group::Group;
use super::CompiledAggregate;
use super::values::{ValueFunction, each_group};
use crate::ExprError;

/// A group's key as bytes.
pub type GroupKey = Arc<[u8]>;

/// A value as bytes; short ones lie in place.
pub type ValueBytes = SmallVec<[u8; 16]>;

/// How a result is found among the values.
#[derive(Debug, Clone)]
enum Summary {
    /// `min`, `max`: at one of the ends. For floating-point numbers −∞ and +∞: beyond them is what is no number.
    Ends(Option<[Box<[u8]>; 2]>),
    /// `first_value`.
    First,
    /// `last_value`.
    Last,
    /// `count(DISTINCT x)`.
    Count,
    /// In the middle.
    Median,
    /// All values are looked at: the result has them all, or there is no better way.
    All,
}

/// What changed since it was last asked.
#[derive(Debug, Default)]
pub struct ValueChanges {
    /// Groups, values and their counts.
    pub changed: Vec<(GroupKey, ValueBytes, i64)>,
    /// Groups and values that are gone, and were known before; some may have come again.
    pub gone: Vec<(GroupKey, ValueBytes)>,
}

/// The values that all groups keep for one aggregate, by the groups' keys.
#[derive(Debug)]
pub struct KeptValues {
    name: String,
    function: Arc<ValueFunction>,
    summary: Summary,
    /// The bytes of NULL, where it does not count.
    ignored: Option<Box<[u8]>>,
    groups: HashMap<GroupKey, Group, FixedState>,
    changed: Vec<(GroupKey, ValueBytes)>,
    /// So many changed values are listed before those that are gone since are taken off the list.
    tidy_at: usize,
    gone: Vec<(GroupKey, ValueBytes)>,
    bytes: usize,
}

/// Changed values that are not worth tidying.
const TIDY_MIN_VALUES: usize = 64 * 1024;

impl CompiledAggregate {
    /// Whether the aggregate's state are its values.
    pub fn keeps_values(&self) -> bool {
        self.changes.as_ref().is_some_and(|changes| changes.value_function().is_some())
    }

    /// Where the values are kept, if the aggregate's state are its values.
    ///
    /// # Errors
    ///
    /// The arguments cannot be compared.
    pub fn kept_values(&self) -> Option<std::result::Result<KeptValues, ExprError>> {
        let function = self.changes.as_ref()?.value_function()?;
        Some(KeptValues::new(self.name(), function).map_err(|source| self.evaluation_error(source)))
    }
}

fn summary_of(function: &ValueFunction) -> Result<Summary> {
    let aggregate = function.aggregate();
    let is_simple = |data_type: &DataType| !data_type.is_nested();
    let single = matches!(function.arguments(), [only] if is_simple(only)) && !aggregate.is_distinct();
    let orders_nulls = !aggregate.ignore_nulls() && !aggregate.is_distinct();
    Ok(match aggregate.fun().name() {
        "min" | "max" if matches!(function.arguments(), [only] if is_simple(only)) => {
            Summary::Ends(function.infinities()?)
        }
        "count" if aggregate.is_distinct() && function.arguments().len() == 1 => Summary::Count,
        "median" if single => Summary::Median,
        "first_value" if orders_nulls => Summary::First,
        "last_value" if orders_nulls => Summary::Last,
        _ => Summary::All,
    })
}

impl KeptValues {
    fn new(name: &str, function: &Arc<ValueFunction>) -> Result<Self> {
        let summary = summary_of(function)?;
        let ignores_null = matches!(summary, Summary::Ends(_) | Summary::Count | Summary::Median);
        let ignored = if ignores_null { Some(function.nulls()?.row(0).data().into()) } else { None };
        Ok(Self {
            name: name.to_string(),
            function: Arc::clone(function),
            summary,
            ignored,
            groups: HashMap::default(),
            changed: Vec::new(),
            tidy_at: TIDY_MIN_VALUES,
            gone: Vec::new(),
            bytes: 0,
        })
    }

    /// Adds the changes that an accumulator's state tells of each group.
    ///
    /// # Errors
    ///
    /// The state is of another aggregate.
    pub fn apply(&mut self, groups: &[GroupKey], state: &[ArrayRef]) -> std::result::Result<(), ExprError> {
        let Self { function, groups: held, changed, gone, bytes, ignored, name, .. } = &mut *self;
        let applied = each_group(state, |place, values| {
            let Some(key) = groups.get(place) else { return };
            let mut values = Iterator::filter(values, |(value, _)| ignored.as_deref() != Some(*value));
            let Some(first) = values.next() else { return };
            let group = match held.get_mut(key) {
                Some(group) => group,
                None => held.entry(Arc::clone(key)).or_default(),
            };
            let before = group.bytes();
            for (value, count) in std::iter::once(first).chain(values) {
                if let Some(value) = group.add(value, count, |count| function.times(count)) {
                    changed.push((Arc::clone(key), value));
                }
            }
            gone.extend(group.gone.drain(..).map(|value| (Arc::clone(key), value)));
            *bytes = (*bytes + group.bytes()).saturating_sub(before);
        });
        applied.map_err(|source| ExprError::Evaluate { expr: name.clone(), source: Box::new(source) })?;
        self.tidy();
        Ok(())
    }

    /// Takes values off the list of changed ones that are gone since, now and then: those that come and go between two barriers
    /// take no memory.
    fn tidy(&mut self) {
        if self.changed.len() >= self.tidy_at {
            self.changed.retain(|(key, value)| self.groups.get(key).is_some_and(|group| group.is_changed(value)));
            self.tidy_at = TIDY_MIN_VALUES.max(2 * self.changed.len());
        }
    }

    /// The results of groups.
    ///
    /// # Errors
    ///
    /// The aggregate fails on the values.
    pub fn results(&mut self, groups: &[GroupKey]) -> std::result::Result<ArrayRef, ExprError> {
        let results = match self.summary {
            Summary::Count => {
                let count = |key| self.groups.get(key).map_or(0, Group::present);
                let counts = groups.iter().map(|key| i64::try_from(count(key)).unwrap_or(i64::MAX));
                Ok(Arc::new(counts.collect::<Int64Array>()) as ArrayRef)
            }
            _ => self.computed(groups),
        };
        results.map_err(|source| ExprError::Evaluate { expr: self.name.clone(), source: Box::new(source) })
    }

    fn computed(&mut self, keys: &[GroupKey]) -> Result<ArrayRef> {
        if matches!(self.summary, Summary::Median) {
            for key in keys {
                if let Some(group) = self.groups.get_mut(key) {
                    group.seek_middle(|count| self.function.times(count));
                }
            }
        }
        let needed = |key| self.groups.get(key).map(|group| self.needed(group)).unwrap_or_default();
        let needed: Vec<Vec<(&[u8], usize)>> = keys.iter().map(needed).collect();
        self.function.results(needed.into_iter().map(Vec::into_iter))
    }

    /// Values that give the same result as all of them, and how often each counts.
    fn needed<'a>(&self, group: &'a Group) -> Vec<(&'a [u8], usize)> {
        let times = |count| self.function.times(count);
        match &self.summary {
            Summary::Ends(infinities) => group.ends(infinities.as_ref()),
            Summary::First => group.iter(times).next().map(|(value, _)| (value, 1)).into_iter().collect(),
            Summary::Last => group.iter(times).next_back().map(|(value, _)| (value, 1)).into_iter().collect(),
            Summary::Median => group.middle(times),
            Summary::Count | Summary::All => group.iter(times).collect(),
        }
    }

    /// Forgets a group.
    pub fn forget(&mut self, group: &[u8]) {
        if let Some((key, group)) = self.groups.remove_entry(group) {
            self.bytes = self.bytes.saturating_sub(group.bytes());
            self.gone.extend(group.into_stored().map(|value| (Arc::clone(&key), value)));
        }
    }

    /// What changed since the last call.
    pub fn take_changes(&mut self) -> ValueChanges {
        let mut changes = ValueChanges { changed: Vec::new(), gone: std::mem::take(&mut self.gone) };
        for (key, value) in std::mem::take(&mut self.changed) {
            if let Some(count) = self.groups.get_mut(&key).and_then(|group| group.take_changed(&value)) {
                changes.changed.push((key, value, count));
            }
        }
        changes
    }

    /// Takes up a value that a checkpoint has.
    pub fn restore(&mut self, key: &GroupKey, value: &[u8], count: i64) {
        let group = self.groups.entry(Arc::clone(key)).or_default();
        let before = group.bytes();
        if let Some(value) = group.add(value, count, |count| self.function.times(count)) {
            group.take_changed(&value);
        }
        self.bytes = (self.bytes + group.bytes()).saturating_sub(before);
    }

    /// Bytes held, roughly.
    pub fn bytes(&self) -> usize {
        self.bytes + self.groups.capacity() * size_of::<(GroupKey, Group)>()
    }
}
