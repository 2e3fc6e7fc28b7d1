//! Values that must never change: state files and routing depend on them.

use std::sync::Arc;

use arrow::array::types::Int8Type;
use arrow::array::*;
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Fields, IntervalMonthDayNano, i256};

use super::hash_columns;

fn hashes(column: impl Array + 'static) -> Vec<String> {
    hash_columns(&[Arc::new(column)]).expect("a key type").values().iter().map(|hash| format!("{hash:016x}")).collect()
}

#[test]
fn equal_integers_of_all_widths_are_equal() {
    let expected = hashes(Int64Array::from(vec![Some(7), None]));
    assert_eq!(expected, GOLDEN_INT);
    assert_eq!(hashes(Int8Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(Int16Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(Int32Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(UInt8Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(UInt16Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(UInt32Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(UInt64Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(Date32Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(Date64Array::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(Time32SecondArray::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(Time64NanosecondArray::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(TimestampSecondArray::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(TimestampNanosecondArray::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(DurationMicrosecondArray::from(vec![Some(7), None])), expected);
    assert_eq!(hashes(IntervalYearMonthArray::from(vec![Some(7), None])), expected);
}

#[test]
fn floats_have_one_zero_and_one_nan() {
    let expected = hashes(Float64Array::from(vec![1.5, 0.0, f64::NAN]));
    assert_eq!(expected, GOLDEN_FLOAT);
    assert_eq!(hashes(Float64Array::from(vec![1.5, -0.0, -f64::NAN])), expected);
    assert_eq!(hashes(Float32Array::from(vec![1.5, -0.0, f32::NAN])), expected);
}

#[test]
fn texts_and_bytes_are_equal_in_every_layout() {
    let expected = hashes(StringArray::from(vec![Some("kraków"), Some(""), None]));
    assert_eq!(expected, GOLDEN_TEXT);
    assert_eq!(hashes(LargeStringArray::from(vec![Some("kraków"), Some(""), None])), expected);
    assert_eq!(hashes(StringViewArray::from(vec![Some("kraków"), Some(""), None])), expected);
    let bytes = vec![Some("kraków".as_bytes()), Some(b"".as_slice()), None];
    assert_eq!(hashes(BinaryArray::from(bytes.clone())), expected);
    assert_eq!(hashes(LargeBinaryArray::from(bytes.clone())), expected);
    assert_eq!(hashes(BinaryViewArray::from(bytes)), expected);
    let fixed = FixedSizeBinaryArray::try_from_iter([b"krak\xc3\xb3w"].into_iter()).expect("fixed");
    assert_eq!(hashes(fixed), expected[..1]);
    let dictionary: DictionaryArray<Int8Type> = vec![Some("kraków"), Some(""), None].into_iter().collect();
    assert_eq!(hashes(dictionary), expected);
    let empty =
        DictionaryArray::<Int8Type>::new(Int8Array::from(vec![None]), Arc::new(StringArray::from(Vec::<&str>::new())));
    assert_eq!(hashes(empty), expected[2..]);
}

#[test]
fn other_types_keep_their_hashes() {
    let decimal = Decimal128Array::from(vec![-12345]).with_precision_and_scale(10, 2).expect("a decimal");
    let wide = Decimal256Array::from(vec![i256::from(-12345)]);
    let interval = IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(1, -2, 3)]);
    let found: Vec<String> = [
        hashes(BooleanArray::from(vec![true])),
        hashes(decimal),
        hashes(wide),
        hashes(interval),
        hashes(NullArray::new(1)),
    ]
    .concat();
    assert_eq!(found, GOLDEN_OTHER);
}

#[test]
fn nested_types_keep_their_hashes() {
    let fields: Fields = vec![Field::new("a", DataType::Int64, true), Field::new("b", DataType::Utf8, true)].into();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])),
        Arc::new(StringArray::from(vec!["x", "y", "z"])),
    ];
    let nulls = NullBuffer::from(vec![true, true, false]);
    let structs = StructArray::new(fields, columns, Some(nulls));
    assert_eq!(hashes(structs), GOLDEN_STRUCT);

    let element = Arc::new(Field::new_list_field(DataType::Int64, true));
    let values: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let lists = ListArray::new(element, OffsetBuffer::new(vec![0, 2, 2, 3].into()), values, None);
    let expected = hashes(lists.clone());
    assert_eq!(expected, GOLDEN_LIST);
    assert_eq!(hashes(lists.slice(1, 2)), expected[1..]);
}

#[test]
fn a_key_of_several_columns_is_their_concatenation() {
    let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(vec![7])), Arc::new(StringArray::from(vec!["kraków"]))];
    assert_eq!(format!("{:016x}", hash_columns(&columns).expect("a key").value(0)), GOLDEN_PAIR);
    assert!(hash_columns(&[]).expect("an empty key").is_empty());
}

const GOLDEN_INT: [&str; 2] = ["a37a4d57e7457851", "c44bdff4074eecdb"];
const GOLDEN_FLOAT: [&str; 3] = ["2b68e3d95bc408b8", "313c2dd2ec996e80", "6a33929ce40a04d7"];
const GOLDEN_TEXT: [&str; 3] = ["9a325fe52cef3d71", "313c2dd2ec996e80", "c44bdff4074eecdb"];
const GOLDEN_OTHER: [&str; 5] =
    ["070d80d6a76865f3", "d4566e24a6605b88", "ac24439b66a3b93f", "2537cb5392263419", "c44bdff4074eecdb"];
const GOLDEN_STRUCT: [&str; 3] = ["20419f75049fb783", "1bef5116c997dd88", "c44bdff4074eecdb"];
const GOLDEN_LIST: [&str; 3] = ["5f3979d989396e40", "313c2dd2ec996e80", "223f77ddd5c3c0f0"];
const GOLDEN_PAIR: &str = "fa320e058a70028e";
