//! Text of single values → numbers, times, decimals, intervals. Every function answers `None` for text it cannot read.

mod decimal;
mod interval;
mod time;

pub(crate) use decimal::parse_decimal;
pub(crate) use interval::{parse_interval, write_interval};
pub(crate) use time::{parse_date, parse_time, parse_timestamp};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Standard Base64; padding is written and need not be read.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A whole number; a fraction of zeros and an exponent are allowed (`3.0`, `1e3`).
pub(crate) fn parse_integer(text: &str) -> Option<i128> {
    if let Ok(small) = text.parse::<i64>() {
        return Some(i128::from(small));
    }
    if let Ok(large) = text.parse::<i128>() {
        return Some(large);
    }
    let float = text.parse::<f64>().ok()?;
    (float.fract() == 0.0 && float.abs() < 1e18).then_some(float as i128)
}

/// A floating-point number; also `NaN`, `Infinity` and their relatives.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// `true` or `false` in any case.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// An unscaled decimal: Base64 of its big-endian two's complement of 1 to 16 bytes.
pub(crate) fn parse_decimal_bytes(text: &str) -> Option<i128> {
    let bytes = BASE64.decode(text).ok()?;
    let first = *bytes.first()?;
    let start = if first & 0x80 == 0 { 0i128 } else { -1 };
    (bytes.len() <= 16).then(|| bytes.iter().fold(start, |value, byte| (value << 8) | i128::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        assert_eq!(parse_integer("-12"), Some(-12));
        assert_eq!(parse_integer("3.0"), Some(3));
        assert_eq!(parse_integer("1e3"), Some(1000));
        assert_eq!(parse_integer("18446744073709551615"), Some(18_446_744_073_709_551_615));
        for bad in ["", "x", "1.5", "1e300", "NaN"] {
            assert_eq!(parse_integer(bad), None, "{bad}");
        }
    }

    #[test]
    fn decimals_in_bytes() {
        assert_eq!(parse_decimal_bytes(&BASE64.encode(1250i128.to_be_bytes())), Some(1250));
        assert_eq!(parse_decimal_bytes(&BASE64.encode((-1250i128).to_be_bytes())), Some(-1250));
        assert_eq!(parse_decimal_bytes(&BASE64.encode([0xff])), Some(-1));
        assert_eq!(parse_decimal_bytes(""), None);
        assert_eq!(parse_decimal_bytes("####"), None);
    }
}
