//! Answers as multisets of texts.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;

use super::data::{Table, json_lines};

/// What batch SQL says over all rows at once, sorted; `None` where it fails by a mistake of its own.
pub(super) async fn of_batch(tables: &[Table], sql: &str) -> Result<Option<Vec<String>>> {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    for table in tables {
        context.register_batch(table.name, table.rows.clone())?;
    }
    let batches = match context.sql(sql).await.context("batch")?.collect().await {
        Err(error) if matches!(error.find_root(), DataFusionError::Internal(_)) => return Ok(None),
        answer => answer.context("batch")?,
    };
    let mut lines = Vec::new();
    for batch in batches {
        let text = String::from_utf8(json_lines(&plain(&batch)?)?)?;
        lines.extend(text.lines().map(canonical).collect::<Result<Vec<_>>>()?);
    }
    lines.sort_unstable();
    Ok(Some(lines))
}

/// The same rows without types that only batch SQL makes.
fn plain(batch: &RecordBatch) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let data_type = match field.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
            other => other.clone(),
        };
        columns.push(cast(column, &data_type)?);
        fields.push(Field::new(field.name(), data_type, true));
    }
    Ok(RecordBatch::try_new(std::sync::Arc::new(Schema::new(fields)), columns)?)
}

/// What a sink wrote, sorted; of changes what is left when all are applied.
pub(super) fn of_file(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for line in text.lines() {
        let record: BTreeMap<String, Value> = serde_json::from_str(line).with_context(|| line.to_string())?;
        if record.contains_key("op") && record.contains_key("after") {
            for (side, sign) in [("before", -1), ("after", 1)] {
                if let Some(row) = record.get(side).filter(|row| !row.is_null()) {
                    *counts.entry(row.to_string()).or_default() += sign;
                }
            }
        } else {
            *counts.entry(canonical(line)?).or_default() += 1;
        }
    }
    let mut rows = Vec::new();
    for (row, count) in counts {
        ensure!(count >= 0, "{row} was retracted more often than inserted");
        rows.extend(std::iter::repeat_n(row, usize::try_from(count)?));
    }
    Ok(rows)
}

fn canonical(line: &str) -> Result<String> {
    Ok(serde_json::from_str::<Value>(line).with_context(|| line.to_string())?.to_string())
}

/// The rows that `actual` has more often than `expected`.
pub(super) fn surplus(expected: &[String], actual: &[String]) -> String {
    difference(expected, actual)
        .lines()
        .filter(|line| line.starts_with("too many"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The rows that only one of both has.
pub(super) fn difference(expected: &[String], actual: &[String]) -> String {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for row in expected {
        *counts.entry(row).or_default() -= 1;
    }
    for row in actual {
        *counts.entry(row).or_default() += 1;
    }
    let different = counts.into_iter().filter(|(_, count)| *count != 0);
    different
        .map(|(row, count)| {
            if count < 0 { format!("missing × {}: {row}\n", -count) } else { format!("too many × {count}: {row}\n") }
        })
        .collect()
}
