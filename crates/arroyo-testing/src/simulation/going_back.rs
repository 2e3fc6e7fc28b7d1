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

/// The processes that people know, in the order of their starts.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<Vec<Arc<Process>>>>);

impl Known {
    pub(super) fn add(&self, process: Arc<Process>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(process);
    }

    /// Asks the last `many` of them, the last one first, again and again until one answers.
    async fn ask<T, F: Future<Output = anyhow::Result<T>>>(&self, many: usize, call: impl Fn(Arc<Process>) -> F) -> T {
        loop {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            for process in known.into_iter().rev().take(many) {
                if let Ok(Ok(answer)) = tokio::time::timeout(LONGEST_CALL, call(process)).await {
                    return answer;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Takes a savepoint, lets the job run on, stops it, and lets it go on from the savepoint.
///
/// Goes on until it has succeeded, whoever dies meanwhile: a call whose answer is lost may have had its effect, and only the number
/// that is answered says from where on rows are written again.
pub(super) async fn go_back(world: &World, known: &Known, after_ms: u64) {
    let savepoint = known.ask(1, |process| async move { process.take_savepoint(world.job()).await });
    let Ok(savepoint) = tokio::time::timeout(PATIENCE, savepoint).await else {
        return world.ledger.note("there is no savepoint to go back to");
    };
    world.ledger.add("savepoints");
    tokio::time::sleep(Duration::from_millis(after_ms)).await;
    // One that was started earlier, stood still and went on may have taken the job over again.
    let back = |process: Arc<Process>| async move { stop_and_go_back(world, &process, savepoint).await };
    let number = known.ask(usize::MAX, back).await;
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
