//! Brings a database to this version's tables, in one transaction.

use crate::MetastoreError;
use crate::database::{Arg, Database, Pools, Writing};

/// One step: what its file in `migrations/` says for either database. Steps are never changed after a release.
struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $file:literal) => {
        Migration {
            version: $version,
            sqlite: include_str!(concat!("../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../migrations/postgres/", $file)),
        }
    };
}

const MIGRATIONS: &[Migration] =
    &[migration!(1, "0001_initial.sql"), migration!(2, "0002_removals.sql"), migration!(3, "0003_late_rows.sql")];

/// Any number will do, as long as nothing else in the database uses it: migrating processes wait for one another.
const POSTGRES_LOCK: i64 = 0x6172_726f_796f;

/// Runs the steps that the database lacks. A database of a newer version is refused.
pub(crate) async fn migrate(database: &Database) -> Result<(), MetastoreError> {
    if current_version(database).await? == newest() {
        return Ok(());
    }
    let mut writing = database.begin().await?;
    if matches!(database.pools, Pools::Postgres { .. }) {
        writing.write("SELECT pg_advisory_xact_lock($1)", [Arg::from(POSTGRES_LOCK)]).await?;
    }
    writing.write("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)", []).await?;
    let current = version_in(&mut writing).await?;
    refuse_newer(database, current)?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > current) {
        writing
            .script(match database.pools {
                Pools::Sqlite { .. } => migration.sqlite,
                Pools::Postgres { .. } => migration.postgres,
            })
            .await?;
        writing.write("INSERT INTO schema_version (version) VALUES ($1)", [Arg::from(migration.version)]).await?;
    }
    writing.commit().await
}

/// Checks without writing that the database has this version's tables.
pub(crate) async fn check(database: &Database) -> Result<(), MetastoreError> {
    let current = current_version(database).await?;
    if current < newest() {
        return Err(MetastoreError::Unavailable {
            place: database.place.clone(),
            reason: format!(
                "its tables are of version {current}, this release needs {}: run `arroyo migrate` first",
                newest()
            ),
        });
    }
    refuse_newer(database, current)
}

fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

fn refuse_newer(database: &Database, current: i64) -> Result<(), MetastoreError> {
    if current <= newest() {
        return Ok(());
    }
    Err(MetastoreError::Newer { place: database.place.clone(), found: current, known: newest() })
}

/// The version of the tables, 0 for an empty database.
async fn current_version(database: &Database) -> Result<i64, MetastoreError> {
    let exists = match database.pools {
        Pools::Sqlite { .. } => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
        Pools::Postgres { .. } => {
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'"
        }
    };
    if database.rows(exists, []).await?.is_empty() {
        return Ok(0);
    }
    database.row("schema version", VERSION, []).await?.int("version")
}

async fn version_in(writing: &mut Writing<'_>) -> Result<i64, MetastoreError> {
    match writing.rows(VERSION, []).await?.first() {
        Some(row) => row.int("version"),
        None => Ok(0),
    }
}

const VERSION: &str = "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version";
