//! Columns under construction → Arrow arrays.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, Decimal128Array, ListArray, NullArray,
    PrimitiveArray, StringArray, StructArray,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowNativeType, DataType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;

use super::{Bytes, Column, Integer, Values};

impl Column {
    /// Takes all rows out as an array of the column's type.
    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let rows = self.nulls.len();
        let nulls = self.nulls.finish();
        let array: ArrayRef = match &mut self.values {
            Values::Null => Arc::new(NullArray::new(rows)),
            Values::Bool(values) => Arc::new(BooleanArray::new(take_bools(values), nulls)),
            Values::Int(kind, values) => finish_integers(*kind, take(values), nulls)?,
            Values::Float { single: true, values } => {
                primitive::<Float32Type>(take(values).into_iter().map(|value| value as f32).collect(), nulls)?
            }
            Values::Float { values, .. } => primitive::<Float64Type>(take(values), nulls)?,
            Values::Decimal { precision, scale, values } => Arc::new(
                Decimal128Array::try_new(take(values).into(), nulls)?.with_precision_and_scale(*precision, *scale)?,
            ),
            Values::Interval(values) => primitive::<IntervalMonthDayNanoType>(take(values), nulls)?,
            Values::Text(bytes) | Values::Json(bytes) => {
                let (offsets, data) = take_bytes(bytes);
                Arc::new(StringArray::try_new(offsets, data, nulls)?)
            }
            Values::Binary(bytes) => {
                let (offsets, data) = take_bytes(bytes);
                Arc::new(BinaryArray::try_new(offsets, data, nulls)?)
            }
            Values::List { offsets, item } => {
                let offsets = take_offsets(offsets);
                let items = item.finish()?;
                let DataType::List(field) = &self.data_type else {
                    return Err(ArrowError::SchemaError(format!("{} is not a list", self.data_type)));
                };
                Arc::new(ListArray::try_new(field.clone(), offsets, items, nulls)?)
            }
            Values::Struct(columns) => {
                let arrays = columns.columns.iter_mut().map(Column::finish).collect::<Result<Vec<_>, _>>()?;
                let DataType::Struct(fields) = &self.data_type else {
                    return Err(ArrowError::SchemaError(format!("{} is not a struct", self.data_type)));
                };
                Arc::new(StructArray::try_new_with_length(fields.clone(), arrays, nulls, rows)?)
            }
        };
        if *array.data_type() == self.data_type { Ok(array) } else { convert(&array, &self.data_type) }
    }
}

/// A timestamp with a zone is the same instant; every other difference is one of representation.
fn convert(array: &ArrayRef, data_type: &DataType) -> Result<ArrayRef, ArrowError> {
    match data_type {
        DataType::Timestamp(unit, Some(zone)) => {
            let utc = cast(array, &DataType::Timestamp(*unit, Some("+00:00".into())))?;
            cast(&utc, &DataType::Timestamp(*unit, Some(zone.clone())))
        }
        other => cast(array, other),
    }
}

fn take<T>(values: &mut Vec<T>) -> Vec<T> {
    let capacity = values.len();
    std::mem::replace(values, Vec::with_capacity(capacity))
}

fn take_bools(values: &mut arrow::array::BooleanBufferBuilder) -> BooleanBuffer {
    values.finish()
}

fn take_offsets(offsets: &mut Vec<i32>) -> OffsetBuffer<i32> {
    let capacity = offsets.len();
    let mut fresh = Vec::with_capacity(capacity);
    fresh.push(0);
    OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(offsets, fresh)))
}

fn take_bytes(bytes: &mut Bytes) -> (OffsetBuffer<i32>, Buffer) {
    (take_offsets(&mut bytes.offsets), Buffer::from_vec(take(&mut bytes.data)))
}

fn primitive<T: ArrowPrimitiveType>(values: Vec<T::Native>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError>
where
    T::Native: ArrowNativeType,
{
    Ok(Arc::new(PrimitiveArray::<T>::try_new(ScalarBuffer::from(values), nulls)?))
}

fn finish_integers(kind: Integer, values: Vec<i64>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    macro_rules! narrow {
        ($arrow:ty, $native:ty) => {
            primitive::<$arrow>(values.into_iter().map(|value| value as $native).collect(), nulls)
        };
    }
    match kind {
        Integer::Signed(8) => narrow!(Int8Type, i8),
        Integer::Signed(16) => narrow!(Int16Type, i16),
        Integer::Signed(32) => narrow!(Int32Type, i32),
        Integer::Signed(_) => primitive::<Int64Type>(values, nulls),
        Integer::Unsigned(8) => narrow!(UInt8Type, u8),
        Integer::Unsigned(16) => narrow!(UInt16Type, u16),
        Integer::Unsigned(32) => narrow!(UInt32Type, u32),
        Integer::Unsigned(_) => narrow!(UInt64Type, u64),
        Integer::Date => narrow!(Date32Type, i32),
        Integer::Time => primitive::<Time64NanosecondType>(values, nulls),
        Integer::Timestamp(TimeUnit::Second) => primitive::<TimestampSecondType>(values, nulls),
        Integer::Timestamp(TimeUnit::Millisecond) => primitive::<TimestampMillisecondType>(values, nulls),
        Integer::Timestamp(TimeUnit::Microsecond) => primitive::<TimestampMicrosecondType>(values, nulls),
        Integer::Timestamp(TimeUnit::Nanosecond) => primitive::<TimestampNanosecondType>(values, nulls),
    }
}
