use std::sync::Arc;

use arrow::array::Array;
use arrow::datatypes::{DataType, Field, IntervalUnit, Schema, TimeUnit};
use arrow::util::pretty::pretty_format_batches;

use super::*;
use crate::{
    CsvFormat, DecimalEncoding, EXTENSION_NAME_KEY, JSON_EXTENSION, JsonFormat, NewlineFraming, RawStringFormat,
};

fn json_field(name: &str) -> Field {
    let json = [(EXTENSION_NAME_KEY.to_string(), JSON_EXTENSION.to_string())].into();
    Field::new(name, DataType::Utf8, true).with_metadata(json)
}

fn lines(format: Format, bad_data: BadData) -> FormatOptions {
    FormatOptions { format, framing: Some(Framing::newline()), bad_data }
}

fn json() -> Format {
    Format::Json(JsonFormat::default())
}

fn csv() -> Format {
    Format::Csv(CsvFormat::default())
}

fn decode(options: &FormatOptions, fields: Vec<Field>, payload: &str) -> Result<String, String> {
    let mut deserializer =
        Deserializer::new(options, Arc::new(Schema::new(fields))).map_err(|error| error.to_string())?;
    deserializer.push(payload.as_bytes()).map_err(|error| error.to_string())?;
    let batch = deserializer.flush().map_err(|error| error.to_string())?;
    Ok(batch.map(|batch| pretty_format_batches(&[batch]).unwrap().to_string()).unwrap_or_default())
}

fn one(data_type: DataType, value: &str) -> Result<String, String> {
    one_of(JsonFormat::default(), data_type, value)
}

fn one_of(format: JsonFormat, data_type: DataType, value: &str) -> Result<String, String> {
    let options = FormatOptions::new(Format::Json(format));
    let schema = Arc::new(Schema::new(vec![Field::new("v", data_type, true)]));
    let mut deserializer = Deserializer::new(&options, schema).map_err(|error| error.to_string())?;
    match deserializer.push(format!("{{\"v\":{value}}}").as_bytes()) {
        Ok(_) => {}
        Err(FormatError::BadRecord(bad)) => return Err(bad.reason),
        Err(other) => return Err(other.to_string()),
    }
    let batch = deserializer.flush().unwrap().unwrap();
    Ok(arrow::util::display::array_value_to_string(batch.column(0), 0).unwrap())
}

#[test]
fn every_type_from_json() {
    let list = DataType::List(Arc::new(Field::new("item", DataType::Int64, true)));
    let nested_list = DataType::List(Arc::new(Field::new("item", list.clone(), true)));
    let structure =
        DataType::Struct(vec![Field::new("a", DataType::Int32, true), Field::new("b", list.clone(), true)].into());
    let nanos = DataType::Timestamp(TimeUnit::Nanosecond, None);
    for (data_type, value, expected) in [
        (DataType::Boolean, "true", "true"),
        (DataType::Int8, "-128", "-128"),
        (DataType::Int16, "32767", "32767"),
        (DataType::Int32, "\"12\"", "12"),
        (DataType::Int64, "9223372036854775807", "9223372036854775807"),
        (DataType::Int64, "1.0", "1"),
        (DataType::UInt8, "255", "255"),
        (DataType::UInt32, "4294967295", "4294967295"),
        (DataType::UInt64, "18446744073709551615", "18446744073709551615"),
        (DataType::Float32, "0.1", "0.1"),
        (DataType::Float64, "1e300", "1e300"),
        (DataType::Float64, "\"NaN\"", "NaN"),
        (DataType::Decimal128(10, 2), "12.345", "12.35"),
        (DataType::Decimal128(38, 10), "\"-0.5\"", "-0.5000000000"),
        (DataType::Utf8, "\"a\\u00e4\\n\\\"\"", "aä\n\""),
        (DataType::Binary, "\"aGk=\"", "6869"),
        (nanos.clone(), "\"2023-01-01T12:00:00.5Z\"", "2023-01-01T12:00:00.500"),
        (nanos.clone(), "\"2023-01-01 12:00:00\"", "2023-01-01T12:00:00"),
        (DataType::Timestamp(TimeUnit::Second, None), "\"2023-01-01T12:00:00+02:00\"", "2023-01-01T10:00:00"),
        (DataType::Timestamp(TimeUnit::Microsecond, None), "1", "1970-01-01T00:00:00.000001"),
        (DataType::Date32, "\"2023-01-01\"", "2023-01-01"),
        (DataType::Time64(TimeUnit::Nanosecond), "\"01:02:03.5\"", "01:02:03.500"),
        (DataType::Interval(IntervalUnit::MonthDayNano), "\"P1M2DT3H\"", "1 mons 2 days 3 hours"),
        (list, "[1, null, 3]", "[1, , 3]"),
        (nested_list, "[[1], [], null]", "[[1], [], ]"),
        (structure, "{\"b\": [1], \"a\": 2, \"c\": {}}", "{a: 2, b: [1]}"),
        (DataType::LargeUtf8, "\"x\"", "x"),
        (DataType::Utf8View, "\"x\"", "x"),
        (DataType::Int64, "null", ""),
    ] {
        assert_eq!(one(data_type.clone(), value).as_deref(), Ok(expected), "{data_type} from {value}");
    }
}

#[test]
fn wrong_values_are_named_with_column_and_type() {
    let nanos = DataType::Timestamp(TimeUnit::Nanosecond, None);
    for (data_type, value, expected) in [
        (DataType::Int8, "128", "column `v`: expected a small integer, found the number `128`"),
        (DataType::Int64, "\"x\"", "column `v`: expected a BIGINT, found the text `x`"),
        (DataType::Int64, "1.5", "column `v`: expected a BIGINT, found the number `1.5`"),
        (DataType::UInt64, "-1", "column `v`: expected an unsigned integer, found the number `-1`"),
        (DataType::Utf8, "5", "column `v`: expected a TEXT, found the number `5`"),
        (DataType::Utf8, "{}", "column `v`: expected a TEXT, found an object"),
        (DataType::Boolean, "1", "column `v`: expected a BOOLEAN, found the number `1`"),
        (DataType::Binary, "\"*\"", "column `v`: expected a BYTEA in Base64, found the text `*`"),
        (DataType::Decimal128(4, 2), "100", "column `v`: expected a DECIMAL, found the number `100`"),
        (nanos.clone(), "\"soon\"", "column `v`: expected a TIMESTAMP, found the text `soon`"),
        (nanos.clone(), "\"9999-01-01\"", "column `v`: expected a TIMESTAMP, found the text `9999-01-01`"),
        (nanos, "true", "column `v`: expected a TIMESTAMP, found true"),
        (DataType::Int64, "[1]", "column `v`: expected a BIGINT, found an array"),
        (DataType::Int64, "tru", "invalid JSON: expected a value at byte 5, found `t`"),
        (DataType::Int64, "1} x", "invalid JSON: expected the end of the record at byte 8, found `x`"),
    ] {
        assert_eq!(one(data_type, value), Err(expected.to_string()), "{value}");
    }
}

#[test]
fn types_without_a_form_are_refused_at_construction() {
    let union = DataType::Union(arrow::datatypes::UnionFields::empty(), arrow::datatypes::UnionMode::Dense);
    let error = one(union, "1").unwrap_err();
    assert!(
        error.starts_with("column `v` has the type Union(") && error.ends_with("which json cannot read"),
        "{error}"
    );
}

#[test]
fn unix_millis_and_decimals_in_bytes() {
    let format = JsonFormat {
        timestamp_format: TimestampFormat::UnixMillis,
        decimal_encoding: DecimalEncoding::Bytes,
        ..JsonFormat::default()
    };
    let nanos = DataType::Timestamp(TimeUnit::Nanosecond, None);
    assert_eq!(one_of(format.clone(), nanos, "-1").as_deref(), Ok("1969-12-31T23:59:59.999"));
    assert_eq!(one_of(format, DataType::Decimal128(10, 2), "\"BOI=\"").as_deref(), Ok("12.50"));
}

#[test]
fn nullability_is_enforced_and_missing_is_null() {
    let fields = || vec![Field::new("a", DataType::Int64, false), Field::new("b", DataType::Int64, true)];
    let options = lines(json(), BadData::Fail);
    assert_eq!(
        decode(&options, fields(), "{\"a\":1}\n\n{\"b\":2,\"a\":3,\"c\":{\"x\":[1]}}\n").unwrap(),
        "+---+---+\n| a | b |\n+---+---+\n| 1 |   |\n| 3 | 2 |\n+---+---+"
    );
    assert_eq!(
        decode(&options, fields(), "{\"b\":1}").unwrap_err(),
        "column `a`: it is NOT NULL and the record does not have it; the record is `{\"b\":1}`"
    );
    assert_eq!(
        decode(&options, fields(), "{\"a\":null}").unwrap_err(),
        "column `a`: it is NOT NULL and the record has null; the record is `{\"a\":null}`"
    );
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let fields = vec![Field::new("a", DataType::Utf8, true), Field::new("b", DataType::Int64, true)];
    let shown = decode(&lines(json(), BadData::Fail), fields, "{\"a\":\"x\",\"b\":1,\"a\":\"yz\"}").unwrap();
    assert!(shown.contains("| yz | 1 |"), "{shown}");
}

#[test]
fn json_columns_keep_their_text() {
    let fields = vec![json_field("j")];
    let payload = "{\"j\":{ \"a\" : [1, 2.50] }}\n{\"j\":null}\n{\"j\":\"x\"}\n{}";
    assert_eq!(
        decode(&lines(json(), BadData::Fail), fields, payload).unwrap(),
        "+---------------------+\n| j                   |\n+---------------------+\n| { \"a\" : [1, 2.50] } |\n|                     |\n| \"x\"                 |\n|                     |\n+---------------------+"
    );
    let unstructured = Format::Json(JsonFormat { unstructured: true, ..JsonFormat::default() });
    let shown = decode(&FormatOptions::new(unstructured), vec![json_field("value")], " [1, {}] ").unwrap();
    assert!(shown.contains("| [1, {}] |"), "{shown}");
}

#[test]
fn dropping_keeps_the_rest_and_leaves_no_trace() {
    let tags = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
    let inner = DataType::Struct(vec![Field::new("x", DataType::Utf8, true)].into());
    let fields =
        vec![Field::new("tags", tags, true), Field::new("s", inner, true), Field::new("n", DataType::Int64, true)];
    let mut deserializer = Deserializer::new(&lines(json(), BadData::Drop), Arc::new(Schema::new(fields))).unwrap();
    let payload = "{\"tags\":[\"a\",\"b\"],\"s\":{\"x\":\"1\"},\"n\":1}\n\
                   {\"tags\":[\"c\",5],\"s\":{\"x\":\"2\"},\"n\":2}\n\
                   {\"tags\":[\"d\"],\"s\":{\"x\":\"3\",\"n\":1},\"n\":\"three\"}\n\
                   not json\n\
                   {\"n\":5}";
    let pushed = deserializer.push(payload.as_bytes()).unwrap();
    assert_eq!((pushed.rows, pushed.dropped, pushed.frames), (2, 3, 5));
    let first = pushed.first_dropped.unwrap();
    assert_eq!((first.frame, first.offset), (1, 39));
    assert_eq!(first.reason, "column `tags[]`: expected a TEXT, found the number `5`");
    let batch = deserializer.flush().unwrap().unwrap();
    assert_eq!(
        pretty_format_batches(&[batch]).unwrap().to_string(),
        "+--------+--------+---+\n| tags   | s      | n |\n+--------+--------+---+\n| [a, b] | {x: 1} | 1 |\n|        |        | 5 |\n+--------+--------+---+"
    );
    assert_eq!(deserializer.flush().unwrap(), None);
}

#[test]
fn a_batch_can_have_no_columns() {
    let mut deserializer = Deserializer::new(&lines(json(), BadData::Fail), Arc::new(Schema::empty())).unwrap();
    deserializer.push(b"{\"a\":1}\n{}\n").unwrap();
    assert_eq!(deserializer.flush().unwrap().unwrap().num_rows(), 2);
}

#[test]
fn frames_stop_at_the_wanted_row_and_at_incomplete_lines() {
    let fields = vec![Field::new("value", DataType::Utf8, false)];
    let options = lines(Format::RawString(RawStringFormat {}), BadData::Fail);
    let mut deserializer = Deserializer::new(&options, Arc::new(Schema::new(fields))).unwrap();
    let data = b"one\r\n\nthree\nfou";
    let pushed = deserializer.push_frames(data, 2, false).unwrap();
    assert_eq!((pushed.bytes, pushed.rows), (6, 2));
    let pushed = deserializer.push_frames(&data[6..], 10, false).unwrap();
    assert_eq!((pushed.bytes, pushed.rows), (6, 1));
    assert_eq!(deserializer.push_frames(b"fou", 10, false).unwrap().bytes, 0);
    assert_eq!(deserializer.push_frames(b"four", 10, true).unwrap().bytes, 4);
    let batch = deserializer.flush().unwrap().unwrap();
    let column = batch.column(0).as_any().downcast_ref::<arrow::array::StringArray>().unwrap();
    assert_eq!(column.iter().flatten().collect::<Vec<_>>(), ["one", "", "three", "four"]);
}

#[test]
fn long_lines_are_cut() {
    let framing = Some(Framing::Newline(NewlineFraming { max_line_length: Some(3) }));
    let options = FormatOptions { framing, ..FormatOptions::new(Format::RawString(RawStringFormat {})) };
    let shown = decode(&options, vec![Field::new("value", DataType::Utf8, false)], "abcdef\nxy\n").unwrap();
    assert!(shown.contains("| abc   |") && shown.contains("| xy    |"), "{shown}");
}

#[test]
fn csv_maps_headers_in_any_order() {
    let nanos = DataType::Timestamp(TimeUnit::Nanosecond, None);
    let list = DataType::List(Arc::new(Field::new("item", DataType::Int64, true)));
    let fields = vec![
        Field::new("a", DataType::Int64, true),
        Field::new("t", nanos, true),
        Field::new("text", DataType::Utf8, true),
        Field::new("l", list, true),
        Field::new("absent", DataType::Int64, true),
    ];
    let payload = "text,ignored,a,l,t\n\"two\n\"\"lines\"\"\",x,1,\"[1,2]\",2023-01-01 00:00:00\n,,,,\n\"\",,2,,\n";
    insta::assert_snapshot!(decode(&FormatOptions::new(csv()), fields, payload).unwrap(), @r#"
    +---+---------------------+---------+--------+--------+
    | a | t                   | text    | l      | absent |
    +---+---------------------+---------+--------+--------+
    | 1 | 2023-01-01T00:00:00 | two     | [1, 2] |        |
    |   |                     | "lines" |        |        |
    |   |                     |         |        |        |
    | 2 |                     |         |        |        |
    +---+---------------------+---------+--------+--------+
    "#);
}

#[test]
fn csv_without_header_and_with_faults() {
    let format = CsvFormat {
        header: false,
        delimiter: ';',
        null_string: "NULL".to_string(),
        columns: vec!["a".to_string(), "b".to_string()],
    };
    let fields = || vec![Field::new("b", DataType::Utf8, true)];
    let options = FormatOptions::new(Format::Csv(format));
    assert_eq!(
        decode(&options, fields(), "1;x\n2;NULL\n3;\"NULL\"\n").unwrap(),
        "+------+\n| b    |\n+------+\n| x    |\n|      |\n| NULL |\n+------+"
    );
    assert_eq!(
        decode(&options, fields(), "1;x;y").unwrap_err(),
        "the record has 3 fields, expected 2; the record is `1;x;y`"
    );
}

#[test]
fn bytes_that_are_no_text() {
    let mut deserializer = Deserializer::new(&lines(json(), BadData::Fail), Arc::new(Schema::empty())).unwrap();
    let error = deserializer.push(b"{}\n{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "not valid UTF-8 at byte 6 of the record; the record is `{\"a\":\"\u{fffd}\"}`");
    let FormatError::BadRecord(bad) = error else { panic!("{error}") };
    assert_eq!((bad.frame, bad.offset), (1, 3));
    assert_eq!(deserializer.rows(), 1);
}
