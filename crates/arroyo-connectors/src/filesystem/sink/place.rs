//! The directory or bucket that files are written to.

use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_storage::{IN_PROGRESS, Storage, StorageError};
use arroyo_types::ErrorKind;

use super::super::options::{FileSystemOptions, is_remote};
use super::naming::FileNames;
use crate::files::local_path;

/// The length of parts unless the options say otherwise.
const PART_BYTES: usize = 32 << 20;

/// Bytes that are gathered for a local file.
const LOCAL_PART_BYTES: usize = 8 << 20;

/// What the options do not say; by default what follows from them.
#[derive(Debug, Default)]
pub(super) struct Medium {
    /// What the path stands for.
    pub(super) storage: Option<Storage>,
    /// The least and the usual length of parts.
    pub(super) part_bytes: Option<(usize, usize)>,
}

/// Where and in what pieces files are written.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) table: String,
    pub(super) storage: Storage,
    /// Whose uploads they are.
    pub(super) owner: String,
    pub(super) generation: u64,
    /// Bytes that are gathered before they are written.
    pub(super) part_bytes: usize,
    /// The least piece that may be written; 0: any.
    pub(super) part_bytes_min: usize,
    /// All pieces but the last must have the same length.
    pub(super) equal_parts: bool,
    /// Files of at most so many bytes travel in the commit.
    pub(super) inline_bytes_max: usize,
}

impl Place {
    /// Opens what the options name.
    pub(super) async fn open(
        table: &str,
        options: &FileSystemOptions,
        medium: &Medium,
        ctx: &OperatorContext,
    ) -> Result<Self, OperatorError> {
        let remote = is_remote(&options.path);
        let opened = match &medium.storage {
            Some(storage) => Ok(storage.clone()),
            None if remote => Storage::open_with(&options.path, &options.storage),
            None => open_directory(&options.path).await?,
        };
        let failed = |error: StorageError| OperatorError::new(error.kind(), format!("table `{table}`: {error}"));
        let storage = opened.map_err(failed)?;
        let size = |size: Option<crate::options::DataSize>| size.and_then(|size| usize::try_from(size.0).ok());
        let usual = if remote { size(options.target_part_size).unwrap_or(PART_BYTES) } else { LOCAL_PART_BYTES };
        let least = usize::try_from(storage.min_part_bytes()).unwrap_or(usize::MAX);
        let (part_bytes_min, part_bytes) = medium.part_bytes.unwrap_or((least, usual));
        Ok(Self {
            table: table.to_string(),
            owner: format!("{}/{}", ctx.info.job, ctx.info.operator),
            generation: ctx.info.generation.0,
            part_bytes,
            part_bytes_min,
            // Cloudflare's store refuses an upload whose parts differ.
            equal_parts: options.path.starts_with("r2://") || options.path.contains(".r2.cloudflarestorage.com"),
            inline_bytes_max: if remote { size(options.minimum_multipart_size).unwrap_or(0) } else { 0 },
            storage,
        })
    }

    pub(super) fn failed(&self, error: StorageError) -> OperatorError {
        let failed = OperatorError::new(error.kind(), format!("table `{}`: {error}", self.table));
        match error {
            StorageError::NotFound { .. } => OperatorError { kind: ErrorKind::User, ..failed }
                .with_hint(
                    "unfinished files were removed by somebody else, or were completed and then moved away: put back what was \
                     moved, or start the pipeline from nothing",
                ),
            StorageError::AlreadyExists { .. } => {
                failed.with_hint("move the file away, or write to another directory or with another name")
            }
            _ => failed,
        }
    }

    /// The number behind those of all files that are there.
    pub(super) async fn first_free_number(&self, names: &FileNames) -> Result<u64, OperatorError> {
        let files = self.storage.list("").await.map_err(|error| self.failed(error))?;
        let visible = files.iter().filter(|file| !file.path.starts_with(IN_PROGRESS));
        let numbers = visible.filter_map(|file| names.number_after(file.path.rsplit('/').next().unwrap_or_default()));
        Ok(numbers.max().unwrap_or(0))
    }
}

/// A local directory, created if there is none, and with nothing in it that is not the table's.
async fn open_directory(path: &str) -> Result<Result<Storage, StorageError>, OperatorError> {
    let directory = local_path(path).map_err(OperatorError::user)?;
    let directory = std::path::absolute(&directory)
        .map_err(|error| OperatorError::user(format!("`{path}` cannot be a directory: {error}")))?;
    tokio::fs::create_dir_all(&directory).await.map_err(|error| {
        let message = format!("cannot create the directory `{}`: {error}", directory.display());
        OperatorError::user(message)
    })?;
    Ok(Storage::open_existing(&directory.display().to_string()))
}
