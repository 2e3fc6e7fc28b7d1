//! Groups of rows being aggregated.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{FieldRef, Schema};
use arroyo_operator::OperatorError;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;

use super::{AggregatePlan, Prepared};
use crate::operators::error::{expression_failed, grouping_failed};
use crate::operators::output::fit;

/// Accumulators of all groups that rows have been seen of.
pub(in crate::operators) struct Groups {
    plan: Arc<AggregatePlan>,
    key_fields: Arc<[FieldRef]>,
    live: Option<Live>,
    indices: Vec<usize>,
}

/// What holds rows: made for the first row, given up when drained.
struct Live {
    /// `None` without group columns: then there is one group.
    keys: Option<Box<dyn GroupValues>>,
    accumulators: Vec<Box<dyn GroupsAccumulator>>,
    len: usize,
}

/// Drained groups: keys and states, which can be merged again, or keys and results.
#[derive(Debug, Clone)]
pub(in crate::operators) struct GroupRows {
    pub(in crate::operators) rows: usize,
    pub(in crate::operators) keys: Vec<ArrayRef>,
    /// Per aggregate: its state columns, or its one result.
    pub(in crate::operators) columns: Vec<Vec<ArrayRef>>,
}

impl GroupRows {
    /// Bytes held, roughly.
    pub(in crate::operators) fn bytes(&self) -> usize {
        let columns = self.keys.iter().chain(self.columns.iter().flatten());
        columns.map(|column| column.get_array_memory_size()).sum()
    }

    /// The states as rows that can be merged.
    pub(in crate::operators) fn to_prepared(&self) -> Prepared {
        Prepared {
            rows: self.rows,
            keys: self.keys.clone(),
            inputs: self.columns.clone(),
            masks: vec![None; self.columns.len()],
            partial: true,
        }
    }
}

impl Groups {
    /// No groups yet, by the plan's group columns.
    pub(in crate::operators) fn new(plan: &Arc<AggregatePlan>) -> Self {
        Self::with_keys(plan, plan.key_fields.as_slice().into())
    }

    /// No groups yet, by other columns than the plan's.
    pub(in crate::operators) fn with_keys(plan: &Arc<AggregatePlan>, key_fields: Arc<[FieldRef]>) -> Self {
        Self { plan: Arc::clone(plan), key_fields, live: None, indices: Vec::new() }
    }

    /// The number of groups.
    pub(in crate::operators) fn len(&self) -> usize {
        self.live.as_ref().map_or(0, |live| live.len)
    }

    /// Bytes held, roughly.
    pub(in crate::operators) fn bytes(&self) -> usize {
        self.live.as_ref().map_or(0, |live| {
            let accumulators: usize = live.accumulators.iter().map(|accumulator| accumulator.size()).sum();
            accumulators + live.keys.as_ref().map_or(0, |keys| keys.size())
        })
    }

    /// Adds raw or partial rows.
    pub(in crate::operators) fn add(&mut self, rows: &Prepared) -> Result<(), OperatorError> {
        if rows.rows == 0 {
            return Ok(());
        }
        let live = match &mut self.live {
            Some(live) => live,
            none => none.insert(Live::new(&self.plan, &self.key_fields)?),
        };
        match &mut live.keys {
            Some(keys) => {
                keys.intern(&rows.keys, &mut self.indices).map_err(grouping_failed)?;
                live.len = keys.len();
            }
            None => {
                self.indices.clear();
                self.indices.resize(rows.rows, 0);
                live.len = 1;
            }
        }
        let aggregates = live.accumulators.iter_mut().zip(&self.plan.aggregates);
        for ((accumulator, aggregate), (input, mask)) in aggregates.zip(rows.inputs.iter().zip(&rows.masks)) {
            let added = if rows.partial {
                accumulator.merge_batch(input, &self.indices, live.len)
            } else {
                accumulator.update_batch(input, &self.indices, mask.as_ref(), live.len)
            };
            added.map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
        }
        Ok(())
    }

    /// Takes all groups with their states.
    pub(in crate::operators) fn drain_states(&mut self) -> Result<Option<GroupRows>, OperatorError> {
        self.drain(
            |accumulator| accumulator.state(EmitTo::All),
            |aggregate| aggregate.state_fields().iter().map(|field| field.data_type().clone()).collect(),
        )
    }

    /// Takes all groups with their results.
    pub(in crate::operators) fn drain_results(&mut self) -> Result<Option<GroupRows>, OperatorError> {
        self.drain(
            |accumulator| accumulator.evaluate(EmitTo::All).map(|result| vec![result]),
            |aggregate| vec![aggregate.result_field().data_type().clone()],
        )
    }

    fn drain(
        &mut self,
        take: impl Fn(&mut dyn GroupsAccumulator) -> datafusion::error::Result<Vec<ArrayRef>>,
        types: impl Fn(&arroyo_expr::CompiledAggregate) -> Vec<arrow::datatypes::DataType>,
    ) -> Result<Option<GroupRows>, OperatorError> {
        let Some(mut live) = self.live.take().filter(|live| live.len > 0) else { return Ok(None) };
        let keys = match &mut live.keys {
            Some(keys) => keys.emit(EmitTo::All).map_err(grouping_failed)?,
            None => Vec::new(),
        };
        let keys = keys.into_iter().zip(self.key_fields.iter()).map(|(key, field)| fit(key, field.data_type()));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let mut columns = Vec::with_capacity(live.accumulators.len());
        for (accumulator, aggregate) in live.accumulators.iter_mut().zip(&self.plan.aggregates) {
            let taken = take(accumulator.as_mut());
            let taken = taken.map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
            let fitted = taken.into_iter().zip(types(aggregate)).map(|(column, data_type)| fit(column, &data_type));
            columns.push(fitted.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(Some(GroupRows { rows: live.len, keys, columns }))
    }
}

impl Live {
    fn new(plan: &AggregatePlan, key_fields: &[FieldRef]) -> Result<Self, OperatorError> {
        let keys = if key_fields.is_empty() {
            None
        } else {
            let schema = Arc::new(Schema::new(key_fields.to_vec()));
            Some(new_group_values(schema, &GroupOrdering::None).map_err(grouping_failed)?)
        };
        let accumulators = plan.aggregates.iter().map(|aggregate| aggregate.accumulator());
        Ok(Self { keys, accumulators: accumulators.collect::<Result<_, _>>().map_err(expression_failed)?, len: 0 })
    }
}
