//! Somebody goes back to a savepoint.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arroyo_types::{Epoch, StopMode};

use super::World;
use super::process::Process;

/// Whoever gets no savepoint for so long gives up.
const PATIENCE: Duration = Duration::from_secs(10);
/// A call is not waited for longer, nor is a job that is to stop.
const LONGEST_CALL: Duration = Duration::from_secs(3);
/// After a failure.
const PAUSE: Duration = Duration::from_millis(300);

/// The process that people mean: the last that was started.
#[derive(Debug, Clone, Default)]
pub(super) struct Newest(Arc<Mutex<Option<Arc<Process>>>>);

impl Newest {
    pub(super) fn is_now(&self, process: Arc<Process>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
    }

    /// Calls it until it answers.
    async fn call<T, F: Future<Output = anyhow::Result<T>>>(&self, call: impl Fn(Arc<Process>) -> F) -> T {
        loop {
            let process = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(process) = process
                && let Ok(Ok(answer)) = tokio::time::timeout(LONGEST_CALL, call(process)).await
            {
                return answer;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Takes a savepoint, lets the job run on, stops it, and lets it go on from the savepoint.
///
/// Goes on until it has succeeded, whoever dies meanwhile: a call whose answer is lost may have had its effect, and only the number
/// that is answered says from where on rows are written again.
pub(super) async fn go_back(world: &World, newest: &Newest, after_ms: u64) {
    let savepoint = newest.call(|process| async move { process.take_savepoint(world.job()).await });
    let Ok(savepoint) = tokio::time::timeout(PATIENCE, savepoint).await else {
        return world.ledger.note("there is no savepoint to go back to");
    };
    world.ledger.add("savepoints");
    tokio::time::sleep(Duration::from_millis(after_ms)).await;
    let number = newest.call(|process| async move { stop_and_go_back(world, &process, savepoint).await }).await;
    world.ledger.went_back(number, savepoint);
    world.ledger.note(&format!("savepoint {savepoint} is the last checkpoint now, as {number}"));
    world.database.stop(StopMode::None);
}

async fn stop_and_go_back(world: &World, process: &Process, savepoint: Epoch) -> anyhow::Result<Epoch> {
    // Somebody else may have started it again.
    world.database.stop(StopMode::Checkpoint);
    world.rests().await?;
    process.go_back(world.job(), savepoint).await
}
