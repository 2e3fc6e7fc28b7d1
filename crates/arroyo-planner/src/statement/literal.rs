//! Literal values outside of queries: options and settings.

use arrow::compute::kernels::cast_utils::parse_interval_month_day_nano;
use datafusion::sql::sqlparser::ast::{Expr, UnaryOperator, Value};

/// An interval without months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    /// Its length.
    pub(crate) nanos: i64,
}

/// The text of an `INTERVAL` literal (`5 second`); `None` for other expressions.
pub(crate) fn interval_text(expr: &Expr) -> Option<String> {
    let Expr::Interval(interval) = expr else { return None };
    let Expr::Value(value) = interval.value.as_ref() else { return None };
    let text = match &value.value {
        Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => text.clone(),
        Value::Number(text, _) => text.clone(),
        _ => return None,
    };
    Some(match &interval.leading_field {
        Some(unit) => format!("{text} {unit}"),
        None => text,
    })
}

/// A length of time from its text (`5 seconds`, `1 hour 30 minutes`).
///
/// # Errors
///
/// A sentence on why it is none.
pub(crate) fn interval_of(text: &str) -> Result<Interval, String> {
    let parsed = parse_interval_month_day_nano(text)
        .map_err(|_| format!("`{text}` is not an interval, such as INTERVAL '10 seconds'"))?;
    if parsed.months != 0 {
        return Err("an interval of months has no fixed length".to_owned());
    }
    let nanos = i64::from(parsed.days)
        .checked_mul(24 * 60 * 60 * 1_000_000_000)
        .and_then(|days| days.checked_add(parsed.nanoseconds))
        .ok_or_else(|| format!("the interval `{text}` is too long"))?;
    if nanos < 0 {
        return Err(format!("the interval `{text}` is negative"));
    }
    Ok(Interval { nanos })
}

/// The text of a number, with its sign; `None` for other expressions.
pub(super) fn number_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => Some(text.clone()),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number_text(expr).map(|text| format!("-{text}")),
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => number_text(expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_have_a_fixed_length() {
        assert_eq!(interval_of("10 seconds"), Ok(Interval { nanos: 10_000_000_000 }));
        assert_eq!(interval_of("1 day"), Ok(Interval { nanos: 86_400_000_000_000 }));
        assert!(interval_of("1 month").is_err());
        assert!(interval_of("-1 second").is_err());
        assert!(interval_of("soon").is_err());
    }
}
