//! Logs: always to stderr, so that stdout holds rows and nothing else.

use std::io::{self, StderrLock, Write};

use arroyo_config::{LogFormat, Logging};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::terminal::{self, CLEAR_LINE};

/// What is logged when `RUST_LOG` does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// Everything worth knowing in a long-running service.
    Service,
    /// Only what `arroyo run` does not already say itself.
    Quiet,
}

/// Starts logging. Called once per process; a second call (in tests) changes nothing.
pub(crate) fn start(logging: &Logging, verbosity: Verbosity) {
    let default = match verbosity {
        Verbosity::Service => "info",
        Verbosity::Quiet => "warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(LogWriter::new)
        .with_ansi(terminal::stderr_is_terminal())
        .with_file(logging.enable_file_name)
        .with_line_number(logging.enable_file_line);
    let started = match logging.format {
        LogFormat::Plaintext => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(false)).try_init(),
        LogFormat::Logfmt => registry.with(tracing_logfmt::builder().layer().with_writer(LogWriter::new)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started already");
    }
}

/// Writes one log line to stderr. On a terminal it takes the place of a live line, which is drawn again below it.
struct LogWriter {
    stderr: StderrLock<'static>,
    begins: bool,
}

impl LogWriter {
    fn new() -> Self {
        Self { stderr: io::stderr().lock(), begins: terminal::stderr_is_terminal() }
    }
}

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.begins) {
            self.stderr.write_all(CLEAR_LINE.as_bytes())?;
        }
        self.stderr.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stderr.flush()
    }
}
