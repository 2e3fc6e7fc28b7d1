//! How a function with OVER can be computed while rows come in the order of ORDER BY.

use arrow::datatypes::SchemaRef;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{AggregateFunction, NullTreatment, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{Expr, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition};

use crate::{CompiledAggregate, ExprError, aggregate_functions};

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// How far a function looks, away from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// So many rows.
    Rows(usize),
    /// So many nanoseconds.
    Time(i64),
    /// So many groups of peers; 0: the row's own.
    Groups(usize),
}

/// Where the frame of a running aggregate ends, seen from a row: negative is before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameEnd {
    /// So many rows away.
    Rows(i64),
    /// So many nanoseconds away, peers included.
    Time(i64),
    /// So many groups of peers away.
    Groups(i64),
}

/// How a function is computed.
#[derive(Debug, Clone)]
pub enum OverPlan {
    /// From the rows around a row.
    Around {
        /// Which rows before it are needed.
        before: Extent,
        /// Which rows behind it are needed.
        after: Extent,
    },
    /// The number of the row.
    RowNumber,
    /// The number of the first of its peers.
    Rank,
    /// The number of its group of peers.
    DenseRank,
    /// An aggregate of all rows up to the end of a frame.
    Running {
        /// The aggregate.
        aggregate: Box<CompiledAggregate>,
        /// The frame's end.
        end: FrameEnd,
    },
}

/// Why a function cannot be computed while rows come: complete for a user, or an expression's failure.
#[derive(Debug)]
pub enum NotIncremental {
    /// It needs rows that may never come, or all rows.
    Unbounded(String),
    /// An expression is at fault.
    Expr(ExprError),
}

impl OverPlan {
    /// The plan of a call over rows of `schema`.
    pub fn of(call: &WindowFunction, schema: &SchemaRef) -> Result<Self, NotIncremental> {
        let name = call.fun.name();
        let WindowFunctionDefinition::WindowUDF(_) = &call.fun else { return framed(call, schema) };
        match name {
            "row_number" => Ok(Self::RowNumber),
            "rank" => Ok(Self::Rank),
            "dense_rank" => Ok(Self::DenseRank),
            "lag" | "lead" => shift(name, &call.params),
            "first_value" | "last_value" | "nth_value" => framed(call, schema),
            _ => Err(unbounded(format!("`{name}` needs all rows of its partition, which has no end"))),
        }
    }

    /// The rows before a row that it needs besides what it has accumulated.
    pub fn before(&self) -> Extent {
        match self {
            Self::Around { before, .. } => *before,
            // Whether the next row is a peer of the last one.
            Self::Rank | Self::DenseRank => Extent::Rows(1),
            Self::RowNumber | Self::Running { .. } => Extent::Rows(0),
        }
    }

    /// The rows behind a row that it needs.
    pub fn after(&self) -> Extent {
        match self {
            Self::Around { after, .. } => *after,
            Self::RowNumber | Self::Rank | Self::DenseRank => Extent::Rows(0),
            Self::Running { end, .. } => match *end {
                FrameEnd::Rows(rows) => Extent::Rows(usize::try_from(rows).unwrap_or(0)),
                FrameEnd::Groups(groups) => Extent::Groups(usize::try_from(groups).unwrap_or(0)),
                FrameEnd::Time(nanos) if nanos > 0 => Extent::Time(nanos),
                FrameEnd::Time(_) => Extent::Groups(0),
            },
        }
    }

    /// Whether its value depends on all earlier rows.
    pub fn is_running(&self) -> bool {
        !matches!(self, Self::Around { .. })
    }
}

fn unbounded(reason: String) -> NotIncremental {
    NotIncremental::Unbounded(reason)
}

fn shift(name: &str, params: &WindowFunctionParams) -> Result<OverPlan, NotIncremental> {
    if params.null_treatment == Some(NullTreatment::IgnoreNulls) {
        return Err(unbounded(format!("`{name}` with IGNORE NULLS may look any number of rows away")));
    }
    let offset = match params.args.get(1) {
        None => 1,
        Some(Expr::Literal(offset, _)) if offset.is_null() => 1,
        Some(Expr::Literal(offset, _)) => match offset.cast_to(&arrow::datatypes::DataType::Int64) {
            Ok(ScalarValue::Int64(Some(offset))) => offset,
            _ => return Err(unbounded(format!("the offset of `{name}` must be a number of rows"))),
        },
        Some(_) => return Err(unbounded(format!("the offset of `{name}` must be a constant"))),
    };
    let backwards = if name == "lag" { offset } else { offset.saturating_neg() };
    let rows = |rows: i64| Extent::Rows(usize::try_from(rows).unwrap_or(0));
    Ok(OverPlan::Around { before: rows(backwards), after: rows(backwards.saturating_neg()) })
}

fn framed(call: &WindowFunction, schema: &SchemaRef) -> Result<OverPlan, NotIncremental> {
    let frame = &call.params.window_frame;
    let end = offset(frame.units, &frame.end_bound)?
        .ok_or_else(|| unbounded("a frame up to UNBOUNDED FOLLOWING waits for rows for ever".to_owned()))?;
    let end = match frame.units {
        WindowFrameUnits::Rows => FrameEnd::Rows(end),
        WindowFrameUnits::Range => FrameEnd::Time(end),
        WindowFrameUnits::Groups => FrameEnd::Groups(end),
    };
    let Some(start) = offset(frame.units, &frame.start_bound)? else {
        let aggregate = aggregate_of(call, schema).map_err(NotIncremental::Expr)?;
        return Ok(OverPlan::Running { aggregate: Box::new(aggregate), end });
    };
    let distance = |offset: i64| usize::try_from(offset.saturating_neg()).unwrap_or(0);
    let before = match frame.units {
        WindowFrameUnits::Rows => Extent::Rows(distance(start)),
        WindowFrameUnits::Groups => Extent::Groups(distance(start)),
        WindowFrameUnits::Range if start < 0 => Extent::Time(start.saturating_neg()),
        WindowFrameUnits::Range => Extent::Groups(0),
    };
    let after = match end {
        FrameEnd::Rows(rows) => Extent::Rows(usize::try_from(rows).unwrap_or(0)),
        FrameEnd::Groups(groups) => Extent::Groups(usize::try_from(groups).unwrap_or(0)),
        FrameEnd::Time(nanos) if nanos > 0 => Extent::Time(nanos),
        FrameEnd::Time(_) => Extent::Groups(0),
    };
    Ok(OverPlan::Around { before, after })
}

/// A bound as an offset from the row; `None`: unbounded.
fn offset(units: WindowFrameUnits, bound: &WindowFrameBound) -> Result<Option<i64>, NotIncremental> {
    let (value, sign) = match bound {
        WindowFrameBound::CurrentRow => return Ok(Some(0)),
        WindowFrameBound::Preceding(value) => (value, -1),
        WindowFrameBound::Following(value) => (value, 1),
    };
    if value.is_null() {
        return Ok(None);
    }
    let size = if units == WindowFrameUnits::Range { nanos(value) } else { count(value) };
    size.map(|size| Some(size * sign)).ok_or_else(|| {
        unbounded("a bound of the frame is neither a number of rows nor an interval of a fixed length".to_owned())
    })
}

fn count(value: &ScalarValue) -> Option<i64> {
    match value.cast_to(&arrow::datatypes::DataType::Int64).ok()? {
        ScalarValue::Int64(Some(count)) if count >= 0 => Some(count),
        _ => None,
    }
}

fn nanos(value: &ScalarValue) -> Option<i64> {
    let nanos = match value {
        ScalarValue::IntervalMonthDayNano(Some(interval)) if interval.months == 0 => {
            i64::from(interval.days).checked_mul(NANOS_PER_DAY)?.checked_add(interval.nanoseconds)?
        }
        ScalarValue::IntervalDayTime(Some(interval)) => i64::from(interval.days)
            .checked_mul(NANOS_PER_DAY)?
            .checked_add(i64::from(interval.milliseconds) * 1_000_000)?,
        ScalarValue::DurationSecond(Some(seconds)) => seconds.checked_mul(1_000_000_000)?,
        ScalarValue::DurationMillisecond(Some(millis)) => millis.checked_mul(1_000_000)?,
        ScalarValue::DurationMicrosecond(Some(micros)) => micros.checked_mul(1_000)?,
        ScalarValue::DurationNanosecond(Some(nanos)) => *nanos,
        _ => return None,
    };
    (nanos >= 0).then_some(nanos)
}

/// The call as an aggregate over the rows of its frame, in their order.
pub(super) fn aggregate_of(call: &WindowFunction, schema: &SchemaRef) -> Result<CompiledAggregate, ExprError> {
    let function = match &call.fun {
        WindowFunctionDefinition::AggregateUDF(function) => Some(std::sync::Arc::clone(function)),
        WindowFunctionDefinition::WindowUDF(function) => {
            aggregate_functions().into_iter().find(|aggregate| aggregate.name() == function.name())
        }
    };
    let params = call.params.clone();
    let Some(function) = function else {
        let reason = datafusion::common::plan_datafusion_err!("it is no aggregate");
        return Err(ExprError::Bind { expr: call.fun.name().to_owned(), source: Box::new(reason) });
    };
    let aggregate = AggregateFunction::new_udf(
        function,
        params.args,
        params.distinct,
        params.filter,
        Vec::new(),
        params.null_treatment,
    );
    CompiledAggregate::new(&Expr::AggregateFunction(aggregate), schema)
}
