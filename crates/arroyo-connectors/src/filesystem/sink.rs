//! Writes files that become visible whole, each row in exactly one of them.
//!
//! Rows go to the open file of their directory. A file that is closed (by size, age, …) has all its bytes in an upload that is
//! not completed; at the barrier its description becomes commit data, and after the manifest the upload is completed. What is
//! open at the barrier stays open: bytes that can be written are, and the rest goes into the checkpoint with all that is
//! needed to go on. After a restore, at any parallelism, each open file is continued by the subtask that its id falls to.
//!
//! Whoever goes back to an earlier checkpoint finds files that were open then and are visible now. They stay as they are, with
//! the rows that came later, and are not continued: rows before the checkpoint are there once, those after it are written again.
//!
//! ```text
//! rows ──▶ open files ──roll──▶ finished files ──barrier──▶ commit data ──manifest──▶ visible
//!              └──barrier──▶ table `r`
//! ```

mod commit;
mod encoder;
mod envelope;
mod file;
mod naming;
mod parquet;
mod partition;
mod place;
mod rolling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arroyo_formats::FormatOptions;
use arroyo_operator::{OperatorContext, OperatorError, Sink, SinkConfig, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::{Epoch, ErrorDomain, ErrorKind, EventTime, KeyRange};
use async_trait::async_trait;
use xxhash_rust::xxh3::xxh3_64;

use super::options::FileSystemOptions;
use encoder::Layout;
use file::{FileInfo, FinishedFile, OpenFile};
use naming::{FileNames, timed_uuid};
pub(crate) use partition::check_time_pattern;
use partition::{Partition, Partitioner};
use place::{Medium, Place};
use rolling::Rolling;

/// `f/<id>` → an open file; `u/<id>` → nothing: a finished file whose commit is not known to be done; `n/<subtask>` → the
/// next number of the strategy `serial`.
const TABLE: &str = "r";

/// Bytes of memory that open files may hold in one subtask.
const MEMORY_BYTES_MAX: usize = 256 << 20;

/// Files that may be open in one subtask.
const OPEN_FILES_MAX: usize = 1024;

/// Writes the files of one subtask.
#[derive(Debug)]
pub(super) struct FileSystemSink {
    table: String,
    options: FileSystemOptions,
    format: FormatOptions,
    layout: Layout,
    partitioner: Partitioner,
    rolling: Rolling,
    medium: Medium,
    ready: Option<Ready>,
    /// Open files by directory.
    open: BTreeMap<Arc<str>, OpenFile>,
    /// Files that were closed since the last barrier.
    finished: Vec<FinishedFile>,
    /// The ids of finished files by the epoch that commits them.
    uncommitted: BTreeMap<Epoch, Vec<String>>,
    watermark: Option<EventTime>,
}

/// What is known once the sink was opened.
#[derive(Debug)]
struct Ready {
    place: Place,
    names: FileNames,
}

impl FileSystemSink {
    pub(super) fn new(options: FileSystemOptions, config: &SinkConfig) -> Result<Self, OperatorError> {
        let table = config.table.clone();
        let failed =
            |error: arroyo_formats::FormatError| OperatorError::new(error.kind(), format!("table `{table}`: {error}"));
        let format = FormatOptions::from_json(&config.format)
            .map_err(failed)?
            .ok_or_else(|| OperatorError::user(format!("table `{table}` needs a format")))?;
        let layout = Layout::new(&table, &format, &config.schema)?;
        let partitioner = Partitioner::new(&config.schema, options.time_pattern.as_deref(), &options.fields)
            .map_err(|error| OperatorError { message: format!("table `{table}`: {}", error.message), ..error })?;
        let rolling = Rolling::new(&options);
        Ok(Self {
            table,
            options,
            format,
            layout,
            partitioner,
            rolling,
            medium: Medium::default(),
            ready: None,
            open: BTreeMap::new(),
            finished: Vec::new(),
            uncommitted: BTreeMap::new(),
            watermark: None,
        })
    }

    /// Takes up the open files of the restored checkpoint that fall to this subtask. Returns the ids of all files that have an
    /// upload, this subtask's or not.
    async fn restore(&mut self, ready: &mut Ready, ctx: &OperatorContext) -> Result<BTreeSet<String>, OperatorError> {
        let mut ids = BTreeSet::new();
        let mut completed = Vec::new();
        let saved: Vec<_> = ctx.state.global(TABLE).collect();
        for (key, value) in saved {
            let key = String::from_utf8_lossy(key);
            if let Some(id) = key.strip_prefix("u/") {
                ids.insert(id.to_string());
            } else if let Some(id) = key.strip_prefix("f/") {
                // An upload of the same file that was begun after the checkpoint is not continued.
                if FileInfo::of_saved(value)?.has_upload() {
                    ids.insert(id.to_string());
                }
                if KeyRange::owner(xxh3_64(id.as_bytes()), ctx.info.parallelism) == ctx.info.task.subtask {
                    let file = OpenFile::restore(value, &self.layout)?;
                    completed.extend(self.restore_file(file, &ready.place).await?);
                }
            } else if key.starts_with("n/") {
                let next = <[u8; 8]>::try_from(value).map_err(|_| {
                    let message = format!("table `{}`: the number of the next file is damaged", self.table);
                    OperatorError::new(ErrorKind::Corrupt, message)
                })?;
                ready.names.next = ready.names.next.max(u64::from_le_bytes(next));
            }
        }
        if ready.names.is_serial() {
            // Also those of a future that was gone back from are taken.
            ready.names.next = ready.names.next.max(ready.place.first_free_number(&ready.names).await?);
        }
        if let Some(first) = completed.first() {
            tracing::warn!(
                "table `{}`: {} files were completed after the checkpoint that is gone back to, such as {first}; they stay, and \
                 their rows since then are written again",
                self.table,
                completed.len()
            );
        }
        Ok(ids)
    }

    /// Goes on with a file. Answers where it is if it was completed after the checkpoint, so that nothing is to be gone on with.
    async fn restore_file(&mut self, mut file: OpenFile, place: &Place) -> Result<Option<String>, OperatorError> {
        if !file.take_over(place).await? {
            return Ok(Some(place.storage.url_of(&file.info.path)));
        }
        // Of several subtasks' files of a directory, one gets the rows that follow.
        if let Some(other) = self.open.insert(file.info.directory.as_str().into(), file) {
            self.finished.push(other.finish(place).await?);
        }
        Ok(None)
    }

    async fn write_partition(&mut self, partition: Partition, ctx: &OperatorContext) -> Result<(), OperatorError> {
        let Partition { directory, rows } = partition;
        let now = ctx.clock.now();
        if self.open.get(&directory).is_some_and(|file| self.rolling.is_old(&file.info, now)) {
            self.close(&directory).await?;
        }
        let latest = self.partitioner.times(&rows)?.iter().copied().max().unwrap_or(i64::MIN);
        let ready = self.ready.as_mut().ok_or_else(|| not_open(&self.table))?;
        let file = self.open.entry(directory.clone()).or_insert_with(|| {
            let millis = u64::try_from(now.nanos() / 1_000_000).unwrap_or_default();
            let id = timed_uuid(millis).simple().to_string();
            let info = FileInfo::new(id, directory.to_string(), &ready.names.next(millis), now.nanos());
            OpenFile::new(info, &self.layout)
        });
        file.write(&rows, &ready.place).await?;
        file.info.written_nanos = now.nanos();
        file.info.event_nanos = file.info.event_nanos.max(latest);
        if self.rolling.is_full(file) { self.close(&directory).await } else { Ok(()) }
    }

    /// Closes the file that rows of a directory go to.
    async fn close(&mut self, directory: &str) -> Result<(), OperatorError> {
        if let Some(file) = self.open.remove(directory) {
            let ready = self.ready.as_ref().ok_or_else(|| not_open(&self.table))?;
            self.finished.push(file.finish(&ready.place).await?);
        }
        Ok(())
    }

    async fn close_all(&mut self, directories: Vec<Arc<str>>) -> Result<(), OperatorError> {
        for directory in directories {
            self.close(&directory).await?;
        }
        Ok(())
    }

    /// The directories whose files are to be closed at a barrier.
    fn due(&self, now: EventTime) -> Vec<Arc<str>> {
        let expired = |info: &FileInfo| {
            let Some(watermark) = self.watermark.filter(|_| self.options.watermark_expiration) else { return false };
            let of_file = EventTime::from_nanos(info.event_nanos);
            watermark > of_file && self.partitioner.format_time(watermark) != self.partitioner.format_time(of_file)
        };
        let due = self.open.iter().filter(|(_, file)| self.rolling.is_old(&file.info, now) || expired(&file.info));
        due.map(|(directory, _)| directory.clone()).collect()
    }

    /// Keeps memory and the number of open files within their bounds.
    async fn relieve(&mut self) -> Result<(), OperatorError> {
        while self.open.len() > OPEN_FILES_MAX {
            let oldest = self.open.iter().min_by_key(|(_, file)| file.info.written_nanos);
            let Some(directory) = oldest.map(|(directory, _)| directory.clone()) else { break };
            self.close(&directory).await?;
        }
        let mut bytes = self.buffered_bytes();
        while bytes > MEMORY_BYTES_MAX {
            let largest = self.open.iter_mut().max_by_key(|(_, file)| file.memory_bytes());
            let (Some((directory, file)), Some(ready)) = (largest, &self.ready) else { break };
            file.flush(&ready.place).await?;
            let directory = directory.clone();
            let left = self.buffered_bytes();
            if left == bytes {
                self.close(&directory).await?;
            }
            bytes = self.buffered_bytes();
        }
        Ok(())
    }

    /// What this subtask's part of the checkpoint is.
    async fn state(&mut self, subtask: u32) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, OperatorError> {
        let ready = self.ready.as_ref().ok_or_else(|| not_open(&self.table))?;
        let mut rows = BTreeMap::new();
        if ready.names.is_serial() {
            rows.insert(format!("n/{subtask}").into_bytes(), ready.names.next.to_le_bytes().to_vec());
        }
        for id in self.uncommitted.values().flatten() {
            rows.insert(format!("u/{id}").into_bytes(), Vec::new());
        }
        for file in self.open.values_mut() {
            let saved = file.checkpoint(&ready.place).await?;
            rows.insert(format!("f/{}", file.info.id).into_bytes(), saved);
        }
        Ok(rows)
    }
}

fn not_open(table: &str) -> OperatorError {
    OperatorError::bug(format!("table `{table}` is written before it was opened"))
}

#[async_trait]
impl Sink for FileSystemSink {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let place = Place::open(&self.table, &self.options, &self.medium, ctx).await?;
        let names = FileNames::new(&self.options, &self.format.format, ctx.info.task.subtask);
        let mut ready = Ready { place, names };
        let ids = self.restore(&mut ready, ctx).await?;
        if ctx.info.task.subtask == 0 {
            let Place { storage, owner, generation, .. } = &ready.place;
            let left = storage.abort_leftovers(owner, *generation, &ids).await;
            let left = left.map_err(|error| ready.place.failed(error))?;
            if left > 0 {
                tracing::debug!(table = self.table, "gave up {left} unfinished files of an earlier start");
            }
        }
        self.ready = Some(ready);
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        for partition in self.partitioner.split(batch)? {
            self.write_partition(partition, ctx).await?;
        }
        self.relieve().await
    }

    async fn watermark(&mut self, watermark: Watermark, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            self.watermark = Some(time);
        }
        Ok(())
    }

    async fn end_of_rows(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.close_all(self.open.keys().cloned().collect()).await
    }

    async fn pre_commit(&mut self, epoch: Epoch, ctx: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        self.close_all(self.due(ctx.clock.now())).await?;
        let finished = std::mem::take(&mut self.finished);
        let data = if finished.is_empty() { None } else { Some(commit::encode(&finished)?) };
        if !finished.is_empty() {
            self.uncommitted.insert(epoch, finished.into_iter().map(|file| file.id).collect());
        }
        let state = self.state(ctx.info.task.subtask).await?;
        ctx.state.replace_global(TABLE, state)?;
        Ok(data)
    }

    fn buffered_bytes(&self) -> usize {
        self.open.values().map(OpenFile::memory_bytes).sum()
    }

    async fn commit(
        &mut self,
        epoch: Epoch,
        data: Vec<Vec<u8>>,
        ctx: &mut OperatorContext,
    ) -> Result<(), OperatorError> {
        let mut files = Vec::new();
        for data in data {
            files.extend(commit::decode(&data)?);
        }
        let ready = self.ready.as_ref().ok_or_else(|| not_open(&self.table))?;
        let gone = commit::publish(files, &ready.place, &ctx.failpoints).await?;
        // Files that were committed before a restore may have been moved away since by whoever reads them.
        let first_time = self.uncommitted.contains_key(&epoch);
        if let Some(path) = gone.first() {
            let message = format!("table `{}`: {path} and what it was to be made of are gone", self.table);
            if first_time {
                let hint = "something else removed unfinished files: restart from an earlier checkpoint";
                return Err(OperatorError::user(message).with_hint(hint));
            }
            ctx.errors.report(ErrorDomain::External, message, gone.join("\n"));
        }
        self.uncommitted.retain(|uncommitted, _| *uncommitted > epoch);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
