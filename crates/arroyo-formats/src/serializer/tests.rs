use std::sync::Arc;

use arrow::array::{
    BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, DurationSecondArray, Float64Array,
    Int64Array, IntervalMonthDayNanoArray, ListArray, MapBuilder, NullArray, StringArray, StringBuilder, StructArray,
    Time32SecondArray, TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::{Int32Type, Int64Type, IntervalMonthDayNano};
use proptest::prelude::*;

use super::*;
use crate::{
    DecimalEncoding, Deserializer, EXTENSION_NAME_KEY, Framing, JSON_EXTENSION, RawBytesFormat, RawStringFormat,
    TimestampFormat,
};

fn json_column(name: &str) -> Field {
    let json = [(EXTENSION_NAME_KEY.to_string(), JSON_EXTENSION.to_string())].into();
    Field::new(name, DataType::Utf8, true).with_metadata(json)
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<_> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, array)| array).collect()).unwrap()
}

fn write(format: Format, batch: &RecordBatch) -> Result<String, FormatError> {
    let serializer = Serializer::new(&FormatOptions::new(format), &batch.schema())?;
    let mut out = serializer.header().unwrap_or_default();
    serializer.serialize(batch, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn json() -> Format {
    Format::Json(JsonFormat::default())
}

fn everything() -> RecordBatch {
    let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    map.keys().append_value("k");
    map.values().append_value("v");
    map.append(true).unwrap();
    map.append(false).unwrap();
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None]);
    let inner: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let structure = StructArray::from(vec![(Arc::new(Field::new("x", DataType::Int64, true)), inner)]);
    let dictionary: DictionaryArray<Int32Type> = vec![Some("d"), None].into_iter().collect();
    batch(vec![
        ("bool", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("int", Arc::new(Int64Array::from(vec![Some(i64::MIN), None]))),
        ("uint", Arc::new(UInt64Array::from(vec![Some(u64::MAX), None]))),
        ("float", Arc::new(Float64Array::from(vec![Some(1.5), Some(f64::NAN)]))),
        ("decimal", Arc::new(Decimal128Array::from(vec![Some(-5), None]).with_precision_and_scale(10, 2).unwrap())),
        ("text", Arc::new(StringArray::from(vec![Some("a\"b\n,"), None]))),
        ("binary", Arc::new(BinaryArray::from(vec![Some(b"hi".as_slice()), None]))),
        ("date", Arc::new(Date32Array::from(vec![Some(19_358), None]))),
        ("time", Arc::new(Time32SecondArray::from(vec![Some(3_723), None]))),
        ("ts", Arc::new(TimestampNanosecondArray::from(vec![Some(1_672_531_200_123_456_000), None]))),
        ("ts_s", Arc::new(TimestampMicrosecondArray::from(vec![Some(1_672_531_200_000_000), None]))),
        ("zone", Arc::new(TimestampMicrosecondArray::from(vec![Some(0), None]).with_timezone("+02:00"))),
        ("interval", Arc::new(IntervalMonthDayNanoArray::from(vec![Some(IntervalMonthDayNano::new(1, 2, 3)), None]))),
        ("duration", Arc::new(DurationSecondArray::from(vec![Some(90), None]))),
        ("list", Arc::new(list)),
        ("struct", Arc::new(structure)),
        ("map", Arc::new(map.finish())),
        ("dictionary", Arc::new(dictionary)),
        ("null", Arc::new(NullArray::new(2))),
        (TIMESTAMP_FIELD, Arc::new(TimestampNanosecondArray::from(vec![0, 0]))),
    ])
}

#[test]
fn every_type_as_json() {
    insta::assert_snapshot!(write(json(), &everything()).unwrap(), @r#"
    {"bool":true,"int":-9223372036854775808,"uint":18446744073709551615,"float":1.5,"decimal":-0.05,"text":"a\"b\n,","binary":"aGk=","date":"2023-01-01","time":"01:02:03","ts":"2023-01-01T00:00:00.123456","ts_s":"2023-01-01T00:00:00","zone":"1970-01-01T00:00:00","interval":"P1M2DT0.000000003S","duration":"PT1M30S","list":[1,null],"struct":{"x":1},"map":{"k":"v"},"dictionary":"d","null":null}
    {"bool":null,"int":null,"uint":null,"float":null,"decimal":null,"text":null,"binary":null,"date":null,"time":null,"ts":null,"ts_s":null,"zone":null,"interval":null,"duration":null,"list":null,"struct":{"x":null},"map":null,"dictionary":null,"null":null}
    "#);
}

#[test]
fn every_type_as_csv() {
    insta::assert_snapshot!(write(Format::Csv(CsvFormat::default()), &everything()).unwrap(), @r#"
    bool,int,uint,float,decimal,text,binary,date,time,ts,ts_s,zone,interval,duration,list,struct,map,dictionary,null
    true,-9223372036854775808,18446744073709551615,1.5,-0.05,"a""b
    ,",aGk=,2023-01-01,01:02:03,2023-01-01T00:00:00.123456,2023-01-01T00:00:00,1970-01-01T00:00:00,P1M2DT0.000000003S,PT1M30S,"[1,null]","{""x"":1}","{""k"":""v""}",d,
    ,,,,,,,,,,,,,,,"{""x"":null}",,,
    "#);
}

#[test]
fn other_encodings_of_timestamps_and_decimals() {
    let rows = batch(vec![
        ("t", Arc::new(TimestampNanosecondArray::from(vec![-1])) as ArrayRef),
        ("d", Arc::new(Decimal128Array::from(vec![1154]).with_precision_and_scale(10, 2).unwrap())),
    ]);
    let format = |decimal_encoding| {
        Format::Json(JsonFormat {
            timestamp_format: TimestampFormat::UnixMillis,
            decimal_encoding,
            ..Default::default()
        })
    };
    assert_eq!(write(format(DecimalEncoding::String), &rows).unwrap(), "{\"t\":-1,\"d\":\"11.54\"}\n");
    assert_eq!(
        write(format(DecimalEncoding::Bytes), &rows).unwrap(),
        "{\"t\":-1,\"d\":\"AAAAAAAAAAAAAAAAAAAEgg==\"}\n"
    );
}

#[test]
fn json_columns_are_written_as_json() {
    let schema = Arc::new(Schema::new(vec![json_column("j")]));
    let texts = StringArray::from(vec![Some("{\"a\":\n 1}"), Some("no json"), None, Some("\"x\"")]);
    let rows = RecordBatch::try_new(schema, vec![Arc::new(texts)]).unwrap();
    assert_eq!(
        write(json(), &rows).unwrap(),
        "{\"j\":{\"a\":  1}}\n{\"j\":\"no json\"}\n{\"j\":null}\n{\"j\":\"x\"}\n"
    );
}

#[test]
fn raw_formats_write_their_column() {
    let texts = batch(vec![("value", Arc::new(StringArray::from(vec![Some("a"), None, Some("b")])) as ArrayRef)]);
    assert_eq!(write(Format::RawString(RawStringFormat {}), &texts).unwrap(), "a\n\nb\n");
    let bytes = batch(vec![("value", Arc::new(BinaryArray::from(vec![b"x".as_slice()])) as ArrayRef)]);
    assert_eq!(write(Format::RawBytes(RawBytesFormat {}), &bytes).unwrap(), "x\n");
    let error = write(Format::RawString(RawStringFormat {}), &everything()).unwrap_err();
    assert!(error.to_string().starts_with("the format raw_string writes a single text column, and the rows are (bool"));
}

#[test]
fn records_and_their_ends() {
    let rows = batch(vec![("a", Arc::new(Int64Array::from(vec![1, 22])) as ArrayRef)]);
    let serializer = Serializer::new(&FormatOptions::new(json()), &rows.schema()).unwrap();
    let (mut out, mut ends) = (Vec::new(), Vec::new());
    serializer.serialize_records(&rows, &mut out, &mut ends).unwrap();
    assert_eq!((out.as_slice(), ends.as_slice()), (b"{\"a\":1}{\"a\":22}".as_slice(), [7, 15].as_slice()));
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let far = batch(vec![("t", Arc::new(TimestampMicrosecondArray::from(vec![i64::MAX])) as ArrayRef)]);
    assert_eq!(
        write(json(), &far).unwrap_err().to_string(),
        "column `t`: 9223372036854 seconds since 1970 are outside of the calendar"
    );
    let union = DataType::Union(arrow::datatypes::UnionFields::empty(), arrow::datatypes::UnionMode::Dense);
    let schema = Schema::new(vec![Field::new("u", union, false)]);
    let error = Serializer::new(&FormatOptions::new(json()), &schema).unwrap_err().to_string();
    assert!(error.starts_with("column `u` has the type Union("), "{error}");
}

fn rows() -> impl Strategy<Value = RecordBatch> {
    let row = (
        any::<Option<i64>>(),
        any::<Option<bool>>(),
        any::<Option<u64>>(),
        proptest::option::of(any::<String>()),
        any::<Option<i64>>(),
        proptest::option::of(proptest::num::f64::NORMAL),
        proptest::option::of(proptest::collection::vec(any::<Option<i64>>(), 0..4)),
        proptest::option::of(-(10i128.pow(20))..10i128.pow(20)),
        proptest::option::of((any::<i32>(), any::<i32>(), any::<i64>())),
        proptest::option::of(proptest::collection::vec(any::<u8>(), 0..20)),
    );
    proptest::collection::vec(row, 1..20).prop_map(|rows| {
        let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(rows.iter().map(|row| row.6.clone()));
        let intervals = rows.iter().map(|row| row.8.map(|(m, d, n)| IntervalMonthDayNano::new(m, d, n)));
        batch(vec![
            ("int", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>()) as ArrayRef),
            ("bool", Arc::new(rows.iter().map(|row| row.1).collect::<BooleanArray>())),
            ("uint", Arc::new(rows.iter().map(|row| row.2).collect::<UInt64Array>())),
            ("text", Arc::new(rows.iter().map(|row| row.3.clone()).collect::<StringArray>())),
            ("ts", Arc::new(rows.iter().map(|row| row.4).collect::<TimestampNanosecondArray>())),
            ("float", Arc::new(rows.iter().map(|row| row.5).collect::<Float64Array>())),
            ("list", Arc::new(lists)),
            (
                "decimal",
                Arc::new(
                    rows.iter().map(|row| row.7).collect::<Decimal128Array>().with_precision_and_scale(30, 7).unwrap(),
                ),
            ),
            ("interval", Arc::new(intervals.collect::<IntervalMonthDayNanoArray>())),
            ("binary", Arc::new(rows.iter().map(|row| row.9.as_deref()).collect::<BinaryArray>())),
        ])
    })
}

fn assert_round_trip(format: Format, rows: &RecordBatch) {
    let options = FormatOptions { framing: Some(Framing::newline()), ..FormatOptions::new(format.clone()) };
    let text = write(format, rows).unwrap();
    let mut deserializer = Deserializer::new(&options, rows.schema()).unwrap();
    deserializer.push(text.as_bytes()).unwrap();
    assert_eq!(deserializer.flush().unwrap().as_ref(), Some(rows), "{text}");
}

proptest! {
    #[test]
    fn json_round_trips(rows in rows()) {
        for decimal_encoding in [DecimalEncoding::Number, DecimalEncoding::String, DecimalEncoding::Bytes] {
            assert_round_trip(Format::Json(JsonFormat { decimal_encoding, ..Default::default() }), &rows);
        }
    }

    #[test]
    fn csv_round_trips(rows in rows()) {
        assert_round_trip(Format::Csv(CsvFormat::default()), &rows);
    }

    #[test]
    fn no_bytes_panic(payload in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\",:0-9a-z\\\\ .\\-n]{0,60}") {
        for format in [json(), Format::Csv(CsvFormat::default())] {
            let options = FormatOptions { framing: Some(Framing::newline()), ..FormatOptions::new(format) };
            let mut deserializer = Deserializer::new(&options, everything_readable()).unwrap();
            let _ = deserializer.push(&payload);
            let _ = deserializer.push(text.as_bytes());
            let _ = deserializer.push(format!("{{\"int\":{text}}}").as_bytes());
            let rows = deserializer.rows();
            prop_assert_eq!(deserializer.flush().unwrap().map_or(0, |batch| batch.num_rows()), rows);
        }
    }
}

fn everything_readable() -> arrow::datatypes::SchemaRef {
    let fields = everything()
        .schema()
        .fields()
        .iter()
        .filter(|field| !matches!(field.data_type(), DataType::Map(_, _) | DataType::Duration(_)))
        .cloned()
        .collect::<Vec<_>>();
    Arc::new(Schema::new(fields))
}
