//! `tumble(width)`, `hop(slide, width)`, `session(gap)` and `row_time()`: markers that the planner replaces.
//!
//! They exist as functions so that SQL type-checks: a window has the type [`window_type`], an event time is a timestamp.
//! They are volatile, so that no optimizer rule folds them away before the planner has seen them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, IntervalUnit, TimeUnit};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The name of the tumbling window function.
pub const TUMBLE: &str = "tumble";
/// The name of the hopping window function.
pub const HOP: &str = "hop";
/// The name of the session window function.
pub const SESSION: &str = "session";
/// The name of the function that is a row's event time.
pub const ROW_TIME: &str = "row_time";

const TIMESTAMP: DataType = DataType::Timestamp(TimeUnit::Nanosecond, None);

/// The type of a window: `STRUCT<start TIMESTAMP(9), end TIMESTAMP(9)>`, both never null.
pub fn window_type() -> DataType {
    DataType::Struct([Field::new("start", TIMESTAMP, false), Field::new("end", TIMESTAMP, false)].into_iter().collect())
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Marker {
    name: &'static str,
    usage: &'static str,
    intervals: usize,
    return_type: DataType,
    signature: Signature,
}

impl Marker {
    fn window(name: &'static str, intervals: usize, usage: &'static str) -> ScalarUDF {
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
        if arg_types.len() != self.intervals || !arg_types.iter().all(is_interval) {
            return plan_err!("`{}` must be called as {}", self.name, self.usage);
        }
        Ok(vec![DataType::Interval(IntervalUnit::MonthDayNano); self.intervals])
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        exec_err!("`{}` was not replaced by the planner; report this as a bug", self.name)
    }
}

/// `tumble(width)`.
pub(super) fn tumble() -> ScalarUDF {
    Marker::window(TUMBLE, 1, "tumble(INTERVAL '1 minute')")
}

/// `hop(slide, width)`.
pub(super) fn hop() -> ScalarUDF {
    Marker::window(HOP, 2, "hop(INTERVAL '1 minute', INTERVAL '1 hour'): the slide and the width")
}

/// `session(gap)`.
pub(super) fn session() -> ScalarUDF {
    Marker::window(SESSION, 1, "session(INTERVAL '1 minute')")
}

/// `row_time()`.
pub(super) fn row_time() -> ScalarUDF {
    ScalarUDF::from(Marker {
        name: ROW_TIME,
        usage: "row_time()",
        intervals: 0,
        return_type: TIMESTAMP,
        signature: Signature::nullary(Volatility::Volatile),
    })
}
