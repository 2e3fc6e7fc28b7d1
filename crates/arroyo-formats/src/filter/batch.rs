//! Filters over whole batches, for sources that decode so.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, Scalar, StringArray, UInt64Array};
use arrow::compute::kernels::cmp;
use arrow::compute::{CastOptions, and_kleene, cast_with_options, filter_record_batch, is_not_null, is_null};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

use super::{Comparison, Condition, Literal, SimpleFilter, Test};
use crate::FormatError;

impl SimpleFilter {
    /// The rows of `batch` that are to be kept.
    ///
    /// # Errors
    ///
    /// The batch does not have a column of the filter, or has it of another type.
    pub fn keep(&self, batch: &RecordBatch) -> Result<RecordBatch, FormatError> {
        let mut kept: Option<BooleanArray> = None;
        for condition in &self.all {
            let holds = condition.holds(batch)?;
            kept = Some(match kept {
                Some(kept) => and_kleene(&kept, &holds)?,
                None => holds,
            });
        }
        match kept {
            Some(kept) => Ok(filter_record_batch(batch, &kept)?),
            None => Ok(batch.clone()),
        }
    }
}

impl Condition {
    fn holds(&self, batch: &RecordBatch) -> Result<BooleanArray, FormatError> {
        let column = batch
            .column_by_name(&self.column)
            .ok_or_else(|| FormatError::Filter(format!("the column `{}` is not read", self.column)))?;
        let (op, literal) = match &self.test {
            Test::IsNull => return Ok(is_null(column)?),
            Test::IsNotNull => return Ok(is_not_null(column)?),
            Test::Compare { op, literal } => (op, literal),
        };
        let literal = Scalar::new(literal.to_array(column.data_type())?);
        Ok(match op {
            Comparison::Eq => cmp::eq(column, &literal)?,
            Comparison::NotEq => cmp::neq(column, &literal)?,
            Comparison::Lt => cmp::lt(column, &literal)?,
            Comparison::LtEq => cmp::lt_eq(column, &literal)?,
            Comparison::Gt => cmp::gt(column, &literal)?,
            Comparison::GtEq => cmp::gt_eq(column, &literal)?,
        })
    }
}

impl Literal {
    /// An array of this one value, of the type of the column that it is compared with.
    fn to_array(&self, data_type: &DataType) -> Result<ArrayRef, ArrowError> {
        let array: ArrayRef = match self {
            Self::Int(value) => Arc::new(Int64Array::from(vec![*value])),
            Self::Unsigned(value) => Arc::new(UInt64Array::from(vec![*value])),
            Self::Float(value) => Arc::new(Float64Array::from(vec![*value])),
            Self::Bool(value) => Arc::new(BooleanArray::from(vec![*value])),
            Self::Text(value) => Arc::new(StringArray::from(vec![value.as_str()])),
        };
        cast_with_options(&array, data_type, &CastOptions { safe: false, ..CastOptions::default() })
    }
}
