//! The metastore in a SQLite file: local runs, small clusters, tests.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};

use crate::database::{Database, Pools};
use crate::sql_metastore::SqlMetastore;
use crate::{MetastoreError, migrations, notify};

/// How long a statement waits for a lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Waiting longer than this for a connection is warned of. A busy machine takes two or three seconds without anything being wrong.
const SLOW_ACQUIRE: Duration = Duration::from_secs(10);

/// Connections that read side by side.
const READERS_MAX: u32 = 4;

/// A metastore in SQLite. Changes are announced within this process only.
pub type SqliteMetastore = SqlMetastore<SqliteFile>;

/// What only the SQLite metastore has.
#[derive(Debug)]
pub struct SqliteFile {
    /// `None`: in memory.
    path: Option<PathBuf>,
}

impl SqlMetastore<SqliteFile> {
    /// Opens the database at `path`, or makes it, and brings its tables to this version.
    ///
    /// It uses a write-ahead log and syncs it at each commit, so that what was acknowledged survives the process's and the
    /// machine's end.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, MetastoreError> {
        let path = path.as_ref();
        let options = file_options(path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let writer =
            one_connection().connect_with(options.create_if_missing(true)).await.map_err(|e| unavailable(path, &e))?;
        let reader = pool().max_connections(READERS_MAX).connect_lazy_with(file_options(path).read_only(true));
        Self::with_pools(writer, reader, path.display().to_string(), Some(path.to_path_buf())).await
    }

    /// A database that is gone when it is dropped: for tests.
    pub async fn in_memory() -> Result<Self, MetastoreError> {
        let place = "in memory";
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        let only = one_connection().connect_with(options).await.map_err(|e| unavailable(Path::new(place), &e))?;
        Self::with_pools(only.clone(), only, place.to_string(), None).await
    }

    async fn with_pools(
        writer: SqlitePool,
        reader: SqlitePool,
        place: String,
        path: Option<PathBuf>,
    ) -> Result<Self, MetastoreError> {
        let database = Database { pools: Pools::Sqlite { writer, reader }, place, subscribers: notify::broadcast() };
        migrations::migrate(&database).await?;
        Ok(Self { database, backend: SqliteFile { path } })
    }

    /// Writes a consistent copy to `copy`, which must not exist, while others go on reading and writing.
    pub async fn backup_to(&self, copy: &Path) -> Result<(), MetastoreError> {
        let fails = |error: sqlx::Error| MetastoreError::Unavailable {
            place: self.database.place.clone(),
            reason: format!("no backup could be written to {}: {error}", copy.display()),
        };
        let target = copy.to_str().ok_or_else(|| MetastoreError::Unavailable {
            place: self.database.place.clone(),
            reason: format!("no backup can be written to {}: the path is not UTF-8", copy.display()),
        })?;
        match (&self.backend.path, &self.database.pools) {
            (Some(path), _) => {
                let mut connection = file_options(path).read_only(true).connect().await.map_err(fails)?;
                let copied = vacuum_into(&mut connection, target).await;
                connection.close().await.map_err(fails)?;
                copied.map_err(fails)
            }
            (None, Pools::Sqlite { writer, .. }) => {
                let mut connection = writer.acquire().await.map_err(fails)?;
                vacuum_into(&mut connection, target).await.map_err(fails)
            }
            (None, Pools::Postgres { .. }) => Err(fails(sqlx::Error::PoolClosed)),
        }
    }

    /// Lets SQLite check every page; damage is a `Corrupt`.
    pub async fn integrity_check(&self) -> Result<(), MetastoreError> {
        let rows = self.database.rows("PRAGMA integrity_check", []).await?;
        let mut findings = Vec::new();
        for row in &rows {
            let finding = row.text("integrity_check")?;
            if finding != "ok" {
                findings.push(finding);
            }
        }
        match findings.is_empty() {
            true => Ok(()),
            false => Err(MetastoreError::Corrupt {
                what: "page",
                reason: format!("{}: {}", self.database.place, findings.join("; ")),
            }),
        }
    }
}

fn file_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(BUSY_TIMEOUT)
}

fn one_connection() -> SqlitePoolOptions {
    pool().max_connections(1).idle_timeout(None).max_lifetime(None)
}

fn pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new().test_before_acquire(false).acquire_slow_threshold(SLOW_ACQUIRE)
}

async fn vacuum_into(connection: &mut SqliteConnection, target: &str) -> Result<(), sqlx::Error> {
    sqlx::query("VACUUM INTO $1").bind(target).execute(connection).await.map(|_| ())
}

fn unavailable(path: &Path, error: &sqlx::Error) -> MetastoreError {
    MetastoreError::Unavailable { place: path.display().to_string(), reason: error.to_string() }
}
