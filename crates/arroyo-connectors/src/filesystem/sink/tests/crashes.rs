use arroyo_storage::testing::{Faults, S3Server, When, with_faults};

use super::*;

/// Rows that the job's source has.
const TOTAL: i64 = 120;
/// Rows between two barriers.
const PER_EPOCH: i64 = 40;

/// What a manifest holds.
#[derive(Clone, Default)]
struct Checkpoint {
    epoch: u64,
    state: Globals,
    commits: Vec<Vec<u8>>,
    position: i64,
}

/// Where a start is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    BeforePreCommit(u64),
    BeforeManifest(u64),
    BeforeCommit(u64),
    /// After so many subtasks have committed.
    WithinCommit(u64, usize),
    AfterCommit(u64),
    Never,
}

struct Job {
    table: Table,
    storage: Storage,
    generation: u64,
    published: Checkpoint,
}

impl Job {
    fn new(table: Table, storage: Storage) -> Self {
        Self { table, storage, generation: 0, published: Checkpoint::default() }
    }

    /// Starts the job from its last checkpoint and runs it until it is killed, or to the end of its source.
    async fn start(&mut self, storage: &Storage, parallelism: u32, kill: Kill) -> Result<(), OperatorError> {
        self.generation += 1;
        let from = self.published.clone();
        let mut subtasks = Vec::new();
        for subtask in 0..parallelism {
            let open = self.table.open(storage, &from.state, self.generation, subtask, parallelism);
            subtasks.push(open.await?);
        }
        if !from.commits.is_empty() {
            subtasks[0].commit(from.epoch, from.commits.clone()).await?;
        }
        let (mut position, mut epoch) = (from.position, from.epoch);
        while position < TOTAL {
            epoch += 1;
            for chunk in (position..position + PER_EPOCH).collect::<Vec<_>>().chunks(5) {
                for (index, subtask) in (0..).zip(&mut subtasks) {
                    let own = chunk.iter().copied().filter(|n| n % i64::from(parallelism) == index);
                    subtask.write(own).await?;
                }
            }
            position += PER_EPOCH;
            if kill == Kill::BeforePreCommit(epoch) {
                return Ok(());
            }
            if self.checkpoint(&mut subtasks, epoch, position, kill).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns whether the job was killed.
    async fn checkpoint(
        &mut self,
        subtasks: &mut [Subtask],
        epoch: u64,
        position: i64,
        kill: Kill,
    ) -> Result<bool, OperatorError> {
        let mut checkpoint = Checkpoint { epoch, position, ..Checkpoint::default() };
        let mut commits = Vec::new();
        for subtask in subtasks.iter_mut() {
            if position >= TOTAL {
                subtask.sink.end_of_rows(&mut subtask.context.ctx).await?;
            }
            let (data, state) = subtask.pre_commit(epoch).await?;
            for (table, rows) in state {
                checkpoint.state.entry(table).or_default().extend(rows);
            }
            checkpoint.commits.extend(data.clone());
            commits.push(data);
        }
        if kill == Kill::BeforeManifest(epoch) {
            return Ok(true);
        }
        self.published = checkpoint;
        if kill == Kill::BeforeCommit(epoch) {
            return Ok(true);
        }
        for (index, (subtask, data)) in subtasks.iter_mut().zip(commits).enumerate() {
            if kill == Kill::WithinCommit(epoch, index) {
                return Ok(true);
            }
            if let Some(data) = data {
                subtask.commit(epoch, vec![data]).await?;
            }
        }
        Ok(kill == Kill::AfterCommit(epoch))
    }

    /// Nothing is visible that is not in the last checkpoint, nothing twice, and nothing half.
    async fn check_visible(&self, when: &str) {
        let numbers = read_all(&self.storage, &self.table.format.format).await;
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{when}: twice in {numbers:?}");
        let outside = numbers.iter().find(|n| !(0..self.published.position).contains(*n));
        assert_eq!(outside, None, "{when}: visible although not in a checkpoint");
    }

    /// Everything is there once, and nothing else.
    async fn check_end(&self, when: &str) {
        let numbers = read_all(&self.storage, &self.table.format.format).await;
        assert_eq!(numbers, (0..TOTAL).collect::<Vec<_>>(), "{when}");
        assert!(self.storage.list(IN_PROGRESS).await.unwrap().is_empty(), "{when}: something is left in progress");
    }
}

/// Tables that roll in different ways; parts are small, so that files have several.
fn tables() -> Vec<(&'static str, Table)> {
    let table = |name, more, format| (name, Table { part_bytes: Some((64, 128)), ..Table::new(more, format) });
    let by_city = serde_json::json!({"rolling_policy.file_size": 400, "partitioning.fields": ["city"]});
    let by_hour = serde_json::json!({"partitioning.time_pattern": "%H", "filename.strategy": "serial"});
    let inline = serde_json::json!({"rolling_policy.file_size": 500, "multipart.minimum_multipart_size": 5_000});
    let (_, inline) = table("", inline, json());
    vec![
        table("json, never rolled", serde_json::json!({}), json()),
        table("json, small files by city", by_city, json()),
        table("numbered parquet by hour", by_hour, parquet_format(300)),
        ("inline files", Table { part_bytes: Some((10_000, 20_000)), ..inline }),
    ]
}

/// Runs a job to the end in three starts, the first of which is killed at `kill`.
async fn survives(kill: Kill, name: &str, table: Table, storage: Storage) {
    let when = format!("{name} in {}, killed {kill:?}", storage.url());
    let mut job = Job::new(table, storage.clone());
    job.start(&storage, 2, kill).await.unwrap();
    job.check_visible(&when).await;
    let again = Kill::BeforeManifest(job.published.epoch + 1);
    job.start(&storage, 3, again).await.unwrap();
    job.check_visible(&when).await;
    job.start(&storage, 1, Kill::Never).await.unwrap();
    job.check_end(&when).await;
}

#[tokio::test]
async fn killed_around_every_step_of_a_checkpoint_at_changing_parallelism() {
    let epochs = 1..=u64::try_from(TOTAL / PER_EPOCH).unwrap();
    let kills = epochs.flat_map(|epoch| {
        let before = [Kill::BeforePreCommit(epoch), Kill::BeforeManifest(epoch), Kill::BeforeCommit(epoch)];
        before.into_iter().chain([Kill::WithinCommit(epoch, 1), Kill::AfterCommit(epoch)])
    });
    for kill in kills {
        for (name, table) in tables() {
            survives(kill, name, table.clone(), memory()).await;
            let directory = tempfile::tempdir().unwrap();
            let local = Storage::open_existing(&directory.path().display().to_string()).unwrap();
            survives(kill, name, Table { part_bytes: Some((0, 128)), ..table }, local).await;
        }
    }
}

#[tokio::test]
async fn killed_around_a_checkpoint_on_an_s3_server() {
    let server = S3Server::shared().unwrap();
    let never_rolled = Table {
        part_bytes: Some((5 << 20, 6 << 20)),
        padding: 300_000,
        ..Table::new(serde_json::json!({"partitioning.time_pattern": "%H"}), json())
    };
    let small = Table::new(serde_json::json!({"rolling_policy.file_size": 500}), parquet_format(300));
    for (name, table) in [("never rolled", never_rolled), ("small", small)] {
        for kill in [Kill::BeforeManifest(2), Kill::WithinCommit(3, 1)] {
            let url = server.url(&uuid::Uuid::new_v4().to_string());
            let storage = Storage::open_with(&url, &server.settings()).unwrap();
            survives(kill, name, table.clone(), storage).await;
        }
    }
}

/// Runs the job until storage fails for good at its `nth` call; answers how many calls there were.
async fn die_at(job: &mut Job, nth: u64, when: When) -> u64 {
    let (faulty, control) = with_faults(&job.storage, Faults::none());
    control.go_down_at(nth, when);
    let died = job.start(&faulty, 2, Kill::Never).await;
    let calls = control.calls();
    assert_eq!(died.is_err(), calls >= nth, "{died:?}");
    calls
}

#[tokio::test]
async fn killed_at_every_call_of_the_storage() {
    for (name, table) in tables() {
        let mut nth = 1;
        loop {
            let mut calls = 0;
            for when in [When::Before, When::After] {
                let mut job = Job::new(table.clone(), memory());
                calls = die_at(&mut job, nth, when).await;
                let when = format!("{name}, died {when:?} call {nth}");
                job.check_visible(&when).await;
                // The same again on the way back.
                die_at(&mut job, nth / 2 + 1, When::After).await;
                job.check_visible(&when).await;
                let storage = job.storage.clone();
                job.start(&storage, 3, Kill::Never).await.unwrap();
                job.check_end(&when).await;
            }
            if calls < nth {
                break;
            }
            nth += 1;
        }
        assert!(nth > 10, "{name}: only {nth} calls");
    }
}

#[tokio::test]
async fn a_checkpoint_that_was_given_up_is_committed_with_the_next() {
    let storage = memory();
    let mut table = Table::new(serde_json::json!({"rolling_policy.file_size": 100}), json());
    table.part_bytes = Some((16, 32));
    let mut subtask = table.alone(&storage).await;
    subtask.write(0..40).await.unwrap();
    let (first, _) = subtask.pre_commit(1).await.unwrap();
    subtask.write(40..80).await.unwrap();
    subtask.sink.end_of_rows(&mut subtask.context.ctx).await.unwrap();
    let (second, state) = subtask.pre_commit(2).await.unwrap();
    drop(subtask);
    assert!(visible(&storage).await.is_empty());
    let mut restored = table.open(&storage, &state, 2, 0, 1).await.unwrap();
    restored.commit(2, vec![first.unwrap(), second.unwrap()]).await.unwrap();
    assert_eq!(read_all(&storage, &table.format.format).await, (0..80).collect::<Vec<_>>());
}
