//! Aggregates over changelogs: their input ends with `_change`, and a retraction undoes an insertion.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Decimal128Type, Field, FieldRef, Int64Type, SchemaRef, UInt64Type};
use arrow::row::{RowConverter, SortField};
use arroyo_types::CHANGE_FIELD;
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, ExprSchemable, GroupsAccumulator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{col, lit};

use super::multiset::Multiset;
use super::signed::{SignedCount, SignedSum};
use super::values::ValueFunction;
use super::{CompiledAggregate, without_alias};
use crate::ExprError;
use crate::compiled::without_qualifiers;

/// How an aggregate undoes what it added.
#[derive(Debug, Clone)]
enum Method {
    Count,
    Sum(DataType),
    /// Of integers.
    Average,
    /// It keeps the values.
    Values(Arc<ValueFunction>),
}

/// What an aggregate over changes needs besides its arguments.
#[derive(Debug, Clone)]
pub(super) struct OverChanges {
    sign: Arc<dyn PhysicalExpr>,
    method: Method,
}

impl CompiledAggregate {
    /// Binds `expr` to the schema of rows whose results are kept up to date. Of a changelog, accumulators take rows back where
    /// `_change` says so. Where the state is the values themselves it tells what changed of them, for
    /// [`CompiledAggregate::kept_values`].
    ///
    /// # Errors
    ///
    /// The call does not fit the schema.
    pub fn updating(expr: &Expr, schema: &SchemaRef) -> std::result::Result<Self, ExprError> {
        let mut compiled = Self::new(expr, schema)?;
        let is_changelog = schema.index_of(CHANGE_FIELD).is_ok();
        let bind = || -> Result<Option<OverChanges>> {
            if is_changelog {
                let method = method_of(&compiled, expr, schema)?;
                return Ok(Some(OverChanges { sign: col(CHANGE_FIELD, schema)?, method }));
            }
            let fields: Vec<SortField> = compiled.argument_types.iter().cloned().map(SortField::new).collect();
            let keeps_values = compiled.aggregate.is_distinct() || compiled.aggregate.fun().name() == "median";
            if !keeps_values || !RowConverter::supports_fields(&fields) {
                return Ok(None);
            }
            Ok(Some(OverChanges { sign: lit(1i8), method: Method::Values(compiled.value_function()?) }))
        };
        let changes = bind().map_err(|source| ExprError::Bind { expr: expr.to_string(), source: Box::new(source) })?;
        if let Some(changes) = changes {
            compiled.state_fields = changes.state_fields();
            compiled.changes = Some(changes);
        }
        Ok(compiled)
    }

    fn value_function(&self) -> Result<Arc<ValueFunction>> {
        let aggregate = Arc::clone(&self.aggregate);
        Ok(Arc::new(ValueFunction::new(aggregate, self.sorted_input, self.argument_types.clone())?))
    }
}

fn method_of(compiled: &CompiledAggregate, expr: &Expr, schema: &SchemaRef) -> Result<Method> {
    let (aggregate, arguments) = (&compiled.aggregate, &compiled.argument_types);
    let is_exact = matches!(arguments.first(), Some(DataType::Int64 | DataType::UInt64 | DataType::Decimal128(..)));
    let plain = !aggregate.is_distinct();
    Ok(match aggregate.fun().name() {
        "count" if plain => Method::Count,
        "sum" if plain && is_exact => Method::Sum(aggregate.field().data_type().clone()),
        "avg" if plain && averages_integers(expr, schema)? => Method::Average,
        _ => Method::Values(compiled.value_function()?),
    })
}

/// Whether the argument is a cast of integers, whose sum is exact in floating point.
fn averages_integers(expr: &Expr, schema: &SchemaRef) -> Result<bool> {
    let Expr::AggregateFunction(call) = without_alias(expr) else { return Ok(false) };
    let [Expr::Cast(cast)] = call.params.args.as_slice() else { return Ok(false) };
    let inner = without_qualifiers(cast.expr.as_ref().clone())?.get_type(&DFSchema::try_from(Arc::clone(schema))?)?;
    Ok(inner.is_integer() && cast.field.data_type() == &DataType::Float64)
}

impl OverChanges {
    /// What keeps the values, if values are kept.
    pub(super) fn value_function(&self) -> Option<&Arc<ValueFunction>> {
        match &self.method {
            Method::Values(function) => Some(function),
            Method::Count | Method::Sum(_) | Method::Average => None,
        }
    }

    pub(super) fn accumulator(&self) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(match &self.method {
            Method::Count => Box::new(SignedCount::default()),
            Method::Average => Box::new(SignedSum::average()),
            Method::Sum(data_type) => match data_type {
                DataType::Int64 => Box::new(SignedSum::<Int64Type>::sum(data_type.clone())),
                DataType::UInt64 => Box::new(SignedSum::<UInt64Type>::sum(data_type.clone())),
                DataType::Decimal128(..) => Box::new(SignedSum::<Decimal128Type>::sum(data_type.clone())),
                other => return Err(DataFusionError::Internal(format!("there is no exact sum of {other}"))),
            },
            Method::Values(function) => Box::new(Multiset::new(Arc::clone(function))),
        })
    }

    fn state_fields(&self) -> Vec<FieldRef> {
        let field = |name: &str, data_type| Arc::new(Field::new(name, data_type, true));
        let list = |data_type| DataType::List(Arc::new(Field::new_list_field(data_type, true)));
        match &self.method {
            Method::Count => vec![field("count", DataType::Int64)],
            Method::Sum(data_type) => vec![field("sum", data_type.clone()), field("count", DataType::Int64)],
            Method::Average => vec![field("sum", DataType::Float64), field("count", DataType::Int64)],
            Method::Values(_) => {
                vec![field("values", list(DataType::Binary)), field("counts", list(DataType::Int64))]
            }
        }
    }

    /// Which rows come and which go.
    pub(super) fn sign_of(&self, batch: &RecordBatch) -> Result<ArrayRef> {
        self.sign.evaluate(batch)?.into_array(batch.num_rows())
    }
}
