//! Windows of event time: what `tumble`, `hop`, `cumulate` and `session` say.

use std::fmt;

use arroyo_expr::{CUMULATE, HOP, SESSION, TUMBLE};
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
///
/// An offset is how much after a multiple of their distance, counted from the Unix epoch, windows start: at least 0, and less
/// than the distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Window {
    /// Windows side by side.
    Tumble {
        /// Their length.
        width: i64,
        /// Their offset.
        offset: i64,
    },
    /// Windows that overlap, or that leave time out between them. `slide` is not `width`.
    Hop {
        /// From one window's start to the next one's.
        slide: i64,
        /// Their length.
        width: i64,
        /// Their offset.
        offset: i64,
    },
    /// Windows that start together and end one step after the other.
    Cumulate {
        /// How much longer than the one before each of them is.
        step: i64,
        /// The length of the longest one, and from its start to the next ones' start. A multiple of `step`.
        width: i64,
        /// Their offset.
        offset: i64,
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
            Expr::ScalarFunction(call) if is_marker(call) => Self::of_call(call.name(), &call.args).map(Some),
            _ => Ok(None),
        }
    }

    /// The window of the function `name` with these intervals, in the order of the SQL function.
    pub(crate) fn of_call(name: &str, args: &[Expr]) -> Result<Self, Diagnostic> {
        match (name, args) {
            (TUMBLE, [width, rest @ ..]) if rest.len() < 2 => {
                let width = length(name, "width", width)?;
                Ok(Self::Tumble { width, offset: offset(name, rest, width)? })
            }
            (SESSION, [gap]) => Ok(Self::Session { gap: length(name, "gap", gap)? }),
            (HOP, [slide, width, rest @ ..]) if rest.len() < 2 => {
                let (slide, width) = (length(name, "slide", slide)?, length(name, "width", width)?);
                let offset = offset(name, rest, slide)?;
                Ok(if slide == width { Self::Tumble { width, offset } } else { Self::Hop { slide, width, offset } })
            }
            (CUMULATE, [step, width, rest @ ..]) if rest.len() < 2 => {
                let (step_nanos, width) = (length(name, "step", step)?, length(name, "width", width)?);
                if width % step_nanos != 0 {
                    let message = format!(
                        "`cumulate` needs a longest width that is a multiple of its step; the step is {}, the width {}",
                        Length(step_nanos),
                        Length(width)
                    );
                    return Err(Diagnostic::error(&codes::WINDOW_LENGTH, message)
                        .at(span_of(step))
                        .help("write `cumulate(step, width)`, the shorter interval first"));
                }
                let offset = offset(name, rest, width)?;
                let step = step_nanos;
                Ok(if step == width { Self::Tumble { width, offset } } else { Self::Cumulate { step, width, offset } })
            }
            _ => Err(Diagnostic::error(
                &codes::WINDOW_LENGTH,
                format!("`{name}` is called with {} arguments", args.len()),
            )
            .help("use `tumble(width)`, `hop(slide, width)`, `cumulate(step, width)` or `session(gap)`")),
        }
    }

    /// The length of the longest window that a row can be in; of a session: its gap.
    pub(crate) fn width(self) -> i64 {
        match self {
            Self::Tumble { width, .. } | Self::Hop { width, .. } | Self::Cumulate { width, .. } => width,
            Self::Session { gap } => gap,
        }
    }

    /// From one window's start to the next one's (cumulating windows: from one end to the next), and the offset.
    pub(crate) fn slide_and_offset(self) -> (i64, i64) {
        match self {
            Self::Tumble { width, offset } => (width, offset),
            Self::Hop { slide, offset, .. } | Self::Cumulate { step: slide, offset, .. } => (slide, offset),
            Self::Session { gap } => (gap, 0),
        }
    }

    /// Whether a row can be in several windows.
    pub(crate) fn overlaps(self) -> bool {
        matches!(self, Self::Hop { .. } | Self::Cumulate { .. })
    }
}

/// Whether the call is `tumble`, `hop`, `cumulate` or `session`.
pub(crate) fn is_marker(call: &ScalarFunction) -> bool {
    matches!(call.name(), TUMBLE | HOP | CUMULATE | SESSION)
}

/// The offset that may follow the lengths, from 0 to `period` (exclusive).
fn offset(function: &str, rest: &[Expr], period: i64) -> Result<i64, Diagnostic> {
    rest.first().map_or(Ok(0), |offset| Ok(interval(function, "offset", offset)?.rem_euclid(period)))
}

fn length(function: &str, what: &str, argument: &Expr) -> Result<i64, Diagnostic> {
    match interval(function, what, argument)? {
        nanos if nanos > 0 => Ok(nanos),
        _ => Err(Diagnostic::error(&codes::WINDOW_LENGTH, format!("the {what} of `{function}` must be positive"))
            .at(span_of(argument))
            .help("write an interval such as INTERVAL '10 seconds'")),
    }
}

fn interval(function: &str, what: &str, argument: &Expr) -> Result<i64, Diagnostic> {
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
    nanos.ok_or_else(|| fail(format!("the {what} of `{function}` is longer than 292 years")))
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Tumble { width, offset } => write!(f, "tumble({}{})", Length(width), Offset(offset)),
            Self::Hop { slide, width, offset } => {
                write!(f, "hop({}, {}{})", Length(slide), Length(width), Offset(offset))
            }
            Self::Cumulate { step, width, offset } => {
                write!(f, "cumulate({}, {}{})", Length(step), Length(width), Offset(offset))
            }
            Self::Session { gap } => write!(f, "session({})", Length(gap)),
        }
    }
}

/// An offset as a further argument, if there is one.
struct Offset(i64);

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { write!(f, ", offset {}", Length(self.0)) }
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
