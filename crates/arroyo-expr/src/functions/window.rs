//! `window(start, end)`: a window from its two bounds.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, TimeUnit, TimestampNanosecondType};
use datafusion::common::{exec_err, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::window_type;

const TIMESTAMP: DataType = DataType::Timestamp(TimeUnit::Nanosecond, None);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Window {
    signature: Signature,
}

/// `window(start, end)`.
pub(super) fn window() -> ScalarUDF {
    ScalarUDF::from(Window { signature: Signature::exact(vec![TIMESTAMP, TIMESTAMP], Volatility::Immutable) })
}

/// The call `window(start, end)`.
pub fn window_of(start: Expr, end: Expr) -> Expr {
    window().call(vec![start, end])
}

impl ScalarUDFImpl for Window {
    fn name(&self) -> &str {
        "window"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(window_type())
    }

    fn return_field_from_args(&self, _args: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), window_type(), false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let bounds = ColumnarValue::values_to_arrays(&args.args)?;
        if bounds.iter().any(|bound| bound.as_primitive_opt::<TimestampNanosecondType>().is_none()) {
            return internal_err!("`window` was called with something else than timestamps");
        }
        if bounds.iter().any(|bound| bound.null_count() > 0) {
            return exec_err!("`window(start, end)` got NULL; a window has both bounds");
        }
        let DataType::Struct(fields) = window_type() else { return internal_err!("a window is a struct") };
        let fields: Fields = fields;
        Ok(ColumnarValue::Array(Arc::new(StructArray::try_new(fields, bounds, None)?)))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{RecordBatch, TimestampNanosecondArray};
    use arrow::datatypes::Schema;
    use datafusion::logical_expr::col;

    use super::*;
    use crate::Compiled;

    fn evaluate(end: Option<i64>) -> std::result::Result<arrow::array::ArrayRef, crate::ExprError> {
        let field = |name: &str| Field::new(name, TIMESTAMP, true);
        let schema = Arc::new(Schema::new(vec![field("a"), field("b")]));
        let column = |value: Option<i64>| Arc::new(TimestampNanosecondArray::from(vec![value]));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![column(Some(1)), column(end)]).expect("a batch");
        Compiled::new(&window_of(col("a"), col("b")), &schema).expect("it binds").evaluate(&batch)
    }

    #[test]
    fn bounds_become_a_window() {
        let window = evaluate(Some(2)).expect("it evaluates");
        assert_eq!(window.data_type(), &window_type());
        assert_eq!(window.as_struct().column(1).as_primitive::<TimestampNanosecondType>().value(0), 2);
    }

    #[test]
    fn a_missing_bound_is_an_error() {
        let error = evaluate(None).expect_err("a window has both bounds");
        assert!(error.to_string().contains("both bounds"), "{error}");
    }
}
