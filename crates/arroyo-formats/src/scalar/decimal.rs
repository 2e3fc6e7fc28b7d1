//! Decimal numbers.

/// The unscaled value of `text` (`-12.50`, `1.25e1`) at `scale`, rounded half away from zero; `None` if it is not a number
/// or has more than `precision` digits.
pub(crate) fn parse_decimal(text: &str, precision: u8, scale: i8) -> Option<i128> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // The digits before the final decimal point are kept, the first one after it decides about rounding.
    let kept = i64::try_from(whole.len()).ok()? + i64::from(exponent) + i64::from(scale);
    let mut value: i128 = 0;
    let mut digits = 0i64;
    let mut round_up = false;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if !byte.is_ascii_digit() {
            return None;
        }
        if digits < kept {
            value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        } else if digits == kept {
            round_up = byte >= b'5';
        }
        digits += 1;
    }
    if value != 0 && digits < kept {
        value = value.checked_mul(10i128.checked_pow(u32::try_from(kept - digits).ok()?)?)?;
    }
    value = value.checked_add(i128::from(round_up))?;
    let limit = 10i128.checked_pow(u32::from(precision))?;
    (value < limit).then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_and_rounds() {
        for (text, expected) in [
            ("12.5", Some(1250)),
            ("-12.5", Some(-1250)),
            ("+0.005", Some(1)),
            ("0.0049", Some(0)),
            ("-0.005", Some(-1)),
            (".5", Some(50)),
            ("5.", Some(500)),
            ("1.25e1", Some(1250)),
            ("125E-1", Some(1250)),
            ("0e100000", Some(0)),
            ("1e-100000", Some(0)),
            ("99999999.99", Some(9_999_999_999)),
            ("99999999.995", None),
            ("1e100000", None),
            ("", None),
            (".", None),
            ("-", None),
            ("1x", None),
            ("1.2.3", None),
            ("NaN", None),
        ] {
            assert_eq!(parse_decimal(text, 10, 2), expected, "{text}");
        }
        assert_eq!(parse_decimal("12345", 5, -2), Some(123));
        assert_eq!(parse_decimal(&"9".repeat(38), 38, 0), Some(10i128.pow(38) - 1));
        assert_eq!(parse_decimal(&format!("0.{}", "3".repeat(100)), 38, 10), Some(3_333_333_333));
    }
}
