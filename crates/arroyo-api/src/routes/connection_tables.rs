//! Tables outside of any script.

use std::convert::Infallible;

use arroyo_metastore as store;
use arroyo_types::ConnectionTableId;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures::Stream;
use serde_json::Value;

use crate::extract::{Json, Path, Query};
use crate::models::{
    ConnectionSchema, ConnectionTable, ConnectionTableCollection, ConnectionTablePost, Pagination, TestSourceMessage,
    map_listing,
};
use crate::planning;
use crate::refusal::Refusal;
use crate::services::AppState;

/// Lists connection tables, newest first.
#[utoipa::path(
    get,
    path = "/connection_tables",
    tag = "connections",
    operation_id = "list_connection_tables",
    params(Pagination),
    responses(
        (status = 200, description = "A part of all connection tables", body = ConnectionTableCollection),
        Refusal
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(pagination): Query<Pagination>,
) -> Result<Json<ConnectionTableCollection>, Refusal> {
    let listing = state.metastore().connection_tables(&pagination.page()?).await?;
    let profiles = state.metastore().connection_profiles().await?;
    let (data, has_more) = map_listing(&listing, |table| ConnectionTable::new(table, &profiles));
    Ok(Json(ConnectionTableCollection { data, has_more }))
}

/// Creates a connection table.
#[utoipa::path(
    post,
    path = "/connection_tables",
    tag = "connections",
    operation_id = "create_connection_table",
    request_body = ConnectionTablePost,
    responses(
        (status = 200, description = "The connection table", body = ConnectionTable),
        Refusal
    )
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Json(post): Json<ConnectionTablePost>,
) -> Result<Json<ConnectionTable>, Refusal> {
    let profiles = state.metastore().connection_profiles().await?;
    // Queries find tables in any case of letters.
    let known = state.metastore().all_connection_tables().await?;
    if known.iter().any(|table| table.name.to_lowercase() == post.name.to_lowercase()) {
        return Err(Refusal::bad_request("a connection table with that name already exists"));
    }
    let table = checked(post, &profiles, state.now())?;
    state.metastore().create_connection_table(&table).await?;
    Ok(Json(ConnectionTable::new(&table, &profiles)))
}

/// Tests a connection table without storing it; answers with a stream of `TestSourceMessage`s.
#[utoipa::path(
    post,
    path = "/connection_tables/test",
    tag = "connections",
    operation_id = "test_connection_table",
    request_body = ConnectionTablePost,
    responses(
        (status = 200, description = "Events of TestSourceMessage", content_type = "text/event-stream", body = String),
        Refusal
    )
)]
pub(crate) async fn test(
    State(state): State<AppState>,
    Json(post): Json<ConnectionTablePost>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    checked(post, &state.metastore().connection_profiles().await?, state.now())?;
    let event =
        Event::default().json_data(TestSourceMessage::unsupported()).map_err(|error| Refusal::internal(&error))?;
    Ok(Sse::new(futures::stream::iter([Ok(event)])))
}

/// Checks a schema.
#[utoipa::path(
    post,
    path = "/connection_tables/schemas/test",
    tag = "connections",
    operation_id = "test_schema",
    request_body = ConnectionSchema,
    responses(
        (status = 200, description = "The schema is valid"),
        Refusal
    )
)]
pub(crate) async fn test_schema(Json(schema): Json<ConnectionSchema>) -> Result<(), Refusal> {
    schema.validate().map(|_| ()).map_err(Refusal::bad_request)
}

/// Deletes a connection table that no pipeline uses.
#[utoipa::path(
    delete,
    path = "/connection_tables/{id}",
    tag = "connections",
    operation_id = "delete_connection_table",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "Deleted"),
        Refusal
    )
)]
pub(crate) async fn delete(State(state): State<AppState>, Path(id): Path<String>) -> Result<(), Refusal> {
    Ok(state.metastore().delete_connection_table(&id.into()).await?)
}

fn checked(
    post: ConnectionTablePost,
    profiles: &[store::ConnectionProfile],
    now: i64,
) -> Result<store::ConnectionTable, Refusal> {
    if post.name.trim().is_empty() {
        return Err(Refusal::bad_request("the connection table needs a name"));
    }
    let Value::Object(config) = &post.config else {
        return Err(Refusal::bad_request("`config` must be an object"));
    };
    let connector = arroyo_connectors::connector(&post.connector)
        .ok_or_else(|| Refusal::bad_request(format!("Unknown connector '{}'", post.connector)))?;
    let profile = match &post.connection_profile_id {
        None => None,
        Some(id) => {
            let profile = profiles.iter().find(|profile| profile.id.0 == *id);
            Some(profile.ok_or_else(|| Refusal::bad_request("Connection profile not found"))?)
        }
    };
    if let Some(profile) = profile.filter(|profile| profile.connector != post.connector) {
        return Err(Refusal::bad_request(format!(
            "the connection profile is for the connector '{}', the table for '{}'",
            profile.connector, post.connector
        )));
    }
    let declared = config.get("table_type").unwrap_or(&post.config).get("type").and_then(Value::as_str);
    let description = connector.description();
    let table_type = match declared {
        Some(kind @ ("source" | "sink" | "lookup")) => kind,
        Some(other) => {
            return Err(Refusal::bad_request(format!("`type` must be source, sink or lookup, not `{other}`")));
        }
        None if description.source => "source",
        None if description.lookup && !description.sink => "lookup",
        None => "sink",
    };
    let schema = post.schema.unwrap_or_default().validate().map_err(Refusal::bad_request)?;
    let table = store::ConnectionTable {
        id: ConnectionTableId::random(),
        name: post.name,
        connector: post.connector,
        profile: profile.map(|profile| profile.id.clone()),
        table_type: table_type.into(),
        schema: schema.to_json().map_err(Refusal::bad_request)?,
        config: post.config,
        consumers: 0,
        created_at: now,
    };
    let columns = planning::check_table(&table, profiles).map_err(Refusal::bad_request)?;
    let schema = schema.with_columns(&columns).to_json().map_err(Refusal::bad_request)?;
    Ok(store::ConnectionTable { schema, ..table })
}
