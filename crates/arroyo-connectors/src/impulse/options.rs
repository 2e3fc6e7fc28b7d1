//! The options of an impulse.

use std::collections::BTreeMap;

use arroyo_operator::{OptionError, OptionValue};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::options::{DurationNanos, parse_options};

/// Options of `impulse` tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImpulseOptions {
    /// Events per second, over all subtasks.
    pub(crate) event_rate: f64,
    /// Event time between two events of a subtask: an interval, or a number of nanoseconds.
    /// Without it the event time is the wall-clock time.
    #[serde(default)]
    pub(crate) event_time_interval: Option<DurationNanos>,
    /// Events per subtask, counted at the parallelism of the first start; without it the impulse never ends.
    #[serde(default)]
    pub(crate) message_count: Option<u64>,
}

impl ImpulseOptions {
    pub(crate) fn parse(options: &BTreeMap<String, OptionValue>) -> Result<Self, Vec<OptionError>> {
        let mut options = options.clone();
        if let Some(value) = options.get_mut("event_time_interval")
            && let OptionValue::Number(text) | OptionValue::Text(text) = value
            && let Ok(nanos) = text.trim().parse::<i64>()
        {
            *value = OptionValue::Interval(nanos);
        }
        let parsed: Self = parse_options(&options)?;
        if parsed.event_rate > 0.0 {
            return Ok(parsed);
        }
        Err(vec![OptionError {
            key: Some("event_rate".to_string()),
            message: format!("`event_rate` is more than 0, not `{}`", parsed.event_rate),
            help: Some("give the number of events per second, such as `event_rate = 100`".to_string()),
        }])
    }

    pub(crate) fn description(&self) -> String {
        let bounded = if self.message_count.is_some() { "Bounded" } else { "" };
        format!("{bounded}Impulse<{} eps>", self.event_rate)
    }
}
