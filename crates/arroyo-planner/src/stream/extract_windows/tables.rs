//! Aggregates over windows as table functions become windowed aggregates, which share panes instead of copying rows.
//!
//! Before:
//! ```text
//! Aggregate: groupBy=[[window_start, window_end, item]], aggr=[[count(1)]]
//!   WindowTable: window=hop(1 s, 10 s)
//!     TableScan: bids
//! ```
//! After:
//! ```text
//! Projection: _window.start AS window_start, _window.end AS window_end, item, count(1)
//!   WindowedAggregate: window=hop(1 s, 10 s), groupBy=[[item]], aggr=[[count(1)]]
//!     TableScan: bids
//! ```
//! Where something in between looks at the window, the plan stays as it is: rows are copied into their windows.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::{Column, DFSchema, Result};
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Aggregate, Expr, Extension, Filter, LogicalPlan, Projection, SubqueryAlias};

use crate::stream::lineage::unaliased;
use crate::stream::match_node::MatchRecognize;
use crate::stream::schema::WindowPart;
use crate::stream::window::Window;
use crate::stream::window_node::{Emit, WindowedAggregate};
use crate::stream::window_table::{WINDOW_COLUMNS, WINDOW_END, WINDOW_START, WindowTable, kept};
use crate::{Diagnostic, StreamTable, codes};

/// The column with the window's bounds, until they are columns of their own.
const WINDOW: &str = "_window";

/// The aggregate as a windowed one; `None` if it is none, or must run over copied rows.
pub(super) fn rewrite(aggregate: &Aggregate) -> Result<Option<LogicalPlan>, Diagnostic> {
    let input = aggregate.input.as_ref();
    let Some(table) = table_below(input) else { return Ok(None) };
    let parts: Vec<Option<WindowPart>> = aggregate.group_expr.iter().map(|expr| part_of(input, expr)).collect();
    let fixed = parts.iter().flatten().any(|part| match part {
        WindowPart::Start => matches!(table.window, Window::Tumble { .. } | Window::Hop { .. }),
        _ => true,
    });
    let others = || aggregate.group_expr.iter().zip(&parts).filter(|(_, part)| part.is_none()).map(|(expr, _)| expr);
    let looks = others().chain(&aggregate.aggr_expr).any(|expr| looks_at_window(input, expr));
    let is_session = matches!(table.window, Window::Session { .. });
    if !fixed || looks || others().any(|expr| matches!(expr, Expr::GroupingSet(_))) {
        return Ok(None);
    }
    let rebuilt = match without_window(input, is_session) {
        Ok(Some(rebuilt)) => rebuilt,
        Ok(None) => return Ok(None),
        Err(error) => return Err(Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace()).at(table.place.0)),
    };
    if is_session {
        check_partition(table, input, others())?;
    }
    windowed(aggregate, table.window, rebuilt, &parts)
        .map(Some)
        .map_err(|error| Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace()).at(table.place.0))
}

fn windowed(
    aggregate: &Aggregate,
    window: Window,
    input: LogicalPlan,
    parts: &[Option<WindowPart>],
) -> Result<LogicalPlan> {
    let window_field = arrow::datatypes::Field::new(WINDOW, arroyo_expr::window_type(), false);
    let mut fields = vec![(None, Arc::new(window_field))];
    let mut columns = Vec::with_capacity(aggregate.schema.fields().len());
    for (index, (qualifier, field)) in aggregate.schema.iter().enumerate() {
        let bound = |name: &str| get_field(Expr::Column(Column::new_unqualified(WINDOW)), name);
        let part = match parts.get(index).copied().flatten() {
            Some(WindowPart::Start) => bound("start"),
            Some(WindowPart::End) => bound("end"),
            Some(WindowPart::Time) => arroyo_expr::row_time(),
            Some(WindowPart::Whole) | None => {
                fields.push((qualifier.cloned(), Arc::clone(field)));
                columns.push(Expr::Column(Column::from((qualifier, field))));
                continue;
            }
        };
        columns.push(part.alias_qualified(qualifier.cloned(), field.name()));
    }
    let groups = aggregate.group_expr.iter().zip(parts).filter(|(_, part)| part.is_none());
    let node = WindowedAggregate {
        input: Arc::new(input),
        window,
        window_index: 0,
        emit: Emit::default(),
        group: groups.map(|(expr, _)| expr.clone()).collect(),
        sets: Vec::new(),
        functions: aggregate.aggr_expr.clone(),
        schema: Arc::new(DFSchema::new_with_metadata(fields, aggregate.schema.metadata().clone())?),
    };
    let node = LogicalPlan::Extension(Extension { node: Arc::new(node) });
    Ok(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(node))?))
}

/// The window table whose rows `plan` has, some of them, with other names perhaps.
fn table_below(plan: &LogicalPlan) -> Option<&WindowTable> {
    match plan {
        LogicalPlan::Projection(projection) => table_below(&projection.input),
        LogicalPlan::SubqueryAlias(alias) => table_below(&alias.input),
        LogicalPlan::Filter(filter) => table_below(&filter.input),
        other => WindowTable::of(other),
    }
}

/// The position, among a window table's columns, of the column at `index` of a plan over it.
fn position_in_table(plan: &LogicalPlan, index: usize) -> Option<usize> {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => position_in_table(&alias.input, index),
        LogicalPlan::Filter(filter) => position_in_table(&filter.input, index),
        LogicalPlan::Projection(projection) => match unaliased(projection.expr.get(index)?) {
            Expr::Column(column) => {
                position_in_table(&projection.input, projection.input.schema().maybe_index_of_column(column)?)
            }
            _ => None,
        },
        other => WindowTable::of(other).map(|_| index),
    }
}

fn part_of(plan: &LogicalPlan, expr: &Expr) -> Option<WindowPart> {
    let Expr::Column(column) = unaliased(expr) else { return None };
    let position = position_in_table(plan, plan.schema().maybe_index_of_column(column)?)?;
    let columns = table_below(plan)?.schema.fields().len();
    let name = WINDOW_COLUMNS.get((position + WINDOW_COLUMNS.len()).checked_sub(columns)?)?;
    Some(match *name {
        WINDOW_START => WindowPart::Start,
        WINDOW_END => WindowPart::End,
        _ => WindowPart::Time,
    })
}

fn looks_at_window(plan: &LogicalPlan, expr: &Expr) -> bool {
    expr.column_refs().into_iter().any(|column| part_of(plan, &Expr::Column(column.clone())).is_some())
}

/// `plan` over the rows of the table itself; `None` if a part of it looks at the window.
/// Sessions are made of all rows, so that nothing may choose among them.
fn without_window(plan: &LogicalPlan, is_session: bool) -> Result<Option<LogicalPlan>> {
    Ok(Some(match plan {
        LogicalPlan::SubqueryAlias(alias) => {
            let Some(input) = without_window(&alias.input, is_session)? else { return Ok(None) };
            LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(Arc::new(input), alias.alias.clone())?)
        }
        LogicalPlan::Filter(filter) => {
            if is_session || looks_at_window(&filter.input, &filter.predicate) {
                return Ok(None);
            }
            let Some(input) = without_window(&filter.input, is_session)? else { return Ok(None) };
            LogicalPlan::Filter(Filter::try_new(filter.predicate.clone(), Arc::new(input))?)
        }
        LogicalPlan::Projection(projection) => {
            let below = &projection.input;
            let kept: Vec<Expr> =
                projection.expr.iter().filter(|expr| part_of(below, expr).is_none()).cloned().collect();
            if kept.iter().any(|expr| looks_at_window(below, expr)) {
                return Ok(None);
            }
            let Some(input) = without_window(below, is_session)? else { return Ok(None) };
            if kept.is_empty() { input } else { LogicalPlan::Projection(Projection::try_new(kept, Arc::new(input))?) }
        }
        other => {
            let Some(table) = WindowTable::of(other) else { return Ok(None) };
            let schema = table.input.schema();
            let kept: Vec<usize> = kept(schema).collect();
            if kept.len() == schema.fields().len() || kept.is_empty() {
                table.input.as_ref().clone()
            } else {
                let columns = kept.into_iter().map(|place| Expr::Column(Column::from(schema.qualified_field(place))));
                LogicalPlan::Projection(Projection::try_new(columns.collect(), Arc::clone(&table.input))?)
            }
        }
    }))
}

/// Sessions are those of the groups only if these are what the sessions were parted by.
fn check_partition<'a>(
    table: &WindowTable,
    plan: &LogicalPlan,
    groups: impl Iterator<Item = &'a Expr>,
) -> Result<(), Diagnostic> {
    let kept: Vec<usize> = kept(table.input.schema()).collect();
    let in_input = |expr: &Expr| {
        let Expr::Column(column) = unaliased(expr) else { return None };
        let position = position_in_table(plan, plan.schema().maybe_index_of_column(column)?)?;
        kept.get(position).copied()
    };
    let groups: BTreeSet<Option<usize>> = groups.map(in_input).collect();
    let partition: BTreeSet<Option<usize>> = table
        .partition
        .iter()
        .map(|expr| match expr {
            Expr::Column(column) => table.input.schema().maybe_index_of_column(column),
            _ => None,
        })
        .collect();
    if groups == partition && !groups.contains(&None) {
        return Ok(());
    }
    let message = "sessions must be grouped by the window and all columns of their PARTITION BY, and by nothing else";
    Err(Diagnostic::error(&codes::WINDOW_TABLE, message)
        .at(table.place.0)
        .help("write SESSION(TABLE t PARTITION BY k, …) and GROUP BY window_start, window_end, k"))
}

/// Whether a window table's time is the event time of its rows; if not, why.
pub(super) fn check_time(table: &WindowTable) -> Result<(), Diagnostic> {
    let Expr::Column(column) = &table.time else { return Err(not_event_time(table)) };
    let index = table.input.schema().maybe_index_of_column(column);
    if index.is_some_and(|index| is_event_time(&table.input, index)) { Ok(()) } else { Err(not_event_time(table)) }
}

fn not_event_time(table: &WindowTable) -> Diagnostic {
    let name = match &table.time {
        Expr::Column(column) => column.name.clone(),
        other => other.to_string(),
    };
    Diagnostic::error(&codes::WINDOW_TABLE, format!("`{name}` is not the event time of the table"))
        .at(table.place.0)
        .help("name the column of the table's WATERMARK FOR, or the window_time of a windowed query")
}

/// Whether the column at `index` is the event time of the rows of `plan`.
fn is_event_time(plan: &LogicalPlan, index: usize) -> bool {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => is_event_time(&alias.input, index),
        LogicalPlan::Filter(filter) => is_event_time(&filter.input, index),
        LogicalPlan::Union(union) => union.inputs.iter().all(|input| is_event_time(input, index)),
        LogicalPlan::Projection(projection) => match projection.expr.get(index).map(unaliased) {
            Some(Expr::Column(column)) => {
                let below = projection.input.schema().maybe_index_of_column(column);
                below.is_some_and(|below| is_event_time(&projection.input, below))
            }
            Some(Expr::ScalarFunction(call)) => call.name() == arroyo_expr::ROW_TIME,
            _ => false,
        },
        LogicalPlan::TableScan(scan) => {
            let table = StreamTable::of(scan.source.as_ref());
            let watermark = table.and_then(|table| table.def.watermark.as_ref());
            let field = scan.projected_schema.fields().get(index);
            matches!((watermark, field), (Some(watermark), Some(field)) if field.name() == &watermark.column)
        }
        other => match WindowTable::of(other) {
            Some(table) => index + 1 == table.schema.fields().len(),
            // The window's bounds are not: `_timestamp` is what comes before its end.
            None => MatchRecognize::of(other).is_some_and(|matches| matches.is_event_time(index)),
        },
    }
}
