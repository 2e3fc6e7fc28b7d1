//! The live lines at the bottom of a terminal, or a plain line now and then where there is none.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::terminal::{self, CLEAR_LINE};

/// The terminal cuts what does not fit into its width, so that clearing the line clears all of it.
const NO_WRAP: &str = "\x1b[?7l";

/// Ends [`NO_WRAP`].
const WRAP: &str = "\x1b[?7h";

/// More live lines than this are cut: a terminal cannot take back what has left it at the top.
const LINES_MAX: usize = 22;

/// Without a terminal: between two lines, and before the first.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

/// Writes messages and, on a terminal, keeps a live line (or a few) below them.
///
/// Rows that the `stdout` sink prints to the same terminal, and log lines, take the live line's place (they clear it first);
/// the next update draws it anew below them.
#[derive(Debug)]
pub(crate) struct StatusLine {
    live: bool,
    /// The live line's text.
    shown: Option<String>,
    /// When the last plain line was written.
    written: Instant,
}

impl StatusLine {
    /// A live line if stderr is a terminal.
    pub(crate) fn new() -> Self {
        Self { live: terminal::stderr_is_terminal(), shown: None, written: Instant::now() }
    }

    /// Whether live lines are shown.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }

    /// Shows how far the run is: on a terminal always, elsewhere now and then.
    pub(crate) fn progress(&mut self, text: &str) {
        if self.live {
            self.clear();
            self.draw(text);
            self.shown = Some(text.to_string());
        } else if is_due(self.written.elapsed()) {
            terminal::line(text);
            self.written = Instant::now();
        }
    }

    /// Writes a message above the live line.
    pub(crate) fn message(&mut self, text: &str) {
        let shown = self.shown.clone();
        self.clear();
        terminal::line(text);
        if let Some(shown) = shown {
            self.draw(&shown);
            self.shown = Some(shown);
        }
    }

    /// Takes the live line away.
    pub(crate) fn clear(&mut self) {
        if let Some(shown) = self.shown.take() {
            let mut stderr = std::io::stderr().lock();
            let _ = stderr.write_all(cleared(&shown).as_bytes()).and_then(|()| stderr.flush());
        }
    }

    fn draw(&self, text: &str) {
        let mut stderr = std::io::stderr().lock();
        let _ = stderr.write_all(drawn(text).as_bytes()).and_then(|()| stderr.flush());
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What draws the live line in the place of the one before.
fn drawn(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let left_out = lines.len().saturating_sub(LINES_MAX);
    let mut text = lines.get(..LINES_MAX).unwrap_or(&lines).join("\n");
    if left_out > 0 {
        text.push_str(&format!("\n… and {left_out} more lines"));
    }
    format!("{CLEAR_LINE}{NO_WRAP}{text}{WRAP}")
}

/// What takes it away again: up to its first line, and everything from there.
fn cleared(text: &str) -> String {
    match text.lines().count().min(LINES_MAX + 1) {
        0 | 1 => CLEAR_LINE.to_string(),
        lines => format!("{CLEAR_LINE}\x1b[{}A\x1b[J", lines - 1),
    }
}

/// Whether it is time for the next plain line.
fn is_due(since_last: Duration) -> bool {
    since_last >= PLAIN_INTERVAL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_line_replaces_the_one_before_and_never_wraps() {
        insta::assert_snapshot!(drawn("Running").escape_debug(), @r"\r\u{1b}[2K\u{1b}[?7lRunning\u{1b}[?7h");
    }

    #[test]
    fn a_block_is_taken_away_from_its_first_line_on() {
        assert_eq!(cleared("Running"), CLEAR_LINE);
        assert_eq!(cleared("a\nb\nc"), format!("{CLEAR_LINE}\x1b[2A\x1b[J"));
        let long = vec!["x"; 100].join("\n");
        assert_eq!(drawn(&long).lines().count(), LINES_MAX + 1);
        assert!(drawn(&long).contains("and 78 more lines"));
        assert_eq!(cleared(&long), format!("{CLEAR_LINE}\x1b[{LINES_MAX}A\x1b[J"));
    }

    #[test]
    fn short_runs_without_a_terminal_say_nothing_in_between() {
        assert!(!is_due(Duration::from_secs(29)));
        assert!(is_due(Duration::from_secs(30)));
    }
}
