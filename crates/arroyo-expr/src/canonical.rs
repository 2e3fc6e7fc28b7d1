//! Values that are equal in SQL but not in their bits.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, ListArray, StructArray};
use arrow::datatypes::{ArrowNativeTypeOp, DataType, Float16Type, Float32Type, Float64Type};

/// The column with one form of values that are equal: −0.0 is 0.0, also in structs and lists.
///
/// Keys are compared by their bytes; [`crate::hash_columns`] makes no difference between these values either.
pub fn canonical(column: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        other if !has_floats(other) => Arc::clone(column),
        DataType::Float16 => without_negative_zero::<Float16Type>(column),
        DataType::Float32 => without_negative_zero::<Float32Type>(column),
        DataType::Float64 => without_negative_zero::<Float64Type>(column),
        DataType::Struct(fields) => {
            let columns = column.as_struct().columns().iter().map(canonical).collect();
            StructArray::try_new(fields.clone(), columns, column.nulls().cloned())
                .map_or_else(|_| Arc::clone(column), |values| Arc::new(values))
        }
        DataType::List(field) => {
            let lists = column.as_list::<i32>();
            let (offsets, values) = (lists.offsets().clone(), canonical(lists.values()));
            ListArray::try_new(Arc::clone(field), offsets, values, lists.nulls().cloned())
                .map_or_else(|_| Arc::clone(column), |lists| Arc::new(lists))
        }
        _ => Arc::clone(column),
    }
}

fn has_floats(data_type: &DataType) -> bool {
    match data_type {
        DataType::Struct(fields) => fields.iter().any(|field| has_floats(field.data_type())),
        DataType::List(element) => has_floats(element.data_type()),
        other => other.is_floating(),
    }
}

fn without_negative_zero<T: ArrowPrimitiveType>(column: &ArrayRef) -> ArrayRef {
    let floats = column.as_primitive::<T>();
    let zero = T::Native::ZERO;
    Arc::new(floats.unary::<_, T>(|value| value.add_wrapping(zero)))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int32Array};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::{Field, Fields};

    use super::*;

    fn floats(values: [f64; 3]) -> ArrayRef {
        Arc::new(Float64Array::from_iter(values.map(|value| Some(value).filter(|value| *value != 7.0))))
    }

    fn bits(column: &ArrayRef) -> Vec<u64> {
        column.as_primitive::<Float64Type>().values().iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn there_is_one_zero() {
        let values = canonical(&floats([-0.0, 7.0, -1.5]));
        assert_eq!(bits(&values)[0], 0.0f64.to_bits());
        assert!(values.is_null(1));
        assert_eq!(bits(&values)[2], (-1.5f64).to_bits());
    }

    #[test]
    fn nested_values_are_changed_too() {
        let field = Arc::new(Field::new("x", DataType::Float64, true));
        let fields = Fields::from(vec![Arc::clone(&field)]);
        let record: ArrayRef = Arc::new(StructArray::new(fields, vec![floats([-0.0; 3])], None));
        assert_eq!(bits(canonical(&record).as_struct().column(0)), [0; 3]);
        let offsets = OffsetBuffer::from_lengths([1, 2]);
        let list: ArrayRef = Arc::new(ListArray::new(field, offsets, floats([-0.0; 3]), None));
        assert_eq!(bits(canonical(&list).as_list::<i32>().values()), [0; 3]);
    }

    #[test]
    fn other_columns_stay_as_they_are() {
        let whole: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
        assert!(Arc::ptr_eq(&canonical(&whole), &whole));
    }
}
