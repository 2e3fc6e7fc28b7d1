//! Payload bytes → Arrow batches.

use std::io::BufRead;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use arroyo_types::CHANGE_FIELD;

use crate::column::{Columns, Fault, ValueStyle};
use crate::csv::{CsvDecoder, record_length};
use crate::filter::BoundFilter;
use crate::json::JsonDecoder;
use crate::{BadData, BadRecord, Format, FormatError, FormatOptions, Framing, SimpleFilter, TimestampFormat};

/// Payload bytes after which a batch counts as full whatever its rows: columns hold at most 2 GiB.
const MAX_BATCH_BYTES: usize = 512 << 20;

/// What was taken from pushed bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Bytes taken.
    pub bytes: usize,
    /// Frames (lines, or the records of CSV) taken, with blank ones and headers.
    pub frames: usize,
    /// Rows added to the batch.
    pub rows: usize,
    /// Records dropped because they could not be decoded (`bad_data = 'drop'`).
    pub dropped: u64,
    /// The first of them.
    pub first_dropped: Option<Box<BadRecord>>,
}

/// Decodes the records of one table; rows gather until [`Deserializer::flush`].
///
/// Only the columns of its schema are ever materialised.
/// A record that cannot be decoded leaves nothing behind, and the rows before it are kept.
#[derive(Debug)]
pub struct Deserializer {
    schema: SchemaRef,
    decoder: Decoder,
    columns: Columns,
    filter: Option<BoundFilter>,
    rows: usize,
    records: usize,
    pushed_bytes: usize,
    framing: Option<Framing>,
    bad_data: BadData,
}

#[derive(Debug)]
enum Decoder {
    Json(JsonDecoder),
    /// Changes; `change` is the place of the column `_change`.
    Debezium {
        json: JsonDecoder,
        change: Option<usize>,
    },
    UnstructuredJson(JsonDecoder),
    Csv(CsvDecoder),
    RawString,
    RawBytes,
}

impl Deserializer {
    /// A decoder into `schema`: the columns to read, without metadata columns and `_timestamp`.
    pub fn new(options: &FormatOptions, schema: SchemaRef) -> Result<Self, FormatError> {
        let style = match &options.format {
            Format::Json(json) => ValueStyle {
                numbers_are_millis: json.timestamp_format == TimestampFormat::UnixMillis,
                decimal: json.decimal_encoding,
            },
            Format::DebeziumJson(debezium) => ValueStyle {
                numbers_are_millis: debezium.timestamp_format == TimestampFormat::UnixMillis,
                decimal: debezium.decimal_encoding,
            },
            _ => ValueStyle::default(),
        };
        let fields = schema.fields().iter().map(Arc::as_ref);
        let columns = Columns::of_fields(fields, "", style, options.format.name())?;
        let decoder = match &options.format {
            Format::DebeziumJson(_) => {
                Decoder::Debezium { json: JsonDecoder::default(), change: columns.find(CHANGE_FIELD, 0) }
            }
            Format::Json(json) if json.unstructured => Decoder::UnstructuredJson(JsonDecoder::default()),
            Format::Json(_) => Decoder::Json(JsonDecoder::default()),
            Format::Csv(csv) => Decoder::Csv(CsvDecoder::new(csv, &columns)),
            Format::RawString(_) => Decoder::RawString,
            Format::RawBytes(_) => Decoder::RawBytes,
            Format::Parquet(_) => {
                return Err(FormatError::Schema(
                    "the format parquet is for files (the `filesystem` connector), not for single records".to_string(),
                ));
            }
        };
        Ok(Self {
            schema,
            decoder,
            columns,
            filter: None,
            rows: 0,
            records: 0,
            pushed_bytes: 0,
            framing: options.framing.clone(),
            bad_data: options.bad_data,
        })
    }

    /// Drops decoded records that do not pass `filter`; changes are all kept, and so are raw records, which have no columns.
    ///
    /// # Errors
    ///
    /// The filter's columns are not among those that are read, or have other types.
    pub fn with_filter(mut self, filter: &SimpleFilter) -> Result<Self, FormatError> {
        self.filter = match self.decoder {
            Decoder::Json(_) | Decoder::Csv(_) => Some(BoundFilter::new(filter, &self.columns)?),
            Decoder::Debezium { .. } | Decoder::UnstructuredJson(_) | Decoder::RawString | Decoder::RawBytes => None,
        };
        Ok(self)
    }

    /// Records decoded since the last [`Deserializer::flush`]: the rows gathered, and those that the filter dropped.
    pub fn records(&self) -> usize {
        self.records
    }

    /// Rows gathered so far.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes held by the rows gathered so far, roughly.
    pub fn buffered_bytes(&self) -> usize {
        self.columns.columns.iter().map(crate::column::Column::bytes).sum()
    }

    /// Whether the batch holds so many bytes that it takes no more, whatever its rows.
    pub fn is_full(&self) -> bool {
        self.rows > 0 && self.pushed_bytes >= MAX_BATCH_BYTES
    }

    /// The columns of the batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Another file begins: its first CSV record is a header again.
    pub fn restart(&mut self) {
        if let Decoder::Csv(csv) = &mut self.decoder {
            csv.restart();
        }
    }

    /// Whether the next frame is a header and not a record.
    pub fn awaits_header(&self) -> bool {
        matches!(&self.decoder, Decoder::Csv(csv) if csv.awaits_header())
    }

    /// Takes only the header from the start of `data`, if one is awaited: to continue within a file.
    /// Returns the bytes taken; `None` if the header is not complete.
    pub fn push_header(&mut self, data: &[u8], end_of_input: bool) -> Result<Option<usize>, FormatError> {
        if !self.awaits_header() {
            return Ok(Some(0));
        }
        let Some(length) = self.frame_length(data, end_of_input) else { return Ok(None) };
        let frame = self.cut(data.get(..length).unwrap_or_default());
        self.frame(frame, 0, 0, &mut Pushed::default())?;
        Ok(Some(length))
    }

    /// Takes a whole payload (the value of a message): one record, or several with framing.
    ///
    /// Fails at the first record that cannot be decoded if `bad_data` is `fail`; the rows before it are kept.
    pub fn push(&mut self, payload: &[u8]) -> Result<Pushed, FormatError> {
        if self.framing.is_some() || matches!(self.decoder, Decoder::Csv(_)) {
            return self.push_frames(payload, usize::MAX, true);
        }
        let mut pushed = Pushed { bytes: payload.len(), frames: 1, ..Pushed::default() };
        self.frame(payload, 0, 0, &mut pushed)?;
        Ok(pushed)
    }

    /// Takes complete lines (records of CSV) from the start of `data` until `max_records` were decoded for the batch: as many
    /// rows, or fewer with a filter, so that one that lets nothing through does not hold up the reader.
    ///
    /// What is left after [`Pushed::bytes`] belongs to the next call, in front of the bytes that follow; with `end_of_input`
    /// a last line without a line break is complete. Nothing is taken if no line is complete.
    pub fn push_frames(&mut self, data: &[u8], max_records: usize, end_of_input: bool) -> Result<Pushed, FormatError> {
        let mut pushed = Pushed::default();
        while self.records < max_records && !self.is_full() {
            let rest = data.get(pushed.bytes..).unwrap_or_default();
            let Some(length) = self.frame_length(rest, end_of_input) else { break };
            let frame = rest.get(..length).unwrap_or_default();
            let (offset, number) = (pushed.bytes, pushed.frames);
            pushed.bytes += length;
            pushed.frames += 1;
            self.frame(self.cut(frame), number, offset, &mut pushed)?;
        }
        Ok(pushed)
    }

    fn frame_length(&self, data: &[u8], end_of_input: bool) -> Option<usize> {
        if matches!(self.decoder, Decoder::Csv(_)) {
            return record_length(data, end_of_input);
        }
        let mut rest = data;
        // Skipping within a slice cannot fail.
        let length = rest.skip_until(b'\n').unwrap_or(0);
        let complete = data.get(length.wrapping_sub(1)) == Some(&b'\n') || end_of_input;
        (complete && length > 0).then_some(length)
    }

    /// The frame without its line break, and not longer than framing allows.
    fn cut<'d>(&self, frame: &'d [u8]) -> &'d [u8] {
        let frame = frame.strip_suffix(b"\n").unwrap_or(frame);
        let frame = match self.decoder {
            Decoder::RawBytes => frame,
            _ => frame.strip_suffix(b"\r").unwrap_or(frame),
        };
        let max = match &self.framing {
            Some(Framing::Newline(newline)) => newline.max_line_length,
            None => None,
        };
        match max.and_then(|max| frame.get(..usize::try_from(max).unwrap_or(usize::MAX))) {
            Some(cut) => cut,
            None => frame,
        }
    }

    fn frame(&mut self, frame: &[u8], number: usize, offset: usize, pushed: &mut Pushed) -> Result<(), FormatError> {
        self.pushed_bytes += frame.len();
        match self.decode(frame) {
            Ok(0) => Ok(()),
            Ok(rows) => {
                self.records += 1;
                if self.filter.as_ref().is_some_and(|filter| !filter.keeps(&self.columns, self.rows)) {
                    self.columns.truncate(self.rows);
                    return Ok(());
                }
                self.rows += rows;
                pushed.rows += rows;
                Ok(())
            }
            Err(fault) => {
                self.columns.truncate(self.rows);
                let bad = Box::new(BadRecord::new(number, offset, frame, fault));
                match self.bad_data {
                    BadData::Fail => Err(FormatError::BadRecord(bad)),
                    BadData::Drop => {
                        pushed.dropped += 1;
                        pushed.first_dropped.get_or_insert(bad);
                        Ok(())
                    }
                }
            }
        }
    }

    /// Decodes one frame into the rows after the last one; returns how many: 0 if it is blank or a header, 2 for an update.
    fn decode(&mut self, frame: &[u8]) -> Result<usize, Fault> {
        if let Decoder::RawBytes = self.decoder {
            for column in &mut self.columns.columns {
                column.push_bytes(frame)?;
            }
            return Ok(1);
        }
        let text = std::str::from_utf8(frame)
            .map_err(|error| format!("not valid UTF-8 at byte {} of the record", error.valid_up_to()))?;
        match &mut self.decoder {
            Decoder::Json(_) | Decoder::Debezium { .. } | Decoder::UnstructuredJson(_)
                if frame.iter().all(u8::is_ascii_whitespace) =>
            {
                return Ok(0);
            }
            Decoder::Debezium { json, change } => return json.change(text, &mut self.columns, self.rows, *change),
            Decoder::Json(json) => json.record(text, &mut self.columns, self.rows)?,
            Decoder::UnstructuredJson(json) => json.unstructured(text, &mut self.columns)?,
            Decoder::Csv(csv) if text.is_empty() && !csv.has_one_field() => return Ok(0),
            Decoder::Csv(csv) => return csv.record(text, &mut self.columns, self.rows).map(usize::from),
            Decoder::RawString => {
                for column in &mut self.columns.columns {
                    column.push_text(text)?;
                }
            }
            Decoder::RawBytes => {}
        }
        Ok(1)
    }

    /// Takes the gathered rows out; `None` if there are none.
    pub fn flush(&mut self) -> Result<Option<RecordBatch>, FormatError> {
        self.records = 0;
        if self.rows == 0 {
            return Ok(None);
        }
        let arrays =
            self.columns.columns.iter_mut().map(crate::column::Column::finish).collect::<Result<Vec<ArrayRef>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        self.pushed_bytes = 0;
        Ok(Some(RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)?))
    }
}

#[cfg(test)]
mod tests;
