//! One way to run a statement on either database.
//!
//! Both understand `$1` placeholders, and only three types of column are used (text, 64-bit integer, bytes),
//! so that every query of this crate is written once.

use std::io;
use std::time::Duration;

use sqlx::{Decode, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction, Type};
use tokio::sync::broadcast;

use crate::{Change, MetastoreError};

/// How long PostgreSQL may take for a statement: none of ours takes a second, but a network that swallows everything never answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The answer of a server, or an error if none comes.
pub(crate) async fn answered<T>(call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(ANSWER_TIMEOUT, call).await {
        Ok(answer) => answer,
        Err(_) => {
            let reason = format!("no answer within {} s", ANSWER_TIMEOUT.as_secs());
            Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, reason)))
        }
    }
}

/// A value bound to a placeholder.
#[derive(Debug, Clone)]
pub(crate) enum Arg {
    /// Text or null.
    Text(Option<String>),
    /// An integer or null.
    Int(Option<i64>),
    /// Bytes or null.
    Bytes(Option<Vec<u8>>),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_string()))
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Arg {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Arg {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<u64> for Arg {
    /// Saturates: no counter or duration of ours comes near 2⁶³.
    fn from(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<Option<u64>> for Arg {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Int(None), Self::from)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Int(Some(i64::from(number)))
    }
}

impl From<Option<u32>> for Arg {
    fn from(number: Option<u32>) -> Self {
        Self::Int(number.map(i64::from))
    }
}

impl From<bool> for Arg {
    fn from(flag: bool) -> Self {
        Self::Int(Some(i64::from(flag)))
    }
}

impl From<Option<bool>> for Arg {
    fn from(flag: Option<bool>) -> Self {
        Self::Int(flag.map(i64::from))
    }
}

impl From<&[u8]> for Arg {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl From<Option<Vec<u8>>> for Arg {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}

/// Binds `$args` and runs the statement's `$method` on `$executor`.
macro_rules! run {
    ($database:ty, $executor:expr, $sql:expr, $args:expr, $method:ident) => {{
        let mut query = sqlx::query::<$database>($sql);
        for arg in $args {
            query = match arg {
                Arg::Text(value) => query.bind(value),
                Arg::Int(value) => query.bind(value),
                Arg::Bytes(value) => query.bind(value),
            };
        }
        query.$method($executor).await
    }};
}

/// A row of either database.
#[derive(Debug)]
pub(crate) enum Row {
    /// Of SQLite.
    Sqlite(sqlx::sqlite::SqliteRow),
    /// Of PostgreSQL.
    Postgres(sqlx::postgres::PgRow),
}

impl Row {
    fn get<T>(&self, column: &'static str) -> Result<T, MetastoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|error| MetastoreError::Corrupt { what: column, reason: error.to_string() })
    }

    /// A column of text.
    pub(crate) fn text(&self, column: &'static str) -> Result<String, MetastoreError> {
        self.get(column)
    }

    /// A column of text or null.
    pub(crate) fn optional_text(&self, column: &'static str) -> Result<Option<String>, MetastoreError> {
        self.get(column)
    }

    /// A column of integers.
    pub(crate) fn int(&self, column: &'static str) -> Result<i64, MetastoreError> {
        self.get(column)
    }

    /// A column of integers or null.
    pub(crate) fn optional_int(&self, column: &'static str) -> Result<Option<i64>, MetastoreError> {
        self.get(column)
    }

    /// A column of integers from 0, as a narrower type.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, MetastoreError> {
        narrow(column, self.int(column)?)
    }

    /// A column of integers from 0 or null, as a narrower type.
    pub(crate) fn optional_number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<Option<T>, MetastoreError> {
        self.optional_int(column)?.map(|number| narrow(column, number)).transpose()
    }

    /// A column of flags.
    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, MetastoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A column of bytes.
    pub(crate) fn bytes(&self, column: &'static str) -> Result<Vec<u8>, MetastoreError> {
        self.get(column)
    }

    /// A column of JSON text.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, MetastoreError> {
        parse_json(column, &self.text(column)?)
    }

    /// A column of JSON text or null.
    pub(crate) fn optional_json<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, MetastoreError> {
        self.optional_text(column)?.map(|text| parse_json(column, &text)).transpose()
    }

    /// A column of names of an enum's values.
    pub(crate) fn named<T>(&self, column: &'static str) -> Result<T, MetastoreError>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        self.text(column)?
            .parse()
            .map_err(|error: T::Err| MetastoreError::Corrupt { what: column, reason: error.to_string() })
    }
}

fn narrow<T: TryFrom<i64>>(column: &'static str, number: i64) -> Result<T, MetastoreError> {
    T::try_from(number)
        .map_err(|_| MetastoreError::Corrupt { what: column, reason: format!("{number} is out of range") })
}

fn parse_json<T: serde::de::DeserializeOwned>(column: &'static str, text: &str) -> Result<T, MetastoreError> {
    serde_json::from_str(text).map_err(|error| MetastoreError::Corrupt { what: column, reason: error.to_string() })
}

/// A structure as JSON text for a column.
pub(crate) fn to_json<T: serde::Serialize>(column: &'static str, value: &T) -> Result<String, MetastoreError> {
    serde_json::to_string(value)
        .map_err(|error| MetastoreError::Corrupt { what: column, reason: format!("cannot be written: {error}") })
}

/// The connections to one database.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    /// One connection writes, so that writers queue here and not at SQLite's lock; others read.
    Sqlite { writer: SqlitePool, reader: SqlitePool },
    /// PostgreSQL orders writers itself; changes are announced on its `channel`.
    Postgres { pool: PgPool, channel: String },
}

/// A database and those who want to know what changes in it.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) pools: Pools,
    /// Named in errors: a path, or host, port and name.
    pub(crate) place: String,
    /// Subscribers within this process.
    pub(crate) subscribers: broadcast::Sender<Change>,
}

impl Database {
    /// Wraps an error of the database itself.
    pub(crate) fn unavailable(&self, error: &sqlx::Error) -> MetastoreError {
        MetastoreError::Unavailable { place: self.place.clone(), reason: error.to_string() }
    }

    /// Reads rows outside of a transaction.
    pub(crate) async fn rows(
        &self,
        sql: &'static str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Result<Vec<Row>, MetastoreError> {
        match &self.pools {
            Pools::Sqlite { reader, .. } => run!(Sqlite, reader, sql, args, fetch_all).map(sqlite_rows),
            Pools::Postgres { pool, .. } => {
                answered(async { run!(Postgres, pool, sql, args, fetch_all) }).await.map(postgres_rows)
            }
        }
        .map_err(|error| self.unavailable(&error))
    }

    /// Reads one row outside of a transaction; no row is a `NotFound` of `what`.
    pub(crate) async fn row(
        &self,
        what: &'static str,
        sql: &'static str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Result<Row, MetastoreError> {
        self.rows(sql, args).await?.into_iter().next().ok_or(MetastoreError::NotFound { what })
    }

    /// Begins a transaction that may write. Dropping it undoes it.
    pub(crate) async fn begin(&self) -> Result<Writing<'_>, MetastoreError> {
        let handle = match &self.pools {
            Pools::Sqlite { writer, .. } => begin_sqlite(writer).await.map(Handle::Sqlite),
            Pools::Postgres { pool, channel } => answered(pool.begin()).await.map(|tx| Handle::Postgres(tx, channel)),
        }
        .map_err(|error| self.unavailable(&error))?;
        Ok(Writing { database: self, handle, changes: Vec::new() })
    }

    /// Closes every connection; SQLite then merges its log into the file.
    pub(crate) async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// Begins a transaction that writes. After some errors, such as a full disk, SQLite undoes a transaction by itself, of which its
/// connection does not know: it is replaced.
async fn begin_sqlite(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    match writer.begin_with("BEGIN IMMEDIATE").await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            if let Err(error) = writer.acquire().await?.close().await {
                tracing::debug!("a broken connection was not closed properly: {error}");
            }
            writer.begin_with("BEGIN IMMEDIATE").await
        }
        begun => begun,
    }
}

fn sqlite_rows(rows: Vec<sqlx::sqlite::SqliteRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Sqlite).collect()
}

fn postgres_rows(rows: Vec<sqlx::postgres::PgRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Postgres).collect()
}

#[derive(Debug)]
enum Handle<'a> {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>, &'a str),
}

/// A transaction that may write, and the changes that are announced when it commits.
#[derive(Debug)]
pub(crate) struct Writing<'a> {
    database: &'a Database,
    handle: Handle<'a>,
    changes: Vec<Change>,
}

impl Writing<'_> {
    /// Runs a statement and returns the number of rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Result<u64, sqlx::Error> {
        match &mut self.handle {
            Handle::Sqlite(tx) => run!(Sqlite, &mut **tx, sql, args, execute).map(|done| done.rows_affected()),
            Handle::Postgres(tx, _) => {
                let done = answered(async { run!(Postgres, &mut **tx, sql, args, execute) }).await;
                done.map(|done| done.rows_affected())
            }
        }
    }

    /// As [`Writing::execute`], for statements whose only failure is that of the database.
    pub(crate) async fn write(
        &mut self,
        sql: &'static str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Result<u64, MetastoreError> {
        let database = self.database;
        self.execute(sql, args).await.map_err(|error| database.unavailable(&error))
    }

    /// Inserts a row; a taken id or name is a `Duplicate` of `what`, a missing parent a `NotFound` of `parent`.
    pub(crate) async fn insert(
        &mut self,
        what: &'static str,
        parent: &'static str,
        sql: &'static str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Result<(), MetastoreError> {
        let database = self.database;
        match self.execute(sql, args).await {
            Ok(_) => Ok(()),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(MetastoreError::Duplicate { what }),
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                Err(MetastoreError::NotFound { what: parent })
            }
            Err(error) => Err(database.unavailable(&error)),
        }
    }

    /// Reads rows within the transaction.
    pub(crate) async fn rows(
        &mut self,
        sql: &'static str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Result<Vec<Row>, MetastoreError> {
        let database = self.database;
        match &mut self.handle {
            Handle::Sqlite(tx) => run!(Sqlite, &mut **tx, sql, args, fetch_all).map(sqlite_rows),
            Handle::Postgres(tx, _) => {
                answered(async { run!(Postgres, &mut **tx, sql, args, fetch_all) }).await.map(postgres_rows)
            }
        }
        .map_err(|error| database.unavailable(&error))
    }

    /// Runs statements separated by semicolons (migrations).
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<(), MetastoreError> {
        let database = self.database;
        match &mut self.handle {
            Handle::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ()),
            Handle::Postgres(tx, _) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ()),
        }
        .map_err(|error| database.unavailable(&error))
    }

    /// Tells subscribers when the transaction commits.
    pub(crate) fn announce(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Makes everything durable, then tells subscribers.
    pub(crate) async fn commit(self) -> Result<(), MetastoreError> {
        let Self { database, handle, changes } = self;
        let committed = match handle {
            Handle::Sqlite(tx) => {
                let committed = tx.commit().await;
                if committed.is_ok() {
                    for change in changes {
                        // Nobody listening is no failure.
                        let _ = database.subscribers.send(change);
                    }
                }
                committed
            }
            Handle::Postgres(mut tx, channel) => {
                for change in &changes {
                    let args = [Arg::from(channel), Arg::from(to_json("change", change)?)];
                    answered(async { run!(Postgres, &mut *tx, "SELECT pg_notify($1, $2)", args, execute) })
                        .await
                        .map_err(|error| database.unavailable(&error))?;
                }
                answered(tx.commit()).await
            }
        };
        committed.map_err(|error| database.unavailable(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SqliteMetastore;

    #[tokio::test]
    async fn a_database_of_a_newer_release_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.sqlite");
        let store = SqliteMetastore::open(&path).await.unwrap();
        let mut writing = store.database.begin().await.unwrap();
        writing.write("INSERT INTO schema_version (version) VALUES (99)", []).await.unwrap();
        writing.commit().await.unwrap();
        store.close().await;
        let refused = SqliteMetastore::open(&path).await.unwrap_err();
        assert!(matches!(refused, MetastoreError::Newer { found: 99, .. }), "{refused}");
    }

    #[tokio::test]
    async fn a_full_disk_is_outlasted() {
        const LONG_ROW: &str = "INSERT INTO filler (content) VALUES (hex(zeroblob(1000000)))";
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteMetastore::open(dir.path().join("state.sqlite")).await.unwrap();
        let Pools::Sqlite { writer, .. } = &store.database.pools else { panic!("it is SQLite") };
        sqlx::query("CREATE TABLE filler (content TEXT)").execute(writer).await.unwrap();
        // What this connection finds is a full disk.
        sqlx::query("PRAGMA max_page_count = 1").execute(writer).await.unwrap();
        for _ in 0..3 {
            let mut writing = store.database.begin().await.unwrap();
            if let Err(error) = writing.write(LONG_ROW, []).await {
                assert!(error.to_string().contains("full"), "{error}");
            }
        }
        let mut writing = store.database.begin().await.unwrap();
        writing.write("INSERT INTO filler (content) VALUES ('short')", []).await.unwrap();
        writing.commit().await.unwrap();
        assert_eq!(store.database.rows("SELECT * FROM filler", []).await.unwrap().len(), 1);
    }
}
