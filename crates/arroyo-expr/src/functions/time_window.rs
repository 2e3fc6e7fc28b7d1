//! `tumble(width)`, `hop(slide, width)`, `cumulate(step, width)`, `session(gap)` and `row_time()`: markers that the planner
//! replaces. All but `session` take an offset as a last argument.
//!
//! They exist as functions so that SQL type-checks: a window has the type [`window_type`], an event time is a timestamp.
//! They are volatile, so that no optimizer rule folds them away before the planner has seen them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, IntervalUnit, TimeUnit};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The name of the tumbling window function.
pub const TUMBLE: &str = "tumble";
/// The name of the hopping window function.
pub const HOP: &str = "hop";
/// The name of the cumulating window function.
pub const CUMULATE: &str = "cumulate";
/// The name of the session window function.
pub const SESSION: &str = "session";
/// The name of the function that is a row's event time.
pub const ROW_TIME: &str = "row_time";

pub(super) const TIMESTAMP: DataType = DataType::Timestamp(TimeUnit::Nanosecond, None);

/// The type of a window: `STRUCT<start TIMESTAMP(9), end TIMESTAMP(9)>`, both never null.
pub fn window_type() -> DataType {
    DataType::Struct([Field::new("start", TIMESTAMP, false), Field::new("end", TIMESTAMP, false)].into_iter().collect())
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Marker {
    name: &'static str,
    usage: &'static str,
    /// How many intervals it needs, and how many it takes.
    intervals: (usize, usize),
    return_type: DataType,
    signature: Signature,
}

impl Marker {
    fn window(name: &'static str, intervals: (usize, usize), usage: &'static str) -> ScalarUDF {
        let signature = Signature::user_defined(Volatility::Volatile);
        ScalarUDF::from(Self { name, usage, intervals, return_type: window_type(), signature })
    }
}

impl ScalarUDFImpl for Marker {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(self.return_type.clone())
    }

    fn return_field_from_args(&self, _args: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name, self.return_type.clone(), false)))
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let is_interval = |data_type: &DataType| {
            matches!(
                data_type,
                DataType::Interval(_)
                    | DataType::Duration(_)
                    | DataType::Utf8
                    | DataType::Utf8View
                    | DataType::LargeUtf8
            )
        };
        let (least, most) = self.intervals;
        if !(least..=most).contains(&arg_types.len()) || !arg_types.iter().all(is_interval) {
            return plan_err!("`{}` must be called as {}", self.name, self.usage);
        }
        Ok(vec![DataType::Interval(IntervalUnit::MonthDayNano); arg_types.len()])
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        exec_err!("`{}` was not replaced by the planner; report this as a bug", self.name)
    }
}

/// `tumble(width[, offset])`.
pub(super) fn tumble() -> ScalarUDF {
    Marker::window(TUMBLE, (1, 2), "tumble(INTERVAL '1 minute')")
}

/// `hop(slide, width[, offset])`.
pub(super) fn hop() -> ScalarUDF {
    Marker::window(HOP, (2, 3), "hop(INTERVAL '1 minute', INTERVAL '1 hour'): the slide and the width")
}

/// `cumulate(step, width[, offset])`.
pub(super) fn cumulate() -> ScalarUDF {
    Marker::window(CUMULATE, (2, 3), "cumulate(INTERVAL '1 hour', INTERVAL '1 day'): the step and the longest width")
}

/// `session(gap)`.
pub(super) fn session() -> ScalarUDF {
    Marker::window(SESSION, (1, 1), "session(INTERVAL '1 minute')")
}

/// The call `row_time()`.
pub fn row_time() -> Expr {
    row_time_function().call(Vec::new())
}

/// `row_time()`.
pub(super) fn row_time_function() -> ScalarUDF {
    ScalarUDF::from(Marker {
        name: ROW_TIME,
        usage: "row_time()",
        intervals: (0, 0),
        return_type: TIMESTAMP,
        signature: Signature::nullary(Volatility::Volatile),
    })
}
