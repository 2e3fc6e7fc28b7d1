//! Calls to the controller, repeated until they succeed or there is no point any more.

use std::time::Duration;

use arroyo_rpc::proto;
use arroyo_rpc::proto::controller_client::ControllerClient;
use tokio::time::Instant;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Response, Status};

use crate::{WorkerError, WorkerOptions};

const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const LONGEST_BACKOFF: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The controller, as one worker sees it.
#[derive(Debug, Clone)]
pub(crate) struct Controller {
    pub(crate) client: ControllerClient<Channel>,
    endpoint: String,
    job: arroyo_types::JobId,
    generation: arroyo_types::Generation,
    /// After so long without an answer, the controller has given this worker up.
    patience: Duration,
}

impl Controller {
    /// Does not connect yet.
    pub(crate) fn new(options: &WorkerOptions) -> Result<Self, WorkerError> {
        let bad = |error: tonic::transport::Error| WorkerError::BadEndpoint {
            endpoint: options.controller_endpoint.clone(),
            reason: error.to_string(),
        };
        let endpoint = Endpoint::from_shared(options.controller_endpoint.clone()).map_err(bad)?;
        let channel = arroyo_rpc::channel(&endpoint.connect_timeout(CONNECT_TIMEOUT), options.network.clone());
        Ok(Self {
            client: ControllerClient::new(channel),
            endpoint: options.controller_endpoint.clone(),
            job: options.job.clone(),
            generation: options.generation,
            patience: options.config.pipeline.worker_heartbeat_timeout.0,
        })
    }

    /// Repeats a call until it is answered.
    ///
    /// # Errors
    /// [`WorkerError::Fenced`] when the controller refuses, [`WorkerError::ControllerLost`] when it does not answer.
    pub(crate) async fn insist<T, F>(
        &self,
        mut call: impl FnMut(ControllerClient<Channel>) -> F,
    ) -> Result<T, WorkerError>
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let deadline = Instant::now() + self.patience;
        let mut backoff = FIRST_BACKOFF;
        loop {
            let status = match tokio::time::timeout_at(deadline, call(self.client.clone())).await {
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Ok(Err(status)) => status,
                Err(_) => Status::deadline_exceeded("no answer"),
            };
            if status.code() == Code::FailedPrecondition {
                let (job, generation) = (self.job.clone(), self.generation);
                return Err(WorkerError::Fenced { job, generation, reason: status.message().to_string() });
            }
            if Instant::now() + backoff >= deadline {
                return Err(WorkerError::ControllerLost {
                    endpoint: self.endpoint.clone(),
                    seconds: self.patience.as_secs(),
                    reason: status.message().to_string(),
                });
            }
            tracing::debug!("a call to the controller failed, trying again: {}", status.message());
            tokio::time::sleep(backoff).await;
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
        }
    }

    /// Announces the worker; returns how often to send heartbeats.
    pub(crate) async fn register(&self, request: proto::RegisterWorkerRequest) -> Result<Duration, WorkerError> {
        let answer = self.insist(|mut client| {
            let request = request.clone();
            async move { client.register_worker(request).await }
        });
        let interval = Duration::from_millis(answer.await?.heartbeat_interval_ms);
        Ok(interval.max(Duration::from_millis(10)))
    }
}
