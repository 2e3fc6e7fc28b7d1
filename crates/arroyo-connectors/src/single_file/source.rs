//! Reads the file.

use std::collections::{BTreeMap, VecDeque};

use arroyo_operator::{OperatorContext, OperatorError, Source, SourceConfig, SourceEvent};
use arroyo_state::TableSpec;
use async_trait::async_trait;

use super::options::SingleFileOptions;
use crate::files::{FilePlace, FileProgress, FileRows, FileTask, Step, decode_progress, local_path};

/// The path → how far it was read.
const TABLE: &str = "f";

/// Reads one file in order.
#[derive(Debug)]
pub(super) struct SingleFileSource {
    options: SingleFileOptions,
    rows: FileRows,
    /// With `wait_for_control`: whether a record was read since the last control message.
    waiting: bool,
}

impl SingleFileSource {
    pub(super) fn new(options: SingleFileOptions, config: &SourceConfig) -> Result<Self, OperatorError> {
        let rows = FileRows::new(config, None, options.wait_for_control)?;
        Ok(Self { options, rows, waiting: false })
    }
}

#[async_trait]
impl Source for SingleFileSource {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let name = &self.options.path;
        let place = FilePlace::Local(local_path(name).map_err(OperatorError::user)?);
        let mut restored = BTreeMap::new();
        if let Some((_, value)) = ctx.state.global(TABLE).find(|(key, _)| *key == name.as_bytes()) {
            restored.insert(name.clone(), decode_progress(name, value)?);
        }
        let files = match restored.get(name) {
            _ if ctx.info.task.subtask > 0 => VecDeque::new(),
            Some(FileProgress::Finished) => VecDeque::new(),
            Some(FileProgress::At(from)) => [FileTask { name: name.clone(), place, from: *from }].into(),
            None => [FileTask { name: name.clone(), place, from: Default::default() }].into(),
        };
        self.rows.open(files, restored);
        Ok(())
    }

    async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        if !self.options.wait_for_control {
            return self.rows.next(ctx).await;
        }
        loop {
            // The engine drops this future when a control message has come, and then calls again.
            if std::mem::take(&mut self.waiting) {
                std::future::pending::<()>().await;
            }
            let step = self.rows.step(ctx).await?;
            self.waiting = !matches!(step, Step::End);
            match step {
                Step::Rows(rows) => return Ok(SourceEvent::Batch(rows)),
                Step::Filtered => {}
                Step::End => return Ok(SourceEvent::End),
            }
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        ctx.state.replace_global(TABLE, self.rows.checkpoint())?;
        Ok(())
    }
}
