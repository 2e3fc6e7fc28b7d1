//! Streams of events: a job's status, what it does, its rows.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, stream};
use progenitor_client::encode_path;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::sse::{Event, Parser};
use crate::{Client, ClientInfo, JobStateEvent, types};

/// Attempts to connect again after a connection broke.
const RECONNECTS_MAX: u32 = 5;

/// Before the first attempt; doubled with each one.
const RECONNECT_DELAY: Duration = Duration::from_millis(100);

/// A stream of events broke.
#[derive(Debug, Error)]
pub enum StreamError {
    /// The server refused it.
    #[error("{message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// The server cannot be reached, or the connection broke and could not be restored.
    #[error("the connection to the API broke: {0}")]
    Connection(#[source] reqwest::Error),
    /// An event is not what this client expects: client and server differ in version.
    #[error("an event of the API cannot be read ({reason}): client and server may differ in version")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
}

/// A job's status: first as it is, then each change. Ends when the job is deleted or the server stops.
///
/// A broken connection is restored; since the server begins with the current status, nothing is missed but what was
/// overtaken.
pub fn job_states(
    client: &Client,
    pipeline_id: &str,
    job_id: &str,
) -> impl Stream<Item = Result<JobStateEvent, StreamError>> + Send + use<> {
    events(client, pipeline_id, job_id, "state")
}

/// What a job does, at once and then every second. Ends with the job.
///
/// A broken connection is restored.
pub fn job_progress(
    client: &Client,
    pipeline_id: &str,
    job_id: &str,
) -> impl Stream<Item = Result<types::JobProgress, StreamError>> + Send + use<> {
    events(client, pipeline_id, job_id, "progress")
}

/// Rows of a running job's preview sinks from now on. Ends with the job.
///
/// A broken connection is restored; rows that were sent in between are lost.
pub fn output(
    client: &Client,
    pipeline_id: &str,
    job_id: &str,
) -> impl Stream<Item = Result<types::OutputData, StreamError>> + Send + use<> {
    events(client, pipeline_id, job_id, "output")
}

fn events<T: DeserializeOwned + Send>(
    client: &Client,
    pipeline_id: &str,
    job_id: &str,
    what: &str,
) -> impl Stream<Item = Result<T, StreamError>> + Send + use<T> {
    let (pipeline_id, job_id) = (encode_path(pipeline_id), encode_path(job_id));
    let reader = Reader {
        http: client.client().clone(),
        url: format!("{}/api/v1/pipelines/{pipeline_id}/jobs/{job_id}/{what}", client.baseurl()),
        body: None,
        parser: Parser::default(),
        ready: VecDeque::new(),
        last_event_id: None,
        reconnects: 0,
        ended: false,
    };
    stream::unfold(reader, |mut reader| async move {
        if reader.ended {
            return None;
        }
        let event = reader.next().await;
        let item = match event {
            Ok(None) => return None,
            Ok(Some(event)) => {
                serde_json::from_str(&event.data).map_err(|error| StreamError::Unreadable { reason: error.to_string() })
            }
            Err(error) => Err(error),
        };
        reader.ended = item.is_err();
        Some((item, reader))
    })
}

struct Reader {
    http: reqwest::Client,
    url: String,
    body: Option<BoxStream<'static, reqwest::Result<Bytes>>>,
    parser: Parser,
    ready: VecDeque<Event>,
    last_event_id: Option<String>,
    /// Since the last event.
    reconnects: u32,
    ended: bool,
}

impl Reader {
    /// The next event; `None` when the server ended the stream.
    async fn next(&mut self) -> Result<Option<Event>, StreamError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.reconnects = 0;
                if event.id.is_some() {
                    self.last_event_id.clone_from(&event.id);
                }
                return Ok(Some(event));
            }
            let Some(body) = &mut self.body else {
                self.open().await?;
                continue;
            };
            match body.next().await {
                Some(Ok(bytes)) => {
                    let events = self
                        .parser
                        .push(&bytes)
                        .map_err(|_| StreamError::Unreadable { reason: "it is too large".into() })?;
                    self.ready.extend(events);
                }
                None => return Ok(None),
                Some(Err(error)) if self.reconnects >= RECONNECTS_MAX => return Err(StreamError::Connection(error)),
                Some(Err(_)) => {
                    self.body = None;
                    tokio::time::sleep(RECONNECT_DELAY * 2_u32.pow(self.reconnects)).await;
                    self.reconnects += 1;
                }
            }
        }
    }

    async fn open(&mut self) -> Result<(), StreamError> {
        let mut request = self.http.get(&self.url).header("accept", "text/event-stream");
        if let Some(id) = &self.last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.map_err(StreamError::Connection)?;
        let status = response.status();
        if status != StatusCode::OK {
            let text = response.text().await.map_err(StreamError::Connection)?;
            let message = match serde_json::from_str::<types::ErrorBody>(&text) {
                Ok(body) => body.error,
                Err(_) => format!("the API answered with status {status}"),
            };
            return Err(StreamError::Refused { status: status.as_u16(), message });
        }
        self.parser = Parser::default();
        self.body = Some(response.bytes_stream().boxed());
        Ok(())
    }
}
