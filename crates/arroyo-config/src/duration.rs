//! Durations as people write them: `10s`, `500 ms`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A duration in configuration: a number and a unit (`ns`, `µs`, `ms`, `s`, `m`, `h` and their longer names).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanDuration(pub Duration);

/// The text is not a duration.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a duration; write a number and a unit, such as 500ms, 10s, 5m or 1h")]
pub struct InvalidDuration(String);

impl FromStr for HumanDuration {
    type Err = InvalidDuration;

    fn from_str(text: &str) -> Result<Self, InvalidDuration> {
        let invalid = || InvalidDuration(text.to_string());
        let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(invalid)?;
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| invalid())?;
        let nanos_per_unit: u64 = match unit.trim().to_lowercase().as_str() {
            "ns" | "nanos" => 1,
            "µs" | "us" | "micros" => 1_000,
            "ms" | "millis" => 1_000_000,
            "s" | "secs" | "seconds" => 1_000_000_000,
            "m" | "mins" | "minutes" => 60_000_000_000,
            "h" | "hrs" | "hours" => 3_600_000_000_000,
            _ => return Err(invalid()),
        };
        let nanos = number.checked_mul(nanos_per_unit).ok_or_else(invalid)?;
        Ok(Self(Duration::from_nanos(nanos)))
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_nanos();
        let units =
            [(3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
        match units.iter().find(|(size, _)| nanos > 0 && nanos.is_multiple_of(*size)) {
            Some((size, unit)) => write!(f, "{}{unit}", nanos / size),
            None => write!(f, "{nanos}ns"),
        }
    }
}

impl Serialize for HumanDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HumanDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_reads_and_prints_shortest() {
        for (text, printed) in [
            ("1500 ms", "1500ms"),
            ("60s", "1m"),
            ("90secs", "90s"),
            ("2hrs", "2h"),
            ("10µs", "10µs"),
            ("0s", "0ns"),
            ("7nanos", "7ns"),
        ] {
            assert_eq!(text.parse::<HumanDuration>().map(|d| d.to_string()), Ok(printed.to_string()), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "10", "s", "-1s", "1d", "1h30m", "99999999999999999999s", "18446744073709551615h"] {
            assert!(text.parse::<HumanDuration>().is_err(), "{text}");
        }
    }
}
