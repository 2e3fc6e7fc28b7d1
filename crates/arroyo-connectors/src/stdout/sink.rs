//! Each batch is one write, so that rows of several subtasks do not mix within a line.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arroyo_formats::{Format, FormatError, FormatOptions, JsonFormat, Serializer};
use arroyo_operator::{OperatorContext, OperatorError, Sink, SinkConfig};
use arroyo_types::{Epoch, ErrorKind};
use async_trait::async_trait;

use super::table::TableWriter;
use super::{Layout, StdoutOptions};

/// Writes all of some bytes.
pub(super) type WriteAll = Arc<dyn Fn(&[u8]) -> io::Result<()> + Send + Sync>;

/// The standard output of the process.
pub(super) fn standard_output() -> WriteAll {
    let is_terminal = io::stdout().is_terminal();
    Arc::new(move |bytes| write_rows(&mut io::stdout().lock(), bytes, is_terminal))
}

/// Clears the line that the cursor is on.
const CLEAR_LINE: &[u8] = b"\r\x1b[2K";

/// A terminal may show a live line of the process below the rows: rows take its place.
fn write_rows(out: &mut impl Write, bytes: &[u8], is_terminal: bool) -> io::Result<()> {
    if is_terminal {
        out.write_all(CLEAR_LINE)?;
    }
    out.write_all(bytes)?;
    out.flush()
}

/// The sink `stdout`.
pub(super) struct StdoutSink {
    table: String,
    rows: Rows,
    write: WriteAll,
}

enum Rows {
    Records { serializer: Serializer, header: Option<Vec<u8>> },
    Table(TableWriter),
}

impl StdoutSink {
    pub(super) fn new(options: StdoutOptions, config: SinkConfig, write: WriteAll) -> Result<Self, OperatorError> {
        let SinkConfig { table, format, schema, .. } = config;
        let rows = match options.layout {
            Layout::Table => Rows::Table(TableWriter::new(&schema)),
            Layout::Records => {
                let failed = |error: FormatError| OperatorError::new(error.kind(), format!("table `{table}`: {error}"));
                let format = FormatOptions::from_json(&format).map_err(failed)?;
                let format = format.unwrap_or_else(|| FormatOptions::new(Format::Json(JsonFormat::default())));
                let serializer = Serializer::new(&format, &schema).map_err(failed)?;
                Rows::Records { header: serializer.header(), serializer }
            }
        };
        Ok(Self { table, rows, write })
    }

    async fn write_all(&self, bytes: Vec<u8>) -> Result<(), OperatorError> {
        if bytes.is_empty() {
            return Ok(());
        }
        // The reader of a pipe may be slow: let it block a thread that may be blocked.
        let write = self.write.clone();
        let written = tokio::task::spawn_blocking(move || write(&bytes)).await;
        match written.map_err(io::Error::other).and_then(|written| written) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Err(OperatorError::new(ErrorKind::OutputClosed, "the reader of the standard output has gone away"))
            }
            Err(error) => Err(OperatorError::external(format!(
                "table `{}`: failed to write to the standard output: {error}",
                self.table
            ))),
        }
    }
}

#[async_trait]
impl Sink for StdoutSink {
    async fn open(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        match &mut self.rows {
            Rows::Records { header, .. } => {
                let header = header.take().unwrap_or_default();
                self.write_all(header).await
            }
            Rows::Table(_) => Ok(()),
        }
    }

    async fn write(&mut self, batch: RecordBatch, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut bytes = Vec::new();
        match &mut self.rows {
            Rows::Records { serializer, .. } => serializer
                .serialize(&batch, &mut bytes)
                .map_err(|error| OperatorError::new(error.kind(), format!("table `{}`: {error}", self.table)))?,
            Rows::Table(writer) => writer.write(&batch, &mut bytes)?,
        }
        self.write_all(bytes).await
    }

    async fn pre_commit(
        &mut self,
        _epoch: Epoch,
        _ctx: &mut OperatorContext,
    ) -> Result<Option<Vec<u8>>, OperatorError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
