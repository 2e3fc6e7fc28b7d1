//! Aggregates over changelogs: their input ends with `_change`, and a retraction undoes an insertion.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Decimal128Type, Field, FieldRef, Int64Type, SchemaRef, UInt64Type};
use arroyo_types::CHANGE_FIELD;
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, ExprSchemable, GroupsAccumulator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::col;

use super::multiset::Multiset;
use super::signed::{SignedCount, SignedSum};
use super::{CompiledAggregate, plain_accumulator, without_alias};
use crate::ExprError;

/// How an aggregate undoes what it added.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Method {
    Count,
    Sum(DataType),
    /// Of integers.
    Average,
    /// It keeps the values.
    Values {
        arguments: Vec<DataType>,
        is_idempotent: bool,
    },
}

/// What an aggregate over changes needs besides its arguments.
#[derive(Debug, Clone)]
pub(super) struct OverChanges {
    sign: Arc<dyn PhysicalExpr>,
    method: Method,
}

impl CompiledAggregate {
    /// Binds `expr` to the schema of a changelog: its accumulators take rows back where `_change` says so.
    ///
    /// # Errors
    ///
    /// The call does not fit the schema, or there is no `_change`.
    pub fn over_changes(expr: &Expr, schema: &SchemaRef) -> std::result::Result<Self, ExprError> {
        let mut compiled = Self::new(expr, schema)?;
        let bind = || -> Result<OverChanges> {
            let method = method_of(&compiled.aggregate, expr, compiled.argument_types.clone(), schema)?;
            Ok(OverChanges { sign: col(CHANGE_FIELD, schema)?, method })
        };
        let changes = bind().map_err(|source| ExprError::Bind { expr: expr.to_string(), source: Box::new(source) })?;
        compiled.state_fields = changes.state_fields();
        compiled.changes = Some(changes);
        Ok(compiled)
    }
}

fn method_of(
    aggregate: &AggregateFunctionExpr,
    expr: &Expr,
    arguments: Vec<DataType>,
    schema: &SchemaRef,
) -> Result<Method> {
    let is_exact = matches!(arguments.first(), Some(DataType::Int64 | DataType::UInt64 | DataType::Decimal128(..)));
    let plain = !aggregate.is_distinct();
    Ok(match aggregate.fun().name() {
        "count" if plain => Method::Count,
        "sum" if plain && is_exact => Method::Sum(aggregate.field().data_type().clone()),
        "avg" if plain && averages_integers(expr, schema)? => Method::Average,
        name => {
            let is_idempotent = aggregate.is_distinct() || ["min", "max", "bool_and", "bool_or"].contains(&name);
            Method::Values { arguments, is_idempotent }
        }
    })
}

/// Whether the argument is a cast of integers, whose sum is exact in floating point.
fn averages_integers(expr: &Expr, schema: &SchemaRef) -> Result<bool> {
    let Expr::AggregateFunction(call) = without_alias(expr) else { return Ok(false) };
    let [Expr::Cast(cast)] = call.params.args.as_slice() else { return Ok(false) };
    let inner = cast.expr.get_type(&DFSchema::try_from(Arc::clone(schema))?)?;
    Ok(inner.is_integer() && cast.field.data_type() == &DataType::Float64)
}

impl OverChanges {
    pub(super) fn accumulator(&self, aggregate: &CompiledAggregate) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(match &self.method {
            Method::Count => Box::new(SignedCount::default()),
            Method::Average => Box::new(SignedSum::average()),
            Method::Sum(data_type) => match data_type {
                DataType::Int64 => Box::new(SignedSum::<Int64Type>::sum(data_type.clone())),
                DataType::UInt64 => Box::new(SignedSum::<UInt64Type>::sum(data_type.clone())),
                DataType::Decimal128(..) => Box::new(SignedSum::<Decimal128Type>::sum(data_type.clone())),
                other => return Err(DataFusionError::Internal(format!("there is no exact sum of {other}"))),
            },
            Method::Values { arguments, is_idempotent } => {
                let (function, sorted) = (Arc::clone(&aggregate.aggregate), aggregate.sorted_input);
                let new = Arc::new(move || plain_accumulator(&function, sorted));
                Box::new(Multiset::new(arguments.clone(), *is_idempotent, new)?)
            }
        })
    }

    fn state_fields(&self) -> Vec<FieldRef> {
        let field = |name: &str, data_type| Arc::new(Field::new(name, data_type, true));
        let list = |data_type| DataType::List(Arc::new(Field::new_list_field(data_type, true)));
        match &self.method {
            Method::Count => vec![field("count", DataType::Int64)],
            Method::Sum(data_type) => vec![field("sum", data_type.clone()), field("count", DataType::Int64)],
            Method::Average => vec![field("sum", DataType::Float64), field("count", DataType::Int64)],
            Method::Values { .. } => {
                vec![field("values", list(DataType::Binary)), field("counts", list(DataType::Int64))]
            }
        }
    }

    /// Which rows come and which go.
    pub(super) fn sign_of(&self, batch: &RecordBatch) -> Result<ArrayRef> {
        self.sign.evaluate(batch)?.into_array(batch.num_rows())
    }
}
