//! Ctrl-C and SIGTERM.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that come together are one request: `timeout` and other wrappers send theirs to the process and to its group.
const TOGETHER: Duration = Duration::from_millis(100);

/// The process's requests to stop. From its creation on, signals no longer end the process by themselves.
pub(crate) struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
    last: Option<Instant>,
}

impl StopSignals {
    /// Starts listening.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).context("listen for Ctrl-C")?,
            terminate: signal(SignalKind::terminate()).context("listen for SIGTERM")?,
            last: None,
        })
    }

    /// The next request to stop, by Ctrl-C or SIGTERM. Cancel safe.
    pub(crate) async fn next(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
            let is_another = self.last.is_none_or(|last| last.elapsed() >= TOGETHER);
            if is_another {
                self.last = Some(Instant::now());
                return;
            }
        }
    }
}
