//! Random tables.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arroyo_formats::{Format, FormatOptions, JsonFormat, Serializer};
use rand::Rng;
use rand::rngs::StdRng;

/// The kinds of values that queries deal with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    /// Multiples of one half, so that sums do not depend on their order.
    Double,
    Boolean,
    Time,
}

impl Kind {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Integer => "BIGINT",
            Self::Text => "TEXT",
            Self::Double => "DOUBLE",
            Self::Boolean => "BOOLEAN",
            Self::Time => "TIMESTAMP",
        }
    }

    fn arrow(self) -> DataType {
        match self {
            Self::Integer => DataType::Int64,
            Self::Text => DataType::Utf8,
            Self::Double => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Time => DataType::Timestamp(TimeUnit::Nanosecond, None),
        }
    }
}

/// A column of a table or relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A table with `id` (unique), `ts` (event time) and others.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: RecordBatch,
    /// Rows are at most so much older than one before them.
    delay_seconds: i64,
}

/// 2024-01-01T00:00:00Z in seconds.
const START: i64 = 1_704_067_200;

impl Table {
    pub(super) fn random(name: &'static str, random: &mut StdRng) -> Self {
        let mut columns = vec![Column { name: "id".to_string(), kind: Kind::Integer }];
        let kinds = [Kind::Integer, Kind::Integer, Kind::Text, Kind::Text, Kind::Double, Kind::Boolean];
        for (index, kind) in kinds.into_iter().enumerate() {
            if random.random_bool(0.7) {
                columns.push(Column { name: format!("c{index}"), kind });
            }
        }
        columns.push(Column { name: "ts".to_string(), kind: Kind::Time });
        let rows = if random.random_bool(0.05) { 0 } else { random.random_range(1..40) };
        let delay_seconds = random.random_range(0..20);
        let last = columns.len() - 1;
        let arrays = columns.iter().enumerate().map(|(index, column)| match index {
            0 => Arc::new(Int64Array::from_iter_values(0..rows)) as ArrayRef,
            index if index == last => times(rows, delay_seconds, random),
            _ => values(column.kind, rows, random),
        });
        let arrays: Vec<ArrayRef> = arrays.collect();
        let fields = columns
            .iter()
            .enumerate()
            .map(|(index, column)| Field::new(&column.name, column.kind.arrow(), index != 0 && index != last));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        #[expect(clippy::expect_used, reason = "all columns are made here, with one length")]
        let rows = RecordBatch::try_new(schema, arrays).expect("columns of one length");
        Self { name, columns, rows, delay_seconds }
    }

    fn path(&self, folder: &Path) -> std::path::PathBuf {
        folder.join(format!("{}.ndjson", self.name))
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        std::fs::write(self.path(folder), json_lines(&self.rows)?)?;
        Ok(())
    }

    /// `CREATE TABLE` over the file that [`Table::write`] wrote.
    pub(super) fn declaration(&self, folder: &Path, control: bool) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let null = if column.name == "id" || column.name == "ts" { " NOT NULL" } else { "" };
                format!("{} {}{null}", column.name, column.kind.sql())
            })
            .collect();
        format!(
            "CREATE TABLE {} ({}, WATERMARK FOR ts AS ts - INTERVAL '{} seconds') \
             WITH (connector = 'single_file', path = '{}', type = 'source', format = 'json'{});\n",
            self.name,
            columns.join(", "),
            self.delay_seconds,
            self.path(folder).display(),
            if control { ", wait_for_control = true" } else { "" },
        )
    }

    /// The name under which [`Table::lookup_declaration`] declares it.
    pub(super) fn lookup_name(&self) -> String {
        format!("lookup_{}", self.name)
    }

    /// `CREATE TEMPORARY TABLE` over the same file: its rows by `id`.
    pub(super) fn lookup_declaration(&self, folder: &Path) -> String {
        let column = |column: &Column| {
            let key = if column.name == "id" { " PRIMARY KEY" } else { "" };
            format!("{} {}{key}", column.name, column.kind.sql())
        };
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        format!(
            "CREATE TEMPORARY TABLE {} ({}) WITH (connector = 'filesystem', path = '{}', format = 'json');\n",
            self.lookup_name(),
            columns.join(", "),
            self.path(folder).display(),
        )
    }

    /// The rows, for messages.
    pub(super) fn describe(&self) -> String {
        let mut text = format!("{} (delay {} s):\n", self.name, self.delay_seconds);
        let _ = writeln!(text, "{}", String::from_utf8_lossy(&json_lines(&self.rows).unwrap_or_default()));
        text
    }
}

/// One JSON object a row, as a sink writes them.
pub(super) fn json_lines(rows: &RecordBatch) -> Result<Vec<u8>> {
    let options = FormatOptions::new(Format::Json(JsonFormat::default()));
    let mut text = Vec::new();
    Serializer::new(&options, rows.schema_ref())?.serialize(rows, &mut text)?;
    Ok(text)
}

/// Time goes on by up to `step` a row; a row may be older by the delay. Few distinct values make ties.
fn times(rows: i64, delay_seconds: i64, random: &mut StdRng) -> ArrayRef {
    let step = [1, 3, 20][random.random_range(0..3)];
    let mut now = START + random.random_range(0..60);
    let seconds = (0..rows).map(|_| {
        now += random.random_range(0..=step);
        now - random.random_range(0..=delay_seconds)
    });
    Arc::new(TimestampNanosecondArray::from_iter_values(seconds.map(|second| second * 1_000_000_000)))
}

/// Few distinct values, one of them frequent, and sometimes many NULLs.
fn values(kind: Kind, rows: i64, random: &mut StdRng) -> ArrayRef {
    let nulls = [0.0, 0.1, 0.6][random.random_range(0..3)];
    let distinct = [2, 5, 30][random.random_range(0..3)];
    let mut numbers = (0..rows)
        .map(|_| {
            let number = if random.random_bool(0.3) { 0 } else { random.random_range(0..distinct) };
            (!random.random_bool(nulls)).then_some(number)
        })
        .collect::<Vec<Option<i64>>>()
        .into_iter();
    match kind {
        Kind::Integer | Kind::Time => Arc::new(numbers.by_ref().map(|n| n.map(|n| n - 2)).collect::<Int64Array>()),
        Kind::Text => {
            let words = numbers.by_ref().map(|n| n.map(|n| if n == 1 { String::new() } else { format!("w{n}") }));
            Arc::new(words.collect::<StringArray>())
        }
        Kind::Double => Arc::new(numbers.by_ref().map(|n| n.map(|n| n as f64 / 2.0 - 1.0)).collect::<Float64Array>()),
        Kind::Boolean => Arc::new(numbers.by_ref().map(|n| n.map(|n| n % 2 == 0)).collect::<BooleanArray>()),
    }
}
