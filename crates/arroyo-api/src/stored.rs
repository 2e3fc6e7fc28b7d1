//! A change is answered with success only when it would outlive this process.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::refusal::Refusal;

/// The last segments of routes that take a body and change nothing.
const CHANGE_NOTHING: &[&str] = &["validate_query", "compare_query", "test"];

/// Whether what the metadata database holds is stored where the next process finds it.
#[async_trait]
pub trait Stored: Debug + Send + Sync {
    /// Waits, for a bounded time, until everything that was written before the call is stored. An error says why it is not.
    async fn stored(&self) -> Result<(), String>;
}

/// For databases whose writes are durable when they return.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlwaysStored;

#[async_trait]
impl Stored for AlwaysStored {
    async fn stored(&self) -> Result<(), String> {
        Ok(())
    }
}

/// Makes every route that changes something wait for it to be stored, unless the caller prefers not to.
pub(crate) fn await_changes(router: Router, stored: Arc<dyn Stored>) -> Router {
    router.layer(middleware::from_fn_with_state(stored, await_change))
}

async fn await_change(State(stored): State<Arc<dyn Stored>>, request: Request, next: Next) -> Response {
    let waits = changes(request.method(), request.uri().path()) && !prefers_not_to_wait(request.headers());
    let response = next.run(request).await;
    if !waits || !response.status().is_success() {
        return response;
    }
    match stored.stored().await {
        Ok(()) => response,
        Err(reason) => Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!(
                "The change was made, but it is not stored yet, and would be lost if this process ended now: {reason}"
            ),
        )
        .into_response(),
    }
}

fn changes(method: &Method, path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !method.is_safe() && !CHANGE_NOTHING.contains(&last)
}

/// `Prefer: respond-async` of RFC 7240.
fn prefers_not_to_wait(headers: &HeaderMap) -> bool {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    preferences.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case("respond-async"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_wait() {
        assert!(changes(&Method::POST, "/api/v1/pipelines") && changes(&Method::DELETE, "/api/v1/pipelines/pl_1"));
        assert!(!changes(&Method::GET, "/api/v1/pipelines"));
        assert!(!changes(&Method::POST, "/api/v1/pipelines/validate_query"));
        assert!(!changes(&Method::POST, "/api/v1/connection_tables/test"));
    }

    #[test]
    fn callers_may_prefer_not_to_wait() {
        let headers = |value: &'static str| HeaderMap::from_iter([("prefer".parse().unwrap(), value.parse().unwrap())]);
        assert!(
            prefers_not_to_wait(&headers("respond-async")) && prefers_not_to_wait(&headers("wait=1, Respond-Async"))
        );
        assert!(!prefers_not_to_wait(&headers("wait=1")) && !prefers_not_to_wait(&HeaderMap::new()));
    }
}
