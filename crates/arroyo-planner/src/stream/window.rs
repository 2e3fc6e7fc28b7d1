//! Windows of event time: what `tumble`, `hop` and `session` say.

use std::fmt;

use arroyo_expr::{HOP, SESSION, TUMBLE};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::ScalarFunction;

use super::lineage::unaliased;
use super::optimize::simplify;
use super::place::span_of;
use crate::{Diagnostic, codes};

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const NANOS_PER_DAY: i64 = 86_400 * NANOS_PER_SECOND;

/// A way to cut event time into windows. All lengths are positive nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Window {
    /// Windows side by side.
    Tumble {
        /// Their length.
        width: i64,
    },
    /// Windows that overlap. `slide` is less than `width`.
    Hop {
        /// From one window's start to the next one's.
        slide: i64,
        /// Their length.
        width: i64,
    },
    /// Rows of a key that follow one another closely.
    Session {
        /// The silence that ends a session.
        gap: i64,
    },
}

impl Window {
    /// The window that an expression of GROUP BY asks for; `None` if it is something else.
    pub(crate) fn of_group_expr(expr: &Expr) -> Result<Option<Self>, Diagnostic> {
        match unaliased(expr) {
            Expr::ScalarFunction(call) if is_marker(call) => Self::of_call(call).map(Some),
            _ => Ok(None),
        }
    }

    fn of_call(call: &ScalarFunction) -> Result<Self, Diagnostic> {
        let name = call.name();
        match (name, call.args.as_slice()) {
            (TUMBLE, [width]) => Ok(Self::Tumble { width: length(name, "width", width)? }),
            (SESSION, [gap]) => Ok(Self::Session { gap: length(name, "gap", gap)? }),
            (HOP, [slide, width]) => {
                let (slide, width) = (length(name, "slide", slide)?, length(name, "width", width)?);
                match slide.cmp(&width) {
                    std::cmp::Ordering::Less => Ok(Self::Hop { slide, width }),
                    std::cmp::Ordering::Equal => Ok(Self::Tumble { width }),
                    std::cmp::Ordering::Greater => Err(Diagnostic::error(
                        &codes::WINDOW_LENGTH,
                        format!(
                            "`hop` needs a slide that is not longer than its width; the slide is {}, the width {}",
                            Length(slide),
                            Length(width)
                        ),
                    )
                    .at(call.args.iter().find_map(span_of))
                    .help("write `hop(slide, width)`, the shorter interval first")),
                }
            }
            _ => Err(Diagnostic::error(
                &codes::WINDOW_LENGTH,
                format!("`{name}` is called with {} arguments", call.args.len()),
            )
            .help("use `tumble(width)`, `hop(slide, width)` or `session(gap)`")),
        }
    }
}

/// Whether the call is `tumble`, `hop` or `session`.
pub(crate) fn is_marker(call: &ScalarFunction) -> bool {
    matches!(call.name(), TUMBLE | HOP | SESSION)
}

fn length(function: &str, what: &str, argument: &Expr) -> Result<i64, Diagnostic> {
    let fail = |message: String| {
        Diagnostic::error(&codes::WINDOW_LENGTH, message)
            .at(span_of(argument))
            .help("write an interval such as INTERVAL '10 seconds'")
    };
    let simplified = simplify(argument.clone(), &DFSchema::empty())
        .map_err(|e| fail(format!("the {what} of `{function}` is not an interval: {}", e.strip_backtrace())))?;
    let Expr::Literal(value, _) = unaliased(&simplified) else {
        return Err(fail(format!("the {what} of `{function}` must be a constant interval, it is `{argument}`")));
    };
    let nanos = match value {
        ScalarValue::IntervalMonthDayNano(Some(interval)) if interval.months != 0 => {
            return Err(fail(format!("the {what} of `{function}` cannot be given in months, whose lengths differ")));
        }
        ScalarValue::IntervalMonthDayNano(Some(interval)) => {
            i64::from(interval.days).checked_mul(NANOS_PER_DAY).and_then(|days| days.checked_add(interval.nanoseconds))
        }
        ScalarValue::IntervalDayTime(Some(interval)) => i64::from(interval.days)
            .checked_mul(NANOS_PER_DAY)
            .and_then(|days| days.checked_add(i64::from(interval.milliseconds) * 1_000_000)),
        ScalarValue::DurationSecond(Some(seconds)) => seconds.checked_mul(NANOS_PER_SECOND),
        ScalarValue::DurationMillisecond(Some(millis)) => millis.checked_mul(1_000_000),
        ScalarValue::DurationMicrosecond(Some(micros)) => micros.checked_mul(1_000),
        ScalarValue::DurationNanosecond(Some(nanos)) => Some(*nanos),
        other => return Err(fail(format!("the {what} of `{function}` must be an interval, it is `{other}`"))),
    };
    match nanos {
        Some(nanos) if nanos > 0 => Ok(nanos),
        Some(_) => Err(fail(format!("the {what} of `{function}` must be positive"))),
        None => Err(fail(format!("the {what} of `{function}` is longer than 292 years"))),
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Tumble { width } => write!(f, "tumble({})", Length(width)),
            Self::Hop { slide, width } => write!(f, "hop({}, {})", Length(slide), Length(width)),
            Self::Session { gap } => write!(f, "session({})", Length(gap)),
        }
    }
}

/// A length of time in nanoseconds, for people: `90 s`, `250 ms`.
pub(crate) struct Length(pub(crate) i64);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (NANOS_PER_DAY, "d"),
            (3_600 * NANOS_PER_SECOND, "h"),
            (60 * NANOS_PER_SECOND, "min"),
            (NANOS_PER_SECOND, "s"),
            (1_000_000, "ms"),
            (1_000, "µs"),
        ];
        for (unit, name) in units {
            if self.0 != 0 && self.0 % unit == 0 {
                return write!(f, "{} {name}", self.0 / unit);
            }
        }
        write!(f, "{} ns", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_largest_unit_that_fits() {
        let texts: Vec<String> = [0, 1, 1_500, 90 * NANOS_PER_SECOND, 60 * NANOS_PER_SECOND, NANOS_PER_DAY]
            .map(|nanos| Length(nanos).to_string())
            .to_vec();
        assert_eq!(texts, ["0 ns", "1 ns", "1500 ns", "90 s", "1 min", "1 d"]);
    }
}
