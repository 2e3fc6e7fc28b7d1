//! Whether the API answers.

use crate::extract::Json;

/// Answers `Pong`.
#[utoipa::path(get, path = "/ping", tag = "ping", responses((status = 200, description = "Pong", body = String, content_type = "application/json")))]
pub(crate) async fn ping() -> Json<String> {
    Json("Pong".into())
}
