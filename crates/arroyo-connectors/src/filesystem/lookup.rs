//! Lookup tables in files.
//!
//! The rows of all files are held in memory by their key. From time to time the files are listed, and when names, sizes or times
//! of change differ, all are read again; until that is done, and when it fails, the rows are those from before.
//!
//! Of several rows with one key the last counts: files in the order of their names, rows in the order of the file.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::row::{RowConverter, SortField};
use arroyo_operator::{Lookup, LookupAnswer, LookupConfig, LookupContext, OperatorError, SourceConfig};
use arroyo_types::ErrorDomain;
use async_trait::async_trait;
use serde_json::Value;
use tokio::sync::Mutex;

use super::listing::{Stamp, list};
use super::options::FileSystemOptions;
use crate::files::{AllRows, FileTask};
use crate::options::DataSize;

/// The most memory, if no option says so.
const MAX_BYTES: u64 = 256 << 20;

/// How often files are looked at, if `lookup.cache.ttl` does not say so.
const CHECK_EVERY: Duration = Duration::from_secs(10);

/// What a key takes in memory besides its bytes, roughly.
const KEY_BYTES: u64 = 48;

/// See the module's documentation.
pub(super) struct FileTable {
    reader: Arc<Reader>,
    check_every_micros: i64,
    loaded: Mutex<Loaded>,
}

/// What is in memory.
#[derive(Default)]
struct Loaded {
    content: Option<Arc<Content>>,
    /// When the files were looked at, in microseconds.
    checked: i64,
}

/// The rows of the files as they were at one time.
struct Content {
    files: Vec<(String, Stamp)>,
    rows: RecordBatch,
    /// The row of each key.
    places: HashMap<Box<[u8]>, u32>,
    dropped: u64,
    first_dropped: Option<(String, String)>,
}

/// What reading needs, on a thread of its own.
struct Reader {
    table: String,
    options: FileSystemOptions,
    schema: SchemaRef,
    key: Vec<usize>,
    keys: RowConverter,
    rows: AllRows,
    bytes_max: u64,
}

impl FileTable {
    pub(super) fn new(options: FileSystemOptions, config: LookupConfig) -> Result<Self, OperatorError> {
        let LookupConfig { table, format, schema, key, metadata, ttl, options: _ } = config;
        let key_fields = key.iter().filter_map(|key| schema.fields().get(*key));
        let keys = RowConverter::new(key_fields.map(|field| SortField::new(field.data_type().clone())).collect())?;
        let source = SourceConfig {
            table: table.clone(),
            options: Value::Null,
            format,
            schema: schema.clone(),
            metadata,
            filter: Value::Null,
            batch_size: usize::MAX,
            batch_linger: Duration::ZERO,
        };
        let rows = AllRows::new(&source, options.compression)?;
        let bytes_max = options.lookup_max_bytes.map_or(MAX_BYTES, |DataSize(bytes)| bytes);
        let check_every = ttl.unwrap_or(CHECK_EVERY);
        Ok(Self {
            reader: Arc::new(Reader { table, options, schema, key, keys, rows, bytes_max }),
            check_every_micros: i64::try_from(check_every.as_micros()).unwrap_or(i64::MAX),
            loaded: Mutex::default(),
        })
    }

    /// The rows as they are now, or were at the last look at the files.
    async fn content(&self, ctx: &LookupContext) -> Result<Arc<Content>, OperatorError> {
        let mut loaded = self.loaded.lock().await;
        let now = ctx.clock.now_micros();
        match &loaded.content {
            Some(content) if now.saturating_sub(loaded.checked) < self.check_every_micros => Ok(content.clone()),
            Some(content) => {
                let content = content.clone();
                let content = match self.changed(Some(content.clone())).await {
                    Ok(Some(changed)) => {
                        report_dropped(&changed, ctx);
                        changed
                    }
                    Ok(None) => content,
                    Err(error) => {
                        let message = format!(
                            "the files of the lookup table `{}` changed and cannot be read; its rows are those from before",
                            self.reader.table
                        );
                        ctx.errors.report(ErrorDomain::User, message, error.message);
                        content
                    }
                };
                *loaded = Loaded { content: Some(content.clone()), checked: now };
                Ok(content)
            }
            None => {
                let content = self.changed(None).await?;
                let content = content.ok_or_else(|| OperatorError::bug("files that were never read did not change"))?;
                report_dropped(&content, ctx);
                *loaded = Loaded { content: Some(content.clone()), checked: now };
                Ok(content)
            }
        }
    }

    /// What the files hold, if they are not those of `known`.
    async fn changed(&self, known: Option<Arc<Content>>) -> Result<Option<Arc<Content>>, OperatorError> {
        let reader = self.reader.clone();
        tokio::task::spawn_blocking(move || {
            let files = list(&reader.options)?;
            let stamps: Vec<(String, Stamp)> =
                files.iter().map(|file| (file.name.clone(), file.stamp.clone())).collect();
            if known.is_some_and(|known| known.files == stamps) {
                return Ok(None);
            }
            let tasks = files.iter().map(|file| file.task(Default::default())).collect();
            reader.read(tasks, stamps).map(|content| Some(Arc::new(content)))
        })
        .await
        .map_err(|error| OperatorError::bug(format!("the thread that reads a lookup table failed: {error}")))?
    }
}

fn report_dropped(content: &Content, ctx: &LookupContext) {
    if content.dropped > 0 {
        ctx.counters.add_bad_records(content.dropped);
        let first = content.first_dropped.as_ref().map(|(reason, text)| (reason.as_str(), text.as_str()));
        ctx.errors.report_bad_records(content.dropped, first);
    }
}

impl Reader {
    /// Reads all files. Blocks.
    fn read(&self, tasks: VecDeque<FileTask>, files: Vec<(String, Stamp)>) -> Result<Content, OperatorError> {
        let mut bytes = 0;
        let contents = self.rows.read(tasks, |rows| {
            bytes += rows.get_array_memory_size() as u64;
            self.check_limit(bytes)
        })?;
        let rows = concat_batches(&self.schema, &contents.batches)?;
        let keys = self.key.iter().filter_map(|key| rows.columns().get(*key).cloned()).collect::<Vec<_>>();
        let encoded = self.keys.convert_columns(&keys)?;
        let mut places: HashMap<Box<[u8]>, u32> = HashMap::new();
        for row in 0..rows.num_rows() {
            if keys.iter().any(|key| key.is_null(row)) {
                // Nothing is equal to it.
                continue;
            }
            let key: Box<[u8]> = encoded.row(row).data().into();
            bytes += key.len() as u64 + KEY_BYTES;
            places.insert(key, row as u32);
        }
        self.check_limit(bytes)?;
        let (dropped, first_dropped) = (contents.dropped, contents.first_dropped);
        Ok(Content { files, rows, places, dropped, first_dropped })
    }

    fn check_limit(&self, bytes: u64) -> Result<(), OperatorError> {
        if bytes <= self.bytes_max {
            return Ok(());
        }
        Err(OperatorError::user(format!(
            "the rows of the lookup table `{}` in `{}` take more than {} bytes of memory",
            self.table, self.options.path, self.bytes_max
        ))
        .with_hint("raise `lookup.max_bytes`, or leave columns and rows out that nobody asks for"))
    }
}

#[async_trait]
impl Lookup for FileTable {
    async fn open(&self, ctx: &LookupContext) -> Result<(), OperatorError> {
        self.content(ctx).await.map(drop)
    }

    async fn lookup(&self, keys: &RecordBatch, ctx: &LookupContext) -> Result<LookupAnswer, OperatorError> {
        let content = self.content(ctx).await?;
        let encoded = self.reader.keys.convert_columns(keys.columns())?;
        let (mut found, mut rows) = (Vec::new(), Vec::new());
        for key in 0..keys.num_rows() {
            if let Some(row) = content.places.get(encoded.row(key).data()) {
                found.push(key as u32);
                rows.push(*row);
            }
        }
        let rows = take_record_batch(&content.rows, &UInt32Array::from(rows))?;
        Ok(LookupAnswer { keys: UInt32Array::from(found), rows })
    }

    fn is_in_memory(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
