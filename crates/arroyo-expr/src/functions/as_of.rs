//! `as_of(…)`: a marker by which the planner knows joins with the latest version of a row.

use arrow::datatypes::DataType;
use datafusion::common::exec_err;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

/// The name of the marker.
pub const AS_OF: &str = "as_of";

#[derive(Debug, PartialEq, Eq, Hash)]
struct AsOf {
    signature: Signature,
}

/// `as_of(a.at)` and `as_of(a.at >= b.at)`.
pub(super) fn as_of() -> ScalarUDF {
    ScalarUDF::from(AsOf { signature: Signature::any(1, Volatility::Volatile) })
}

impl ScalarUDFImpl for AsOf {
    fn name(&self) -> &str {
        AS_OF
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        exec_err!("`{AS_OF}` is no function to call: write ASOF JOIN, or FOR SYSTEM_TIME AS OF")
    }
}
