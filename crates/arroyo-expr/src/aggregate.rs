//! Aggregate functions bound to a schema.

mod changes;
mod kept_values;
mod multiset;
mod signed;
mod sorted_input;
mod values;

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int8Array, RecordBatch, UInt32Array, new_null_array};
use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{Accumulator, EmitTo, Expr, GroupsAccumulator};
use datafusion::physical_expr::aggregate::{AggregateFunctionExpr, LoweredAggregateBuilder};
use datafusion::physical_expr::{GroupsAccumulatorAdapter, PhysicalExpr};

use self::changes::OverChanges;
pub use self::kept_values::{GroupKey, KeptValues, ValueBytes, ValueChanges};
use self::sorted_input::SortedInput;
use crate::compiled::without_qualifiers;
use crate::{ExprError, Predicate, canonical};

/// An aggregate call (with DISTINCT, FILTER and ORDER BY inside) over the columns of one schema.
///
/// Accumulators merge in the order in which states are given to them. For aggregates whose result depends on the order of
/// rows and that have no ORDER BY (`array_agg`, `string_agg`, `first_value`, `last_value`, `nth_value`) every order is a
/// right answer, so their results can differ between runs at a parallelism above 1.
/// Sums and averages of floating-point numbers differ in their last digits for the same reason.
#[derive(Debug, Clone)]
pub struct CompiledAggregate {
    aggregate: Arc<AggregateFunctionExpr>,
    arguments: Vec<Arc<dyn PhysicalExpr>>,
    argument_types: Vec<DataType>,
    filter: Option<Predicate>,
    state_fields: Vec<FieldRef>,
    sorted_input: bool,
    /// Rows are changes.
    changes: Option<OverChanges>,
}

impl CompiledAggregate {
    /// Binds `expr`, an aggregate call or an alias of one, to `schema`, the schema of the rows to aggregate.
    pub fn new(expr: &Expr, schema: &SchemaRef) -> Result<Self, ExprError> {
        let bind = || -> Result<Self, DataFusionError> {
            let expr = without_qualifiers(expr.clone())?;
            let df_schema = DFSchema::try_from(Arc::clone(schema))?;
            let lowered = LoweredAggregateBuilder::new(
                &expr,
                &df_schema,
                schema,
                &ExecutionProps::new(),
                &PhysicalPlanningContext::default(),
            )
            .build()?;
            let aggregate = lowered.aggregate;
            let mut arguments = aggregate.expressions();
            arguments.extend(aggregate.order_bys().iter().map(|sort| Arc::clone(&sort.expr)));
            let argument_types =
                arguments.iter().map(|argument| argument.data_type(schema)).collect::<Result<_, _>>()?;
            let state_fields = aggregate.state_fields()?;
            let sorted_input = aggregate.order_sensitivity().hard_requires() && !aggregate.order_bys().is_empty();
            Ok(Self { aggregate, arguments, argument_types, filter: None, state_fields, sorted_input, changes: None })
        };
        let mut bound =
            bind().map_err(|source| ExprError::Bind { expr: expr.to_string(), source: Box::new(source) })?;
        if let Expr::AggregateFunction(function) = without_alias(expr)
            && let Some(filter) = &function.params.filter
        {
            bound.filter = Some(Predicate::new(filter, schema)?);
        }
        Ok(bound)
    }

    /// The name of the call, for messages.
    pub fn name(&self) -> &str {
        self.aggregate.name()
    }

    /// The values that an accumulator is updated with: arguments, the expressions of ORDER BY, and `_change` over changes.
    pub fn arguments(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>, ExprError> {
        let evaluate = |argument: &Arc<dyn PhysicalExpr>| {
            argument
                .evaluate(batch)
                .and_then(|value| value.into_array(batch.num_rows()))
                .map_err(|source| ExprError::Evaluate { expr: argument.to_string(), source: Box::new(source) })
        };
        let mut values = self.arguments.iter().map(evaluate).collect::<Result<Vec<_>, _>>()?;
        if self.aggregate.is_distinct() {
            values.iter_mut().for_each(|value| *value = canonical(value));
        }
        if let Some(changes) = &self.changes {
            values.push(changes.sign_of(batch).map_err(|source| self.evaluation_error(source))?);
        }
        Ok(values)
    }

    /// Which rows FILTER lets through; `None`: all.
    pub fn filter_mask(&self, batch: &RecordBatch) -> Result<Option<BooleanArray>, ExprError> {
        self.filter.as_ref().map(|filter| filter.mask(batch)).transpose()
    }

    /// A new accumulator for many groups.
    pub fn accumulator(&self) -> Result<Box<dyn GroupsAccumulator>, ExprError> {
        let accumulator = match &self.changes {
            Some(changes) => changes.accumulator(),
            None => plain_accumulator(&self.aggregate, self.sorted_input),
        };
        accumulator.map_err(|source| self.evaluation_error(source))
    }

    /// The state of a group without rows.
    ///
    /// An accumulator that is told of a group and gets no row of it may take it for one that had values; one that gets a row and
    /// must leave it out does not.
    pub fn state_of_no_rows(&self) -> Result<Vec<ArrayRef>, ExprError> {
        self.accumulator_of_no_rows()?.state(EmitTo::All).map_err(|source| self.evaluation_error(source))
    }

    /// The result of a group without rows.
    pub fn result_of_no_rows(&self) -> Result<ArrayRef, ExprError> {
        self.accumulator_of_no_rows()?.evaluate(EmitTo::All).map_err(|source| self.evaluation_error(source))
    }

    fn accumulator_of_no_rows(&self) -> Result<Box<dyn GroupsAccumulator>, ExprError> {
        let mut row: Vec<ArrayRef> = self.argument_types.iter().map(|data_type| new_null_array(data_type, 1)).collect();
        if self.changes.is_some() {
            row.push(Arc::new(Int8Array::from_value(1, 1)));
        }
        let mut accumulator = self.accumulator()?;
        accumulator
            .update_batch(&row, &[0], Some(&BooleanArray::from(vec![false])), 1)
            .map_err(|source| self.evaluation_error(source))?;
        Ok(accumulator)
    }

    /// A new accumulator for one group, where groups come and go one by one (sessions).
    ///
    /// Its input must be given in the order of ORDER BY, batch by batch, if [`CompiledAggregate::needs_sorted_input`].
    pub fn single_accumulator(&self) -> Result<Box<dyn Accumulator>, ExprError> {
        self.aggregate.create_accumulator().map_err(|source| self.evaluation_error(source))
    }

    /// Whether a single accumulator must be updated once only and with sorted rows, and further rows merged by their state.
    pub fn needs_sorted_input(&self) -> bool {
        self.sorted_input
    }

    /// Whether states can be subtracted as they can be added: `count`, and `sum` of whole numbers and decimals.
    /// The state is then the result. Sums of floating-point numbers would drift.
    pub fn can_subtract(&self) -> bool {
        let [state] = self.state_fields() else { return false };
        matches!(self.aggregate.fun().name(), "count" | "sum")
            && !self.aggregate.is_distinct()
            && matches!(state.data_type(), DataType::Int64 | DataType::UInt64 | DataType::Decimal128(..))
            && state.data_type() == self.result_field().data_type()
    }

    /// The row order that ORDER BY asks for among `arguments`, as [`CompiledAggregate::arguments`] returned them.
    pub fn sort_order(&self, arguments: &[ArrayRef]) -> Result<UInt32Array, ExprError> {
        sorted_input::sort_order(&self.aggregate, arguments).map_err(|source| self.evaluation_error(source))
    }

    /// The columns of an accumulator's state.
    pub fn state_fields(&self) -> &[FieldRef] {
        &self.state_fields
    }

    /// Name, type and nullability of the result.
    pub fn result_field(&self) -> FieldRef {
        self.aggregate.field()
    }

    /// An accumulator's failure as an error that names the call.
    pub fn evaluation_error(&self, source: DataFusionError) -> ExprError {
        ExprError::Evaluate { expr: self.name().to_string(), source: Box::new(source) }
    }
}

fn without_alias(mut expr: &Expr) -> &Expr {
    while let Expr::Alias(alias) = expr {
        expr = &alias.expr;
    }
    expr
}

/// An accumulator of rows that only come.
fn plain_accumulator(
    aggregate: &Arc<AggregateFunctionExpr>,
    sorted_input: bool,
) -> Result<Box<dyn GroupsAccumulator>, DataFusionError> {
    let plain = groups_accumulator(aggregate)?;
    Ok(if sorted_input { Box::new(SortedInput::new(Arc::clone(aggregate), plain)) } else { plain })
}

fn groups_accumulator(aggregate: &Arc<AggregateFunctionExpr>) -> Result<Box<dyn GroupsAccumulator>, DataFusionError> {
    if aggregate.groups_accumulator_supported() {
        return aggregate.create_groups_accumulator();
    }
    let aggregate = Arc::clone(aggregate);
    Ok(Box::new(GroupsAccumulatorAdapter::new(move || aggregate.create_accumulator())))
}

#[cfg(test)]
mod tests;
