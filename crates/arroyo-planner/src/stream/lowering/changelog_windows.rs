//! Windows over a changelog: its rows may be taken back at any time, so a window's result is kept up to date.
//!
//! Before:
//! ```text
//! WindowedAggregate: window=hop(5 s, 10 s), groupBy=[[k]]
//! ```
//! After:
//! ```text
//! UpdatingAggregate by k, _windows
//!   Unnest: _windows
//!     Project: …, _windows = windows_of(_timestamp, …)
//! ```
//! Sessions are kept by key and event time, see [`super::emitted_windows`].

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::logical_expr::Expr;

use super::Lowering;
use crate::stream::node::StreamNode;
use crate::stream::schema::column;
use crate::stream::window::Window;
use crate::stream::window_node::{Emit, WindowedAggregate};
use crate::{Diagnostic, codes};

/// A row can be in so many windows at most.
const MAX_WINDOWS: i64 = 10_000;

impl Lowering {
    /// An aggregate by windows of a changelog.
    pub(super) fn changelog_windows(
        &mut self,
        input: &Arc<StreamNode>,
        node: &WindowedAggregate,
        mut group: Vec<Expr>,
        functions: Vec<Expr>,
    ) -> Option<Arc<StreamNode>> {
        if node.emit != Emit::default() {
            self.fault(needs_rows().at(node.emit.place.0));
            return None;
        }
        if let Window::Session { gap } = node.window {
            return self.updated_sessions(input, node, gap, group, functions);
        }
        let copied = can_copy(node.window).map_err(|fault| fault.at(node.emit.place.0));
        self.checked(copied)?;
        let kept: Vec<FieldRef> = input.schema.values().iter().map(|value| Arc::clone(&value.field)).collect();
        let rows = self.graph.in_windows(input, node.window, &kept);
        let window = column(rows.schema.values().last()?.field.name());
        group.insert(node.window_index.min(group.len()), window);
        Some(self.grouped(&rows, group, functions, &node.schema))
    }
}

/// Whether rows may be copied into their windows.
pub(super) fn can_copy(window: Window) -> Result<(), Diagnostic> {
    let windows = window.width() / window.slide_and_offset().0;
    if windows <= MAX_WINDOWS {
        return Ok(());
    }
    let message = format!("each row would be in {windows} windows, whose results would all be kept up to date");
    Err(Diagnostic::error(&codes::TIME_WINDOW, message)
        .help(format!("choose windows that overlap less: up to {MAX_WINDOWS} are possible")))
}

/// Why a clause about when results are emitted cannot stand over a changelog.
pub(super) fn needs_rows() -> Diagnostic {
    Diagnostic::error(
        &codes::EMIT,
        "EMIT EVERY, ALLOW LATENESS and LATE ROWS INTO are for windows of rows, and these are windows of a changelog",
    )
    .help("leave the clause out: results over a changelog are kept up to date, and none of its rows is too late")
}
