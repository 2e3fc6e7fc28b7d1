//! `arroyo state inspect`: what a checkpoint holds.

use std::process::ExitCode;

use arroyo_state::{Manifest, OperatorManifest, TableManifest, TimeRange, table_columns};
use arroyo_types::KeyRange;
use serde_json::{Value, json};

use super::jobs;
use super::list::taken_at;
use crate::cli::state::{Form, InspectArgs};
use crate::terminal;

/// Prints the operators and tables of a checkpoint of every job.
pub(super) async fn execute(args: &InspectArgs) -> anyhow::Result<ExitCode> {
    let mut documents = Vec::new();
    let mut text = String::new();
    for job in jobs::find(&args.dir).await? {
        let manifest = job.manifest(args.epoch).await?;
        text.push_str(&shown(&job.id, &manifest));
        documents.push(document(&job.id, &manifest));
    }
    match args.output {
        Form::Text => terminal::print(&text)?,
        Form::Json => terminal::print(&format!("{:#}\n", Value::Array(documents)))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What a table holds, over all its files.
struct Summary {
    files: usize,
    rows: u64,
    bytes: u64,
    keys: Option<KeyRange>,
    times: Option<TimeRange>,
}

impl Summary {
    fn of(table: &TableManifest) -> Self {
        let mut summary = Self { files: table.files.len(), rows: 0, bytes: 0, keys: None, times: None };
        for file in &table.files {
            summary.rows += file.rows;
            summary.bytes += file.bytes;
            let keys = summary.keys.unwrap_or(file.key_range);
            summary.keys =
                Some(KeyRange { start: keys.start.min(file.key_range.start), end: keys.end.max(file.key_range.end) });
            if let Some(range) = file.time_range {
                let times = summary.times.unwrap_or(range);
                summary.times = Some(TimeRange { min: times.min.min(range.min), max: times.max.max(range.max) });
            }
        }
        summary
    }
}

fn time(nanos: i64) -> String {
    chrono::DateTime::from_timestamp_nanos(nanos).format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

fn shown(job: &str, manifest: &Manifest) -> String {
    let mut text = format!(
        "job {job}, checkpoint {} of {}, generation {}{}\n",
        manifest.epoch,
        taken_at(manifest),
        manifest.generation,
        if manifest.stopping { ", final" } else { "" },
    );
    for (id, operator) in &manifest.operators {
        text.push_str(&format!("  {} ×{} [{id}]\n", operator.description, operator.parallelism));
        for (name, table) in &operator.tables {
            text.push_str(&table_line(name, table));
        }
        if !operator.commits.is_empty() {
            let bytes: usize = operator.commits.iter().map(|commit| commit.data.len()).sum();
            text.push_str(&format!("    to commit: {}\n", terminal::bytes(bytes as u64)));
        }
    }
    text
}

fn table_line(name: &str, table: &TableManifest) -> String {
    let Summary { files, rows, bytes, keys, times } = Summary::of(table);
    let mut line = format!("    {name} · {} · {rows} rows · {} in {files} files", table.kind, terminal::bytes(bytes));
    if let Some(keys) = keys {
        line.push_str(&format!(" · keys {:016x}–{:016x}", keys.start, keys.end));
    }
    if let Some(times) = times {
        line.push_str(&format!(" · times {} – {}", time(times.min.nanos()), time(times.max.nanos())));
    }
    line.push('\n');
    line
}

fn document(job: &str, manifest: &Manifest) -> Value {
    let operators: Vec<Value> =
        manifest.operators.iter().map(|(id, operator)| operator_document(id.as_str(), operator)).collect();
    json!({
        "job": job,
        "epoch": manifest.epoch.0,
        "generation": manifest.generation.0,
        "created_at_micros": manifest.created_at_micros,
        "final": manifest.stopping,
        "fingerprint": manifest.fingerprint,
        "operators": operators,
    })
}

fn operator_document(id: &str, operator: &OperatorManifest) -> Value {
    let tables = operator.tables.iter().map(|(name, table)| {
        let Summary { files, rows, bytes, keys, times } = Summary::of(table);
        let columns = table_columns(table).map(|schema| {
            let column = |field: &arrow::datatypes::FieldRef| json!([field.name(), field.data_type().to_string()]);
            schema.fields().iter().map(column).collect::<Vec<_>>()
        });
        json!({
            "table": name,
            "kind": table.kind.to_string(),
            "columns": columns,
            "files": files,
            "rows": rows,
            "bytes": bytes,
            "keys": keys.map(|keys| json!([format!("{:016x}", keys.start), format!("{:016x}", keys.end)])),
            "times_nanos": times.map(|times| json!([times.min.nanos(), times.max.nanos()])),
        })
    });
    json!({
        "operator_id": id,
        "name": operator.name,
        "description": operator.description,
        "parallelism": operator.parallelism,
        "tables": tables.collect::<Vec<_>>(),
        "commit_bytes": operator.commits.iter().map(|commit| commit.data.len()).sum::<usize>(),
    })
}
