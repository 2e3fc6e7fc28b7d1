//! Tells the controller what happens, in order.

use std::time::Duration;

use arroyo_engine::{TaskEvent, TaskEventKind};
use arroyo_rpc::proto;
use arroyo_types::WorkerId;
use tokio::sync::{mpsc, oneshot};

use crate::controller::Controller;
use crate::{WorkerError, WorkerOptions, messages};

/// Events in one call.
const BATCH: usize = 256;
/// How long the end of a task waits for rows that it sent before.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends events as they come, and a heartbeat when none come.
pub(crate) struct EventPump {
    controller: Controller,
    worker: WorkerId,
    job: String,
    generation: u64,
    events: mpsc::Receiver<TaskEvent>,
    /// Asks the output pump to send what it has.
    flush_output: mpsc::Sender<oneshot::Sender<()>>,
}

impl EventPump {
    pub(crate) fn new(
        controller: Controller,
        options: &WorkerOptions,
        events: mpsc::Receiver<TaskEvent>,
        flush_output: mpsc::Sender<oneshot::Sender<()>>,
    ) -> Self {
        Self {
            controller,
            worker: options.worker,
            job: options.job.0.clone(),
            generation: options.generation.0,
            events,
            flush_output,
        }
    }

    /// Runs until the controller is lost or refuses.
    pub(crate) async fn run(&mut self, heartbeat: Duration) -> WorkerError {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            // At a timeout nothing was received, and the call is a heartbeat.
            let _ = tokio::time::timeout(heartbeat, self.events.recv_many(&mut batch, BATCH)).await;
            if let Err(error) = self.send(&mut batch).await {
                return error;
            }
        }
    }

    /// Sends what is left.
    pub(crate) async fn drain(&mut self) -> Result<(), WorkerError> {
        let mut batch = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            batch.push(event);
        }
        if batch.is_empty() { Ok(()) } else { self.send(&mut batch).await }
    }

    async fn send(&mut self, batch: &mut Vec<TaskEvent>) -> Result<(), WorkerError> {
        if batch.iter().any(|event| matches!(event.kind, TaskEventKind::Finished(_))) {
            // When all tasks have finished, nobody takes rows any more.
            self.flush_output().await;
        }
        let request = proto::WorkerEventsRequest {
            worker_id: self.worker.0,
            job_id: self.job.clone(),
            generation: self.generation,
            events: batch.drain(..).map(messages::event).collect(),
        };
        let call = self.controller.insist(|mut client| {
            let request = request.clone();
            async move { client.worker_events(request).await }
        });
        call.await.map(drop)
    }

    async fn flush_output(&self) {
        let (done, flushed) = oneshot::channel();
        let flush = async {
            if self.flush_output.send(done).await.is_ok() {
                let _ = flushed.await;
            }
        };
        if tokio::time::timeout(FLUSH_TIMEOUT, flush).await.is_err() {
            tracing::warn!("nobody takes the last rows of preview sinks");
        }
    }
}
