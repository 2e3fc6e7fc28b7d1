//! Who may call.

use arroyo_config::{AuthMode, Secret};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::ApiError;
use crate::refusal::Refusal;

/// Puts the configured check in front of every route.
pub(crate) fn require(router: Router, mode: &AuthMode) -> Result<Router, ApiError> {
    match mode {
        AuthMode::None => Ok(router),
        AuthMode::StaticApiKey { api_key } if api_key.expose().is_empty() => {
            Err(ApiError::Config { key: "api.auth-mode.api-key", reason: "is empty: everybody could call".into() })
        }
        AuthMode::StaticApiKey { api_key } => {
            Ok(router.layer(middleware::from_fn_with_state(api_key.clone(), require_key)))
        }
        AuthMode::Mtls { .. } => Err(ApiError::Config {
            key: "api.auth-mode.type",
            reason: "this build has no `mtls`: use `static-api-key`".into(),
        }),
    }
}

async fn require_key(State(key): State<Secret>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes());
    match sent.and_then(|value| value.strip_prefix(b"Bearer ")) {
        Some(sent) if same(sent, key.expose().as_bytes()) => next.run(request).await,
        _ => Refusal::new(
            StatusCode::UNAUTHORIZED,
            "an API key is needed: send it in the header `Authorization: Bearer <key>`",
        )
        .into_response(),
    }
}

/// Compares in a time that tells nothing of where two keys differ.
fn same(sent: &[u8], key: &[u8]) -> bool {
    sent.len() == key.len() && sent.iter().zip(key).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}
