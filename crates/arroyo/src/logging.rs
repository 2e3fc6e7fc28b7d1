//! Logs: always to stderr, so that stdout holds rows and nothing else.

use std::io::{self, Write};

use arroyo_config::{LogFormat, Logging};
use serde_json::Value;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::terminal::{self, CLEAR_LINE};

/// How much is logged without `RUST_LOG`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// What services do.
    Service,
    /// Warnings and errors only: `arroyo run` tells the rest in its own words.
    Quiet,
}

/// A log that was started: lines that wait for their thread are written when it is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Log {
    _writing: Option<WorkerGuard>,
}

/// Starts logging for `service` as configured; `RUST_LOG` says what, otherwise `verbosity`.
pub(crate) fn start(logging: &Logging, service: &str, verbosity: Verbosity) -> Log {
    let default = match verbosity {
        Verbosity::Service => "info",
        Verbosity::Quiet => "warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let (writer, writing) = writer(logging);
    if tracing_subscriber::registry().with(lines(logging, service, writer)).with(filter).try_init().is_err() {
        tracing::debug!("logging was started already");
    }
    Log { _writing: writing }
}

/// What writes lines, and what ends its thread if it has one.
fn writer(logging: &Logging) -> (BoxMakeWriter, Option<WorkerGuard>) {
    if !logging.nonblocking {
        return (BoxMakeWriter::new(Stderr::new), None);
    }
    let (writer, writing) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(logging.buffered_lines_limit)
        .thread_name("log")
        .finish(Stderr::new());
    (BoxMakeWriter::new(writer), Some(writing))
}

fn lines(logging: &Logging, service: &str, writer: BoxMakeWriter) -> Box<dyn Layer<Registry> + Send + Sync> {
    match logging.format {
        LogFormat::Plaintext => tracing_subscriber::fmt::layer()
            .with_writer(writer)
            .with_ansi(terminal::stderr_is_terminal())
            .with_file(logging.enable_file_name)
            .with_line_number(logging.enable_file_line)
            .boxed(),
        LogFormat::Json => {
            let mut layer = json_subscriber::fmt::layer()
                .with_writer(writer)
                .with_file(logging.enable_file_name)
                .with_line_number(logging.enable_file_line);
            let fields = layer.inner_layer_mut();
            fields.add_static_field("arroyo_service", service.into());
            if let Ok(pipeline) = std::env::var("PIPELINE_ID") {
                fields.add_static_field("pipeline_id", pipeline.into());
            }
            for (name, value) in &logging.static_fields {
                fields.add_static_field(name, Value::from(value.as_str()));
            }
            layer.boxed()
        }
        LogFormat::Logfmt => tracing_logfmt::builder()
            .with_location(logging.enable_file_name || logging.enable_file_line)
            .layer()
            .with_writer(writer)
            .boxed(),
    }
}

/// Takes lines of the log, one a call: each goes over the live line of a run, which is drawn again below it.
struct Stderr {
    is_terminal: bool,
}

impl Stderr {
    fn new() -> Self {
        Self { is_terminal: terminal::stderr_is_terminal() }
    }
}

impl Write for Stderr {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut stderr = io::stderr().lock();
        if self.is_terminal {
            stderr.write_all(CLEAR_LINE.as_bytes())?;
        }
        stderr.write_all(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
