//! Options that tables of a connector share.

use std::collections::BTreeMap;

use arroyo_metastore as store;
use arroyo_types::ConnectionProfileId;
use axum::extract::State;

use crate::extract::{Json, Path};
use crate::models::{
    ConnectionAutocomplete, ConnectionProfile, ConnectionProfileCollection, ConnectionProfilePost, TestSourceMessage,
};
use crate::refusal::Refusal;
use crate::services::AppState;

/// Lists connection profiles by name.
#[utoipa::path(
    get,
    path = "/connection_profiles",
    tag = "connections",
    operation_id = "list_connection_profiles",
    responses(
        (status = 200, description = "All connection profiles", body = ConnectionProfileCollection),
        Refusal
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Json<ConnectionProfileCollection>, Refusal> {
    let profiles = state.metastore().connection_profiles().await?;
    Ok(Json(ConnectionProfileCollection { data: profiles.iter().map(Into::into).collect() }))
}

/// Creates a connection profile.
#[utoipa::path(
    post,
    path = "/connection_profiles",
    tag = "connections",
    operation_id = "create_connection_profile",
    request_body = ConnectionProfilePost,
    responses(
        (status = 200, description = "The connection profile", body = ConnectionProfile),
        Refusal
    )
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Json(post): Json<ConnectionProfilePost>,
) -> Result<Json<ConnectionProfile>, Refusal> {
    let profile = checked(post, state.now())?;
    state.metastore().create_connection_profile(&profile).await?;
    Ok(Json((&profile).into()))
}

/// Tests a connection profile without storing it.
#[utoipa::path(
    post,
    path = "/connection_profiles/test",
    tag = "connections",
    operation_id = "test_connection_profile",
    request_body = ConnectionProfilePost,
    responses(
        (status = 200, description = "What the test found", body = TestSourceMessage),
        Refusal
    )
)]
pub(crate) async fn test(
    State(state): State<AppState>,
    Json(post): Json<ConnectionProfilePost>,
) -> Result<Json<TestSourceMessage>, Refusal> {
    checked(post, state.now())?;
    Ok(Json(TestSourceMessage::unsupported()))
}

/// Deletes a connection profile that no table uses.
#[utoipa::path(
    delete,
    path = "/connection_profiles/{id}",
    tag = "connections",
    operation_id = "delete_connection_profile",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "Deleted"),
        Refusal
    )
)]
pub(crate) async fn delete(State(state): State<AppState>, Path(id): Path<String>) -> Result<(), Refusal> {
    Ok(state.metastore().delete_connection_profile(&id.into()).await?)
}

/// Values that options of a profile can take, for suggestions; connectors that know none answer with nothing.
#[utoipa::path(
    get,
    path = "/connection_profiles/{id}/autocomplete",
    tag = "connections",
    operation_id = "get_connection_profile_autocomplete",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "Values by option", body = ConnectionAutocomplete),
        Refusal
    )
)]
pub(crate) async fn autocomplete(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<ConnectionAutocomplete>, Refusal> {
    let profiles = state.metastore().connection_profiles().await?;
    match profiles.iter().any(|profile| profile.id.0 == id) {
        true => Ok(Json(ConnectionAutocomplete { values: BTreeMap::new() })),
        false => Err(Refusal::not_found("Connection profile")),
    }
}

fn checked(post: ConnectionProfilePost, now: i64) -> Result<store::ConnectionProfile, Refusal> {
    if post.name.trim().is_empty() {
        return Err(Refusal::bad_request("the connection profile needs a name"));
    }
    if !post.config.is_object() {
        return Err(Refusal::bad_request("`config` must be an object"));
    }
    if arroyo_connectors::connector(&post.connector).is_none() {
        return Err(Refusal::bad_request(format!("Unknown connector '{}'", post.connector)));
    }
    Ok(store::ConnectionProfile {
        id: ConnectionProfileId::random(),
        name: post.name,
        connector: post.connector,
        config: post.config,
        created_at: now,
    })
}
