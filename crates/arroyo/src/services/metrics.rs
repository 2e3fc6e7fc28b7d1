//! The process's metrics.

use std::sync::Arc;

use arroyo_engine::MetricsHub;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::admin::MetricsText;

/// The metrics of this process's tasks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metrics(MetricsHub);

impl Metrics {
    /// Where tasks show their metrics.
    pub(crate) fn hub(&self) -> MetricsHub {
        self.0.clone()
    }

    /// Writes them in Prometheus's text form.
    pub(crate) fn text(&self) -> MetricsText {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(self.0.clone()));
        Arc::new(move || {
            let mut text = String::new();
            if let Err(error) = encode(&mut text, &registry) {
                tracing::warn!("metrics cannot be written: {error}");
            }
            text
        })
    }
}
