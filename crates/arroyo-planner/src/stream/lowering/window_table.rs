//! Windows as table functions where no aggregate takes them in: rows are copied into their windows.
//!
//! Before:
//! ```text
//! WindowTable: window=hop(1 s, 10 s)
//!   TableScan: bids
//! ```
//! After:
//! ```text
//! Project: price, window_start = _windows.start, window_end = _windows.end, window_time = …, _timestamp = window_time
//!   Unnest: _windows
//!     Project: price, _windows = windows_of(_timestamp, …)
//!       Source: bids
//! ```
//! The event time of a copy is the last instant of its window, so that whatever follows sees all rows of a window at one time.

use std::sync::Arc;

use super::Lowering;
use crate::stream::node::StreamNode;
use crate::stream::window::{Length, Window};
use crate::stream::window_table::{WindowTable, kept};
use crate::{Diagnostic, codes};

/// A row is copied at most so often.
const MAX_COPIES: i64 = 10_000;

impl Lowering {
    /// The rows of a table, once for each of their windows.
    pub(super) fn window_table(&mut self, table: &WindowTable) -> Option<Arc<StreamNode>> {
        let input = self.lower(&table.input)?;
        let step = match table.window {
            Window::Tumble { width, .. } => width,
            Window::Hop { slide, .. } | Window::Cumulate { step: slide, .. } => slide,
            Window::Session { .. } => {
                let message = "SESSION must be read by an aggregate: a row does not know when its session ends";
                self.fault(Diagnostic::error(&codes::WINDOW_TABLE, message).at(table.place.0).help(
                    "group by window_start, window_end and the columns of PARTITION BY, and filter rows below SESSION",
                ));
                return None;
            }
        };
        if table.window.width() / step > MAX_COPIES {
            let message = format!(
                "each row is in {} windows of {}, and would be copied into each",
                table.window.width() / step,
                Length(table.window.width())
            );
            self.fault(
                Diagnostic::error(&codes::WINDOW_TABLE, message)
                    .at(table.place.0)
                    .help("group by window_start and window_end, or use windows that overlap less"),
            );
            return None;
        }
        let kept: Vec<usize> = kept(table.input.schema()).collect();
        Some(self.graph.window_table(&input, table.window, &kept))
    }
}
