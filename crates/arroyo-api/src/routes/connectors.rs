//! Kinds of tables.

use crate::extract::Json;
use crate::models::{Connector, ConnectorCollection};

/// Lists connectors by name.
#[utoipa::path(
    get,
    path = "/connectors",
    tag = "connections",
    operation_id = "list_connectors",
    responses((status = 200, description = "All connectors", body = ConnectorCollection))
)]
pub(crate) async fn list() -> Json<ConnectorCollection> {
    let mut data: Vec<Connector> =
        arroyo_connectors::connectors().iter().map(|connector| Connector::from(*connector)).collect();
    data.sort_by(|a, b| a.name.cmp(&b.name));
    Json(ConnectorCollection { data })
}
