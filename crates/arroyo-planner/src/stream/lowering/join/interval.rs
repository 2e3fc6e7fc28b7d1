//! Finds bounds of the distance between the event times of two sides in a condition.
//!
//! `a.at BETWEEN b.at - INTERVAL '5 seconds' AND b.at + INTERVAL '1 second'`, where `at` is the event time of both tables: the
//! distance `a.at - b.at` is from -5 s to 1 s.

use arrow::datatypes::{IntervalDayTime, IntervalMonthDayNano, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};

use crate::stream::lineage::unaliased;
use crate::stream::schema::{StreamSchema, column, unit_of};

const NANOS_PER_DAY: i64 = 86_400 * 1_000_000_000;

/// Bounds of left time - right time, as far as they are known, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bounds {
    pub(super) lower: Option<i64>,
    pub(super) upper: Option<i64>,
}

impl Bounds {
    /// The bounds that both say.
    pub(super) fn and(self, other: Self) -> Self {
        let both = |a: Option<i64>, b: Option<i64>, tighter: fn(i64, i64) -> i64| match (a, b) {
            (Some(a), Some(b)) => Some(tighter(a, b)),
            (a, b) => a.or(b),
        };
        Self { lower: both(self.lower, other.lower, i64::max), upper: both(self.upper, other.upper, i64::min) }
    }

    /// The same distance.
    pub(super) fn exactly(nanos: i64) -> Self {
        Self { lower: Some(nanos), upper: Some(nanos) }
    }
}

/// An event time of one side plus nanoseconds, computed in a unit: what is shorter than the unit is lost.
#[derive(Debug, Clone, Copy)]
struct Moment {
    side: usize,
    offset: i64,
    unit: TimeUnit,
}

/// What `condition` says about the distance; `None` if it says anything else.
pub(super) fn bounds_of(
    condition: &Expr,
    sides: [&StreamSchema; 2],
    side_of: impl Fn(&str) -> Option<(usize, usize)>,
) -> Option<Bounds> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = unaliased(condition) else { return None };
    let (left, right) = (moment(left, sides, &side_of)?, moment(right, sides, &side_of)?);
    let (op, left, right) = match (left.side, right.side) {
        (0, 1) => (*op, left, right),
        (1, 0) => (op.swap()?, right, left),
        _ => return None,
    };
    let distance = right.offset.checked_sub(left.offset)?;
    match op {
        Operator::Eq => Some(Bounds::exactly(distance)),
        Operator::Lt => Some(Bounds { lower: None, upper: Some(distance.checked_sub(1)?) }),
        Operator::LtEq => Some(Bounds { lower: None, upper: Some(distance) }),
        Operator::Gt => Some(Bounds { lower: Some(distance.checked_add(1)?), upper: None }),
        Operator::GtEq => Some(Bounds { lower: Some(distance), upper: None }),
        _ => None,
    }
}

fn moment(expr: &Expr, sides: [&StreamSchema; 2], side_of: &impl Fn(&str) -> Option<(usize, usize)>) -> Option<Moment> {
    match unaliased(expr) {
        Expr::Column(reference) => {
            let (side, position) = side_of(&reference.name)?;
            let schema = sides.get(side)?;
            let field = &schema.column(position)?.field;
            let unit = unit_of(field.data_type())?;
            schema.is_event_time(&column(field.name())).then_some(Moment { side, offset: 0, unit })
        }
        Expr::Cast(cast) => {
            let moment = moment(&cast.expr, sides, side_of)?;
            let unit = unit_of(cast.field.data_type())?;
            (unit >= moment.unit).then_some(Moment { unit, ..moment })
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Plus, right }) => {
            match (moment(left, sides, side_of), moment(right, sides, side_of)) {
                (Some(moment), None) => moment.plus(nanos_of(right)?),
                (None, Some(moment)) => moment.plus(nanos_of(left)?),
                _ => None,
            }
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Minus, right }) => {
            moment(left, sides, side_of)?.plus(nanos_of(right)?.checked_neg()?)
        }
        _ => None,
    }
}

impl Moment {
    fn plus(self, nanos: i64) -> Option<Self> {
        let is_exact = nanos % nanos_per(self.unit) == 0;
        Some(Self { offset: self.offset.checked_add(nanos).filter(|_| is_exact)?, ..self })
    }
}

fn nanos_per(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    }
}

/// The length of a constant interval that always has the same length.
fn nanos_of(expr: &Expr) -> Option<i64> {
    let Expr::Literal(value, _) = unaliased(expr) else { return None };
    match value {
        ScalarValue::IntervalMonthDayNano(Some(IntervalMonthDayNano { months: 0, days, nanoseconds })) => {
            i64::from(*days).checked_mul(NANOS_PER_DAY)?.checked_add(*nanoseconds)
        }
        ScalarValue::IntervalDayTime(Some(IntervalDayTime { days, milliseconds })) => {
            i64::from(*days).checked_mul(NANOS_PER_DAY)?.checked_add(i64::from(*milliseconds) * 1_000_000)
        }
        ScalarValue::DurationNanosecond(Some(nanos)) => Some(*nanos),
        ScalarValue::DurationMicrosecond(Some(micros)) => micros.checked_mul(1_000),
        ScalarValue::DurationMillisecond(Some(millis)) => millis.checked_mul(1_000_000),
        ScalarValue::DurationSecond(Some(seconds)) => seconds.checked_mul(1_000_000_000),
        _ => None,
    }
}
