//! Stored user functions: there are none in this build.

use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::models::Udf;

/// Stored user functions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UdfCollection {
    /// The functions.
    data: Vec<Udf>,
}

/// Lists user functions.
#[utoipa::path(
    get,
    path = "/udfs",
    tag = "udfs",
    operation_id = "list_udfs",
    responses((status = 200, description = "All user functions", body = UdfCollection))
)]
pub(crate) async fn list() -> Json<UdfCollection> {
    Json(UdfCollection { data: Vec::new() })
}
