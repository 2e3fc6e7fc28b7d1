//! `multi_hash(any, …)`: a stable hash of 128 bits of one or more values, as `FIXED(16)`.

use std::sync::Arc;

use arrow::array::FixedSizeBinaryArray;
use arrow::datatypes::DataType;
use arroyo_types::KeyHasher;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use crate::KeyEncoder;

const WIDTH: i32 = 16;

#[derive(Debug, PartialEq, Eq, Hash)]
struct MultiHash {
    signature: Signature,
}

impl ScalarUDFImpl for MultiHash {
    fn name(&self) -> &str {
        "multi_hash"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::FixedSizeBinary(WIDTH))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let rows = columns.first().map_or(args.number_rows, |column| column.len());
        let encoder = KeyEncoder::new(&columns).map_err(|error| DataFusionError::External(Box::new(error)))?;
        let mut hasher = KeyHasher::default();
        let mut values = Vec::with_capacity(rows * WIDTH as usize);
        for row in 0..rows {
            hasher.clear();
            encoder.encode(row, &mut hasher);
            values.extend_from_slice(&hasher.finish_wide().to_be_bytes());
        }
        let array = FixedSizeBinaryArray::try_new(WIDTH, values.into(), None)?;
        Ok(ColumnarValue::Array(Arc::new(array)))
    }
}

/// `multi_hash(any, …)`.
pub(super) fn multi_hash() -> ScalarUDF {
    ScalarUDF::from(MultiHash { signature: Signature::variadic_any(Volatility::Immutable) })
}
