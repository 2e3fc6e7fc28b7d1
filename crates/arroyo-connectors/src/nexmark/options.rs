//! The options of an auction.

use std::collections::BTreeMap;

use arroyo_operator::{OptionError, OptionValue};
use arroyo_types::EventTime;
use chrono::{DateTime, NaiveDateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::options::parse_options;

/// Events per second of event time when there is no `event_rate`.
const DEFAULT_RATE: f64 = 10_000.0;

/// Options of `nexmark` tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NexmarkOptions {
    /// Events per second, over all subtasks. Without it events come as fast as they are taken, 100 µs of event time apart.
    #[serde(default)]
    pub(crate) event_rate: Option<f64>,
    /// Seconds until the auction ends; without it, and without a number of events, it never does.
    #[serde(default)]
    pub(crate) runtime: Option<f64>,
    /// Events until the auction ends, over all subtasks.
    #[serde(default)]
    pub(crate) event_count: Option<u64>,
    /// The same as `event_count`.
    #[serde(default)]
    pub(crate) message_count: Option<u64>,
    /// Another number gives another auction.
    #[serde(default)]
    pub(crate) seed: u64,
    /// The event time of the first event, such as `2024-01-01T00:00:00Z`; without it the time of the first start.
    #[serde(default)]
    pub(crate) start_time: Option<String>,
}

impl NexmarkOptions {
    pub(crate) fn parse(options: &BTreeMap<String, OptionValue>) -> Result<Self, Vec<OptionError>> {
        let parsed: Self = parse_options(options)?;
        let mut errors = Vec::new();
        let mut fault = |key: &str, message: String, help: &str| {
            errors.push(OptionError { key: Some(key.to_string()), message, help: Some(help.to_string()) });
        };
        if let Some(rate) = parsed.event_rate.filter(|rate| *rate <= 0.0) {
            fault("event_rate", format!("`event_rate` is more than 0, not `{rate}`"), "leave it out for no limit");
        }
        if let Some(runtime) = parsed.runtime.filter(|runtime| *runtime <= 0.0) {
            fault("runtime", format!("`runtime` is more than 0, not `{runtime}`"), "leave it out to run for ever");
        }
        if parsed.event_count.is_some() && parsed.message_count.is_some() {
            let message = "`event_count` and `message_count` are the same option".to_string();
            fault("message_count", message, "leave one of them out");
        }
        if let Some(text) = parsed.start_time.as_deref().filter(|text| parse_time(text).is_none()) {
            let message = format!("`start_time` is a time, not `{text}`");
            fault("start_time", message, "write it as `2024-01-01T00:00:00Z`");
        }
        if errors.is_empty() { Ok(parsed) } else { Err(errors) }
    }

    /// How many events there are; `None`: no end by number.
    pub(crate) fn bound(&self) -> Option<u64> {
        let by_time = self.event_rate.zip(self.runtime).map(|(rate, runtime)| (rate * runtime).ceil() as u64);
        [self.event_count, self.message_count, by_time].into_iter().flatten().min()
    }

    /// Event time between two events, in nanoseconds.
    pub(crate) fn spacing_nanos(&self) -> f64 {
        1e9 / self.event_rate.unwrap_or(DEFAULT_RATE)
    }

    pub(crate) fn start(&self) -> Option<EventTime> {
        self.start_time.as_deref().and_then(parse_time)
    }

    pub(crate) fn description(&self) -> String {
        let bounded = if self.bound().is_some() || self.runtime.is_some() { "Bounded" } else { "" };
        match self.event_rate {
            Some(rate) => format!("{bounded}Nexmark<{rate} eps>"),
            None => format!("{bounded}Nexmark"),
        }
    }
}

fn parse_time(text: &str) -> Option<EventTime> {
    let with_zone = DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
    let without = || text.parse::<NaiveDateTime>().ok().map(|time| time.and_utc());
    with_zone.or_else(without)?.timestamp_nanos_opt().map(EventTime::from_nanos)
}
