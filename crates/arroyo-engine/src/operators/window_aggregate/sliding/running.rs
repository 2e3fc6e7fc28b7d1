//! Groups to which rows are added and from which they are taken back.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Int64Array, UInt64Array};
use arrow::compute::filter;
use arrow::datatypes::{DataType, Decimal128Type, Int64Type, Schema, UInt64Type};
use arroyo_operator::OperatorError;
use datafusion::logical_expr::EmitTo;
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;

use crate::operators::aggregate::{AggregatePlan, GroupRows};
use crate::operators::error::grouping_failed;
use crate::operators::output::fit;

/// The sums of the panes of a window.
pub(super) struct Running {
    plan: Arc<AggregatePlan>,
    /// `None` without group columns, or before the first row.
    keys: Option<Box<dyn GroupValues>>,
    indices: Vec<usize>,
    /// Per group: in how many added rows it is.
    held: Vec<i64>,
    totals: Vec<Totals>,
}

/// One aggregate's state of each group. States wrap around at the width of their type, so they can be added in any order.
#[derive(Debug, Default)]
struct Totals {
    sums: Vec<i128>,
    /// How many of the added states are not null.
    valid: Vec<i64>,
}

impl Running {
    pub(super) fn new(plan: &Arc<AggregatePlan>) -> Self {
        let totals = plan.aggregates.iter().map(|_| Totals::default()).collect();
        Self { plan: Arc::clone(plan), keys: None, indices: Vec::new(), held: Vec::new(), totals }
    }

    pub(super) fn add(&mut self, rows: &GroupRows) -> Result<(), OperatorError> {
        self.apply(rows, 1)
    }

    /// Takes back rows that were added.
    pub(super) fn subtract(&mut self, rows: &GroupRows) -> Result<(), OperatorError> {
        self.apply(rows, -1)
    }

    fn apply(&mut self, rows: &GroupRows, sign: i64) -> Result<(), OperatorError> {
        let groups = self.intern(&rows.keys, rows.rows)?;
        self.held.resize(groups, 0);
        change(&mut self.held, &self.indices, |_, held| *held += sign);
        for (totals, states) in self.totals.iter_mut().zip(&rows.columns) {
            let Some(state) = states.first() else { return Err(OperatorError::bug("an aggregate has no state")) };
            totals.sums.resize(groups, 0);
            totals.valid.resize(groups, 0);
            totals.apply(state, &self.indices, sign)?;
        }
        Ok(())
    }

    /// Finds the group of each row; answers how many groups there are.
    fn intern(&mut self, keys: &[ArrayRef], rows: usize) -> Result<usize, OperatorError> {
        if self.plan.key_fields.is_empty() {
            self.indices.clear();
            self.indices.resize(rows, 0);
            return Ok(1);
        }
        let known = match &mut self.keys {
            Some(known) => known,
            none => none.insert(no_keys(&self.plan)?),
        };
        known.intern(keys, &mut self.indices).map_err(grouping_failed)?;
        Ok(known.len())
    }

    /// All groups that are in rows which were not taken back. Groups that are in none are forgotten.
    pub(super) fn results(&mut self) -> Result<Option<GroupRows>, OperatorError> {
        let live = BooleanArray::from_iter(self.held.iter().map(|held| Some(*held > 0)));
        let rows = live.true_count();
        if rows == 0 {
            self.clear();
            return Ok(None);
        }
        let mut keys = Vec::new();
        if let Some(known) = &mut self.keys {
            // Keys cannot be looked at without taking them out, and what they were in is of no use then.
            let taken = known.emit(EmitTo::All).map_err(grouping_failed)?;
            for (key, field) in taken.into_iter().zip(&self.plan.key_fields) {
                let key = fit(key, field.data_type())?;
                keys.push(if rows < live.len() { filter(&key, &live)? } else { key });
            }
            *known = no_keys(&self.plan)?;
            known.intern(&keys, &mut self.indices).map_err(grouping_failed)?;
        }
        if rows < live.len() {
            retain(&mut self.held, &live);
            for totals in &mut self.totals {
                retain(&mut totals.sums, &live);
                retain(&mut totals.valid, &live);
            }
        }
        let totals = self.totals.iter().zip(&self.plan.aggregates);
        let columns = totals.map(|(totals, aggregate)| Ok(vec![totals.values(aggregate.result_field().data_type())?]));
        Ok(Some(GroupRows { rows, keys, columns: columns.collect::<Result<_, OperatorError>>()? }))
    }

    pub(super) fn clear(&mut self) {
        self.keys = None;
        self.held.clear();
        for totals in &mut self.totals {
            totals.sums.clear();
            totals.valid.clear();
        }
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        let totals = self.totals.len() * self.held.len() * (size_of::<i128>() + size_of::<i64>());
        totals + self.held.len() * size_of::<i64>() + self.keys.as_ref().map_or(0, |keys| keys.size())
    }
}

fn no_keys(plan: &AggregatePlan) -> Result<Box<dyn GroupValues>, OperatorError> {
    let schema = Arc::new(Schema::new(plan.key_fields.clone()));
    new_group_values(schema, &GroupOrdering::None).map_err(grouping_failed)
}

impl Totals {
    fn apply(&mut self, state: &ArrayRef, groups: &[usize], sign: i64) -> Result<(), OperatorError> {
        let sums = &mut self.sums;
        let mut add = |value: &dyn Fn(usize) -> i128| {
            change(sums, groups, |row, sum| {
                if state.is_valid(row) {
                    *sum = sum.wrapping_add(value(row).wrapping_mul(i128::from(sign)));
                }
            });
        };
        match state.data_type() {
            DataType::Int64 => {
                let values = state.as_primitive::<Int64Type>();
                add(&|row| i128::from(values.value(row)));
            }
            DataType::UInt64 => {
                let values = state.as_primitive::<UInt64Type>();
                add(&|row| i128::from(values.value(row)));
            }
            DataType::Decimal128(..) => {
                let values = state.as_primitive::<Decimal128Type>();
                add(&|row| values.value(row));
            }
            other => return Err(OperatorError::bug(format!("a state of type {other} cannot be subtracted"))),
        }
        change(&mut self.valid, groups, |row, valid| *valid += if state.is_valid(row) { sign } else { 0 });
        Ok(())
    }

    fn values(&self, data_type: &DataType) -> Result<ArrayRef, OperatorError> {
        let states = self.sums.iter().zip(&self.valid).map(|(sum, valid)| (*valid > 0).then_some(*sum));
        // The wrapping that the accumulators do, too.
        Ok(match data_type {
            DataType::Int64 => Arc::new(states.map(|sum| sum.map(|sum| sum as i64)).collect::<Int64Array>()),
            DataType::UInt64 => Arc::new(states.map(|sum| sum.map(|sum| sum as u64)).collect::<UInt64Array>()),
            DataType::Decimal128(..) => Arc::new(states.collect::<Decimal128Array>().with_data_type(data_type.clone())),
            other => return Err(OperatorError::bug(format!("a result of type {other} cannot be subtracted"))),
        })
    }
}

/// Changes the value of each row's group.
fn change<T>(values: &mut [T], groups: &[usize], mut change: impl FnMut(usize, &mut T)) {
    for (row, group) in groups.iter().enumerate() {
        if let Some(value) = values.get_mut(*group) {
            change(row, value);
        }
    }
}

fn retain<T>(values: &mut Vec<T>, live: &BooleanArray) {
    let mut row = 0;
    values.retain(|_| {
        row += 1;
        row <= live.len() && live.value(row - 1)
    });
}
