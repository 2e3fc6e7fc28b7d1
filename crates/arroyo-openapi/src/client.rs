//! Making a client, and saying in words why a call failed.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;

use crate::{Client, Error, types};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest silence on a connection; streams of events are kept alive more often than that.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// A client cannot be made.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The key cannot be sent in a header.
    #[error("the API key has characters that cannot be sent in a header")]
    ApiKey,
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[source] reqwest::Error),
}

/// A client of the API at `url` (`http://host:port`), with a key if the server asks for one.
///
/// It does not connect before the first call.
/// Calls have no time limit of their own, because some of them are streams.
pub fn client(url: &str, api_key: Option<&str>) -> Result<Client, ClientError> {
    with_headers(url, api_key, HeaderMap::new())
}

/// As [`client()`], for callers that want to be answered before a change is stored.
pub fn impatient_client(url: &str, api_key: Option<&str>) -> Result<Client, ClientError> {
    let preference = (HeaderName::from_static("prefer"), HeaderValue::from_static("respond-async"));
    with_headers(url, api_key, HeaderMap::from_iter([preference]))
}

fn with_headers(url: &str, api_key: Option<&str>, mut headers: HeaderMap) -> Result<Client, ClientError> {
    if let Some(key) = api_key {
        let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| ClientError::ApiKey)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    let http = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .default_headers(headers)
        .build()
        .map_err(ClientError::Http)?;
    Ok(Client::new_with_client(url.trim_end_matches('/'), http))
}

/// Why a call failed, in the server's words where there are some.
pub fn explain(error: &Error<types::ErrorBody>) -> String {
    match error {
        Error::ErrorResponse(response) => response.error.clone(),
        Error::CommunicationError(error) => format!("the API cannot be reached: {}", innermost(error)),
        other => other.to_string(),
    }
}

/// The cause that says most: `connection refused`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
