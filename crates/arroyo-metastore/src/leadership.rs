//! Which of several controllers over one database runs the jobs.
//!
//! In PostgreSQL the leader's session holds an advisory lock: the server gives it to another one as soon as the leader's process has
//! ended, and a while after its machine or its network has. SQLite has one process that controls.
//! Leadership only keeps controllers from working against one another; that no two of them commit the same is up to generations.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::time::sleep;

use crate::database::answered;

/// Between two attempts of a controller that stands by: longer than `LEADER_PAUSE`, so that a server that comes back meets its leader.
const STANDBY_PAUSE: Duration = Duration::from_secs(2);
/// Between two signs of life of the leader.
const LEADER_PAUSE: Duration = Duration::from_millis(500);

/// Takes the lock if it is free. Its second key is made of the schema.
const TRY: &str =
    "SELECT pg_backend_pid()::int8 WHERE pg_try_advisory_lock(1098019705, hashtext(current_schema()::text))";

/// Ends the session $1 if it holds the lock.
const END_HOLDER: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::int8 = 1098019705
       AND objid::int8 = hashtext(current_schema()::text)::int8 & 4294967295 AND pid::int8 = $1";

/// Takes the lock as soon as it is free.
const WAIT: &str = "SELECT pg_backend_pid()::int8 FROM pg_advisory_lock(1098019705, hashtext(current_schema()::text))";

/// The server ends the session of a leader that it has not heard of for so long. Servers before version 14 do not know it.
const PRESUME_DEAD: &str = "SET idle_session_timeout = '10s'";

/// This process leads, as long as it holds this and [`Leadership::lost`] does not return.
#[derive(Debug)]
pub struct Leadership(Option<Seat>);

impl Leadership {
    /// Of a database with one process that controls.
    pub fn unrivalled() -> Self {
        Self(None)
    }

    /// Waits until nobody else leads.
    pub(crate) async fn of_postgres(options: PgConnectOptions) -> Self {
        let mut seat = Seat { options, session: None, last: None };
        let mut waits = false;
        loop {
            match seat.take().await {
                Ok(true) => return Self(Some(seat)),
                Ok(false) if !waits => {
                    waits = true;
                    tracing::info!("another controller runs the jobs of this cluster; standing by");
                }
                Ok(false) => {}
                Err(error) => tracing::warn!("cannot ask who runs the jobs of this cluster, trying again: {error}"),
            }
            sleep(STANDBY_PAUSE).await;
        }
    }

    /// Whether there may be others who want to lead.
    pub fn has_rivals(&self) -> bool {
        self.0.is_some()
    }

    /// Completes when another controller leads. A database that cannot be reached has no other leader: this one goes on.
    pub async fn lost(&mut self) {
        let Some(seat) = &mut self.0 else { return std::future::pending().await };
        loop {
            sleep(LEADER_PAUSE).await;
            match seat.keep().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::debug!("the metadata database does not answer its leader: {error}"),
            }
        }
    }
}

/// The lock, or the wish to have it.
#[derive(Debug)]
struct Seat {
    options: PgConnectOptions,
    session: Option<PgConnection>,
    /// The server's process of the last session, which may not know yet that the connection is gone.
    last: Option<i64>,
}

impl Seat {
    /// Answers whether the lock is ours still.
    async fn keep(&mut self) -> Result<bool, sqlx::Error> {
        let Some(session) = &mut self.session else { return self.take().await };
        let alive = answered(sqlx::query("SELECT 1").execute(session)).await;
        if alive.is_err() {
            self.session = None;
        }
        alive.map(|_| true)
    }

    /// Answers whether the lock was free.
    async fn take(&mut self) -> Result<bool, sqlx::Error> {
        let mut session = answered(PgConnection::connect_with(&self.options)).await?;
        if let Err(error) = answered(sqlx::query(PRESUME_DEAD).execute(&mut session)).await {
            tracing::debug!("dead leaders are found late: {error}");
        }
        let mut taken: Option<i64> = answered(sqlx::query_scalar(TRY).fetch_optional(&mut session)).await?;
        if let (None, Some(last)) = (taken, self.last) {
            let ended: i64 = answered(sqlx::query_scalar(END_HOLDER).bind(last).fetch_one(&mut session)).await?;
            // It was ours, and did not know that its connection is gone.
            if ended > 0 {
                taken = Some(answered(sqlx::query_scalar(WAIT).fetch_one(&mut session)).await?);
            }
        }
        let Some(process) = taken else { return Ok(false) };
        (self.last, self.session) = (Some(process), Some(session));
        Ok(true)
    }
}
