//! Reads the files of a directory.

use std::collections::{BTreeMap, VecDeque};

use arroyo_operator::{OperatorContext, OperatorError, Source, SourceConfig, SourceEvent};
use arroyo_state::TableSpec;
use arroyo_types::{ErrorKind, KeyRange};
use async_trait::async_trait;
use xxhash_rust::xxh3::xxh3_64;

use super::listing::{Listed, list};
use super::options::FileSystemOptions;
use crate::files::{FileProgress, FileRows, decode_progress};

/// A file's name → how far it was read.
const TABLE: &str = "a";

/// Reads the files that its subtask owns, one after another in order of their names.
#[derive(Debug)]
pub(super) struct FileSystemSource {
    options: FileSystemOptions,
    rows: FileRows,
}

impl FileSystemSource {
    pub(super) fn new(options: FileSystemOptions, config: &SourceConfig) -> Result<Self, OperatorError> {
        let rows = FileRows::new(config, options.compression, false)?;
        Ok(Self { options, rows })
    }
}

#[async_trait]
impl Source for FileSystemSource {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let owns =
            |name: &str| KeyRange::owner(xxh3_64(name.as_bytes()), ctx.info.parallelism) == ctx.info.task.subtask;
        let mut restored = BTreeMap::new();
        for (key, value) in ctx.state.global(TABLE) {
            let name = String::from_utf8(key.to_vec()).map_err(|_| {
                OperatorError::new(
                    ErrorKind::Corrupt,
                    "the state of the filesystem source holds a name that is no text",
                )
            })?;
            if owns(&name) {
                let progress = decode_progress(&name, value)?;
                restored.insert(name, progress);
            }
        }
        let options = self.options.clone();
        let files = tokio::task::spawn_blocking(move || list(&options))
            .await
            .map_err(|error| OperatorError::bug(format!("the thread that lists files failed: {error}")))??;
        let own: Vec<Listed> = files.into_iter().filter(|file| owns(&file.name)).collect();
        for (name, progress) in &restored {
            if *progress != FileProgress::Finished && !own.iter().any(|file| file.name == *name) {
                return Err(OperatorError::user(format!(
                    "the file `{name}` in `{}` was partly read before the checkpoint, and is gone",
                    self.options.path
                ))
                .with_hint("restore the file, or start the pipeline from nothing"));
            }
        }
        let mut queue = VecDeque::new();
        for file in own {
            match restored.get(&file.name) {
                Some(FileProgress::Finished) => {}
                Some(FileProgress::At(from)) => queue.push_back(file.task(*from)),
                None => queue.push_back(file.task(Default::default())),
            }
        }
        self.rows.open(queue, restored);
        Ok(())
    }

    async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        self.rows.next(ctx).await
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        ctx.state.replace_global(TABLE, self.rows.checkpoint())?;
        Ok(())
    }
}
