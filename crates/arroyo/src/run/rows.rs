//! Rows of a job elsewhere, printed as they come.

use std::io::{ErrorKind, Write};

use arroyo_openapi::{Client, StreamError, types};
use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::value::RawValue;

use super::status_line::StatusLine;
use super::submission::StartedJob;

/// The rows of a job's preview sinks.
pub(crate) struct Rows {
    /// `None` before they were asked for, and after their end.
    events: Option<BoxStream<'static, Result<types::OutputData, StreamError>>>,
    asked: bool,
}

impl Rows {
    /// No rows.
    pub(crate) fn none() -> Self {
        Self { events: None, asked: false }
    }

    /// The rows of a job that runs, or has run.
    pub(crate) fn of(client: &Client, job: &StartedJob) -> Self {
        Self { events: Some(arroyo_openapi::output(client, &job.pipeline, &job.job).boxed()), asked: true }
    }

    /// Whether nobody asked for rows yet.
    pub(crate) fn are_absent(&self) -> bool {
        !self.asked
    }

    /// Prints what comes next; pending when there is no more. Answers whether somebody reads it. Cancel safe.
    pub(crate) async fn print_next(&mut self, status: &mut StatusLine) -> bool {
        let Some(events) = &mut self.events else { return std::future::pending().await };
        match events.next().await {
            Some(Ok(rows)) => print(&rows, status),
            Some(Err(error)) => {
                status.message(&format!("The rows cannot be read any more: {error}"));
                self.events = None;
                true
            }
            None => {
                self.events = None;
                true
            }
        }
    }

    /// Prints what is still under way when the job has ended: the stream ends with it.
    pub(crate) async fn print_rest(&mut self, status: &mut StatusLine) {
        let Some(mut events) = self.events.take() else { return };
        while let Ok(Some(Ok(rows))) = tokio::time::timeout(REST_TIMEOUT, events.next()).await {
            if !print(&rows, status) {
                return;
            }
        }
    }
}

/// The longest pause between two events that end a stream.
const REST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// Prints each row on a line; answers whether somebody reads it.
fn print(rows: &types::OutputData, status: &mut StatusLine) -> bool {
    let rows: Vec<&RawValue> = match serde_json::from_str(&rows.batch) {
        Ok(rows) => rows,
        Err(error) => {
            status.message(&format!("Rows that cannot be read ({error}): client and server may differ in version"));
            return true;
        }
    };
    status.clear();
    let mut text = String::new();
    for row in rows {
        text.push_str(row.get());
        text.push('\n');
    }
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.err().is_none_or(|error| error.kind() != ErrorKind::BrokenPipe)
}
