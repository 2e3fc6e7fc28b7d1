//! Making a client, and saying in words why a call failed.

use std::time::Duration;

use reqwest::Url;
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
    /// The API is not where URLs of HTTP lead.
    #[error("`{0}` is no URL of an API, such as http://localhost:5115")]
    Url(String),
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
    let is_http = |url: &Url| matches!(url.scheme(), "http" | "https");
    Url::parse(url).ok().filter(is_http).ok_or_else(|| ClientError::Url(url.to_string()))?;
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
        Error::CommunicationError(error) => match error.url() {
            Some(url) => format!("the API at {} cannot be reached: {}", server(url), innermost(error)),
            None => format!("the API cannot be reached: {}", innermost(error)),
        },
        Error::InvalidResponsePayload(_, error) => {
            format!("the answer is not one of Arroyo's API, is its URL the right one? ({error})")
        }
        Error::UnexpectedResponse(response) => {
            let (server, status) = (server(response.url()), response.status());
            format!("{server} answers {status}, as Arroyo's API does not: is its URL the right one?")
        }
        other => other.to_string(),
    }
}

/// Where the server is, without what it was asked.
fn server(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The cause that says most: `connection refused`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
