//! Grouping sets with windows become one windowed aggregate that knows its sets.
//!
//! Before:
//! ```text
//! Aggregate: groupBy=[[GROUPING SETS ((tumble(10 s), bids.item), (tumble(10 s)))]], aggr=[[count(1)]]
//! ```
//! After:
//! ```text
//! WindowedAggregate: window=tumble(10 s), groupBy=[[bids.item]], aggr=[[count(1)]], sets=2
//! ```

use std::sync::Arc;

use datafusion::logical_expr::{Aggregate, Expr, Extension, LogicalPlan};

use super::several;
use crate::Diagnostic;
use crate::stream::grouping_sets::sets_of;
use crate::stream::place::span_of;
use crate::stream::window::Window;
use crate::stream::window_node::{Emit, WindowedAggregate};

/// The aggregate as a windowed one; `None` if no set has a window.
pub(super) fn rewrite(aggregate: &Aggregate) -> Result<Option<LogicalPlan>, Diagnostic> {
    let place = || aggregate.group_expr.iter().find_map(span_of);
    let (exprs, sets) = sets_of(&aggregate.group_expr).map_err(|fault| fault.at(place()))?;
    let mut found: Option<(usize, Window)> = None;
    for (index, expr) in exprs.iter().enumerate() {
        match (Window::of_group_expr(expr)?, found) {
            (Some(window), None) => found = Some((index, window)),
            (Some(window), Some((_, first))) => return Err(several(first, window).at(place())),
            (None, _) => {}
        }
    }
    let Some((window_index, window)) = found else { return Ok(None) };
    let others = exprs.iter().enumerate().filter(|(index, _)| *index != window_index);
    let group: Vec<Expr> = others.map(|(_, expr)| (*expr).clone()).collect();
    let node = WindowedAggregate {
        input: Arc::clone(&aggregate.input),
        window,
        window_index,
        emit: Emit::default(),
        group,
        sets,
        functions: aggregate.aggr_expr.clone(),
        schema: Arc::clone(&aggregate.schema),
    };
    Ok(Some(LogicalPlan::Extension(Extension { node: Arc::new(node) })))
}
