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

use std::sync::Arc;

use arrow::datatypes::FieldRef;

use super::Lowering;
use crate::stream::node::StreamNode;
use crate::stream::schema::column;
use crate::stream::window::Window;
use crate::stream::window_node::WindowedAggregate;
use crate::{Diagnostic, codes};

/// A row can be in so many windows at most.
const MAX_WINDOWS: i64 = 10_000;

impl Lowering {
    /// An aggregate by windows of a changelog.
    pub(super) fn changelog_windows(
        &mut self,
        input: &Arc<StreamNode>,
        node: &WindowedAggregate,
    ) -> Option<Arc<StreamNode>> {
        let step = match node.window {
            Window::Tumble { width, .. } => width,
            Window::Hop { slide, .. } | Window::Cumulate { step: slide, .. } => slide,
            Window::Session { .. } => {
                self.fault(
                    Diagnostic::error(&codes::TIME_WINDOW, "sessions of a changelog cannot run as a stream yet")
                        .help("use tumble, hop or cumulate, or sessions of rows that are not updated"),
                );
                return None;
            }
        };
        let windows = node.window.width() / step;
        if windows > MAX_WINDOWS {
            self.fault(
                Diagnostic::error(
                    &codes::TIME_WINDOW,
                    format!("each row of the changelog would be in {windows} windows"),
                )
                .help(format!("choose windows that overlap less: up to {MAX_WINDOWS} are possible")),
            );
            return None;
        }
        let mut group = self.bind_all(&node.group, node.input.schema(), input)?;
        let functions = self.bind_all(&node.functions, node.input.schema(), input)?;
        let kept: Vec<FieldRef> = input.schema.values().iter().map(|value| Arc::clone(&value.field)).collect();
        let rows = self.graph.in_windows(input, node.window, &kept);
        let window = column(rows.schema.values().last()?.field.name());
        group.insert(node.window_index.min(group.len()), window);
        Some(self.grouped(&rows, group, functions, &node.schema))
    }
}
