//! The web console: static files in the binary, served at `/` and below `/console/`.
//!
//! They know nothing of any pipeline, so that everybody may read them, also where the API wants a key: the page asks for it and
//! sends it with its requests.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::extract::Path;
use crate::refusal::Refusal;
use crate::{ApiError, routes};

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../console/", $name)))),*] };
}

const PAGE: &str = include_str!("../console/index.html");

/// Where the page finds the API unless something else is configured: beside itself.
const API: &str = r#"content="api/v1""#;

/// What the page loads, by name.
const FILES: &[(&str, &str)] = files![
    "api.js",
    "checkpoints_tab.js",
    "console.css",
    "dom.js",
    "errors_tab.js",
    "event_stream.js",
    "figures.js",
    "format.js",
    "graph.js",
    "icon.svg",
    "main.js",
    "operators_tab.js",
    "outputs_tab.js",
    "paths.js",
    "pipeline_page.js",
    "pipelines_page.js",
    "rows.js",
];

/// The page as it is configured.
#[derive(Debug)]
struct Console {
    page: String,
    policy: String,
}

/// The routes of the console, whose page asks the API at `api_endpoint`, or the one that serves it.
pub(crate) fn router(api_endpoint: Option<&str>) -> Result<Router, ApiError> {
    let console = Arc::new(Console::new(api_endpoint)?);
    let router = Router::new().route("/", get(page)).route("/console/{file}", get(file)).with_state(console);
    Ok(router.method_not_allowed_fallback(routes::method_not_allowed))
}

impl Console {
    fn new(api_endpoint: Option<&str>) -> Result<Self, ApiError> {
        let policy =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
        let Some(endpoint) = api_endpoint else { return Ok(Self { page: PAGE.into(), policy: policy.into() }) };
        let url = Url::parse(endpoint).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url =
            url.filter(|url| url.query().is_none() && url.fragment().is_none()).ok_or_else(|| ApiError::Config {
                key: "api-endpoint",
                reason: format!("`{endpoint}` is no address of an API: write `http://host:port`"),
            })?;
        let root = url.as_str().trim_end_matches('/');
        let root = root.strip_suffix("/api/v1").unwrap_or(root);
        Ok(Self {
            // A parsed URL has no quotes: they are percent-encoded.
            page: PAGE.replace(API, &format!(r#"content="{}/api/v1""#, root.replace('&', "&amp;"))),
            policy: format!("{policy}; connect-src 'self' {}", url.origin().ascii_serialization()),
        })
    }

    /// A file, or that the one who asks has it already.
    fn answer(&self, content_type: &'static str, text: String, asked: &HeaderMap) -> Response {
        let tag = format!("\"{:016x}\"", xxh3_64(text.as_bytes()));
        let is_known = is_known(asked, &tag);
        let headers = [
            // Kept, but asked for each time: another release has other files of these names.
            (CACHE_CONTROL, "no-cache"),
            (ETAG, tag.as_str()),
            (CONTENT_SECURITY_POLICY, self.policy.as_str()),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
        ];
        if is_known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, [(CONTENT_TYPE, content_type)], text).into_response()
    }
}

async fn page(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    console.answer("text/html; charset=utf-8", console.page.clone(), &headers)
}

async fn file(State(console): State<Arc<Console>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match FILES.iter().find(|(file, _)| *file == name) {
        Some((file, text)) => console.answer(content_type(file), (*text).into(), &headers),
        None => Refusal::not_found("Route").into_response(),
    }
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// Whether `If-None-Match` lists the tag.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let lists = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
