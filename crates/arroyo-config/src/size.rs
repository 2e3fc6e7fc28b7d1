//! Numbers of bytes as people write them: `512MB`, `2 GiB`.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A number of bytes in configuration: a number, or a number and a unit (`kB`, `MB`, `GB`, `TB`, each 1024 times the one
/// before, with or without an `i`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanSize(pub u64);

/// The text is not a number of bytes.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a number of bytes; write a number and a unit, such as 512MB or 2GiB")]
pub struct InvalidSize(String);

const UNITS: [(u64, &str); 4] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];

impl FromStr for HumanSize {
    type Err = InvalidSize;

    fn from_str(text: &str) -> Result<Self, InvalidSize> {
        let invalid = || InvalidSize(text.to_string());
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(digits).ok_or_else(invalid)?;
        let number: u64 = number.parse().map_err(|_| invalid())?;
        let unit = unit.trim().to_lowercase();
        let size = match unit.trim_end_matches('b').trim_end_matches('i') {
            "" if matches!(unit.as_str(), "" | "b") => 1,
            "k" => 1 << 10,
            "m" => 1 << 20,
            "g" => 1 << 30,
            "t" => 1 << 40,
            _ => return Err(invalid()),
        };
        number.checked_mul(size).map(Self).ok_or_else(invalid)
    }
}

impl fmt::Display for HumanSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(size, _)| self.0 > 0 && self.0.is_multiple_of(*size)) {
            Some((size, unit)) => write!(f, "{}{unit}", self.0 / size),
            None => write!(f, "{}B", self.0),
        }
    }
}

impl Serialize for HumanSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HumanSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Size;
        impl Visitor<'_> for Size {
            type Value = HumanSize;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes such as 512MB or 2GiB")
            }

            fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<HumanSize, E> {
                Ok(HumanSize(bytes))
            }

            fn visit_i64<E: de::Error>(self, bytes: i64) -> Result<HumanSize, E> {
                u64::try_from(bytes).map(HumanSize).map_err(|_| E::custom(InvalidSize(bytes.to_string())))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<HumanSize, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_reads_and_prints_shortest() {
        for (text, printed) in [
            ("100", "100B"),
            ("100 B", "100B"),
            ("2kb", "2KiB"),
            ("512MB", "512MiB"),
            ("1024 MiB", "1GiB"),
            ("3g", "3GiB"),
            ("1TB", "1TiB"),
            ("0", "0B"),
        ] {
            assert_eq!(text.parse::<HumanSize>().map(|size| size.to_string()), Ok(printed.to_string()), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "MB", "-1", "1.5GB", "5 apples", "1i", "99999999999999999999", "99999999TB"] {
            assert!(text.parse::<HumanSize>().is_err(), "{text}");
        }
    }
}
