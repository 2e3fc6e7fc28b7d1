//! The process's metrics.

use std::fmt;
use std::sync::{Arc, OnceLock};

use arroyo_controller::ControllerMetrics;
use arroyo_engine::MetricsHub;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::encoding::prometheus_protobuf::prometheus_data_model::{Counter, MetricFamily, MetricType};
use prometheus_client::encoding::{prometheus_protobuf, prometheus_text};
use prometheus_client::registry::Registry;
use prost::Message;

/// The metrics of this process's tasks, and of its controller if it has one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metrics {
    tasks: MetricsHub,
    controller: Arc<OnceLock<ControllerMetrics>>,
}

impl Metrics {
    /// Where tasks show their metrics.
    pub(crate) fn hub(&self) -> MetricsHub {
        self.tasks.clone()
    }

    /// Shows those of the process's controller from now on.
    pub(crate) fn show_controller(&self, metrics: ControllerMetrics) {
        self.controller.get_or_init(|| metrics);
    }

    /// What the admin server shows.
    pub(crate) fn shown(&self) -> ShownMetrics {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(self.tasks.clone()));
        registry.register_collector(Box::new(OfController(self.controller.clone())));
        ShownMetrics(Arc::new(registry))
    }
}

/// The admin server is up before the controller.
#[derive(Debug)]
struct OfController(Arc<OnceLock<ControllerMetrics>>);

impl Collector for OfController {
    fn encode(&self, encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        self.0.get().map_or(Ok(()), |controller| controller.encode(encoder))
    }
}

/// Metrics in the forms that Prometheus reads.
#[derive(Debug, Clone)]
pub(crate) struct ShownMetrics(Arc<Registry>);

impl ShownMetrics {
    /// The content type of [`Self::text`].
    pub(crate) const TEXT: &'static str = "text/plain; version=0.0.4; charset=utf-8";
    /// The content type of [`Self::protobuf`].
    pub(crate) const PROTOBUF: &'static str =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    /// As text.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.0)?;
        Ok(text)
    }

    /// As messages `MetricFamily`, each after its length.
    pub(crate) fn protobuf(&self) -> Result<Vec<u8>, fmt::Error> {
        let mut bytes = Vec::new();
        for mut family in prometheus_protobuf::encode(&self.0)? {
            if family.r#type == MetricType::Untyped as i32 {
                name_counters(&mut family);
            }
            family.encode_length_delimited(&mut bytes).map_err(|_| fmt::Error)?;
        }
        Ok(bytes)
    }
}

/// Totals: in this form, unlike in text, counters may be called as they are.
fn name_counters(family: &mut MetricFamily) {
    family.r#type = MetricType::Counter as i32;
    for metric in &mut family.metric {
        metric.counter = metric.gauge.take().map(|total| Counter { value: total.value, ..Counter::default() });
    }
}
