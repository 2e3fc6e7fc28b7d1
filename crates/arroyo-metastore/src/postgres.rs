//! The metastore in PostgreSQL: clusters whose controller and API are separate processes.

use std::time::Duration;

use arroyo_config::Secret;
use arroyo_runtime::{Guard, TaskKind};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions, PgSslMode};
use sqlx::{Connection, PgConnection};
use tokio::sync::broadcast;

use crate::database::{Database, Pools};
use crate::sql_metastore::SqlMetastore;
use crate::{Change, MetastoreError, migrations, notify};

/// Connections of one process.
const CONNECTIONS_MAX: u32 = 16;

/// Between two attempts to reach a server that is down.
const RECONNECT_DELAY: Duration = Duration::from_millis(500);

/// How long a call waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// A metastore in PostgreSQL. Changes are announced to every process that is connected.
pub type PostgresMetastore = SqlMetastore<PostgresServer>;

/// What only the PostgreSQL metastore has: nothing.
#[derive(Debug)]
pub struct PostgresServer;

/// Where the PostgreSQL database is.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// The server's host.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// Who connects.
    pub user: String,
    /// The user's password.
    pub password: Secret,
    /// The database's name.
    pub database: String,
    /// The schema that holds the tables; made by [`PostgresMetastore::migrate`] if missing.
    pub schema: String,
}

impl PostgresOptions {
    /// The options that the configuration names.
    ///
    /// This build speaks to PostgreSQL without TLS: a configuration that wants it is refused rather than ignored.
    pub fn from_config(config: &arroyo_config::Postgres) -> Result<Self, MetastoreError> {
        let options = Self {
            host: config.host.clone(),
            port: config.port,
            user: config.user.clone(),
            password: config.password.clone(),
            database: config.database_name.clone(),
            schema: config.schema.clone(),
        };
        match config.tls.mode {
            arroyo_config::PostgresTlsMode::NoTls => Ok(options),
            _ => Err(MetastoreError::Unavailable {
                place: options.place(),
                reason: "this build has no TLS for PostgreSQL: set `database.postgres.tls.mode` to `no-tls`".into(),
            }),
        }
    }

    fn place(&self) -> String {
        format!("postgres://{}:{}/{}, schema {}", self.host, self.port, self.database, self.schema)
    }

    fn unavailable(&self, error: &sqlx::Error) -> MetastoreError {
        MetastoreError::Unavailable { place: self.place(), reason: error.to_string() }
    }

    /// The channel of notifications, one per schema.
    fn channel(&self) -> String {
        format!("arroyo_{}", self.schema)
    }

    fn connect_options(&self) -> Result<PgConnectOptions, MetastoreError> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if self.schema.is_empty() || !self.schema.chars().all(is_name) {
            return Err(MetastoreError::Unavailable {
                place: self.place(),
                reason: "the schema's name may have only letters, digits and underscores".into(),
            });
        }
        Ok(PgConnectOptions::new_without_pgpass()
            .host(&self.host)
            .port(self.port)
            .username(&self.user)
            .password(self.password.expose())
            .database(&self.database)
            .ssl_mode(PgSslMode::Disable)
            .application_name("arroyo")
            .options([("search_path", format!("\"{}\"", self.schema))]))
    }

    async fn database(&self) -> Result<Database, MetastoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(self.connect_options()?)
            .await
            .map_err(|error| self.unavailable(&error))?;
        let pools = Pools::Postgres { pool, channel: self.channel() };
        Ok(Database { pools, place: self.place(), subscribers: notify::broadcast() })
    }
}

impl SqlMetastore<PostgresServer> {
    /// Connects to a database that [`PostgresMetastore::migrate`] has prepared.
    ///
    /// A task of `guard` listens for the changes of every process; it reconnects by itself.
    pub async fn connect(options: &PostgresOptions, guard: &Guard) -> Result<Self, MetastoreError> {
        let database = options.database().await?;
        migrations::check(&database).await?;
        let Pools::Postgres { pool, channel } = &database.pools else {
            return Err(options.unavailable(&sqlx::Error::PoolClosed));
        };
        let mut listener = PgListener::connect_with(pool).await.map_err(|error| options.unavailable(&error))?;
        listener.listen(channel).await.map_err(|error| options.unavailable(&error))?;
        let subscribers = database.subscribers.clone();
        guard.spawn("listen for changes", TaskKind::BACKGROUND, async move {
            forward(listener, subscribers).await;
            Ok::<_, MetastoreError>(())
        });
        Ok(Self { database, backend: PostgresServer })
    }

    /// Makes the schema and its tables, or brings them to this version; waits up to `wait` for the server to come up.
    pub async fn migrate(options: &PostgresOptions, wait: Duration) -> Result<(), MetastoreError> {
        let started = tokio::time::Instant::now();
        let connect_options = options.connect_options()?;
        let mut connection = loop {
            match PgConnection::connect_with(&connect_options).await {
                Ok(connection) => break connection,
                // The server is up and says no: waiting will not help.
                Err(error @ sqlx::Error::Database(_)) if !is_starting_up(&error) => {
                    return Err(options.unavailable(&error));
                }
                Err(error) if started.elapsed() >= wait => return Err(options.unavailable(&error)),
                Err(_) => tokio::time::sleep(RECONNECT_DELAY.min(wait)).await,
            }
        };
        let schema = format!("CREATE SCHEMA IF NOT EXISTS \"{}\"", options.schema);
        let created = sqlx::raw_sql(sqlx::AssertSqlSafe(schema)).execute(&mut connection).await;
        connection.close().await.map_err(|error| options.unavailable(&error))?;
        match created {
            Ok(_) => {}
            // Two processes make it at the same moment, or it exists and the user may not make schemas.
            Err(error @ sqlx::Error::Database(_)) => tracing::debug!("schema {} not made: {error}", options.schema),
            Err(error) => return Err(options.unavailable(&error)),
        }
        let database = options.database().await?;
        let migrated = migrations::migrate(&database).await;
        database.close().await;
        migrated
    }
}

/// `cannot_connect_now`: the server is starting.
fn is_starting_up(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("57P03"))
}

/// Feeds the server's notifications to this process's subscribers, until the pool is closed.
async fn forward(mut listener: PgListener, subscribers: broadcast::Sender<Change>) {
    loop {
        let change = match listener.try_recv().await {
            Ok(Some(notification)) => match serde_json::from_str(notification.payload()) {
                Ok(change) => change,
                // A process of a newer version announces what this one does not know.
                Err(error) => {
                    tracing::warn!("notification not understood, reading everything again: {error}");
                    Change::Everything
                }
            },
            // The connection was lost and restored: notifications between may be lost.
            Ok(None) => Change::Everything,
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => {
                tracing::warn!("no notifications from the metadata database, trying again: {error}");
                tokio::time::sleep(RECONNECT_DELAY).await;
                Change::Everything
            }
        };
        // Nobody listening is no failure.
        let _ = subscribers.send(change);
    }
}
