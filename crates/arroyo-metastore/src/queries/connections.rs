//! Stored connection profiles and tables.

use arroyo_types::{ConnectionProfileId, ConnectionTableId};

use super::{limit, listing, starting_after};
use crate::database::{Arg, Database, Row, to_json};
use crate::{ConnectionProfile, ConnectionTable, Listing, MetastoreError, Page};

/// Users that a refused deletion names.
const NAMED_USERS_MAX: i64 = 5;

fn read_profile(row: &Row) -> Result<ConnectionProfile, MetastoreError> {
    Ok(ConnectionProfile {
        id: row.text("id")?.into(),
        name: row.text("name")?,
        connector: row.text("connector")?,
        config: row.json("config")?,
        created_at: row.int("created_at")?,
    })
}

pub(crate) async fn create_profile(database: &Database, profile: &ConnectionProfile) -> Result<(), MetastoreError> {
    let args = [
        Arg::from(profile.id.as_str()),
        Arg::from(profile.name.as_str()),
        Arg::from(profile.connector.as_str()),
        Arg::from(to_json("config", &profile.config)?),
        Arg::from(profile.created_at),
    ];
    let mut writing = database.begin().await?;
    writing
        .insert(
            "connection profile",
            "Connection profile",
            "INSERT INTO connection_profiles (id, name, connector, config, created_at) VALUES ($1, $2, $3, $4, $5)",
            args,
        )
        .await?;
    writing.commit().await
}

pub(crate) async fn profiles(database: &Database) -> Result<Vec<ConnectionProfile>, MetastoreError> {
    database.rows("SELECT * FROM connection_profiles ORDER BY name", []).await?.iter().map(read_profile).collect()
}

pub(crate) async fn delete_profile(database: &Database, id: &ConnectionProfileId) -> Result<(), MetastoreError> {
    let deletion = Deletion {
        what: "connection profile",
        not_found: "Connection profile",
        users: "SELECT name FROM connection_tables WHERE profile_id = $1 ORDER BY name LIMIT $2",
        user: "connection table",
        delete: "DELETE FROM connection_profiles WHERE id = $1",
    };
    deletion.run(database, id.as_str()).await
}

macro_rules! select_tables {
    ($rest:literal) => {
        concat!(
            "SELECT t.*, (SELECT COUNT(*) FROM pipeline_connection_tables l WHERE l.connection_table_id = t.id) ",
            "AS consumers FROM connection_tables t ",
            $rest
        )
    };
}

fn read_table(row: &Row) -> Result<ConnectionTable, MetastoreError> {
    Ok(ConnectionTable {
        id: row.text("id")?.into(),
        name: row.text("name")?,
        connector: row.text("connector")?,
        profile: row.optional_text("profile_id")?.map(Into::into),
        table_type: row.text("table_type")?,
        config: row.json("config")?,
        schema: row.json("schema")?,
        consumers: row.number("consumers")?,
        created_at: row.int("created_at")?,
    })
}

pub(crate) async fn create_table(database: &Database, table: &ConnectionTable) -> Result<(), MetastoreError> {
    let args = [
        Arg::from(table.id.as_str()),
        Arg::from(table.name.as_str()),
        Arg::from(table.connector.as_str()),
        Arg::from(table.profile.as_ref().map(|profile| profile.0.clone())),
        Arg::from(table.table_type.as_str()),
        Arg::from(to_json("config", &table.config)?),
        Arg::from(to_json("schema", &table.schema)?),
        Arg::from(table.created_at),
    ];
    let mut writing = database.begin().await?;
    writing
        .insert(
            "connection table",
            "Connection profile",
            "INSERT INTO connection_tables (id, name, connector, profile_id, table_type, config, schema, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args,
        )
        .await?;
    writing.commit().await
}

pub(crate) async fn tables(database: &Database, page: &Page) -> Result<Listing<ConnectionTable>, MetastoreError> {
    let sql = select_tables!(
        "WHERE $1 = '' OR (t.created_at, t.id) < (SELECT created_at, id FROM connection_tables WHERE id = $1) \
         ORDER BY t.created_at DESC, t.id DESC LIMIT $2"
    );
    let rows = database.rows(sql, [Arg::from(starting_after(page)), Arg::from(limit(page))]).await?;
    listing(&rows, page, read_table)
}

pub(crate) async fn all_tables(database: &Database) -> Result<Vec<ConnectionTable>, MetastoreError> {
    database.rows(select_tables!("ORDER BY t.name"), []).await?.iter().map(read_table).collect()
}

pub(crate) async fn delete_table(database: &Database, id: &ConnectionTableId) -> Result<(), MetastoreError> {
    let deletion = Deletion {
        what: "connection table",
        not_found: "Connection table",
        users: "SELECT p.name FROM pipelines p JOIN pipeline_connection_tables l ON l.pipeline_id = p.id \
                WHERE l.connection_table_id = $1 ORDER BY p.name LIMIT $2",
        user: "pipeline",
        delete: "DELETE FROM connection_tables WHERE id = $1",
    };
    deletion.run(database, id.as_str()).await
}

/// Deletes something unless it is used.
struct Deletion {
    what: &'static str,
    not_found: &'static str,
    users: &'static str,
    user: &'static str,
    delete: &'static str,
}

impl Deletion {
    async fn run(self, database: &Database, id: &str) -> Result<(), MetastoreError> {
        let mut writing = database.begin().await?;
        let rows = writing.rows(self.users, [Arg::from(id), Arg::from(NAMED_USERS_MAX)]).await?;
        let users = rows
            .iter()
            .map(|row| row.text("name").map(|name| format!("{} `{name}`", self.user)))
            .collect::<Result<Vec<_>, _>>()?;
        if !users.is_empty() {
            return Err(MetastoreError::InUse { what: self.what, user: users.join(", ") });
        }
        match writing.execute(self.delete, [Arg::from(id)]).await {
            Ok(0) => Err(MetastoreError::NotFound { what: self.not_found }),
            Ok(_) => writing.commit().await,
            // Somebody began to use it between the two statements.
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                Err(MetastoreError::InUse { what: self.what, user: format!("a {}", self.user) })
            }
            Err(error) => Err(database.unavailable(&error)),
        }
    }
}
