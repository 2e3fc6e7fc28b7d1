//! What an operator of OVER computes.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_expr::{CompiledOver, NotIncremental, OverPlan, decode};
use arroyo_operator::OperatorError;

use super::order::{Leading, RowOrder};
use super::top::Top;
use crate::operators::error::{config_schema, expression_failed};
use crate::operators::output::batch_of;

/// The calls of one OVER clause.
pub(super) struct OverSpec {
    pub(super) functions: Vec<CompiledOver>,
    pub(super) order: RowOrder,
    pub(super) top: Option<Top>,
    pub(super) input: SchemaRef,
    pub(super) schema: SchemaRef,
}

impl OverSpec {
    pub(super) fn new(config: &config::Over, input: &SchemaRef, leading: Leading) -> Result<Self, OperatorError> {
        let function =
            |expr: &Vec<u8>| decode(expr).and_then(|expr| CompiledOver::new(&expr, input)).map_err(expression_failed);
        let partition = config.partition.iter().map(|column| *column as usize).collect();
        Ok(Self {
            functions: config.functions.iter().map(function).collect::<Result<_, _>>()?,
            order: RowOrder::new(input, partition, &config.order, leading)?,
            top: config.top.as_ref().map(Top::new).transpose()?,
            input: SchemaRef::clone(input),
            schema: config_schema(&config.schema)?,
        })
    }

    /// How each function is computed while rows come in the order of ORDER BY.
    pub(super) fn plans(&self) -> Result<Vec<OverPlan>, OperatorError> {
        let plan = |function: &CompiledOver| {
            OverPlan::of(function.call(), &self.input).map_err(|reason| match reason {
                NotIncremental::Unbounded(reason) => OperatorError::bug(reason),
                NotIncremental::Expr(error) => expression_failed(error),
            })
        };
        self.functions.iter().map(plan).collect()
    }

    /// All functions over whole partitions of sorted rows.
    pub(super) fn evaluate(
        &self,
        sorted: &RecordBatch,
        partitions: &[Range<usize>],
    ) -> Result<Vec<ArrayRef>, OperatorError> {
        let column = |function: &CompiledOver| {
            let results = partitions.iter().map(|range| {
                let partition = sorted.slice(range.start, range.len());
                function.evaluate(&partition).map_err(expression_failed)
            });
            concatenated(&results.collect::<Result<Vec<_>, _>>()?, function)
        };
        self.functions.iter().map(column).collect()
    }

    /// Rows of the input with their results.
    pub(super) fn output(&self, rows: &RecordBatch, results: Vec<ArrayRef>) -> Result<RecordBatch, OperatorError> {
        let mut columns = rows.columns().to_vec();
        let time = columns.pop();
        columns.extend(results);
        columns.extend(time);
        batch_of(&self.schema, columns, rows.num_rows())
    }
}

fn concatenated(arrays: &[ArrayRef], function: &CompiledOver) -> Result<ArrayRef, OperatorError> {
    match arrays {
        [] => Ok(new_empty_array(function.data_type())),
        [only] => Ok(ArrayRef::clone(only)),
        several => {
            let several: Vec<&dyn Array> = several.iter().map(AsRef::as_ref).collect();
            Ok(concat(&several)?)
        }
    }
}
