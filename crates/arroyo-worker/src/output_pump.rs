//! Sends the rows of preview sinks to the controller.

use arroyo_operator::Output;
use arroyo_rpc::proto;
use tokio::sync::{mpsc, oneshot};

use crate::controller::Controller;
use crate::{WorkerError, WorkerOptions, messages};

/// Batches of rows in one call.
const BATCH: usize = 16;

/// Sends rows as they come; while a call is under way the sinks' queue fills, and then the sinks wait.
pub(crate) struct OutputPump {
    controller: Controller,
    job: String,
    generation: u64,
    output: mpsc::Receiver<Output>,
    flushes: mpsc::Receiver<oneshot::Sender<()>>,
}

impl OutputPump {
    pub(crate) fn new(
        controller: Controller,
        options: &WorkerOptions,
        output: mpsc::Receiver<Output>,
        flushes: mpsc::Receiver<oneshot::Sender<()>>,
    ) -> Self {
        Self { controller, job: options.job.0.clone(), generation: options.generation.0, output, flushes }
    }

    /// Runs until nobody sends any more.
    pub(crate) async fn run(mut self) -> Result<(), WorkerError> {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                biased;
                received = self.output.recv_many(&mut batch, BATCH) => {
                    if received == 0 {
                        return Ok(());
                    }
                    self.send(&mut batch).await?;
                }
                // Only when there are no rows.
                Some(flushed) = self.flushes.recv() => {
                    let _ = flushed.send(());
                }
            }
        }
    }

    async fn send(&self, batch: &mut Vec<Output>) -> Result<(), WorkerError> {
        let request = proto::SendOutputRequest {
            job_id: self.job.clone(),
            generation: self.generation,
            rows: batch.drain(..).map(messages::output).collect(),
        };
        let call = self.controller.insist(|mut client| {
            let request = request.clone();
            async move { client.send_output(request).await }
        });
        call.await.map(drop)
    }
}
