//! What people see on stderr.

use std::io::{IsTerminal, Write};

/// Clears the line that the cursor is on: the live line of a run, if there is one.
pub(crate) const CLEAR_LINE: &str = "\r\x1b[2K";

/// Whether stderr is a terminal.
pub(crate) fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Writes one line to stderr. A reader that has gone away is no reason to stop.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes an error.
pub(crate) fn error(text: &str) {
    line(&format!("error: {text}"));
}

/// Writes an error with its causes, outermost first. A cause that the text before it already tells is left out.
pub(crate) fn failure(error: &anyhow::Error) {
    let text = error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text.as_str() {
        "" => cause,
        told if told.contains(&cause) => text,
        _ => format!("{text}: {cause}"),
    });
    self::error(&text);
}

/// Writes what to do about an error.
pub(crate) fn hint(text: &str) {
    line(&format!("hint: {text}"));
}

/// Writes text to stdout for commands whose output is text.
///
/// # Errors
///
/// When stdout cannot take it, other than because its reader has gone away.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// A number of bytes for people: `1.5 MB`.
pub(crate) fn bytes(count: u64) -> String {
    scaled(count as f64, &[" B", " kB", " MB", " GB", " TB"])
}

/// A count for people: `950`, `12.3k`, `4.1M`.
pub(crate) fn count(count: f64) -> String {
    scaled(count, &["", "k", "M", "G", "T"])
}

fn scaled(mut value: f64, units: &[&str]) -> String {
    let mut unit = units.first().copied().unwrap_or_default();
    for next in units.iter().skip(1) {
        if value < 1000.0 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if value < 10.0 && value.fract() > 0.049 { format!("{value:.1}{unit}") } else { format!("{value:.0}{unit}") }
}

/// A duration for people: `85ms`, `3.2s`, `4m05s`, `2h03m`.
pub(crate) fn duration(duration: std::time::Duration) -> String {
    let seconds = duration.as_secs_f64();
    let whole = duration.as_secs();
    if seconds < 1.0 {
        format!("{}ms", duration.as_millis())
    } else if seconds < 60.0 {
        format!("{seconds:.1}s")
    } else if whole < 3600 {
        format!("{}m{:02}s", whole / 60, whole % 60)
    } else {
        format!("{}h{:02}m", whole / 3600, whole / 60 % 60)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(bytes(950), "950 B");
        assert_eq!(bytes(1_500_000), "1.5 MB");
        assert_eq!(count(12_345.0), "12k");
        assert_eq!(count(0.0), "0");
        assert_eq!(count(2.5), "2.5");
        assert_eq!(duration(Duration::from_millis(85)), "85ms");
        assert_eq!(duration(Duration::from_secs(245)), "4m05s");
        assert_eq!(duration(Duration::from_secs(7380)), "2h03m");
    }
}
