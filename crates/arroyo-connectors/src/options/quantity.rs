//! Values with a unit.

use std::borrow::Cow;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A length of time: `INTERVAL '10 seconds'` in SQL, nanoseconds in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DurationNanos(pub u64);

impl DurationNanos {
    /// As the standard library's type.
    pub fn get(self) -> Duration {
        Duration::from_nanos(self.0)
    }
}

impl JsonSchema for DurationNanos {
    fn schema_name() -> Cow<'static, str> {
        "DurationNanos".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "format": "duration", "minimum": 0 })
    }
}

/// A number of bytes: `'128MB'` or a number in SQL, a number in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DataSize(pub u64);

impl JsonSchema for DataSize {
    fn schema_name() -> Cow<'static, str> {
        "DataSize".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "format": "data-size", "minimum": 0 })
    }
}

/// Reads `10 seconds`, `1.5 minutes`, `250ms` (the deprecated quoted form of intervals) as nanoseconds.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let unit = unit.trim().to_ascii_lowercase();
    let nanos = match unit.as_str() {
        "ns" | "nanosecond" | "nanoseconds" => 1.0,
        "us" | "microsecond" | "microseconds" => 1e3,
        "ms" | "millisecond" | "milliseconds" => 1e6,
        "s" | "sec" | "secs" | "second" | "seconds" => 1e9,
        "m" | "min" | "mins" | "minute" | "minutes" => 60e9,
        "h" | "hour" | "hours" => 3_600e9,
        "d" | "day" | "days" => 86_400e9,
        _ => return None,
    };
    let total = number.parse::<f64>().ok()? * nanos;
    (total.is_finite() && total < i64::MAX as f64).then_some(total as i64)
}
