//! PostgreSQL: a server of this test binary's own, a schema per test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use arroyo_config::Secret;
use arroyo_metastore::{Change, Metastore, MetastoreError, PipelineUpdate, PostgresMetastore, PostgresOptions};
use arroyo_runtime::Shutdown;

use crate::records::pipeline;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services/postgres");

/// Ends when its standard input is closed, so with this process at the latest.
struct Server {
    _process: Child,
    options: PostgresOptions,
}

fn server() -> &'static PostgresOptions {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let mut process = Command::new(SCRIPT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/services/postgres can be run");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
        let mut value = |key: &str| {
            let line = lines.next().expect("the server starts").expect("its output is text");
            line.strip_prefix(key).expect("keys come in order").to_string()
        };
        let options = PostgresOptions {
            host: value("host="),
            port: value("port=").parse().expect("a port"),
            user: value("user="),
            password: Secret::new(value("password=")),
            database: value("dbname="),
            schema: "public".into(),
        };
        Server { _process: process, options }
    });
    &server.options
}

fn options(schema: &str) -> PostgresOptions {
    PostgresOptions { schema: schema.to_string(), ..server().clone() }
}

async fn new(test: &str) -> (PostgresMetastore, Shutdown) {
    let options = options(test);
    PostgresMetastore::migrate(&options, Duration::ZERO).await.unwrap();
    let shutdown = Shutdown::new(test);
    (PostgresMetastore::connect(&options, &shutdown.guard()).await.unwrap(), shutdown)
}

crate::conformance::conformance!(new);

#[tokio::test]
async fn processes_that_migrate_at_once_wait_for_one_another() {
    let options = options("migrated_at_once");
    let migrations = (0..4).map(|_| PostgresMetastore::migrate(&options, Duration::from_secs(5)));
    for migrated in futures::future::join_all(migrations).await {
        migrated.unwrap();
    }
    let shutdown = Shutdown::new("test");
    PostgresMetastore::connect(&options, &shutdown.guard()).await.unwrap().ping().await.unwrap();
}

#[tokio::test]
async fn a_database_without_tables_says_what_to_do() {
    let shutdown = Shutdown::new("test");
    let error = PostgresMetastore::connect(&options("never_migrated"), &shutdown.guard()).await.unwrap_err();
    assert!(error.to_string().contains("run `arroyo migrate` first"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_down_is_named_without_the_password() {
    let options = PostgresOptions {
        port: 1,
        password: Secret::new("swordfish"),
        host: "127.0.0.1".into(),
        user: "arroyo".into(),
        database: "arroyo".into(),
        schema: "public".into(),
    };
    let error = PostgresMetastore::migrate(&options, Duration::ZERO).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("the metadata database postgres://127.0.0.1:1/arroyo, schema public cannot be"), "{text}");
    assert!(!format!("{error:?} {options:?}").contains("swordfish"));
    let odd = PostgresOptions { schema: "a\"; DROP".into(), ..options };
    let error = PostgresMetastore::migrate(&odd, Duration::ZERO).await.unwrap_err();
    assert!(error.to_string().contains("only letters, digits and underscores"), "{error}");
}

#[tokio::test]
async fn changes_reach_other_processes_also_after_a_lost_connection() {
    let (here, _shutdown) = new("across_processes").await;
    let (there, _held) = new("across_processes").await;
    let mut changes = there.subscribe().await.unwrap();
    let (stored, job) = pipeline("p", 1);
    here.create_pipeline(&stored, &job).await.unwrap();
    assert_eq!(changes.next().await, Some(Change::Pipeline(stored.id.clone())));
    assert_eq!(changes.next().await, Some(Change::Job(job.id.clone())));

    terminate_listeners("arroyo_across_processes").await;
    assert_eq!(changes.next().await, Some(Change::Everything));
    // Pooled connections that were cut may fail once; what is announced after the next success arrives.
    let updated = here.update_pipeline(&stored.id, &PipelineUpdate::default(), 2).await;
    assert!(!matches!(updated, Err(MetastoreError::NotFound { .. })));
    loop {
        match changes.next().await {
            Some(Change::Everything) => {}
            change => break assert_eq!(change, Some(Change::Pipeline(stored.id))),
        }
    }
}

#[tokio::test]
async fn of_several_processes_one_leads_until_it_ends() {
    let (first, _shutdown) = new("leaders").await;
    let (second, _held) = new("leaders").await;
    let leader = first.lead().await;
    assert!(leader.has_rivals());
    let mut waiting = std::pin::pin!(second.lead());
    assert!(tokio::time::timeout(Duration::from_millis(500), &mut waiting).await.is_err());
    // Another schema is another cluster.
    let (other, _apart) = new("other_leaders").await;
    tokio::time::timeout(PATIENCE, other.lead()).await.unwrap();
    drop(leader);
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

#[tokio::test]
async fn a_leader_whose_session_ends_goes_on_unless_another_one_was_faster() {
    let (store, _shutdown) = new("ended_sessions").await;
    let mut leadership = store.lead().await;
    let mut admin = connect().await;
    let before = holder(&mut admin).await.unwrap();
    end(&mut admin, before).await;
    let again = async {
        // Nobody announces it.
        while holder(&mut admin).await.is_none_or(|now| now == before) {}
    };
    // One future to the end: a new session is lost with the future that makes it.
    let mut lost = std::pin::pin!(leadership.lost());
    tokio::select! {
        () = &mut lost => panic!("nobody else leads"),
        again = tokio::time::timeout(PATIENCE, again) => again.unwrap(),
    }
    let now = holder(&mut admin).await.unwrap();
    let mut rival = connect().await;
    let mut taken = std::pin::pin!(sqlx::raw_sql(TAKE).execute(&mut rival));
    assert!(futures::poll!(&mut taken).is_pending());
    let taken = async {
        // It has to wait in the server before the lock is free.
        while count(&mut admin, WAITING).await == 0 {
            let _ = futures::poll!(&mut taken);
        }
        end(&mut admin, now).await;
        taken.await.unwrap();
    };
    let lost = async { tokio::join!(taken, lost) };
    tokio::time::timeout(PATIENCE, lost).await.unwrap();
}

const PATIENCE: Duration = Duration::from_secs(30);

/// As a leader of the schema `ended_sessions` does.
const TAKE: &str = "SELECT pg_advisory_lock(1098019705, hashtext('ended_sessions'))";

/// Those that wait for its lock.
const WAITING: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

async fn count(admin: &mut sqlx::PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(admin).await.unwrap()
}

/// The session that leads `ended_sessions`.
async fn holder(admin: &mut sqlx::PgConnection) -> Option<i32> {
    let sql = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
               AND objid::int8 = hashtext('ended_sessions')::int8 & 4294967295";
    sqlx::query_scalar(sql).fetch_optional(admin).await.unwrap()
}

async fn end(admin: &mut sqlx::PgConnection, session: i32) {
    sqlx::query("SELECT pg_terminate_backend($1)").bind(session).execute(admin).await.unwrap();
}

async fn connect() -> sqlx::PgConnection {
    let server = server();
    let options = sqlx::postgres::PgConnectOptions::new_without_pgpass()
        .host(&server.host)
        .port(server.port)
        .username(&server.user)
        .database(&server.database);
    sqlx::ConnectOptions::connect(&options).await.unwrap()
}

/// Cuts the connections that listen on `channel`, as a failing network would.
async fn terminate_listeners(channel: &str) {
    let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"{channel}\"'");
    let mut connection = connect().await;
    let cut = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
    assert!(!cut.is_empty(), "somebody listens on {channel}");
}
