//! Writes the file. What was written after a restored checkpoint is cut off, so that each row is there exactly once.

mod own_file;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arroyo_formats::{FormatOptions, Serializer};
use arroyo_operator::{OperatorContext, OperatorError, Sink, SinkConfig};
use arroyo_state::TableSpec;
use arroyo_types::{Epoch, ErrorKind as Kind};
use async_trait::async_trait;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::options::SingleFileOptions;
use crate::files::local_path;

/// The path → the file's length.
const TABLE: &str = "f";

/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 256 << 10;

/// Writes one file.
#[derive(Debug)]
pub(super) struct SingleFileSink {
    options: SingleFileOptions,
    path: PathBuf,
    serializer: Serializer,
    file: Option<File>,
    /// Bytes written to the file.
    length: u64,
    /// Bytes to be written behind them.
    buffer: Vec<u8>,
}

impl SingleFileSink {
    pub(super) fn new(options: SingleFileOptions, config: &SinkConfig) -> Result<Self, OperatorError> {
        let table = &config.table;
        let path = local_path(&options.path).map_err(OperatorError::user)?;
        let failed =
            |error: arroyo_formats::FormatError| OperatorError::new(error.kind(), format!("table `{table}`: {error}"));
        let format = FormatOptions::from_json(&config.format)
            .map_err(failed)?
            .ok_or_else(|| OperatorError::user(format!("table `{table}` needs a format")))?;
        let serializer = Serializer::new(&format, &config.schema).map_err(failed)?;
        Ok(Self { options, path, serializer, file: None, length: 0, buffer: Vec::new() })
    }

    async fn drain(&mut self) -> Result<(), OperatorError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let Some(file) = self.file.as_mut() else {
            return Err(OperatorError::bug(format!("`{}` is written before it was opened", self.path.display())));
        };
        let written = async {
            file.write_all(&self.buffer).await?;
            file.flush().await
        };
        written.await.map_err(|error| failed(&self.path, "write", &error))?;
        self.length += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    async fn sync(&mut self) -> Result<(), OperatorError> {
        self.drain().await?;
        match &self.file {
            Some(file) => file.sync_all().await.map_err(|error| failed(&self.path, "write", &error)),
            None => Ok(()),
        }
    }

    /// The length in the restored checkpoint; `None` when the job starts from nothing.
    fn restored_length(&self, ctx: &OperatorContext) -> Result<Option<u64>, OperatorError> {
        let key = self.options.path.as_bytes();
        let Some((_, value)) = ctx.state.global(TABLE).find(|(found, _)| *found == key) else { return Ok(None) };
        let length = <[u8; 8]>::try_from(value).map_err(|_| {
            OperatorError::new(Kind::Corrupt, format!("the state of `{}` is not a length", self.path.display()))
        })?;
        Ok(Some(u64::from_le_bytes(length)))
    }
}

#[async_trait]
impl Sink for SingleFileSink {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let wanted = self.restored_length(ctx)?.unwrap_or(0);
        let path = self.path.clone();
        let taken = tokio::task::spawn_blocking(move || own_file::take_over(&path, wanted)).await;
        let taken = taken.map_err(|error| OperatorError::bug(format!("`{}`: {error}", self.path.display())))?;
        self.file = Some(File::from_std(taken?));
        self.length = wanted;
        if wanted == 0 {
            self.buffer = self.serializer.header().unwrap_or_default();
        }
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.serializer
            .serialize(&batch, &mut self.buffer)
            .map_err(|error| OperatorError::new(error.kind(), format!("`{}`: {error}", self.path.display())))?;
        if self.buffer.len() >= BUFFER_BYTES { self.drain().await } else { Ok(()) }
    }

    async fn flush(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.drain().await
    }

    async fn pre_commit(&mut self, _: Epoch, ctx: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        self.sync().await?;
        let key = self.options.path.clone().into_bytes();
        ctx.state.replace_global(TABLE, BTreeMap::from([(key, self.length.to_le_bytes().to_vec())]))?;
        Ok(None)
    }

    async fn close(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.sync().await?;
        self.file = None;
        Ok(())
    }
}

fn failed(path: &Path, action: &str, error: &std::io::Error) -> OperatorError {
    let message = format!("cannot {action} `{}`: {error}", path.display());
    match error.kind() {
        ErrorKind::NotFound
        | ErrorKind::PermissionDenied
        | ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::AlreadyExists
        | ErrorKind::InvalidInput => OperatorError::user(message),
        _ => OperatorError::external(message),
    }
}
