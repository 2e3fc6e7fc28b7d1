//! `_emit(…)`: a marker by which the planner knows when the results of a windowed query are wanted.

use arrow::datatypes::DataType;
use datafusion::common::exec_err;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

/// The name of the marker.
pub const EMIT: &str = "_emit";

#[derive(Debug, PartialEq, Eq, Hash)]
struct Emit {
    signature: Signature,
}

/// `_emit(every, lateness, table, line, column, line, column)`, in the condition of HAVING.
pub(super) fn emit() -> ScalarUDF {
    ScalarUDF::from(Emit { signature: Signature::any(7, Volatility::Volatile) })
}

impl ScalarUDFImpl for Emit {
    fn name(&self) -> &str {
        EMIT
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        exec_err!("`{EMIT}` is no function to call: write EMIT EVERY behind GROUP BY")
    }
}
