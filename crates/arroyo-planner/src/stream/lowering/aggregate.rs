//! GROUP BY and DISTINCT.
//!
//! ```text
//! WindowedAggregate: window=tumble(10 s), groupBy=[[item]]   →  WindowAggregate tumble(10 s) by item
//! Aggregate: groupBy=[[totals.window]]                        →  InstantAggregate by window
//!   (totals is windowed and selects its window)
//! Aggregate: groupBy=[[channel]]                              →  UpdatingAggregate by channel
//! WindowedAggregate: window=hop(1 s, 10 s)                    →  InstantAggregate by window
//!   (over results of the same hop: they are in that window already)
//! ```

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::functions::datetime::expr_fn::date_bin;
use datafusion::logical_expr::{Aggregate as LogicalAggregate, Distinct, Expr, LogicalPlan, lit};

use super::Lowering;
use super::unsupported::unsupported;
use crate::explain::describe;
use crate::stream::node::{Aggregate, StreamNode};
use crate::stream::schema::{StreamSchema, WindowColumn, WindowPart, column, timestamp, unique_fields};
use crate::stream::window::Window;
use crate::stream::window_node::WindowedAggregate;

impl Lowering {
    /// An aggregate that groups by `tumble`, `hop` or `session`.
    pub(super) fn window_aggregate(&mut self, node: &WindowedAggregate) -> Option<Arc<StreamNode>> {
        let input = self.lower(&node.input)?;
        let group = self.bind_all(&node.group, node.input.schema(), &input)?;
        let updating = input.schema.is_changelog() || !node.emit.is_final();
        let functions = self.bind_functions(&node.functions, node.input.schema(), &input, updating)?;
        if node.sets.is_empty() {
            self.windowed(&input, node, group, functions)
        } else {
            self.window_sets(&input, node, group, functions)
        }
    }

    /// An aggregate by the window of `node`, and by `group`, of `functions` over `input`.
    pub(super) fn windowed(
        &mut self,
        input: &Arc<StreamNode>,
        node: &WindowedAggregate,
        mut group: Vec<Expr>,
        functions: Vec<Expr>,
    ) -> Option<Arc<StreamNode>> {
        if input.schema.is_changelog() {
            return self.changelog_windows(input, node, group, functions);
        }
        if !node.emit.is_final() {
            return self.emitted_windows(input, node, group, functions);
        }
        let is_same_window = node.window.overlaps() && input.schema.windowed == Some(node.window);
        let mut texts: Vec<String> = group.iter().chain(&functions).map(describe).collect();
        texts.insert(node.window_index.min(group.len()), "window".to_owned());
        let fields = named_fields(node.schema.fields(), texts);
        let mut names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
        if is_same_window {
            group.insert(node.window_index.min(group.len()), current_window(node.window, &input.schema));
            let mut windows: Vec<_> = group.iter().map(|expr| input.schema.window_of(expr)).collect();
            if let Some(window) = windows.get_mut(node.window_index) {
                *window = Some(WindowColumn { window: node.window, part: WindowPart::Whole });
            }
            let function_names = names.split_off(group.len().min(names.len()));
            let aggregate = Aggregate {
                group,
                group_names: names,
                functions,
                function_names,
                input: Arc::clone(input.schema.arrow()),
            };
            return Some(self.graph.instant_aggregate(input, aggregate, windows, fields));
        }
        let function_names = names.split_off((group.len() + 1).min(names.len()));
        if node.window_index < names.len() {
            names.remove(node.window_index);
        }
        let aggregate =
            Aggregate { group, group_names: names, functions, function_names, input: Arc::clone(input.schema.arrow()) };
        Some(self.graph.window_aggregate(input, node.window, node.window_index, aggregate, fields))
    }

    /// An aggregate without a window of its own.
    pub(super) fn aggregate(&mut self, aggregate: &LogicalAggregate) -> Option<Arc<StreamNode>> {
        let input = self.lower(&aggregate.input)?;
        let logical = aggregate.input.schema();
        if let [Expr::GroupingSet(_)] = aggregate.group_expr.as_slice() {
            return self.grouping_sets(&input, aggregate);
        }
        let group = self.bind_all(&aggregate.group_expr, logical, &input)?;
        let windows = group.iter().filter_map(|expr| input.schema.window_of(expr));
        let updating = input.schema.is_changelog() || !windows.into_iter().any(|window| window.fixes_the_instant());
        let functions = self.bind_functions(&aggregate.aggr_expr, logical, &input, updating)?;
        Some(self.grouped(&input, group, functions, &aggregate.schema))
    }

    /// DISTINCT: an aggregate by all columns without functions.
    pub(super) fn distinct(&mut self, distinct: &Distinct) -> Option<Arc<StreamNode>> {
        match distinct {
            Distinct::All(plan) => {
                let input = self.lower(plan)?;
                let group = input.schema.values().iter().map(|value| column(value.field.name())).collect();
                Some(self.grouped(&input, group, Vec::new(), plan.schema()))
            }
            // It was rewritten before.
            Distinct::On(_) => {
                self.fault(unsupported(&LogicalPlan::Distinct(distinct.clone())));
                None
            }
        }
    }

    /// Groups of one window are over when it is; other results change with every row.
    pub(super) fn grouped(
        &mut self,
        input: &Arc<StreamNode>,
        group: Vec<Expr>,
        functions: Vec<Expr>,
        schema: &DFSchema,
    ) -> Arc<StreamNode> {
        let fields = schema.fields().iter().cloned().collect();
        self.grouped_as(input, group, functions, fields)
    }

    /// The same with the `fields` of the result instead of its schema.
    pub(super) fn grouped_as(
        &mut self,
        input: &Arc<StreamNode>,
        group: Vec<Expr>,
        functions: Vec<Expr>,
        fields: Vec<FieldRef>,
    ) -> Arc<StreamNode> {
        let windows: Vec<Option<WindowColumn>> = group.iter().map(|expr| input.schema.window_of(expr)).collect();
        let fields = named_fields(&fields, group.iter().chain(&functions).map(describe).collect());
        let mut names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
        let function_names = names.split_off(group.len().min(names.len()));
        let aggregate =
            Aggregate { group, group_names: names, functions, function_names, input: Arc::clone(input.schema.arrow()) };
        let has_end = windows.iter().flatten().any(|window| window.fixes_the_instant());
        if has_end && !input.schema.is_changelog() {
            return self.graph.instant_aggregate(input, aggregate, windows, fields);
        }
        let ttl_nanos = input.schema.origin.lifetime.nanos(self.ttl_nanos);
        self.graph.updating_aggregate(input, aggregate, ttl_nanos, None, fields)
    }
}

/// The fields of an aggregate's result, named after what they hold: the plan above may call the same thing differently in
/// each query.
pub(super) fn named_fields(fields: &[FieldRef], texts: Vec<String>) -> Vec<FieldRef> {
    let named = fields.iter().zip(texts);
    let named: Vec<FieldRef> = named.map(|(field, text)| Arc::new(field.as_ref().clone().with_name(text))).collect();
    unique_fields(&named)
}

/// The window that rows of a windowed stream are in: its column if it is still there, else computed from `_timestamp`,
/// which is the window's end − 1 ns.
fn current_window(window: Window, schema: &StreamSchema) -> Expr {
    let whole = WindowColumn { window, part: WindowPart::Whole };
    if let Some(found) = schema.columns().iter().find(|column| column.window == Some(whole)) {
        return column(found.field.name());
    }
    let later = |nanos: i64| timestamp() + lit(ScalarValue::new_interval_mdn(0, 0, nanos));
    let start = match window {
        Window::Cumulate { width, offset, .. } => date_bin(
            lit(ScalarValue::new_interval_mdn(0, 0, width)),
            timestamp(),
            lit(ScalarValue::TimestampNanosecond(Some(offset), None)),
        ),
        window => later(1 - window.width()),
    };
    arroyo_expr::window_of(start, later(1))
}
