//! What an operator of OVER computes.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt64Array, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_dataflow::operators::top::Rank;
use arroyo_expr::{CompiledOver, NotIncremental, OverPlan, decode};
use arroyo_operator::OperatorError;

use super::order::{Leading, RowOrder};
use super::top::Top;
use crate::operators::error::{config_schema, expression_failed};
use crate::operators::output::batch_of;

/// The calls of one OVER clause.
pub(super) struct OverSpec {
    pub(super) functions: Vec<CompiledOver>,
    /// The functions, if all of them tell the place of a row only.
    ranks: Option<Vec<Rank>>,
    pub(super) order: RowOrder,
    pub(super) top: Option<Top>,
    pub(super) input: SchemaRef,
    pub(super) schema: SchemaRef,
}

/// Rows of partitions, one partition behind the other.
pub(super) struct PartitionRows<'a> {
    /// In the order of ORDER BY.
    pub(super) rows: &'a RecordBatch,
    pub(super) partitions: &'a [Range<usize>],
}

impl OverSpec {
    pub(super) fn new(config: &config::Over, input: &SchemaRef, leading: Leading) -> Result<Self, OperatorError> {
        let function =
            |expr: &Vec<u8>| decode(expr).and_then(|expr| CompiledOver::new(&expr, input)).map_err(expression_failed);
        let partition = config.partition.iter().map(|column| *column as usize).collect();
        let functions: Vec<CompiledOver> = config.functions.iter().map(function).collect::<Result<_, _>>()?;
        Ok(Self {
            ranks: functions.iter().map(|function| rank_of(function, input)).collect(),
            functions,
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

    /// All functions over whole partitions.
    pub(super) fn evaluate(&self, sorted: &PartitionRows) -> Result<Vec<ArrayRef>, OperatorError> {
        if self.ranks.is_some() {
            let mut is_first = vec![false; sorted.rows.num_rows()];
            for peers in self.order.peers(sorted.rows)? {
                if let Some(first) = is_first.get_mut(peers.start) {
                    *first = true;
                }
            }
            let is_peer = |row: usize| !is_first.get(row).copied().unwrap_or_default();
            return Ok(self.ranks(sorted.partitions, is_peer).unwrap_or_default());
        }
        let column = |function: &CompiledOver| {
            // A partition whose rows all went has none, and some functions have no result for none.
            let results = sorted.partitions.iter().filter(|range| !range.is_empty()).map(|range| {
                let partition = sorted.rows.slice(range.start, range.len());
                function.evaluate(&partition).map_err(expression_failed)
            });
            concatenated(&results.collect::<Result<Vec<_>, _>>()?, function)
        };
        self.functions.iter().map(column).collect()
    }

    /// All functions over whole partitions, if the places of rows are all that they tell. `is_peer` says whether a row is equal
    /// to the one before it in ORDER BY.
    pub(super) fn ranks(&self, partitions: &[Range<usize>], is_peer: impl Fn(usize) -> bool) -> Option<Vec<ArrayRef>> {
        let column = |rank: &Rank| -> ArrayRef {
            let mut places = Vec::with_capacity(partitions.last().map_or(0, |last| last.end));
            for range in partitions {
                let mut place = 0;
                for row in range.clone() {
                    let number = (row - range.start) as u64 + 1;
                    match rank {
                        Rank::RowNumber => place = number,
                        _ if row > range.start && is_peer(row) => {}
                        Rank::Rank => place = number,
                        Rank::DenseRank => place += 1,
                    }
                    places.push(place);
                }
            }
            Arc::new(UInt64Array::from(places))
        };
        Some(self.ranks.as_ref()?.iter().map(column).collect())
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

fn rank_of(function: &CompiledOver, input: &SchemaRef) -> Option<Rank> {
    match OverPlan::of(function.call(), input) {
        Ok(OverPlan::RowNumber) => Some(Rank::RowNumber),
        Ok(OverPlan::Rank) => Some(Rank::Rank),
        Ok(OverPlan::DenseRank) => Some(Rank::DenseRank),
        _ => None,
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
