//! Records of a text file.

use std::io;

use arrow::array::RecordBatch;
use arroyo_formats::{BadRecord, Deserializer, FormatError, Framing};
use arroyo_operator::OperatorError;

use super::Compression;
use super::input::Input;
use super::place::FilePlace;
use super::position::FilePosition;
use super::reader::ReadPlan;

/// The longest record.
const MAX_RECORD_BYTES: usize = 256 << 20;

/// Some records of a file.
#[derive(Debug)]
pub(super) struct Records {
    /// The rows; `None` if there are none.
    pub(super) batch: Option<RecordBatch>,
    /// After them.
    pub(super) position: FilePosition,
    /// Whether they were the last ones.
    pub(super) end: bool,
    /// Records that were dropped.
    pub(super) dropped: u64,
    /// The first of them: its line, and what was wrong.
    pub(super) first_dropped: Option<(u64, Box<BadRecord>)>,
}

/// Reads one text file from a position on.
#[derive(Debug)]
pub(super) struct TextReader {
    /// The path in messages.
    shown: String,
    input: Input,
    deserializer: Deserializer,
    position: FilePosition,
}

impl TextReader {
    pub(super) fn open(
        place: &FilePlace,
        compression: Compression,
        plan: &ReadPlan,
        from: FilePosition,
    ) -> Result<Self, OperatorError> {
        let shown = place.shown();
        let mut format = plan.format.clone();
        // In a file, a line is a record.
        format.framing.get_or_insert(Framing::newline());
        let deserializer = Deserializer::new(&format, plan.schema.clone())
            .and_then(|deserializer| match &plan.filter {
                Some(filter) => deserializer.with_filter(filter),
                None => Ok(deserializer),
            })
            .map_err(|error| format_error(&shown, &error))?;
        let input = Input::open(place, compression).map_err(|error| io_error(&shown, "opened", &error))?;
        let mut reader = Self { shown, input, deserializer, position: FilePosition::default() };
        if from != FilePosition::default() {
            reader.go_to(from)?;
        }
        Ok(reader)
    }

    /// Continues at `from`, having read the header.
    fn go_to(&mut self, from: FilePosition) -> Result<(), OperatorError> {
        let header = loop {
            match self.deserializer.push_header(self.input.data(), self.input.at_end()) {
                Ok(Some(bytes)) => break bytes,
                Ok(None) if self.input.at_end() => break 0,
                Ok(None) => self.fill()?,
                Err(error) => return Err(format_error(&self.shown, &error)),
            }
        };
        self.input.take(header);
        self.input.skip_to(from.bytes, header as u64).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                OperatorError::user(format!(
                    "`{}` is shorter than the {} bytes that were read of it before the checkpoint",
                    self.shown, from.bytes
                ))
                .with_hint("restore the file, or start the pipeline from nothing")
            } else {
                io_error(&self.shown, "read", &error)
            }
        })?;
        self.position = from;
        Ok(())
    }

    fn fill(&mut self) -> Result<(), OperatorError> {
        if self.input.data().len() > MAX_RECORD_BYTES {
            return Err(OperatorError::user(format!(
                "`{}`, line {}: the record is longer than {} MiB",
                self.shown,
                self.position.records + 1,
                MAX_RECORD_BYTES >> 20
            )));
        }
        self.input.fill().map_err(|error| io_error(&self.shown, "read", &error))
    }

    /// The next records, at most `max_records` of them; the filter may leave none of them.
    pub(super) fn next(&mut self, max_records: usize) -> Result<Records, OperatorError> {
        let mut dropped = 0;
        let mut first_dropped = None;
        while self.deserializer.records() < max_records && !self.deserializer.is_full() {
            let at_end = self.input.at_end();
            let pushed = self
                .deserializer
                .push_frames(self.input.data(), max_records, at_end)
                .map_err(|error| self.record_error(error))?;
            if let Some(bad) = pushed.first_dropped {
                first_dropped.get_or_insert((self.position.records + bad.frame as u64 + 1, bad));
            }
            dropped += pushed.dropped;
            self.input.take(pushed.bytes);
            self.position.bytes += pushed.bytes as u64;
            self.position.records += pushed.frames as u64;
            if pushed.bytes > 0 {
                continue;
            }
            if at_end {
                break;
            }
            self.fill()?;
        }
        let end = self.input.at_end() && self.input.data().is_empty();
        let batch = self.deserializer.flush().map_err(|error| format_error(&self.shown, &error))?;
        Ok(Records { batch, position: self.position, end, dropped, first_dropped })
    }

    fn record_error(&self, error: FormatError) -> OperatorError {
        match error {
            FormatError::BadRecord(bad) => {
                let line = self.position.records + bad.frame as u64 + 1;
                OperatorError::user(format!("`{}`, line {line}: {bad}", self.shown))
                    .with_hint("set `bad_data = 'drop'` to skip records that cannot be decoded")
            }
            other => format_error(&self.shown, &other),
        }
    }
}

pub(super) fn io_error(shown: &str, action: &str, error: &io::Error) -> OperatorError {
    let message = format!("`{shown}` cannot be {action}: {error}");
    match error.kind() {
        io::ErrorKind::NotFound => OperatorError::user(format!("there is no file `{shown}`")),
        io::ErrorKind::PermissionDenied
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::InvalidData
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::UnexpectedEof => OperatorError::user(message),
        _ => OperatorError::external(message),
    }
}

pub(super) fn format_error(shown: &str, error: &FormatError) -> OperatorError {
    OperatorError::new(error.kind(), format!("`{shown}`: {error}"))
}
