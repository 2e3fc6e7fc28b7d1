//! ORDER BY and LIMIT.
//!
//! ```text
//! Sort: bids.at, bids.id      →  Sort: at, id      (waits for the watermark)
//! Limit: skip=0, fetch=10     →  Limit: 10         (then the sources may end)
//! ```

use std::sync::Arc;

use datafusion::common::DFSchema;
use datafusion::functions_window::row_number::row_number_udwf;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{Expr, FetchType, Limit, LogicalPlan, SkipType, Sort, SortExpr};

use super::Lowering;
use super::over::can_update;
use crate::stream::node::{Over, OverKind, Ranking, StreamNode, Top};
use crate::stream::place::span_of;
use crate::stream::schema::{StreamSchema, WindowPart};
use crate::stream::window::Window;
use crate::{Diagnostic, codes};

impl Lowering {
    /// ORDER BY: event time decides first.
    pub(super) fn sort(&mut self, sort: &Sort) -> Option<Arc<StreamNode>> {
        let input = self.lower(&sort.input)?;
        let keys = self.bind_order(&sort.expr, sort.input.schema(), &input)?;
        if input.schema.is_changelog() || !starts_with_time(&keys, &input.schema) {
            self.fault(
                Diagnostic::error(
                    &codes::ORDER,
                    "ORDER BY must start with the event time, ascending: only then does a stream have a next row",
                )
                .at(sort.expr.iter().find_map(|key| span_of(&key.expr)))
                .help("order by the event time column or by row_time() first, add a LIMIT, or leave ORDER BY out"),
            );
            return None;
        }
        Some(self.graph.sort(&input, keys))
    }

    /// LIMIT and OFFSET.
    ///
    /// Behind an ORDER BY that is not by event time, and over changes, the result is updated: `Over updating: row_number()`.
    pub(super) fn limit(&mut self, limit: &Limit) -> Option<Arc<StreamNode>> {
        // What only renames and computes columns can follow.
        if let LogicalPlan::Projection(projection) = limit.input.as_ref()
            && is_sorted(&projection.input)
        {
            let below = LogicalPlan::Limit(Limit { input: Arc::clone(&projection.input), ..limit.clone() });
            let mut above = projection.clone();
            above.input = Arc::new(below);
            return self.lower(&LogicalPlan::Projection(above));
        }
        let (skip, fetch) = self.bounds(limit)?;
        if let LogicalPlan::Sort(sort) = limit.input.as_ref() {
            let input = self.lower(&sort.input)?;
            let keys = self.bind_order(&sort.expr, sort.input.schema(), &input)?;
            if input.schema.is_changelog() || !starts_with_time(&keys, &input.schema) {
                return self.first_rows(&input, keys, skip, fetch);
            }
            let sorted = self.graph.sort(&input, keys);
            return Some(self.graph.limit(&sorted, skip, fetch));
        }
        let input = self.lower(&limit.input)?;
        if input.schema.is_changelog() {
            return self.first_rows(&input, Vec::new(), skip, fetch);
        }
        Some(self.graph.limit(&input, skip, fetch))
    }

    /// The first rows in any order, as a changelog.
    fn first_rows(
        &mut self,
        input: &Arc<StreamNode>,
        order: Vec<SortExpr>,
        skip: u64,
        fetch: Option<u64>,
    ) -> Option<Arc<StreamNode>> {
        let call = WindowFunction::new(row_number_udwf(), Vec::new());
        let mut call = Expr::from(call);
        if let Expr::WindowFunction(call) = &mut call {
            call.params.order_by.clone_from(&order);
        }
        let calls = vec![call];
        let checked = can_update(&calls, &input.schema);
        self.checked(checked)?;
        let last = fetch.map(|fetch| skip.saturating_add(fetch));
        let over = Over {
            kind: OverKind::Updating,
            functions: calls,
            partition: Vec::new(),
            order,
            top: last.map(|last| Top { rank: Ranking::RowNumber, last }),
            skip,
            only_rows: true,
            ttl_nanos: 0,
        };
        Some(self.graph.over(input, over, Vec::new()))
    }

    fn bounds(&mut self, limit: &Limit) -> Option<(u64, Option<u64>)> {
        let bounds = match (limit.get_skip_type(), limit.get_fetch_type()) {
            (Ok(SkipType::Literal(skip)), Ok(FetchType::Literal(fetch))) => Ok((skip as u64, fetch.map(|n| n as u64))),
            (Err(_), _) | (_, Err(_)) => Err("LIMIT and OFFSET must not be negative"),
            _ => Err("LIMIT and OFFSET must be constant numbers"),
        };
        let bounds = bounds.map_err(|message| {
            Diagnostic::error(&codes::ORDER, message).help("write a number that is not negative, such as LIMIT 10")
        });
        self.checked(bounds)
    }

    /// Binds the expressions of an ORDER BY.
    pub(super) fn bind_order(
        &mut self,
        order: &[SortExpr],
        logical: &DFSchema,
        input: &StreamNode,
    ) -> Option<Vec<SortExpr>> {
        let exprs = self.bind_all(order.iter().map(|key| &key.expr), logical, input)?;
        Some(exprs.into_iter().zip(order).map(|(expr, key)| SortExpr { expr, ..key.clone() }).collect())
    }
}

fn is_sorted(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Sort(_) => true,
        LogicalPlan::Projection(projection) => is_sorted(&projection.input),
        _ => false,
    }
}

/// Whether rows in this order are in the order of event time.
pub(super) fn starts_with_time(order: &[SortExpr], schema: &StreamSchema) -> bool {
    order.first().is_some_and(|first| first.asc && is_event_time(&first.expr, schema))
}

/// Whether an expression grows exactly when event time does.
fn is_event_time(expr: &Expr, schema: &StreamSchema) -> bool {
    if let Some(column) = schema.window_of(expr) {
        return match column.window {
            Window::Tumble { .. } | Window::Hop { .. } => true,
            Window::Cumulate { .. } => column.part != WindowPart::Start,
            Window::Session { .. } => column.part == WindowPart::End,
        };
    }
    schema.is_event_time(expr)
}
