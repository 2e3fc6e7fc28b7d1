//! Arrow batches → records as bytes.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int8Array, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};

use crate::csv::{push_delimiter, write_field, write_header};
use crate::debezium::{Change, DebeziumWriter};
use crate::json::{Encoder, normalise, wire_type};
use crate::{CsvFormat, Format, FormatError, FormatOptions, JsonFormat};

/// The first column of changes as CSV: `+` for a row that comes, `-` for one that goes.
const OP_COLUMN: &str = "op";

/// Encodes the rows of one table. The event time (`_timestamp`) is not written.
///
/// Changes (rows with `_change`) can be written as Debezium JSON, and, for people, as CSV with a column `op` of `+` and `-`.
#[derive(Debug)]
pub struct Serializer {
    columns: Vec<Output>,
    writer: Writer,
    /// Where `_change` is, if rows are changes.
    change: Option<usize>,
}

#[derive(Debug)]
struct Output {
    index: usize,
    /// The field in its wire type.
    field: FieldRef,
    /// `"name":`
    key: Vec<u8>,
}

#[derive(Debug)]
enum Writer {
    Json(JsonFormat),
    Debezium(DebeziumWriter),
    Csv(CsvFormat),
    /// The single column's text or bytes.
    Raw,
}

impl Serializer {
    /// An encoder of batches of `schema`. Fails for columns that the format cannot write, and for formats of files.
    pub fn new(options: &FormatOptions, schema: &Schema) -> Result<Self, FormatError> {
        let format = &options.format;
        let writer = match format {
            Format::Json(json) if json.unstructured => Writer::Raw,
            Format::Json(json) => Writer::Json(json.clone()),
            Format::DebeziumJson(debezium) => {
                Writer::Debezium(DebeziumWriter::new(debezium.json(), &debezium.primary_key, schema)?)
            }
            Format::Csv(csv) => Writer::Csv(csv.clone()),
            Format::RawString(_) | Format::RawBytes(_) => Writer::Raw,
            Format::Parquet(_) => {
                return Err(FormatError::Schema(
                    "the format parquet is for files (the `filesystem` connector), not for single records".to_string(),
                ));
            }
        };
        let mut columns = Vec::new();
        let change = schema.index_of(CHANGE_FIELD).ok();
        if change.is_some() && !matches!(writer, Writer::Debezium(_) | Writer::Csv(_)) {
            let name = format.name();
            return Err(FormatError::Schema(format!("the format {name} writes rows and not changes of rows")));
        }
        let is_hidden = |name: &str| [TIMESTAMP_FIELD, CHANGE_FIELD].contains(&name);
        for (index, field) in schema.fields().iter().enumerate().filter(|(_, field)| !is_hidden(field.name())) {
            columns.push(Output::new(index, field, format.name())?);
        }
        let serializer = Self { columns, writer, change };
        serializer.check_raw(format)?;
        Ok(serializer)
    }

    fn check_raw(&self, format: &Format) -> Result<(), FormatError> {
        if !matches!(self.writer, Writer::Raw) {
            return Ok(());
        }
        let wanted: &[DataType] = match format {
            Format::RawBytes(_) => &[DataType::Binary, DataType::Utf8],
            _ => &[DataType::Utf8],
        };
        match self.columns.as_slice() {
            [column] if wanted.contains(column.field.data_type()) => Ok(()),
            columns => {
                let given: Vec<_> = columns
                    .iter()
                    .map(|column| format!("{} {}", column.field.name(), column.field.data_type()))
                    .collect();
                let what = if matches!(format, Format::RawBytes(_)) { "binary" } else { "text" };
                Err(FormatError::Schema(format!(
                    "the format {} writes a single {what} column, and the rows are ({})",
                    format.name(),
                    given.join(", ")
                )))
            }
        }
    }

    /// What a file begins with: the header of CSV, with its line break.
    pub fn header(&self) -> Option<Vec<u8>> {
        match &self.writer {
            Writer::Csv(csv) if csv.header => {
                let mut out = Vec::new();
                let op = self.change.map(|_| OP_COLUMN);
                let columns = self.columns.iter().map(|column| column.field.name().as_str());
                write_header(op.into_iter().chain(columns), csv, &mut out);
                out.push(b'\n');
                Some(out)
            }
            _ => None,
        }
    }

    /// Appends each row, or each change, as a record and a line break.
    pub fn serialize(&self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        self.rows(batch, out, |out, _| out.push(b'\n'))
    }

    /// Appends each row as a record, nothing in between, and to `ends` where each record ends in `out`.
    pub fn serialize_records(
        &self,
        batch: &RecordBatch,
        out: &mut Vec<u8>,
        ends: &mut Vec<usize>,
    ) -> Result<(), FormatError> {
        self.rows(batch, out, |out, _| ends.push(out.len()))
    }

    /// Like [`Serializer::serialize_records`], and tells of each record also the row of the batch that it is made of: of a change
    /// the row after it, or the one that goes.
    pub fn serialize_records_of_rows(
        &self,
        batch: &RecordBatch,
        out: &mut Vec<u8>,
        records: &mut Vec<(usize, usize)>,
    ) -> Result<(), FormatError> {
        self.rows(batch, out, |out, row| records.push((out.len(), row)))
    }

    fn rows(
        &self,
        batch: &RecordBatch,
        out: &mut Vec<u8>,
        mut end: impl FnMut(&mut Vec<u8>, usize),
    ) -> Result<(), FormatError> {
        let arrays = self.columns.iter().map(|column| column.array(batch)).collect::<Result<Vec<_>, _>>()?;
        let default = JsonFormat::default();
        let json = match &self.writer {
            Writer::Json(json) | Writer::Debezium(DebeziumWriter { json, .. }) => json,
            Writer::Csv(_) | Writer::Raw => &default,
        };
        let mut encoders = Vec::with_capacity(arrays.len());
        for (column, array) in self.columns.iter().zip(&arrays) {
            let encoder = Encoder::new(array.as_ref(), &column.field, json);
            encoders.push((column, encoder.ok_or_else(|| column.unsupported("this format"))?));
        }
        if let Writer::Debezium(debezium) = &self.writer {
            for change in debezium.changes(batch)? {
                write_change(&encoders, change, out)?;
                end(out, change.row());
            }
            return Ok(());
        }
        let signs = self.change.and_then(|index| batch.columns().get(index)).and_then(|signs| signs.as_primitive_opt());
        let mut scratch = Vec::new();
        for row in 0..batch.num_rows() {
            match &self.writer {
                Writer::Json(_) | Writer::Debezium(_) => write_object(&encoders, row, out)?,
                Writer::Csv(csv) => write_line(&encoders, row, signs, csv, &mut scratch, out)?,
                Writer::Raw => write_raw(&arrays, &encoders, row, out),
            }
            end(out, row);
        }
        Ok(())
    }
}

type ColumnEncoder<'a> = (&'a Output, Encoder<'a>);

fn write_object(encoders: &[ColumnEncoder<'_>], row: usize, out: &mut Vec<u8>) -> Result<(), FormatError> {
    out.push(b'{');
    for (index, (column, encoder)) in encoders.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(&column.key);
        encoder.write(row, out).map_err(|reason| column.fault(reason))?;
    }
    out.push(b'}');
    Ok(())
}

fn write_change(encoders: &[ColumnEncoder<'_>], change: Change, out: &mut Vec<u8>) -> Result<(), FormatError> {
    for (key, row) in [("{\"before\":", change.before), (",\"after\":", change.after)] {
        out.extend_from_slice(key.as_bytes());
        match row {
            Some(row) => write_object(encoders, row, out)?,
            None => out.extend_from_slice(b"null"),
        }
    }
    out.extend_from_slice(b",\"op\":\"");
    out.extend_from_slice(change.op().as_bytes());
    out.extend_from_slice(b"\"}");
    Ok(())
}

fn write_line(
    encoders: &[ColumnEncoder<'_>],
    row: usize,
    signs: Option<&Int8Array>,
    csv: &CsvFormat,
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    if let Some(signs) = signs {
        out.push(if signs.value(row) > 0 { b'+' } else { b'-' });
    }
    for (index, (column, encoder)) in encoders.iter().enumerate() {
        if index > 0 || signs.is_some() {
            push_delimiter(csv, out);
        }
        write_field(encoder, row, csv, scratch, out).map_err(|reason| column.fault(reason))?;
    }
    Ok(())
}

fn write_raw(arrays: &[ArrayRef], encoders: &[ColumnEncoder<'_>], row: usize, out: &mut Vec<u8>) {
    for (array, (_, encoder)) in arrays.iter().zip(encoders) {
        if encoder.is_null(row) {
            continue;
        }
        match (encoder.raw_text(row), array.as_binary_opt::<i32>()) {
            (Some(text), _) => out.extend_from_slice(text.as_bytes()),
            (None, Some(bytes)) => out.extend_from_slice(bytes.value(row)),
            (None, None) => {}
        }
    }
}

impl Output {
    fn new(index: usize, field: &Field, format: &'static str) -> Result<Self, FormatError> {
        let mut key = serde_json::to_vec(field.name())?;
        key.push(b':');
        let Some(wire) = wire_type(field.data_type()) else {
            return Err(FormatError::UnsupportedType {
                column: field.name().clone(),
                data_type: field.data_type().to_string(),
                format,
                action: "write",
            });
        };
        Ok(Self { index, field: Arc::new(field.clone().with_data_type(wire)), key })
    }

    fn array(&self, batch: &RecordBatch) -> Result<ArrayRef, FormatError> {
        let array = batch.columns().get(self.index).ok_or_else(|| {
            FormatError::Schema(format!(
                "a batch has {} columns and not the column `{}`",
                batch.num_columns(),
                self.field.name()
            ))
        })?;
        normalise(array, self.field.data_type())
    }

    fn unsupported(&self, format: &'static str) -> FormatError {
        FormatError::UnsupportedType {
            column: self.field.name().clone(),
            data_type: self.field.data_type().to_string(),
            format,
            action: "write",
        }
    }

    fn fault(&self, reason: String) -> FormatError {
        FormatError::Value { column: self.field.name().clone(), reason }
    }
}

#[cfg(test)]
mod tests;
