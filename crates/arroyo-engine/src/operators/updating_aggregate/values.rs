//! Aggregates whose state are the values of their groups, and the table of these.
//!
//! A row of the table is a value of a group, so that a barrier writes the values that changed and not all of a changed group.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryArray, Int32Array, Int64Array, RecordBatch, new_empty_array};
use arrow::datatypes::{DataType, Field, FieldRef, Int32Type, Int64Type, Schema, SchemaRef};
use arrow::row::{RowConverter, SortField};
use arroyo_expr::{CompiledAggregate, GroupKey, KeptValues, ValueBytes};
use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_state::TableSpec;

use crate::operators::aggregate::AggregatePlan;
use crate::operators::error::expression_failed;
use crate::operators::keyed_table::hand_over;
use crate::operators::output::{batch_of, fit};

const VALUES: &str = "values";

/// The place of the aggregate, the value, and how often it is there.
const FIELDS: [(&str, DataType); 3] =
    [("_aggregate", DataType::Int32), ("_value", DataType::Binary), ("_count", DataType::Int64)];

/// The values of all groups, for each aggregate that keeps them.
pub(super) struct Values {
    key_fields: Vec<FieldRef>,
    keys: RowConverter,
    schema: SchemaRef,
    /// By the aggregate's place.
    aggregates: Vec<Option<KeptValues>>,
}

/// A group's key, the aggregate's place, a value, and its count.
type StoredValue = (GroupKey, i32, ValueBytes, i64);

impl Values {
    pub(super) fn new(plan: &AggregatePlan) -> Result<Self, OperatorError> {
        let key_fields = plan.key_fields.clone();
        let keys = key_fields.iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let fields = FIELDS.map(|(name, data_type)| Arc::new(Field::new(name, data_type, false)));
        let kept = |aggregate: &CompiledAggregate| aggregate.kept_values().transpose().map_err(expression_failed);
        Ok(Self {
            keys: RowConverter::new(keys)?,
            schema: Arc::new(Schema::new(key_fields.iter().cloned().chain(fields).collect::<Vec<_>>())),
            key_fields,
            aggregates: plan.aggregates.iter().map(kept).collect::<Result<_, _>>()?,
        })
    }

    /// No values: the states of all aggregates are in the rows of their groups.
    pub(super) fn none(plan: &AggregatePlan) -> Result<Self, OperatorError> {
        let aggregates = plan.aggregates.iter().map(|_| None).collect();
        let (key_fields, schema) = (Vec::new(), Arc::new(Schema::empty()));
        Ok(Self { key_fields, keys: RowConverter::new(Vec::new())?, schema, aggregates })
    }

    /// The table, if it is needed.
    pub(super) fn table(&self) -> Option<TableSpec> {
        let spec = || TableSpec::keyed(VALUES, Arc::clone(&self.schema), self.key_fields.len() + 2);
        self.is_used().then(spec)
    }

    fn is_used(&self) -> bool {
        self.aggregates.iter().any(Option::is_some)
    }

    /// Groups by their keys.
    pub(super) fn groups(&self, keys: &[ArrayRef], rows: usize) -> Result<Vec<GroupKey>, OperatorError> {
        if !self.is_used() {
            return Ok(Vec::new());
        }
        if keys.is_empty() {
            return Ok(vec![GroupKey::from([]); rows]);
        }
        let keys = self.keys.convert_columns(keys)?;
        Ok(keys.iter().map(|key| GroupKey::from(key.data())).collect())
    }

    /// The results of groups after the changes that `state` tells of them; `None` if the aggregate does not keep values.
    pub(super) fn update(
        &mut self,
        aggregate: usize,
        groups: &[GroupKey],
        state: &[ArrayRef],
    ) -> Result<Option<ArrayRef>, OperatorError> {
        let Some(Some(values)) = self.aggregates.get_mut(aggregate) else { return Ok(None) };
        values.apply(groups, state).map_err(expression_failed)?;
        values.results(groups).map(Some).map_err(expression_failed)
    }

    /// Forgets groups.
    pub(super) fn forget(&mut self, keys: &[ArrayRef], rows: usize) -> Result<(), OperatorError> {
        for group in self.groups(keys, rows)? {
            for values in self.aggregates.iter_mut().flatten() {
                values.forget(&group);
            }
        }
        Ok(())
    }

    /// Hands over what changed since the last barrier.
    pub(super) fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let (mut changed, mut gone): (Vec<StoredValue>, Vec<StoredValue>) = (Vec::new(), Vec::new());
        for (place, values) in (0i32..).zip(&mut self.aggregates) {
            let Some(values) = values else { continue };
            let changes = values.take_changes();
            gone.extend(changes.gone.into_iter().map(|(group, value)| (group, place, value, 0)));
            changed.extend(changes.changed.into_iter().map(|(group, value, count)| (group, place, value, count)));
        }
        if gone.is_empty() && changed.is_empty() {
            return Ok(());
        }
        hand_over(VALUES, self.rows(&gone)?, self.rows(&changed)?, 0..self.key_fields.len(), ctx)
    }

    fn rows(&self, values: &[StoredValue]) -> Result<RecordBatch, OperatorError> {
        let mut columns = Vec::with_capacity(self.schema.fields().len());
        if !self.key_fields.is_empty() {
            let parser = self.keys.parser();
            let keys = self.keys.convert_rows(values.iter().map(|(group, ..)| parser.parse(group)))?;
            for (key, field) in keys.into_iter().zip(&self.key_fields) {
                columns.push(fit(key, field.data_type())?);
            }
        }
        columns.push(Arc::new(Int32Array::from_iter_values(values.iter().map(|(_, place, ..)| *place))) as ArrayRef);
        columns.push(Arc::new(BinaryArray::from_iter_values(values.iter().map(|(_, _, value, _)| value))));
        columns.push(Arc::new(Int64Array::from_iter_values(values.iter().map(|(.., count)| *count))));
        batch_of(&self.schema, columns, values.len())
    }

    /// Takes up what a checkpoint has.
    pub(super) fn restore(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        for batch in ctx.state.take_restored(VALUES) {
            let column = |place: usize| batch.columns().get(self.key_fields.len() + place).cloned();
            let [places, values, counts] =
                [0, 1, 2].map(|place| column(place).unwrap_or_else(|| new_empty_array(&DataType::Null)));
            let (Some(places), Some(values), Some(counts)) = (
                places.as_primitive_opt::<Int32Type>(),
                values.as_binary_opt::<i32>(),
                counts.as_primitive_opt::<Int64Type>(),
            ) else {
                return Err(OperatorError::bug("stored values of groups have other columns"));
            };
            let groups =
                self.groups(batch.columns().get(..self.key_fields.len()).unwrap_or_default(), batch.num_rows())?;
            for (row, group) in groups.iter().enumerate() {
                let aggregate =
                    usize::try_from(places.value(row)).ok().and_then(|place| self.aggregates.get_mut(place));
                if let Some(Some(aggregate)) = aggregate {
                    aggregate.restore(group, values.value(row), counts.value(row));
                }
            }
        }
        Ok(())
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.aggregates.iter().flatten().map(KeptValues::bytes).sum()
    }
}
