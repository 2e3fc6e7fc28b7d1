//! Windows whose results are emitted early, or corrected by late rows: a changelog, of which each window is forgotten some day.
//!
//! Before:
//! ```text
//! WindowedAggregate: window=hop(5 s, 10 s), groupBy=[[k]], every=10 s, lateness=1 min
//! ```
//! After:
//! ```text
//! UpdatingWindows by k, _windows, every 10 s, up to 1 min late
//!   Project: …, _timestamp = _windows.end - 1 ns
//!     Unnest: _windows
//!       Project: …, _windows = windows_of(_timestamp, …)
//!         LateRows: drop for hop(5 s, 10 s), up to 1 min late
//! ```
//! Sessions are not known before all of their rows are, so that rows keep their event time:
//! ```text
//! UpdatingSessions by k, _at, gap 5 s, every 10 s
//!   Project: …, _at = _timestamp
//! ```

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::logical_expr::Expr;

use super::Lowering;
use super::aggregate::named_fields;
use super::changelog_windows::{can_copy, needs_rows};
use crate::explain::describe;
use crate::stream::late_rows::LateRows;
use crate::stream::node::{Aggregate, StreamNode, UpdatedWindows};
use crate::stream::schema::{column, timestamp, timestamp_field, unique_fields};
use crate::stream::window::Window;
use crate::stream::window_node::{Emit, WindowedAggregate};

impl Lowering {
    /// An aggregate by windows of rows that emits results more than once.
    pub(super) fn emitted_windows(
        &mut self,
        input: &Arc<StreamNode>,
        node: &WindowedAggregate,
        group: Vec<Expr>,
        functions: Vec<Expr>,
    ) -> Option<Arc<StreamNode>> {
        if let Window::Session { gap } = node.window {
            let in_time = self.graph.late_rows(input, node.window, node.emit.lateness_nanos, None);
            return self.updated_sessions(&in_time, node, gap, group, functions);
        }
        let copied = can_copy(node.window).map_err(|fault| fault.at(node.emit.place.0));
        self.checked(copied)?;
        let in_time = self.graph.late_rows(input, node.window, node.emit.lateness_nanos, None);
        let rows = self.graph.in_last_instants(&in_time, node.window);
        let window = column(rows.schema.values().last()?.field.name());
        let ttl_nanos = 0;
        Some(self.updated_windows(&rows, node, (None, ttl_nanos), (group, window, functions)))
    }

    /// An aggregate by sessions of rows or of changes, whose results are emitted more than once.
    pub(super) fn updated_sessions(
        &mut self,
        input: &Arc<StreamNode>,
        node: &WindowedAggregate,
        gap: i64,
        group: Vec<Expr>,
        functions: Vec<Expr>,
    ) -> Option<Arc<StreamNode>> {
        let values = input.schema.values().iter();
        let mut columns: Vec<(Expr, FieldRef)> =
            values.map(|value| (column(value.field.name()), Arc::clone(&value.field))).collect();
        let at = Arc::new(timestamp_field().as_ref().clone().with_name("_at"));
        columns.push((timestamp(), at));
        let named = unique_fields(&columns.iter().map(|(_, field)| Arc::clone(field)).collect::<Vec<_>>());
        let at = column(named.last()?.name());
        let columns = columns.into_iter().zip(named).map(|((expr, _), field)| (expr, field)).collect();
        let rows = self.graph.project(input, columns);
        // Sessions of rows are forgotten when the watermark has passed them.
        let ttl_nanos = input.schema.origin.lifetime.nanos(self.ttl_nanos);
        let ttl_nanos = if input.schema.is_changelog() { ttl_nanos } else { 0 };
        Some(self.updated_windows(&rows, node, (Some(gap), ttl_nanos), (group, at, functions)))
    }

    fn updated_windows(
        &mut self,
        rows: &Arc<StreamNode>,
        node: &WindowedAggregate,
        (session_gap, ttl_nanos): (Option<i64>, i64),
        (mut group, window, functions): (Vec<Expr>, Expr, Vec<Expr>),
    ) -> Arc<StreamNode> {
        let key = node.window_index.min(group.len());
        let mut texts: Vec<String> = group.iter().chain(&functions).map(describe).collect();
        texts.insert(key, "window".to_owned());
        group.insert(key, window);
        let fields = named_fields(node.schema.fields(), texts);
        let mut names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
        let function_names = names.split_off(group.len().min(names.len()));
        let input = Arc::clone(rows.schema.arrow());
        let aggregate = Aggregate { group, group_names: names, functions, function_names, input };
        let Emit { every_nanos, lateness_nanos, .. } = node.emit;
        let windows = UpdatedWindows { key, session_gap, every_nanos, lateness_nanos };
        self.graph.updating_aggregate(rows, aggregate, ttl_nanos, Some(windows), fields)
    }

    /// Rows with a mark on those that are too late.
    pub(super) fn late_rows(&mut self, rows: &LateRows) -> Option<Arc<StreamNode>> {
        let input = self.lower(&rows.input)?;
        if input.schema.is_changelog() {
            self.fault(needs_rows().at(rows.place.0));
            return None;
        }
        let mark = Arc::clone(rows.schema.fields().last()?);
        Some(self.graph.late_rows(&input, rows.window, rows.lateness_nanos, Some(mark)))
    }
}
