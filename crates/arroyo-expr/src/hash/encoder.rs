//! Arrow columns prepared for encoding row by row: types are resolved once per batch.

use arrow::array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DurationMicrosecondType,
    DurationMillisecondType, DurationNanosecondType, DurationSecondType, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BinaryArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray,
    LargeBinaryArray, LargeStringArray, PrimitiveArray, StringArray, StringViewArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, IntervalUnit, TimeUnit};
use arroyo_types::KeyHasher;

use crate::ExprError;

/// Encodes rows of key columns into a [`KeyHasher`].
#[derive(Debug)]
pub struct KeyEncoder {
    columns: Vec<Column>,
}

impl KeyEncoder {
    /// Prepares columns of equal length.
    pub fn new(columns: &[ArrayRef]) -> Result<Self, ExprError> {
        Ok(Self { columns: columns.iter().map(Column::new).collect::<Result<_, _>>()? })
    }

    /// Adds a row's columns to `hasher`. `row` must be less than the columns' length.
    pub fn encode(&self, row: usize, hasher: &mut KeyHasher) {
        for column in &self.columns {
            column.encode(row, hasher);
        }
    }
}

#[derive(Debug)]
struct Column {
    nulls: Option<NullBuffer>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Null,
    Bool(BooleanArray),
    Int(Vec<i64>),
    Int128(Vec<i128>),
    Wide(PrimitiveArray<Decimal256Type>),
    Float(Vec<f64>),
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Binary(BinaryArray),
    LargeBinary(LargeBinaryArray),
    BinaryView(BinaryViewArray),
    FixedBinary(FixedSizeBinaryArray),
    Struct(Vec<Column>),
    List { ends: Vec<(usize, usize)>, elements: Box<Column> },
    Dictionary { keys: Vec<usize>, values: Box<Column> },
}

impl Column {
    fn new(array: &ArrayRef) -> Result<Self, ExprError> {
        Ok(Self { nulls: array.nulls().cloned(), values: Values::new(array)? })
    }

    fn encode(&self, row: usize, hasher: &mut KeyHasher) {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            hasher.null();
            return;
        }
        match &self.values {
            Values::Null => hasher.null(),
            Values::Bool(values) => hasher.bool(values.value(row)),
            Values::Int(values) => hasher.int(values.get(row).copied().unwrap_or_default()),
            Values::Int128(values) => hasher.int128(values.get(row).copied().unwrap_or_default()),
            Values::Wide(values) => hasher.bytes(&values.value(row).to_le_bytes()),
            Values::Float(values) => hasher.float(values.get(row).copied().unwrap_or_default()),
            Values::Utf8(values) => hasher.bytes(values.value(row).as_bytes()),
            Values::LargeUtf8(values) => hasher.bytes(values.value(row).as_bytes()),
            Values::Utf8View(values) => hasher.bytes(values.value(row).as_bytes()),
            Values::Binary(values) => hasher.bytes(values.value(row)),
            Values::LargeBinary(values) => hasher.bytes(values.value(row)),
            Values::BinaryView(values) => hasher.bytes(values.value(row)),
            Values::FixedBinary(values) => hasher.bytes(values.value(row)),
            Values::Struct(fields) => {
                hasher.begin_struct();
                for field in fields {
                    field.encode(row, hasher);
                }
            }
            Values::List { ends, elements } => {
                let (start, end) = ends.get(row).copied().unwrap_or_default();
                hasher.begin_list(end - start);
                for element in start..end {
                    elements.encode(element, hasher);
                }
            }
            Values::Dictionary { keys, values } => values.encode(keys.get(row).copied().unwrap_or_default(), hasher),
        }
    }
}

fn ints<T: ArrowPrimitiveType>(array: &ArrayRef, to_int: impl Fn(T::Native) -> i64) -> Values {
    Values::Int(array.as_primitive::<T>().values().iter().map(|value| to_int(*value)).collect())
}

fn floats<T: ArrowPrimitiveType>(array: &ArrayRef, to_float: impl Fn(T::Native) -> f64) -> Values {
    Values::Float(array.as_primitive::<T>().values().iter().map(|value| to_float(*value)).collect())
}

fn wide<T: ArrowPrimitiveType>(array: &ArrayRef, to_int: impl Fn(T::Native) -> i128) -> Values {
    Values::Int128(array.as_primitive::<T>().values().iter().map(|value| to_int(*value)).collect())
}

fn list(ends: impl Iterator<Item = (usize, usize)>, elements: &ArrayRef) -> Result<Values, ExprError> {
    Ok(Values::List { ends: ends.collect(), elements: Box::new(Column::new(elements)?) })
}

fn windows<O: Copy>(offsets: &[O], to_usize: impl Fn(O) -> usize) -> impl Iterator<Item = (usize, usize)> {
    offsets.iter().zip(offsets.iter().skip(1)).map(move |(start, end)| (to_usize(*start), to_usize(*end)))
}

impl Values {
    fn new(array: &ArrayRef) -> Result<Self, ExprError> {
        use DataType as D;
        Ok(match array.data_type() {
            D::Null => Self::Null,
            D::Boolean => Self::Bool(array.as_boolean().clone()),
            D::Int8 => ints::<Int8Type>(array, i64::from),
            D::Int16 => ints::<Int16Type>(array, i64::from),
            D::Int32 => ints::<Int32Type>(array, i64::from),
            D::Int64 => ints::<Int64Type>(array, |value| value),
            D::UInt8 => ints::<UInt8Type>(array, i64::from),
            D::UInt16 => ints::<UInt16Type>(array, i64::from),
            D::UInt32 => ints::<UInt32Type>(array, i64::from),
            D::UInt64 => ints::<UInt64Type>(array, u64::cast_signed),
            D::Date32 => ints::<Date32Type>(array, i64::from),
            D::Date64 => ints::<Date64Type>(array, |value| value),
            D::Time32(TimeUnit::Second) => ints::<Time32SecondType>(array, i64::from),
            D::Time32(_) => ints::<Time32MillisecondType>(array, i64::from),
            D::Time64(TimeUnit::Microsecond) => ints::<Time64MicrosecondType>(array, |value| value),
            D::Time64(_) => ints::<Time64NanosecondType>(array, |value| value),
            D::Timestamp(TimeUnit::Second, _) => ints::<TimestampSecondType>(array, |value| value),
            D::Timestamp(TimeUnit::Millisecond, _) => ints::<TimestampMillisecondType>(array, |value| value),
            D::Timestamp(TimeUnit::Microsecond, _) => ints::<TimestampMicrosecondType>(array, |value| value),
            D::Timestamp(TimeUnit::Nanosecond, _) => ints::<TimestampNanosecondType>(array, |value| value),
            D::Duration(TimeUnit::Second) => ints::<DurationSecondType>(array, |value| value),
            D::Duration(TimeUnit::Millisecond) => ints::<DurationMillisecondType>(array, |value| value),
            D::Duration(TimeUnit::Microsecond) => ints::<DurationMicrosecondType>(array, |value| value),
            D::Duration(TimeUnit::Nanosecond) => ints::<DurationNanosecondType>(array, |value| value),
            D::Interval(IntervalUnit::YearMonth) => ints::<IntervalYearMonthType>(array, i64::from),
            D::Interval(IntervalUnit::DayTime) => ints::<IntervalDayTimeType>(array, |value| {
                (i64::from(value.days) << 32) | (i64::from(value.milliseconds) & 0xffff_ffff)
            }),
            D::Interval(IntervalUnit::MonthDayNano) => wide::<IntervalMonthDayNanoType>(array, |value| {
                (i128::from(value.months) << 96)
                    | ((i128::from(value.days) & 0xffff_ffff) << 64)
                    | (i128::from(value.nanoseconds) & 0xffff_ffff_ffff_ffff)
            }),
            D::Decimal32(..) => wide::<Decimal32Type>(array, i128::from),
            D::Decimal64(..) => wide::<Decimal64Type>(array, i128::from),
            D::Decimal128(..) => wide::<Decimal128Type>(array, |value| value),
            D::Decimal256(..) => Self::Wide(array.as_primitive::<Decimal256Type>().clone()),
            D::Float16 => floats::<Float16Type>(array, f64::from),
            D::Float32 => floats::<Float32Type>(array, f64::from),
            D::Float64 => floats::<Float64Type>(array, |value| value),
            D::Utf8 => Self::Utf8(array.as_string().clone()),
            D::LargeUtf8 => Self::LargeUtf8(array.as_string().clone()),
            D::Utf8View => Self::Utf8View(array.as_string_view().clone()),
            D::Binary => Self::Binary(array.as_binary().clone()),
            D::LargeBinary => Self::LargeBinary(array.as_binary().clone()),
            D::BinaryView => Self::BinaryView(array.as_binary_view().clone()),
            D::FixedSizeBinary(_) => Self::FixedBinary(array.as_fixed_size_binary().clone()),
            D::Struct(_) => {
                Self::Struct(array.as_struct().columns().iter().map(Column::new).collect::<Result<_, _>>()?)
            }
            D::List(_) => {
                let lists = array.as_list::<i32>();
                list(windows(lists.offsets(), |offset| offset as usize), lists.values())?
            }
            D::LargeList(_) => {
                let lists = array.as_list::<i64>();
                list(windows(lists.offsets(), |offset| offset as usize), lists.values())?
            }
            D::FixedSizeList(_, size) => {
                let size = usize::try_from(*size).unwrap_or_default();
                let ends = (0..array.len()).map(|row| (row * size, (row + 1) * size));
                list(ends, array.as_fixed_size_list().values())?
            }
            D::Map(..) => {
                let map = array.as_map();
                let entries: ArrayRef = std::sync::Arc::new(map.entries().clone());
                list(windows(map.offsets(), |offset| offset as usize), &entries)?
            }
            D::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                let keys = if dictionary.values().is_empty() { Vec::new() } else { dictionary.normalized_keys() };
                Self::Dictionary { keys, values: Box::new(Column::new(dictionary.values())?) }
            }
            other => return Err(ExprError::Key(other.clone())),
        })
    }
}
