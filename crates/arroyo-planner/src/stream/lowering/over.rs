//! Functions with OVER.
//!
//! ```text
//! WindowAggr: [row_number() PARTITION BY [window, left(k, 1)] ORDER BY [n DESC]]
//! ```
//! becomes
//! ```text
//! Project: window, k, n, row_number() …
//!   Over in windows: row_number() …
//!     Project: window, k, n, _key_1 = left(k, 1)
//! ```
//! A filter above (`WHERE row_number <= 3`) tells the operator which rows are wanted only; it stays where it is.

use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, SchemaRef};
use arrow::row::{RowConverter, SortField};
use arroyo_expr::{Compiled, CompiledOver, ExprError, NotIncremental, OverPlan};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Filter, LogicalPlan, Operator, Window};

use super::Lowering;
use super::ordered::starts_with_time;
use crate::explain::describe;
use crate::stream::bind::bind_over;
use crate::stream::lineage::unaliased;
use crate::stream::node::{Over, OverKind, Ranking, StreamNode, Top};
use crate::stream::place::span_of;
use crate::stream::schema::{StreamSchema, column, unique_fields};
use crate::{Diagnostic, codes};

impl Lowering {
    /// What a filter reads.
    pub(super) fn filtered(&mut self, filter: &Filter) -> Option<Arc<StreamNode>> {
        match filter.input.as_ref() {
            LogicalPlan::Window(window) => self.over(window, top(&filter.predicate, window)),
            other => self.lower(other),
        }
    }

    /// The rows of a plan with the results of functions with OVER. With `top` only some rows are wanted.
    pub(super) fn over(&mut self, window: &Window, top: Option<Top>) -> Option<Arc<StreamNode>> {
        let input = self.lower(&window.input)?;
        let calls = window.window_expr.iter().map(|call| bind_over(call, window.input.schema(), &input.schema));
        let calls: Vec<_> = calls.collect();
        let calls: Option<Vec<Expr>> = calls.into_iter().map(|call| self.checked(call)).collect();
        let calls = calls?;
        let first_result = input.schema.values().len();
        let results = window.schema.fields().iter().skip(first_result);
        let named = results.zip(&calls).map(|(field, call)| field.as_ref().clone().with_name(describe(call)));
        let fields = input.schema.values().iter().map(|value| Arc::clone(&value.field)).chain(named.map(Arc::new));
        let fields: Vec<FieldRef> = unique_fields(&fields.collect::<Vec<_>>());
        let mut node = Arc::clone(&input);
        let mut left: Vec<(usize, &WindowFunction)> = Vec::new();
        for (index, call) in calls.iter().enumerate() {
            match call {
                Expr::WindowFunction(call) => left.push((first_result + index, call)),
                _ => return None,
            }
        }
        let count = left.len();
        let top = top.filter(|_| left.iter().all(|(_, call)| rank_of(call).is_some()));
        while let Some((_, first)) = left.first() {
            let (partition, order) = (first.params.partition_by.clone(), first.params.order_by.clone());
            let (same, others): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|(_, call)| call.params.partition_by == partition && call.params.order_by == order);
            let results = same.iter().filter_map(|(index, _)| fields.get(*index).cloned()).collect();
            let calls: Vec<Expr> = same.iter().map(|(_, call)| Expr::from((*call).clone())).collect();
            let span = window.window_expr.iter().find_map(span_of);
            let calls_of_clause = calls.len();
            node = self.one_clause(&node, calls, results, top.filter(|_| calls_of_clause == count), span)?;
            left = others;
        }
        let columns = fields.into_iter().map(|field| (column(field.name()), field)).collect();
        Some(self.graph.project(&node, columns))
    }

    /// The results of calls with the same PARTITION BY and ORDER BY.
    fn one_clause(
        &mut self,
        input: &Arc<StreamNode>,
        calls: Vec<Expr>,
        fields: Vec<FieldRef>,
        top: Option<Top>,
        span: Option<crate::Span>,
    ) -> Option<Arc<StreamNode>> {
        let Some(Expr::WindowFunction(first)) = calls.first().cloned() else { return None };
        let kind = kind_of(&first, &input.schema);
        if kind == OverKind::Updating {
            let checked = can_update(&calls, &input.schema).map_err(|fault| fault.at(span));
            self.checked(checked)?;
        }
        let (keyed, partition) = self.with_partition_columns(input, &first.params.partition_by)?;
        let functions: Vec<Expr> = calls.into_iter().map(|call| with_partition(call, &partition)).collect();
        for function in &functions {
            let checked = check(function, kind, keyed.schema.arrow()).map_err(|fault| fault.at(span));
            self.checked(checked)?;
        }
        let positions: Vec<usize> = partition.iter().filter_map(|key| keyed.schema.position(key)).collect();
        let order = first.params.order_by.clone();
        let ttl_nanos = self.partition_ttl_nanos(kind, &positions, input);
        let over = Over { kind, functions, partition: positions, order, top, skip: 0, only_rows: false, ttl_nanos };
        Some(self.graph.over(&keyed, over, fields))
    }

    /// After how long a partition is forgotten. That of all rows is not: there is always a first row, or none.
    fn partition_ttl_nanos(&self, kind: OverKind, partition: &[usize], input: &StreamNode) -> i64 {
        let forgets = kind == OverKind::Updating && !partition.is_empty();
        if forgets { input.schema.origin.lifetime.nanos(self.ttl_nanos) } else { 0 }
    }

    /// Makes columns of the expressions of PARTITION BY; the answer has their names.
    fn with_partition_columns(
        &mut self,
        input: &Arc<StreamNode>,
        partition: &[Expr],
    ) -> Option<(Arc<StreamNode>, Vec<String>)> {
        let values = input.schema.values().iter();
        let mut columns: Vec<(Expr, FieldRef)> =
            values.map(|value| (column(value.field.name()), Arc::clone(&value.field))).collect();
        let mut names = Vec::with_capacity(partition.len());
        for (index, expr) in partition.iter().enumerate() {
            if let Expr::Column(column) = expr {
                names.push(column.name.clone());
                continue;
            }
            let compiled = Compiled::new(expr, input.schema.arrow()).map_err(|error| {
                Diagnostic::error(&codes::NOT_STREAMABLE, format!("PARTITION BY cannot be evaluated: {error}"))
                    .at(span_of(expr))
            });
            let compiled = self.checked(compiled)?;
            let name = (0..)
                .map(|attempt| if attempt == 0 { format!("_key_{index}") } else { format!("_key_{index}_{attempt}") })
                .find(|name| input.schema.find(name).is_none())?;
            let field = Field::new(&name, compiled.data_type().clone(), compiled.nullable());
            columns.push((expr.clone(), Arc::new(field)));
            names.push(name);
        }
        Some((self.graph.project(input, columns), names))
    }
}

fn with_partition(call: Expr, partition: &[String]) -> Expr {
    match call {
        Expr::WindowFunction(mut call) => {
            call.params.partition_by = partition.iter().map(|name| column(name)).collect();
            Expr::WindowFunction(call)
        }
        other => other,
    }
}

/// When the results of a call are known.
fn kind_of(call: &WindowFunction, schema: &StreamSchema) -> OverKind {
    let windows = call.params.partition_by.iter().filter_map(|expr| schema.window_of(expr));
    if schema.is_changelog() {
        OverKind::Updating
    } else if windows.into_iter().any(|window| window.fixes_the_instant()) {
        OverKind::Window
    } else if starts_with_time(&call.params.order_by, schema) {
        OverKind::Time
    } else {
        OverKind::Updating
    }
}

/// Whether the engine can compute a call.
fn check(call: &Expr, kind: OverKind, input: &SchemaRef) -> Result<(), Diagnostic> {
    let failed = |error: ExprError| {
        Diagnostic::error(&codes::OVER, format!("a function with OVER cannot be computed: {error}"))
            .help("use another function, or another frame")
    };
    let compiled = CompiledOver::new(call, input).map_err(failed)?;
    compiled.check(input).map_err(failed)?;
    if kind != OverKind::Time {
        return Ok(());
    }
    match OverPlan::of(compiled.call(), input) {
        Ok(_) => Ok(()),
        Err(NotIncremental::Expr(error)) => Err(failed(error)),
        Err(NotIncremental::Unbounded(reason)) => Err(Diagnostic::error(&codes::OVER, reason)
            .help("write a frame with an end, or aggregate by a window first and add it to PARTITION BY")),
    }
}

/// Whether rows can be kept in order and taken back.
pub(super) fn can_update(calls: &[Expr], schema: &StreamSchema) -> Result<(), Diagnostic> {
    let refers_to_time =
        |call: &Expr| call.column_refs().iter().any(|column| column.name == arroyo_types::TIMESTAMP_FIELD);
    if calls.iter().any(refers_to_time) {
        return Err(Diagnostic::error(&codes::OVER, "row_time() says nothing about rows that are updated")
            .help("use a column of the table, for example the one that its WATERMARK is for"));
    }
    let comparable =
        |data_type: &arrow::datatypes::DataType| RowConverter::supports_fields(&[SortField::new(data_type.clone())]);
    match schema.values().iter().find(|value| !comparable(value.field.data_type())) {
        None => Ok(()),
        Some(value) => Err(Diagnostic::error(
            &codes::OVER,
            format!("rows with `{}` cannot be kept in order: its values cannot be compared", value.field.name()),
        )
        .help("leave the column out of the subquery")),
    }
}

/// The ranking function that is called.
fn rank_of(call: &WindowFunction) -> Option<Ranking> {
    match call.fun.name() {
        "row_number" => Some(Ranking::RowNumber),
        "rank" => Some(Ranking::Rank),
        "dense_rank" => Some(Ranking::DenseRank),
        _ => None,
    }
}

/// The rows of `window` that a condition above it lets through at most, if it compares the result of a ranking function.
fn top(predicate: &Expr, window: &Window) -> Option<Top> {
    split_conjunction(predicate).into_iter().find_map(|condition| {
        let Expr::BinaryExpr(BinaryExpr { left, op, right }) = condition else { return None };
        let (compared, op, bound) = match (without_cast(left), without_cast(right)) {
            (Expr::Column(column), Expr::Literal(bound, _)) => (column, *op, bound),
            (Expr::Literal(bound, _), Expr::Column(column)) => (column, op.swap()?, bound),
            _ => return None,
        };
        let result = window.schema.maybe_index_of_column(compared)?;
        let call = window.window_expr.get(result.checked_sub(window.input.schema().fields().len())?)?;
        let Expr::WindowFunction(call) = unaliased(call) else { return None };
        if !bound.data_type().is_integer() {
            return None;
        }
        let bound = match bound.cast_to(&arrow::datatypes::DataType::Int64).ok()? {
            ScalarValue::Int64(Some(bound)) => bound,
            _ => return None,
        };
        let last = match op {
            Operator::LtEq | Operator::Eq => bound,
            Operator::Lt => bound.checked_sub(1)?,
            _ => return None,
        };
        Some(Top { rank: rank_of(call)?, last: u64::try_from(last).unwrap_or(0) })
    })
}

fn without_cast(expr: &Expr) -> &Expr {
    match unaliased(expr) {
        Expr::Cast(cast) => without_cast(&cast.expr),
        other => other,
    }
}
