//! Putting the controller together.

use std::net::SocketAddr;
use std::sync::Arc;

use arroyo_config::Config;
use arroyo_metastore::Metastore;
use arroyo_rpc::proto::controller_server::ControllerServer as GrpcServer;
use arroyo_runtime::{Failpoints, Guard, Network, TaskKind};
use arroyo_types::{Clock, Random};
use tonic::transport::Server;

use crate::driver::Context;
use crate::jobs::Jobs;
use crate::metrics::ControllerMetrics;
use crate::options::Options;
use crate::rpc::ControllerService;
use crate::supervisor::Supervisor;
use crate::{ControllerError, EmbeddedWorkers, Fence, schedulers};

/// The largest message taken: the reports of tasks with many state files.
pub(crate) const MAX_MESSAGE_BYTES: usize = 256 << 20;

/// What the controller needs from the process it runs in.
#[derive(Debug, Clone)]
pub struct ControllerServices {
    /// The effective configuration.
    pub config: Arc<Config>,
    /// The metadata database.
    pub metastore: Arc<dyn Metastore>,
    /// Starts workers in this process, for the `embedded` scheduler.
    pub embedded: Option<Arc<dyn EmbeddedWorkers>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How workers are reached, and how they reach us.
    pub network: Arc<dyn Network>,
    /// Chance.
    pub random: Random,
    /// The named steps of its jobs' drivers.
    pub failpoints: Failpoints,
    /// Whether this process still owns the state directory; [`crate::NoFence`] for clusters.
    pub fence: Arc<dyn Fence>,
}

/// The controller, not yet started.
#[derive(Debug)]
pub struct ControllerServer {
    services: ControllerServices,
    jobs: Arc<Jobs>,
}

impl ControllerServer {
    /// A controller over these services.
    pub fn new(services: ControllerServices) -> Self {
        Self { services, jobs: Arc::default() }
    }

    /// What Prometheus is shown of its jobs and their workers.
    pub fn metrics(&self) -> ControllerMetrics {
        ControllerMetrics(self.jobs.clone())
    }

    /// Listens, adopts the metastore's jobs and runs them until `guard` is cancelled.
    ///
    /// Returns the address that it listens on, which can be connected to when this returns.
    /// Workers of the `embedded` scheduler, and of the `process` scheduler if `process-scheduler.shutdown-with-controller` is
    /// set, end with the controller; the status of their jobs stays as it is, so that the next controller takes them up.
    ///
    /// # Errors
    /// `Bind` if the address cannot be listened on, `Config` for a setting that this build does not support, and the
    /// metastore's errors.
    pub async fn start(self, guard: &Guard) -> Result<SocketAddr, ControllerError> {
        let ControllerServices { config, metastore, embedded, clock, network, random, failpoints, fence } =
            self.services;
        let options = Options::new(&config)?;
        let host = options.listen_address();
        let bind = |source| ControllerError::Bind { address: host.clone(), source };
        let listener = network.listen(&host).await.map_err(bind)?;
        let address = listener.address();
        let guard = guard.child("controller");
        let scheduler =
            schedulers::scheduler(&options, metastore.cluster_id().await?, embedded, random.clone(), &guard)?;
        let endpoint = options
            .endpoint
            .clone()
            .unwrap_or_else(|| format!("http://{}:{}", options.advertised_host(), address.port()));
        // Subscribed before the jobs are read, so that nothing falls between.
        let changes = metastore.subscribe().await?;
        let context = Context {
            options,
            metastore: metastore.clone(),
            scheduler,
            clock,
            network,
            random,
            failpoints,
            endpoint,
            fence,
        };
        let jobs = self.jobs;
        let supervisor = Arc::new(Supervisor::new(Arc::new(context), jobs.clone(), guard.clone()));
        let service = ControllerService { jobs, metastore, supervisor: supervisor.clone() };
        let server =
            Server::builder().add_service(GrpcServer::new(service).max_decoding_message_size(MAX_MESSAGE_BYTES));
        let incoming = arroyo_rpc::incoming(listener);
        let cancelled = guard.cancelled_owned();
        guard.spawn("grpc", TaskKind::SERVICE, async move {
            server.serve_with_incoming_shutdown(incoming, cancelled).await
        });
        guard.spawn("supervisor", TaskKind::SERVICE, supervisor.run(changes));
        tracing::info!(%address, "controller listens");
        Ok(address)
    }
}
