//! `now()`, `current_date()` and `current_time()`: the moment at which rows are processed.
//!
//! DataFusion's functions of these names mean the start of a query, and are replaced by a constant when it is planned.
//! A stream has no such moment: it runs for months.
//! Ours are volatile, so that no optimizer rule folds them; all rows of a batch get the same value.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use arroyo_types::{Clock, SystemClock};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Moment {
    Timestamp,
    Date,
    Time,
}

impl Moment {
    fn value(self, nanos: i64) -> ScalarValue {
        match self {
            Self::Timestamp => ScalarValue::TimestampNanosecond(Some(nanos), None),
            Self::Date => ScalarValue::Date32(i32::try_from(nanos.div_euclid(NANOS_PER_DAY)).ok()),
            Self::Time => ScalarValue::Time64Nanosecond(Some(nanos.rem_euclid(NANOS_PER_DAY))),
        }
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ProcessingTime {
    name: &'static str,
    aliases: Vec<String>,
    moment: Moment,
    signature: Signature,
}

fn function(name: &'static str, aliases: &[&str], moment: Moment) -> ScalarUDF {
    let aliases = aliases.iter().map(ToString::to_string).collect();
    ScalarUDF::from(ProcessingTime { name, aliases, moment, signature: Signature::nullary(Volatility::Volatile) })
}

/// `now()`, `current_date()` and `current_time()`.
pub(super) fn processing_time() -> Vec<ScalarUDF> {
    vec![
        function("now", &["current_timestamp"], Moment::Timestamp),
        function("current_date", &["today"], Moment::Date),
        function("current_time", &[], Moment::Time),
    ]
}

impl ScalarUDFImpl for ProcessingTime {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(match self.moment {
            Moment::Timestamp => DataType::Timestamp(TimeUnit::Nanosecond, None),
            Moment::Date => DataType::Date32,
            Moment::Time => DataType::Time64(TimeUnit::Nanosecond),
        })
    }

    fn return_field_from_args(&self, _args: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name, self.return_type(&[])?, false)))
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Ok(ColumnarValue::Scalar(self.moment.value(SystemClock.now().nanos())))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int64Array, RecordBatch};
    use arrow::datatypes::{Schema, TimestampNanosecondType};

    use super::*;
    use crate::Compiled;

    #[test]
    fn all_rows_of_a_batch_are_processed_at_one_moment() {
        let schema = Arc::new(Schema::new(vec![Field::new("a", DataType::Int64, false)]));
        let batch = RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(vec![1, 2]))]).expect("a batch");
        let now = function("now", &[], Moment::Timestamp).call(Vec::new());
        let values = Compiled::new(&now, &batch.schema()).expect("it binds").evaluate(&batch).expect("it evaluates");
        let values = values.as_primitive::<TimestampNanosecondType>();
        assert_eq!(values.value(0), values.value(1));
        assert!(values.value(0) > 1_600_000_000_000_000_000);
    }

    #[test]
    fn dates_and_times_are_parts_of_the_moment() {
        assert_eq!(Moment::Date.value(-1), ScalarValue::Date32(Some(-1)));
        assert_eq!(Moment::Time.value(-1), ScalarValue::Time64Nanosecond(Some(NANOS_PER_DAY - 1)));
    }
}
