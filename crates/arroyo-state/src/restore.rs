//! Reading the tables of one subtask from a checkpoint written at any parallelism.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arroyo_storage::{Storage, StorageError};
use arroyo_types::{EventTime, KeyRange, OperatorId};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};

use crate::expiry::expired_before;
use crate::file::{decode, decode_global, verify};
use crate::manifests::Manifests;
use crate::pending::blocking;
use crate::rows::{consolidate, retain};
use crate::schema::{decode_schema, difference};
use crate::{FileRef, Manifest, StateError, TableChange, TableKind, TableManifest, TableSpec};

/// Files read at once.
const CONCURRENT_READS: usize = 8;

/// Rows per restored batch.
const BATCH_ROWS: usize = 8192;

/// The content of one table for one subtask.
#[derive(Debug)]
pub(crate) enum RestoredTable {
    Global(BTreeMap<Vec<u8>, Vec<u8>>),
    Rows(Vec<RecordBatch>),
}

/// Where to read, and what to name in messages.
pub(crate) struct TableReader<'a> {
    pub(crate) job: &'a Storage,
    pub(crate) manifest: &'a Manifest,
    pub(crate) operator: &'a OperatorId,
}

impl TableReader<'_> {
    pub(crate) async fn restore(
        &self,
        spec: &TableSpec,
        table: &TableManifest,
        range: KeyRange,
    ) -> Result<RestoredTable, StateError> {
        self.check_shape(spec, table)?;
        if spec.kind == TableKind::Global {
            return self.restore_global(spec, table).await.map(RestoredTable::Global);
        }
        let changes = self.changes(table, &spec.schema, range).await?;
        let (kind, schema) = (spec.kind, spec.schema.clone());
        let live = blocking(move || live_rows(kind, &schema, changes)).await?;
        live.map(RestoredTable::Rows).map_err(|error| StateError::WrongRows {
            operator: self.operator.to_string(),
            table: spec.name.clone(),
            reason: error.to_string(),
        })
    }

    fn check_shape(&self, spec: &TableSpec, table: &TableManifest) -> Result<(), StateError> {
        let mismatch = |reason: String| StateError::SchemaMismatch {
            operator: self.operator.to_string(),
            table: spec.name.clone(),
            reason,
        };
        if table.kind != spec.kind {
            return Err(mismatch(format!("stored is a {} table, wanted a {} one", table.kind, spec.kind)));
        }
        if spec.kind == TableKind::Global {
            return Ok(());
        }
        let stored = decode_schema(&table.schema)
            .map_err(|error| mismatch(format!("its stored schema cannot be read: {error}")))?;
        difference(&stored, &spec.schema).map_or(Ok(()), |reason| Err(mismatch(reason)))
    }

    /// The live changes in `range`, in order of epoch.
    pub(crate) async fn changes(
        &self,
        table: &TableManifest,
        schema: &arrow::datatypes::SchemaRef,
        range: KeyRange,
    ) -> Result<Vec<TableChange>, StateError> {
        let mut reads = Vec::new();
        for file in table.files.iter().filter(|file| file.key_range.overlaps(&range)) {
            reads.push(self.changes_in_file(file, table, schema.clone(), range));
        }
        let changes: Vec<Vec<TableChange>> =
            futures::stream::iter(reads).buffered(CONCURRENT_READS).try_collect().await?;
        Ok(changes.into_iter().flatten().collect())
    }

    /// Boxed: behind closures over borrowed files, the compiler does not see that a restore can be sent between threads.
    fn changes_in_file<'b>(
        &'b self,
        file: &'b FileRef,
        table: &'b TableManifest,
        schema: arrow::datatypes::SchemaRef,
        range: KeyRange,
    ) -> BoxFuture<'b, Result<Vec<TableChange>, StateError>> {
        Box::pin(async move {
            let bytes = self.read(file).await?;
            let (kind, expired) = (table.kind, table.expired.clone());
            let decoded = blocking(move || -> Result<Vec<TableChange>, ArrowError> {
                let live = |hash, time: Option<i64>| {
                    time.is_none_or(|time| EventTime::from_nanos(time) >= expired_before(&expired, hash))
                };
                decode(bytes, kind, &schema, range)?.into_iter().map(|change| retain(change, live)).collect()
            });
            match decoded.await? {
                Ok(changes) => Ok(changes),
                Err(error) => Err(self.corrupt(file, error.to_string()).await),
            }
        })
    }

    async fn restore_global(
        &self,
        spec: &TableSpec,
        table: &TableManifest,
    ) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StateError> {
        let mut merged = BTreeMap::new();
        for file in &table.files {
            let rows = match decode_global(self.read(file).await?) {
                Ok(rows) => rows,
                Err(error) => return Err(self.corrupt(file, error.to_string()).await),
            };
            for (key, value) in rows {
                let other = merged.insert(key, value.clone());
                if other.is_some_and(|other| other != value) {
                    return Err(StateError::WrongRows {
                        operator: self.operator.to_string(),
                        table: spec.name.clone(),
                        reason: "two subtasks stored different values under one key of a global table".to_string(),
                    });
                }
            }
        }
        Ok(merged)
    }

    /// The content of a file, verified.
    async fn read(&self, file: &FileRef) -> Result<Bytes, StateError> {
        let bytes = match self.job.get(&file.path).await {
            Ok(bytes) => bytes,
            Err(StorageError::NotFound { .. }) => {
                return Err(self.corrupt(file, "it does not exist".to_string()).await);
            }
            Err(error) => return Err(error.into()),
        };
        match verify(file, &bytes) {
            Ok(()) => Ok(bytes),
            Err(reason) => Err(self.corrupt(file, reason).await),
        }
    }

    async fn corrupt(&self, file: &FileRef, reason: String) -> StateError {
        let manifests = Manifests::new(self.job.clone());
        let without = |manifest: &Manifest| manifest.files().all(|other| other.path != file.path);
        // That it could not be found out must not hide the damage.
        let last_good = manifests.last_good_before(self.manifest.epoch, without).await.unwrap_or_default();
        StateError::CorruptFile { file: self.job.url_of(&file.path), reason, last_good }
    }
}

fn live_rows(
    kind: TableKind,
    schema: &arrow::datatypes::SchemaRef,
    changes: Vec<TableChange>,
) -> Result<Vec<RecordBatch>, ArrowError> {
    let whole: Vec<RecordBatch> = match kind {
        TableKind::Keyed { .. } => {
            consolidate(kind, schema, &changes, false)?.into_iter().map(|change| change.rows).collect()
        }
        TableKind::TimeKeyed | TableKind::Global => changes.into_iter().map(|change| change.rows).collect(),
    };
    let slices = whole.iter().flat_map(|batch| {
        (0..batch.num_rows())
            .step_by(BATCH_ROWS)
            .map(|start| batch.slice(start, BATCH_ROWS.min(batch.num_rows() - start)))
    });
    Ok(slices.collect())
}
