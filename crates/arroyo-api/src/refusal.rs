//! The answer to a request that is not served.

use std::collections::BTreeMap;

use arroyo_metastore::MetastoreError;
use arroyo_types::ErrorKind;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa::IntoResponses;
use utoipa::openapi::{self, ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::models::{ErrorBody, SqlDiagnostic};

/// A status and a body of `{"error": …}`.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    diagnostics: Vec<SqlDiagnostic>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), diagnostics: Vec::new() }
    }

    /// 400: the caller must change something.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 409: what is asked for does not fit what is there.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 404.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    /// 400: the query cannot be planned.
    pub(crate) fn query(diagnostics: Vec<SqlDiagnostic>) -> Self {
        let messages: String = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.is_error())
            .map(|diagnostic| format!("\n * {}", diagnostic.message))
            .collect();
        let message = format!("Failed to plan query:{messages}");
        Self { status: StatusCode::BAD_REQUEST, message, diagnostics }
    }

    /// 500: the cause is logged, not shown.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!("request failed: {cause}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed to answer; its log says why")
    }

    /// The controller's answer to a call, as an answer of ours.
    pub(crate) fn controller(status: &tonic::Status) -> Self {
        match status.code() {
            tonic::Code::NotFound => Self::bad_request("Job must be running to read output"),
            _ => {
                tracing::warn!("the controller did not answer: {status}");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "controller not available")
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let diagnostics = (!self.diagnostics.is_empty()).then_some(self.diagnostics);
        (self.status, axum::Json(ErrorBody { error: self.message, diagnostics })).into_response()
    }
}

/// What the document says of every route's refusals.
impl IntoResponses for Refusal {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let described = |description: &str| {
            let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
            ResponseBuilder::new().description(description).content("application/json", body).build().into()
        };
        BTreeMap::from([("4XX".to_string(), described("Refused")), ("5XX".to_string(), described("Failed"))])
    }
}

impl From<MetastoreError> for Refusal {
    fn from(error: MetastoreError) -> Self {
        match &error {
            MetastoreError::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            MetastoreError::Unavailable { .. } => {
                tracing::error!("{error}");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "metadata database not available")
            }
            other if other.kind() == ErrorKind::User => Self::bad_request(error.to_string()),
            MetastoreError::Fenced => Self::new(StatusCode::CONFLICT, error.to_string()),
            _ => Self::internal(&error),
        }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for Refusal {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}
