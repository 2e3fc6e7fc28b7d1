use arrow::array::{Array, Int64Array, StringArray, TimestampNanosecondArray};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::conformance::stream_schema;

fn schema() -> SchemaRef {
    stream_schema(vec![Field::new("n", DataType::Int64, false), Field::new("s", DataType::Utf8, true)])
}

fn rows(numbers: std::ops::Range<i64>) -> RecordBatch {
    let texts = numbers.clone().map(|n| (n % 3 != 0).then(|| format!("text {}", n % 7)));
    let times = TimestampNanosecondArray::from_iter_values(numbers.clone());
    let columns: Vec<Arc<dyn Array>> =
        vec![Arc::new(Int64Array::from_iter_values(numbers)), Arc::new(StringArray::from_iter(texts)), Arc::new(times)];
    RecordBatch::try_new(schema(), columns).unwrap()
}

fn layout(row_group_bytes: u64) -> Arc<ParquetLayout> {
    let format = ParquetFormat { row_group_bytes, ..ParquetFormat::default() };
    Arc::new(ParquetLayout::new("t", &format, &schema()).unwrap())
}

#[tokio::test]
async fn a_file_continued_after_every_batch_reads_as_one() {
    // Row groups of every size, and none until the end.
    for row_group_bytes in [1, 500, u64::MAX] {
        let layout = layout(row_group_bytes);
        let mut file = Vec::new();
        let mut encoder = ParquetEncoder::new(layout.clone());
        for batch in 0..10 {
            encoder.write(&rows(batch * 10..batch * 10 + 10), &mut file).await.unwrap();
            if batch == 4 {
                encoder.close_group(&mut file).await.unwrap();
            }
            let saved = encoder.save().unwrap();
            encoder = ParquetEncoder::restore(layout.clone(), saved, file.len() as u64).unwrap();
        }
        encoder.finish(&mut file).await.unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 100);
        let groups = reader.metadata().num_row_groups();
        assert_eq!(
            groups,
            match row_group_bytes {
                1 => 10,
                500 => groups.clamp(3, 9),
                _ => 2,
            }
        );
        let read: Vec<RecordBatch> = reader.build().unwrap().collect::<Result<_, _>>().unwrap();
        let whole = concat_batches(&read[0].schema(), &read).unwrap();
        assert_eq!(whole.columns(), &rows(0..100).columns()[..2], "and the event time is not written");
    }
}

#[test]
fn what_parquet_cannot_hold_is_named_at_once() {
    let interval = DataType::Interval(arrow::datatypes::IntervalUnit::MonthDayNano);
    let schema = stream_schema(vec![Field::new("wait", interval, true)]);
    let error = ParquetLayout::new("t", &ParquetFormat::default(), &schema).unwrap_err();
    assert!(error.message.starts_with("table `t`: the column `wait` cannot be written to Parquet: "), "{error}");
    assert!(error.hint.is_some());
}

#[tokio::test]
async fn damaged_state_is_named() {
    for saved in [
        SavedEncoder { footer: b"nonsense".to_vec(), rows: Vec::new() },
        SavedEncoder { footer: Vec::new(), rows: b"nonsense".to_vec() },
    ] {
        let error = ParquetEncoder::restore(layout(1), saved, 4).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
    }
}
