//! Which directory a row goes to.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{DataType, SchemaRef, TimestampNanosecondType};
use arrow::row::{RowConverter, SortField};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use arroyo_operator::OperatorError;
use arroyo_types::{EventTime, TIMESTAMP_FIELD};
use chrono::DateTime;
use chrono::format::{Fixed, Item, StrftimeItems};
use xxhash_rust::xxh3::xxh3_64;

/// How null is written, as Hive does.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// Names of directories are cut to so many bytes: file systems take 255.
const NAME_BYTES_MAX: usize = 200;

/// Partitions whose names are remembered.
const REMEMBERED_MAX: usize = 10_000;

/// Rows of one directory; the directory is empty for the table's own.
pub(super) struct Partition {
    pub(super) directory: Arc<str>,
    pub(super) rows: RecordBatch,
}

/// Cuts batches by directory.
#[derive(Debug)]
pub(super) struct Partitioner {
    time: Option<TimePattern>,
    timestamp: usize,
    fields: Vec<(usize, String)>,
    keys: Option<RowConverter>,
    /// Directories by key.
    known: HashMap<Box<[u8]>, Arc<str>>,
}

impl Partitioner {
    pub(super) fn new(schema: &SchemaRef, time: Option<&str>, fields: &[String]) -> Result<Self, OperatorError> {
        let timestamp = schema
            .index_of(TIMESTAMP_FIELD)
            .map_err(|_| OperatorError::bug("the rows of a filesystem sink have no event time"))?;
        let time = time.map(TimePattern::new).transpose().map_err(OperatorError::user)?;
        let mut sort_fields: Vec<SortField> = time.iter().map(|_| SortField::new(DataType::Int64)).collect();
        let mut columns = Vec::new();
        for name in fields {
            let (index, field) =
                schema.column_with_name(name).filter(|(index, _)| *index != timestamp).ok_or_else(|| {
                    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
                    OperatorError::user(format!("rows are partitioned by `{name}`, which is not a column"))
                        .with_hint(format!("the columns are {}", names.join(", ")))
                })?;
            sort_fields.push(SortField::new(field.data_type().clone()));
            columns.push((index, name.clone()));
        }
        let keys = if sort_fields.is_empty() { None } else { Some(RowConverter::new(sort_fields)?) };
        Ok(Self { time, timestamp, fields: columns, keys, known: HashMap::new() })
    }

    /// The event times of a batch.
    pub(super) fn times<'a>(&self, batch: &'a RecordBatch) -> Result<&'a [i64], OperatorError> {
        let times = batch.columns().get(self.timestamp).and_then(|column| column.as_primitive_opt());
        let times: &arrow::array::PrimitiveArray<TimestampNanosecondType> =
            times.ok_or_else(|| OperatorError::bug("the event time of a batch is not a timestamp"))?;
        Ok(times.values())
    }

    /// The rows of each directory, in order.
    pub(super) fn split(&mut self, batch: RecordBatch) -> Result<Vec<Partition>, OperatorError> {
        let Some(keys) = &self.keys else { return Ok(vec![Partition { directory: Arc::from(""), rows: batch }]) };
        let mut columns: Vec<ArrayRef> = Vec::new();
        if let Some(time) = &self.time {
            let units = self.times(&batch)?.iter().map(|nanos| nanos.div_euclid(time.unit_nanos));
            columns.push(Arc::new(Int64Array::from_iter_values(units)));
        }
        columns.extend(self.fields.iter().filter_map(|(index, _)| batch.columns().get(*index).cloned()));
        let rows = keys.convert_columns(&columns)?;
        let mut groups: Vec<(Arc<str>, Vec<u32>)> = Vec::new();
        let mut by_directory: HashMap<Arc<str>, usize> = HashMap::new();
        let mut last: Option<(arrow::row::Row<'_>, usize)> = None;
        for (index, row) in rows.iter().enumerate() {
            let group = match last {
                Some((key, group)) if key == row => group,
                _ => {
                    let directory = match self.known.get(row.as_ref()) {
                        Some(directory) => directory.clone(),
                        None => {
                            let directory = self.directory(&batch, index)?;
                            if self.known.len() >= REMEMBERED_MAX {
                                self.known.clear();
                            }
                            self.known.insert(row.as_ref().into(), directory.clone());
                            directory
                        }
                    };
                    *by_directory.entry(directory.clone()).or_insert_with(|| {
                        groups.push((directory, Vec::new()));
                        groups.len() - 1
                    })
                }
            };
            last = Some((row, group));
            if let Some((_, indices)) = groups.get_mut(group) {
                indices.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
        if let [(directory, _)] = groups.as_slice() {
            return Ok(vec![Partition { directory: directory.clone(), rows: batch }]);
        }
        let taken = groups.into_iter().map(|(directory, indices)| {
            Ok(Partition { directory, rows: take_record_batch(&batch, &UInt32Array::from(indices))? })
        });
        taken.collect()
    }

    fn directory(&self, batch: &RecordBatch, row: usize) -> Result<Arc<str>, OperatorError> {
        let mut names = Vec::with_capacity(1 + self.fields.len());
        if let Some(time) = &self.time {
            let nanos = self.times(batch)?.get(row).copied().unwrap_or_default();
            names.push(time.format(EventTime::from_nanos(nanos)));
        }
        let options = FormatOptions::new();
        for (index, name) in &self.fields {
            let Some(column) = batch.columns().get(*index) else { continue };
            let value = if column.is_null(row) {
                NULL.to_string()
            } else {
                let value = ArrayFormatter::try_new(column.as_ref(), &options)?.value(row).try_to_string()?;
                escape(&value)
            };
            names.push(shorten(format!("{}={value}", escape(name))));
        }
        Ok(names.join("/").into())
    }

    /// How the pattern writes a time; `None` without a pattern.
    pub(super) fn format_time(&self, time: EventTime) -> Option<String> {
        self.time.as_ref().map(|pattern| pattern.format(time))
    }
}

/// A pattern of strftime.
#[derive(Debug)]
struct TimePattern {
    items: Vec<Item<'static>>,
    /// Times of the same unit are written alike.
    unit_nanos: i64,
}

impl TimePattern {
    fn new(pattern: &str) -> Result<Self, String> {
        let items = StrftimeItems::new(pattern).parse_to_owned().map_err(|error| error.to_string())?;
        let fine = items.iter().any(|item| match item {
            Item::Numeric(numeric, _) => *numeric == chrono::format::Numeric::Nanosecond,
            Item::Fixed(fixed) => !matches!(
                fixed,
                Fixed::ShortMonthName
                    | Fixed::LongMonthName
                    | Fixed::ShortWeekdayName
                    | Fixed::LongWeekdayName
                    | Fixed::LowerAmPm
                    | Fixed::UpperAmPm
            ),
            _ => false,
        });
        Ok(Self { items, unit_nanos: if fine { 1 } else { 1_000_000_000 } })
    }

    fn format(&self, time: EventTime) -> String {
        DateTime::from_timestamp_nanos(time.nanos()).format_with_items(self.items.iter()).to_string()
    }
}

/// Whether a pattern can name directories.
pub(crate) fn check_time_pattern(pattern: &str) -> Result<(), String> {
    let sample = TimePattern::new(pattern)?.format(EventTime::from_nanos(0));
    match sample.split('/').find(|name| matches!(*name, "" | "." | "..")) {
        Some("") => Err("it gives a directory without a name".to_string()),
        Some(name) => Err(format!("it gives a directory `{name}`")),
        None if sample.chars().any(char::is_control) => Err("it has control characters".to_string()),
        None => Ok(()),
    }
}

/// Writes what cannot stand in the name of a directory as `%` and two hexadecimal digits.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_control() || "\"#%'*/:=?\\{}[]^<>|~`".contains(c) {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A name that is too long for a file system ends in its hash.
fn shorten(name: String) -> String {
    if name.len() <= NAME_BYTES_MAX {
        return name;
    }
    let mut end = NAME_BYTES_MAX;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}~{:016x}", name.get(..end).unwrap_or_default(), xxh3_64(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{StringArray, TimestampNanosecondArray};
    use arrow::datatypes::Field;

    use super::*;
    use crate::conformance::stream_schema;

    fn batch(rows: &[(Option<&str>, i64, i64)]) -> RecordBatch {
        let schema =
            stream_schema(vec![Field::new("city", DataType::Utf8, true), Field::new("n", DataType::Int64, false)]);
        RecordBatch::try_new(
            schema,
            vec![
                Arc::new(StringArray::from_iter(rows.iter().map(|row| row.0))),
                Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.1))),
                Arc::new(TimestampNanosecondArray::from_iter_values(rows.iter().map(|row| row.2))),
            ],
        )
        .unwrap()
    }

    fn directories(time: Option<&str>, fields: &[&str], batch: RecordBatch) -> Vec<(String, usize)> {
        let fields: Vec<String> = fields.iter().map(|field| field.to_string()).collect();
        let mut partitioner = Partitioner::new(&batch.schema(), time, &fields).unwrap();
        let split = partitioner.split(batch).unwrap();
        split.iter().map(|partition| (partition.directory.to_string(), partition.rows.num_rows())).collect()
    }

    #[test]
    fn directories_come_from_time_and_fields() {
        const HOUR: i64 = 3_600_000_000_000;
        let rows = batch(&[(Some("a/b"), 1, 0), (None, 2, HOUR), (Some("a/b"), 3, 1), (Some("é"), 4, 25 * HOUR)]);
        assert_eq!(directories(None, &[], rows.clone()), [(String::new(), 4)]);
        let by_time = [("1970/01/01".to_string(), 3), ("1970/01/02".to_string(), 1)];
        assert_eq!(directories(Some("%Y/%m/%d"), &[], rows.clone()), by_time);
        let expected = [
            ("d=01-00/city=a%2Fb".to_string(), 2),
            ("d=01-01/city=__HIVE_DEFAULT_PARTITION__".to_string(), 1),
            ("d=02-01/city=é".to_string(), 1),
        ];
        assert_eq!(directories(Some("d=%d-%H"), &["city"], rows.clone()), expected);
        let by_number: Vec<_> = (1..=4).map(|n| (format!("n={n}"), 1)).collect();
        assert_eq!(directories(None, &["n"], rows), by_number);
    }

    #[test]
    fn parts_of_seconds_make_directories_when_the_pattern_shows_them() {
        let rows = batch(&[(None, 1, 0), (None, 2, 1_000_000), (None, 3, 1_000_001)]);
        assert_eq!(directories(Some("%S"), &[], rows.clone()).len(), 1);
        assert_eq!(directories(Some("%S%.3f"), &[], rows.clone()).len(), 2);
        assert_eq!(directories(Some("%f"), &[], rows).len(), 3);
    }

    #[test]
    fn long_values_fit_into_a_name() {
        let (a, b) = ("ä".repeat(300), format!("{}b", "ä".repeat(299)));
        let made = directories(None, &["city"], batch(&[(Some(&a), 1, 0), (Some(&b), 1, 0)]));
        assert_eq!(made.len(), 2);
        assert!(made.iter().all(|(name, _)| name.len() < 255), "{made:?}");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        assert_eq!(check_time_pattern("%Y/%m"), Ok(()));
        for pattern in ["%Q", "/%Y", "%Y/", "%Y/../x", ""] {
            assert!(check_time_pattern(pattern).is_err(), "{pattern}");
        }
        let rows = batch(&[]);
        let error = Partitioner::new(&rows.schema(), None, &["town".to_string()]).unwrap_err();
        assert_eq!(error.message, "rows are partitioned by `town`, which is not a column");
    }
}
