//! What to group by and what to compute.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array, UInt64Array};
use arrow::compute::{take, take_arrays};
use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use arroyo_expr::{Compiled, CompiledAggregate, UpdatingAggregates, canonical, decode, hash_columns};
use arroyo_operator::OperatorError;

use crate::operators::error::{config_expr, config_schema, expression_failed};

/// The part of a configuration that describes the aggregation.
pub(in crate::operators) struct PlanConfig<'a> {
    /// Encoded expressions over the input.
    pub(in crate::operators) group_exprs: &'a [Vec<u8>],
    /// Names of the group columns.
    pub(in crate::operators) group_names: &'a [String],
    /// Encoded aggregate calls over the input.
    pub(in crate::operators) aggregate_exprs: &'a [Vec<u8>],
    /// The encoded schema of raw rows.
    pub(in crate::operators) input_schema: &'a [u8],
}

/// Group expressions and aggregates, bound to the schema of raw rows.
#[derive(Debug)]
pub(in crate::operators) struct AggregatePlan {
    keys: Vec<Compiled>,
    /// The group columns; all nullable, because grouping must not depend on what a schema promises.
    pub(in crate::operators) key_fields: Vec<FieldRef>,
    pub(in crate::operators) aggregates: Vec<CompiledAggregate>,
}

/// Rows ready to be aggregated: raw rows with their arguments, or partial rows with their states.
#[derive(Debug)]
pub(in crate::operators) struct Prepared {
    pub(in crate::operators) rows: usize,
    pub(in crate::operators) keys: Vec<ArrayRef>,
    /// Per aggregate: arguments or state columns.
    pub(in crate::operators) inputs: Vec<Vec<ArrayRef>>,
    /// Per aggregate: the rows that FILTER lets through. Only for raw rows.
    pub(in crate::operators) masks: Vec<Option<BooleanArray>>,
    /// Whether `inputs` are states.
    pub(in crate::operators) partial: bool,
}

impl AggregatePlan {
    pub(in crate::operators) fn new(config: &PlanConfig) -> Result<Self, OperatorError> {
        let input = config_schema(config.input_schema)?;
        let keys = config.group_exprs.iter().map(|expr| config_expr(expr, &input)).collect::<Result<Vec<_>, _>>()?;
        if keys.len() != config.group_names.len() {
            let (names, keys) = (config.group_names.len(), keys.len());
            return Err(OperatorError::bug(format!("an aggregate has {names} names for {keys} group expressions")));
        }
        let key_fields = keys.iter().zip(config.group_names);
        let key_fields =
            key_fields.map(|(key, name)| Arc::new(Field::new(name, key.data_type().clone(), true))).collect();
        let aggregate = |expr: &Vec<u8>| {
            decode(expr).and_then(|expr| CompiledAggregate::new(&expr, &input)).map_err(expression_failed)
        };
        let aggregates = config.aggregate_exprs.iter().map(aggregate).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { keys, key_fields, aggregates })
    }

    /// The plan of an aggregate whose results are updated: besides the calls, its groups keep what
    /// [`UpdatingAggregates`] says.
    pub(in crate::operators) fn updating(config: &PlanConfig) -> Result<(Self, UpdatingAggregates), OperatorError> {
        let input = config_schema(config.input_schema)?;
        let calls = config.aggregate_exprs.iter().map(|expr| decode(expr)).collect::<Result<Vec<_>, _>>();
        let updating = calls.and_then(|calls| UpdatingAggregates::new(&calls, &input)).map_err(expression_failed)?;
        let plan = Self::new(&PlanConfig { aggregate_exprs: &[], ..*config })?;
        Ok((Self { aggregates: updating.all.clone(), ..plan }, updating))
    }

    /// The same group columns without aggregates: [`super::Groups`] of it are a set of keys.
    pub(in crate::operators) fn only_keys(&self) -> Self {
        Self { keys: self.keys.clone(), key_fields: self.key_fields.clone(), aggregates: Vec::new() }
    }

    /// The state columns of all aggregates in order.
    pub(in crate::operators) fn state_fields(&self) -> impl Iterator<Item = FieldRef> {
        self.aggregates.iter().enumerate().flat_map(|(index, aggregate)| aggregate.partial_fields(index))
    }

    /// The state columns of the aggregates whose state is not a table of values.
    pub(in crate::operators) fn own_state_fields(&self) -> impl Iterator<Item = FieldRef> {
        let own = self.aggregates.iter().enumerate().filter(|(_, aggregate)| !aggregate.keeps_values());
        own.flat_map(|(index, aggregate)| aggregate.partial_fields(index))
    }

    /// Group columns, then `between`, then state columns: the schema of state tables.
    pub(in crate::operators) fn state_schema(&self, between: impl IntoIterator<Item = Field>) -> SchemaRef {
        let mut fields = self.key_fields.clone();
        fields.extend(between.into_iter().map(Arc::new));
        fields.extend(self.state_fields());
        Arc::new(Schema::new(fields))
    }

    /// Evaluates group expressions, arguments and filters of raw rows.
    pub(in crate::operators) fn prepare_raw(&self, batch: &RecordBatch) -> Result<Prepared, OperatorError> {
        let keys = self.keys.iter().map(|key| Ok(canonical(&key.evaluate(batch)?)));
        let keys = keys.collect::<Result<_, _>>().map_err(expression_failed)?;
        let mut inputs = Vec::with_capacity(self.aggregates.len());
        let mut masks = Vec::with_capacity(self.aggregates.len());
        for aggregate in &self.aggregates {
            inputs.push(aggregate.arguments(batch).map_err(expression_failed)?);
            masks.push(aggregate.filter_mask(batch).map_err(expression_failed)?);
        }
        Ok(Prepared { rows: batch.num_rows(), keys, inputs, masks, partial: false })
    }

    /// Takes partial rows apart: group columns, `between` other columns, state columns.
    pub(in crate::operators) fn prepare_partial(
        &self,
        batch: &RecordBatch,
        between: usize,
    ) -> Result<Prepared, OperatorError> {
        let mut columns = batch.columns().iter().cloned();
        let keys: Vec<ArrayRef> = columns.by_ref().take(self.keys.len()).collect();
        let mut columns = columns.skip(between);
        let mut inputs = Vec::with_capacity(self.aggregates.len());
        for aggregate in &self.aggregates {
            let expected = aggregate.state_fields().len();
            let state: Vec<ArrayRef> = columns.by_ref().take(expected).collect();
            if state.len() != expected {
                return Err(OperatorError::bug(format!("partial rows lack the state of `{}`", aggregate.name())));
            }
            inputs.push(state);
        }
        Ok(Prepared { rows: batch.num_rows(), keys, inputs, masks: vec![None; self.aggregates.len()], partial: true })
    }
}

impl Prepared {
    /// Some of the rows, in another order.
    pub(in crate::operators) fn take(&self, rows: &UInt32Array) -> Result<Self, OperatorError> {
        let inputs = self.inputs.iter().map(|columns| take_arrays(columns, rows, None)).collect::<Result<_, _>>()?;
        let mask = |mask: &Option<BooleanArray>| {
            mask.as_ref().map(|mask| take(mask, rows, None).map(|mask| mask.as_boolean().clone())).transpose()
        };
        let masks = self.masks.iter().map(mask).collect::<Result<_, _>>()?;
        let keys = take_arrays(&self.keys, rows, None)?;
        Ok(Self { rows: rows.len(), keys, inputs, masks, partial: self.partial })
    }
}

/// The hashes of keys; rows without key columns all belong to the first subtask.
pub(in crate::operators) fn key_hashes(keys: &[ArrayRef], rows: usize) -> Result<UInt64Array, OperatorError> {
    if keys.is_empty() {
        return Ok(UInt64Array::from(vec![0; rows]));
    }
    hash_columns(keys).map_err(expression_failed)
}
