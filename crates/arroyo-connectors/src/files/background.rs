//! Blocking work off the runtime's threads, in a form that survives cancellation.

use arroyo_operator::OperatorError;
use tokio::task::JoinHandle;

/// A worker that computes one result at a time on the runtime's pool of blocking threads.
///
/// A computation that was started goes on when the future that waits for it is dropped; its result is there for the next one.
#[derive(Debug)]
pub(crate) struct Background<W, R> {
    idle: Option<W>,
    running: Option<JoinHandle<(W, R)>>,
}

impl<W: Send + 'static, R: Send + 'static> Background<W, R> {
    pub(crate) fn new(worker: W) -> Self {
        Self { idle: Some(worker), running: None }
    }

    /// Starts computing, unless a computation is under way.
    pub(crate) fn start(&mut self, work: impl FnOnce(&mut W) -> R + Send + 'static) {
        if let Some(mut worker) = self.idle.take() {
            self.running = Some(tokio::task::spawn_blocking(move || {
                let result = work(&mut worker);
                (worker, result)
            }));
        }
    }

    /// Waits for the computation under way. Cancel safe.
    pub(crate) async fn finish(&mut self) -> Result<R, OperatorError> {
        let Some(running) = self.running.as_mut() else {
            return Err(OperatorError::bug("a file reader was asked for rows that it was not told to read"));
        };
        match running.await {
            Ok((worker, result)) => {
                self.idle = Some(worker);
                self.running = None;
                Ok(result)
            }
            Err(error) => {
                self.running = None;
                Err(OperatorError::bug(format!("the thread that reads files failed: {error}")))
            }
        }
    }
}
