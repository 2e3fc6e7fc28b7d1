//! What the API works with.

use std::sync::Arc;

use arroyo_config::Config;
use arroyo_metastore::Metastore;
use arroyo_rpc::proto::controller_client::ControllerClient;
use arroyo_runtime::Guard;
use arroyo_types::Clock;
use tonic::transport::{Channel, Endpoint};

use crate::metrics::JobMetrics;
use crate::{ApiError, Stored};

/// What the API is made of.
#[derive(Debug, Clone)]
pub struct ApiServices {
    /// The configuration.
    pub config: Arc<Config>,
    /// The metadata database.
    pub metastore: Arc<dyn Metastore>,
    /// Where the controller's gRPC service is: `http://host:port`. Connected to when first needed.
    pub controller_endpoint: String,
    /// Whether changes to it are stored.
    pub stored: Arc<dyn Stored>,
    /// Tells the time of what is created.
    pub clock: Arc<dyn Clock>,
}

/// What every handler gets.
#[derive(Debug, Clone)]
pub(crate) struct AppState {
    pub(crate) services: ApiServices,
    pub(crate) controller: ControllerClient<Channel>,
    pub(crate) metrics: JobMetrics,
    /// Streams end with it.
    pub(crate) guard: Guard,
}

impl AppState {
    pub(crate) fn new(services: ApiServices, guard: &Guard) -> Result<Self, ApiError> {
        let endpoint =
            Endpoint::from_shared(services.controller_endpoint.clone()).map_err(|error| ApiError::Config {
                key: "controller-endpoint",
                reason: format!("`{}` is no URL: {error}", services.controller_endpoint),
            })?;
        let controller = ControllerClient::new(endpoint.connect_lazy());
        let metrics = JobMetrics::new(controller.clone(), services.clock.clone(), guard.child("metrics"));
        Ok(Self { services, controller, metrics, guard: guard.clone() })
    }

    pub(crate) fn metastore(&self) -> &dyn Metastore {
        self.services.metastore.as_ref()
    }

    /// Completes when streams must end, because the API does.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let guard = self.guard.clone();
        async move { guard.cancelled().await }
    }

    pub(crate) fn now(&self) -> i64 {
        self.services.clock.now_micros()
    }
}
