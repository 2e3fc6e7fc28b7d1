//! Composes a worker from its parts.

use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use arroyo_engine::{DataListener, StopMode};
use arroyo_rpc::proto;
use arroyo_rpc::proto::worker_server::WorkerServer as WorkerGrpc;
use arroyo_runtime::{Guard, Listener, TaskKind};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tonic::transport::{Server, Uri};

use crate::controller::Controller;
use crate::event_pump::EventPump;
use crate::output_pump::OutputPump;
use crate::service::{Execution, Shared, WorkerService};
use crate::{WorkerError, WorkerOptions};

/// Events that may wait for the controller.
const EVENT_QUEUE: usize = 1024;
/// Batches of preview rows that may wait for the controller.
const OUTPUT_QUEUE: usize = 64;
/// How long the last events of a worker that ends may take.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// Programs and lists of tasks can be large.
const MESSAGE_BYTES_MAX: usize = 256 << 20;

/// Starts workers.
#[derive(Debug)]
pub struct WorkerServer;

impl WorkerServer {
    /// Binds the ports and starts the worker below `guard`. It registers with the controller by itself.
    ///
    /// # Errors
    /// A port cannot be bound, or the controller's URL makes no sense.
    pub async fn start(options: WorkerOptions, guard: &Guard) -> Result<WorkerHandle, WorkerError> {
        let guard = guard.child(&format!("worker-{}", options.worker));
        let settings = &options.config.worker;
        let address = |port| host_port(&settings.bind_address, port);
        let rpc = bind(&options, address(settings.rpc_port)).await?;
        let data = DataListener::bind(options.network.clone(), &address(settings.data_port)).await?;
        let addresses = Addresses::new(&options, rpc.address().port(), data.address().port());
        let controller = Controller::new(&options)?;

        let (events, event_queue) = mpsc::channel(EVENT_QUEUE);
        let (output, output_queue) = mpsc::channel(OUTPUT_QUEUE);
        let (flush_output, flushes) = mpsc::channel(1);
        let event_pump = EventPump::new(controller.clone(), &options, event_queue, flush_output);
        let output_pump = OutputPump::new(controller.clone(), &options, output_queue, flushes);
        let shared = Arc::new(Shared {
            options,
            execution: Mutex::new(Execution::Waiting(Some(data))),
            events,
            output,
            guard: guard.clone(),
            stop: guard.child("stop"),
        });
        tracing::info!(rpc = %addresses.rpc, data = %addresses.data, "worker {} is up", shared.options.worker);

        guard.spawn("output", TaskKind::BACKGROUND, output_pump.run());
        let worker = RunningWorker { shared: shared.clone(), controller, event_pump, addresses: addresses.clone() };
        let (reports, outcome) = tokio::sync::oneshot::channel();
        let serving = worker.run(rpc);
        let task = guard.spawn("worker", TaskKind::FINISHING, async move {
            let ended = serving.await;
            if let Err(error) = &ended {
                tracing::error!("the worker ended: {error}");
            }
            // Nobody may be interested.
            let _ = reports.send(ended);
            Ok::<_, std::convert::Infallible>(())
        });
        Ok(WorkerHandle { addresses, guard, shared, task, outcome: Some(outcome) })
    }
}

/// Where others reach the worker.
#[derive(Debug, Clone)]
struct Addresses {
    rpc: String,
    data: String,
}

impl Addresses {
    fn new(options: &WorkerOptions, rpc_port: u16, data_port: u16) -> Self {
        let host = advertised_host(options);
        Self { rpc: format!("http://{}", host_port(&host, rpc_port)), data: host_port(&host, data_port) }
    }
}

fn host_port(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

async fn bind(options: &WorkerOptions, address: String) -> Result<Box<dyn Listener>, WorkerError> {
    options.network.listen(&address).await.map_err(|source| WorkerError::Bind { address, source })
}

/// The configured host name, or the one address it listens on, or the address from which the controller is reached.
fn advertised_host(options: &WorkerOptions) -> String {
    if let Some(hostname) = &options.config.hostname {
        return hostname.clone();
    }
    let listens_on = &options.config.worker.bind_address;
    let everywhere = listens_on.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
    if !everywhere {
        return listens_on.clone();
    }
    address_towards(&options.controller_endpoint).map_or_else(|| "127.0.0.1".to_string(), |address| address.to_string())
}

/// The address of the network interface through which `endpoint` is reached; nothing is sent.
fn address_towards(endpoint: &str) -> Option<IpAddr> {
    let uri: Uri = endpoint.parse().ok()?;
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect((uri.host()?, uri.port_u16().unwrap_or(80))).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

struct RunningWorker {
    shared: Arc<Shared>,
    controller: Controller,
    event_pump: EventPump,
    addresses: Addresses,
}

impl RunningWorker {
    /// Serves and reports until told to end, and ends the tasks.
    async fn run(mut self, listener: Box<dyn Listener>) -> Result<(), WorkerError> {
        let stop = self.shared.stop.clone();
        let service = WorkerGrpc::new(WorkerService(self.shared.clone())).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let serve = Server::builder()
            .add_service(service)
            .serve_with_incoming_shutdown(arroyo_rpc::incoming(listener), stop.cancelled_owned());
        let serving = self.shared.guard.spawn("grpc", TaskKind::FINISHING, serve);
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => Ok(()),
            error = self.report() => Err(error),
        };
        stop.cancel();
        self.end_tasks().await;
        let drained = match ended {
            // The controller hears the last events if it still listens.
            Ok(()) => tokio::time::timeout(DRAIN_TIMEOUT, self.event_pump.drain()).await,
            Err(_) => Ok(Ok(())),
        };
        if !matches!(drained, Ok(Ok(()))) {
            tracing::debug!("the controller did not take the worker's last events");
        }
        // Calls that are under way are answered; connections that stay open do not hold us up.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, serving).await;
        self.shared.guard.cancel();
        ended
    }

    async fn report(&mut self) -> WorkerError {
        let options = &self.shared.options;
        let request = proto::RegisterWorkerRequest {
            worker_id: options.worker.0,
            job_id: options.job.0.clone(),
            generation: options.generation.0,
            rpc_address: self.addresses.rpc.clone(),
            data_address: self.addresses.data.clone(),
            slots: options.slots,
        };
        match self.controller.register(request).await {
            Ok(heartbeat) => self.event_pump.run(heartbeat).await,
            Err(error) => error,
        }
    }

    async fn end_tasks(&mut self) {
        let execution = self.shared.execution.lock().await;
        if let Execution::Started(engine) = &*execution {
            engine.stop(StopMode::Immediate).await;
            engine.ended().await;
        }
    }
}

/// A running worker.
#[derive(Debug)]
pub struct WorkerHandle {
    addresses: Addresses,
    guard: Guard,
    shared: Arc<Shared>,
    task: JoinHandle<Option<()>>,
    outcome: Option<tokio::sync::oneshot::Receiver<Result<(), WorkerError>>>,
}

impl WorkerHandle {
    /// The URL of its gRPC service.
    pub fn rpc_address(&self) -> &str {
        &self.addresses.rpc
    }

    /// Where it takes rows of other workers, `host:port`.
    pub fn data_address(&self) -> &str {
        &self.addresses.data
    }

    /// Asks it to end: tasks are dropped, the last events are sent. Returns at once.
    pub fn stop(&self) {
        self.shared.stop.cancel();
    }

    /// Ends it at once; nothing more is sent.
    pub fn kill(&self) {
        self.guard.cancel();
        self.task.abort();
    }

    /// Completes when it has ended: with an error if it ended by itself. Cancel safe.
    pub async fn wait(&mut self) -> Result<(), WorkerError> {
        let Some(outcome) = &mut self.outcome else { return Ok(()) };
        let ended = outcome.await.unwrap_or(Err(WorkerError::Killed));
        self.outcome = None;
        ended
    }
}
