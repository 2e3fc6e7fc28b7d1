//! Rewrites aggregates that group by `tumble`, `hop`, `cumulate` or `session`, and refuses these functions anywhere else.
//!
//! Before:
//! ```text
//! Aggregate: groupBy=[[tumble(10 s), bids.item]], aggr=[[count(1)]]
//! ```
//! After:
//! ```text
//! WindowedAggregate: window=tumble(10 s), groupBy=[[bids.item]], aggr=[[count(1)]]
//! ```

mod emit;
mod sets;
mod tables;

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Aggregate, Expr, Extension, LogicalPlan};

use super::place::{span_of, span_of_plan};
use super::window::{Window, is_marker};
use super::window_node::WindowedAggregate;
use super::window_table::WindowTable;
use crate::{Diagnostic, codes};

pub(crate) use self::emit::LateQuery;

/// Rewrites all windowed aggregates of a plan; every fault that was found is added to `faults`, and what is wanted of rows that
/// come too late to `late`.
pub(crate) fn extract_windows(
    plan: LogicalPlan,
    faults: &mut Vec<Diagnostic>,
    late: &mut Vec<LateQuery>,
) -> LogicalPlan {
    let original = plan.clone();
    let rewritten = plan.transform_up(|plan| {
        Ok(match plan {
            LogicalPlan::Aggregate(aggregate) => rewrite(without_repeated_groups(aggregate), faults),
            LogicalPlan::Filter(filter) => {
                let original = filter.clone();
                match emit::attach(filter, late) {
                    Ok(plan) => Transformed::yes(plan),
                    Err(fault) => {
                        faults.push(fault);
                        Transformed::no(LogicalPlan::Filter(original))
                    }
                }
            }
            LogicalPlan::Extension(extension) => {
                let plan = LogicalPlan::Extension(extension);
                let checked = WindowTable::of(&plan).map(tables::check_time);
                faults.extend(checked.and_then(Result::err));
                Transformed::no(plan)
            }
            other => Transformed::no(other),
        })
    });
    let plan = rewritten.map_or(original, |rewritten| rewritten.data);
    if faults.is_empty() {
        refuse_elsewhere(&plan, faults);
    }
    plan
}

/// `GROUP BY a, a` gives one column, and everything behind it counts on one group expression for each.
fn without_repeated_groups(mut aggregate: Aggregate) -> Aggregate {
    let mut group_expr: Vec<Expr> = Vec::with_capacity(aggregate.group_expr.len());
    for expr in &aggregate.group_expr {
        if !group_expr.contains(expr) {
            group_expr.push(expr.clone());
        }
    }
    aggregate.group_expr = group_expr;
    aggregate
}

fn rewrite(aggregate: Aggregate, faults: &mut Vec<Diagnostic>) -> Transformed<LogicalPlan> {
    if let [Expr::GroupingSet(_)] = aggregate.group_expr.as_slice() {
        return match sets::rewrite(&aggregate) {
            Ok(Some(plan)) => Transformed::yes(plan),
            Ok(None) => Transformed::no(LogicalPlan::Aggregate(aggregate)),
            Err(fault) => {
                faults.push(fault);
                Transformed::no(LogicalPlan::Aggregate(aggregate))
            }
        };
    }
    let mut windows: Vec<(usize, Window)> = Vec::new();
    for (index, expr) in aggregate.group_expr.iter().enumerate() {
        match Window::of_group_expr(expr) {
            Ok(Some(window)) => windows.push((index, window)),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    match windows.as_slice() {
        [] => match tables::rewrite(&aggregate) {
            Ok(Some(plan)) => Transformed::yes(plan),
            Ok(None) => Transformed::yes(LogicalPlan::Aggregate(aggregate)),
            Err(fault) => {
                faults.push(fault);
                Transformed::no(LogicalPlan::Aggregate(aggregate))
            }
        },
        [(index, window)] => {
            let node = WindowedAggregate::new(aggregate, *window, *index);
            Transformed::yes(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
        }
        [(_, first), (_, second), ..] => {
            faults.push(several(*first, *second).at(aggregate.group_expr.iter().find_map(span_of)));
            Transformed::no(LogicalPlan::Aggregate(aggregate))
        }
    }
}

fn several(first: Window, second: Window) -> Diagnostic {
    Diagnostic::error(&codes::SEVERAL_WINDOWS, format!("one GROUP BY has two windows, {first} and {second}"))
        .help("group by one window here, and by the other one in an outer query")
}

fn refuse_elsewhere(plan: &LogicalPlan, faults: &mut Vec<Diagnostic>) {
    let visited = plan.apply_with_subqueries(|node| {
        for expr in node.expressions() {
            let mut misplaced = None;
            expr.apply(|expr| {
                if let Expr::ScalarFunction(call) = expr
                    && is_marker(call)
                {
                    misplaced = Some(call.name().to_owned());
                    return Ok(TreeNodeRecursion::Stop);
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
            if let Some(name) = misplaced {
                let span = span_of(&expr).or_else(|| span_of_plan(node));
                let fault = match node {
                    LogicalPlan::Aggregate(aggregate) if has_grouping_sets(aggregate) => beside_grouping_sets(),
                    LogicalPlan::Aggregate(_) => misplaced_window(&name, true),
                    _ => misplaced_window(&name, false),
                };
                faults.push(fault.at(span));
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    if let Err(error) = visited {
        faults.push(Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace()));
    }
}

fn has_grouping_sets(aggregate: &Aggregate) -> bool {
    aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)))
}

fn beside_grouping_sets() -> Diagnostic {
    Diagnostic::error(&codes::GROUPING_SETS, "GROUPING SETS, CUBE and ROLLUP cannot stand beside a window yet")
        .help("write a query for each set, and UNION ALL between them")
}

fn misplaced_window(name: &str, in_group_by: bool) -> Diagnostic {
    let message = format!("time window function {name} is not allowed in this context");
    let diagnostic = Diagnostic::error(&codes::MISPLACED_WINDOW, message);
    if in_group_by {
        diagnostic.help(format!("group by `{name}(…)` itself, and use its `.start` or `.end` in the SELECT list"))
    } else {
        diagnostic.help("are you missing a GROUP BY clause? A window is one of the expressions of GROUP BY")
    }
}
