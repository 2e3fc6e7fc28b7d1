//! The live line at the bottom of a terminal, or plain lines where there is none.

use std::io::Write;

use crate::terminal;

/// Clears the line that the cursor is on.
const CLEAR_LINE: &str = "\r\x1b[2K";

/// Writes messages and, on a terminal, keeps one live line below them.
///
/// Rows that the `stdout` sink prints to the same terminal overwrite the live line (the sink clears it first); the next
/// update draws it anew below them.
#[derive(Debug)]
pub(crate) struct StatusLine {
    live: bool,
    shown: bool,
}

impl StatusLine {
    /// A live line if stderr is a terminal.
    pub(crate) fn new() -> Self {
        Self { live: terminal::stderr_is_terminal(), shown: false }
    }

    /// Whether the line is drawn at all.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }

    /// Draws the live line; without a terminal nothing.
    pub(crate) fn show(&mut self, text: &str) {
        if self.live {
            let width = width();
            let text: String = text.chars().take(width.saturating_sub(1)).collect();
            let mut stderr = std::io::stderr().lock();
            let _ = write!(stderr, "{CLEAR_LINE}{text}").and_then(|()| stderr.flush());
            self.shown = true;
        }
    }

    /// Writes a message above the live line.
    pub(crate) fn message(&mut self, text: &str) {
        self.clear();
        terminal::line(text);
    }

    /// Takes the live line away.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let mut stderr = std::io::stderr().lock();
            let _ = write!(stderr, "{CLEAR_LINE}").and_then(|()| stderr.flush());
        }
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The terminal's width as its shell tells it, else 120 columns.
fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|width| *width > 20).unwrap_or(120)
}
