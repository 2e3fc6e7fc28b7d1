//! Frames and rows survive the wire.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Decimal128Array, DictionaryArray, Float64Array, Int8Array, Int64Array,
    ListArray, RecordBatch, StringArray, StringViewArray, StructArray, TimestampNanosecondArray,
};
use arrow::datatypes::{DataType, Field, Fields, Int32Type, Int64Type, Schema};
use arroyo_operator::Watermark;
use arroyo_types::{Epoch, EventTime, Generation, WorkerId};
use proptest::prelude::*;

use super::ChannelId;
use super::codec::{BatchDecoder, BatchEncoder};
use super::frame::{FRAME_BYTES_MAX, Frame, Hello, Payload};
use crate::message::Barrier;
use crate::queue::Cost;

/// A value of each type that streams carry, null or not.
type Row = (Option<i64>, Option<String>, Option<bool>, Option<f64>, Option<Vec<u8>>, Option<Vec<Option<i64>>>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        any::<Option<i64>>(),
        any::<Option<String>>(),
        any::<Option<bool>>(),
        any::<Option<f64>>(),
        any::<Option<Vec<u8>>>(),
        any::<Option<Vec<Option<i64>>>>(),
    );
    prop::collection::vec(row, 1..40)
}

fn batch(rows: &[Row]) -> RecordBatch {
    let ints: Vec<Option<i64>> = rows.iter().map(|row| row.0).collect();
    let texts: Vec<Option<&str>> = rows.iter().map(|row| row.1.as_deref()).collect();
    let inner = Fields::from(vec![Field::new("a", DataType::Int64, true), Field::new("b", DataType::Utf8, true)]);
    let parts: Vec<ArrayRef> =
        vec![Arc::new(Int64Array::from(ints.clone())), Arc::new(StringArray::from(texts.clone()))];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("int", Arc::new(Int64Array::from(ints.clone()))),
        ("text", Arc::new(StringArray::from(texts.clone()))),
        ("view", Arc::new(StringViewArray::from(texts.clone()))),
        ("dictionary", Arc::new(texts.iter().copied().collect::<DictionaryArray<Int32Type>>())),
        ("bool", Arc::new(rows.iter().map(|row| row.2).collect::<BooleanArray>())),
        ("float", Arc::new(rows.iter().map(|row| row.3).collect::<Float64Array>())),
        ("binary", Arc::new(rows.iter().map(|row| row.4.as_deref()).collect::<BinaryArray>())),
        ("list", Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(rows.iter().map(|row| row.5.clone())))),
        ("struct", Arc::new(StructArray::new(inner, parts, None))),
        ("decimal", Arc::new(ints.iter().map(|int| int.map(i128::from)).collect::<Decimal128Array>())),
        ("change", Arc::new(ints.iter().map(|int| int.map(|int| int as i8)).collect::<Int8Array>())),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from_iter_values(ints.iter().map(|int| int.unwrap_or(0))))),
    ];
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, column)| Field::new(*name, column.data_type().clone(), *name != "_timestamp"))
        .collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

/// The frame as it comes out at the other side.
async fn over_the_wire(frame: &Frame) -> Frame {
    let mut bytes = Vec::new();
    frame.write(&mut bytes, WorkerId(1)).await.unwrap();
    Frame::read(&mut bytes.as_slice(), WorkerId(1), FRAME_BYTES_MAX).await.unwrap().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_and_slices_of_them_survive(first in rows(), second in rows(), offset in 0usize..20) {
        let (first, second) = (batch(&first), batch(&second));
        let offset = offset.min(second.num_rows() - 1);
        let slice = second.slice(offset, second.num_rows() - offset);
        let mut encoder = BatchEncoder::new(&first.schema()).unwrap();
        let mut decoder = BatchDecoder::new(first.schema());
        for batch in [first, second, slice] {
            let piece = encoder.encode(&batch).unwrap();
            prop_assert_eq!(decoder.decode(piece).unwrap(), batch);
        }
    }

    #[test]
    fn noise_is_refused_without_a_panic(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Frame::parse(&noise);
        let schema = Arc::new(Schema::new(vec![Field::new("int", DataType::Int64, true)]));
        prop_assert!(BatchDecoder::new(schema).decode(noise).is_err());
    }
}

#[tokio::test]
async fn frames_survive() {
    let channel = ChannelId { edge: 1, src: 2, dst: 3 };
    let cost = Cost { messages: 1, rows: 10, bytes: 100 };
    let data = |payload| Frame::Data { channel, cost, payload };
    let frames = [
        Frame::Hello(Hello::new("job_a".into(), Generation(4), WorkerId(5), WorkerId(6))),
        Frame::Welcome,
        Frame::Refused("no".to_string()),
        data(Payload::Batch(vec![1, 2, 3])),
        data(Payload::Watermark(Watermark::Idle)),
        data(Payload::Watermark(Watermark::At(EventTime::from_nanos(-7)))),
        data(Payload::Barrier(Barrier { epoch: Epoch(8), then_stop: true })),
        data(Payload::EndOfData),
        Frame::Credit { channel, cost },
        Frame::Unwanted { channel },
        Frame::Goodbye,
    ];
    for frame in frames {
        assert_eq!(over_the_wire(&frame).await, frame);
    }
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_refused_before_memory_is_taken() {
    let bytes = u32::MAX.to_le_bytes();
    let error = Frame::read(&mut bytes.as_slice(), WorkerId(1), FRAME_BYTES_MAX).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "worker 1 sent what cannot be understood: a frame of 4294967295 bytes, where at most 268435456 are allowed"
    );
}
