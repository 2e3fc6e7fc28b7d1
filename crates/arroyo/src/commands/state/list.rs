//! `arroyo state list`: jobs, checkpoints and savepoints.

use std::process::ExitCode;

use arroyo_state::{Manifest, Savepoints, StateError};
use arroyo_types::Epoch;
use serde_json::{Value, json};

use super::jobs;
use crate::cli::state::{Form, ListArgs};
use crate::terminal;

/// Prints every checkpoint and savepoint of every job.
pub(super) async fn execute(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let mut documents = Vec::new();
    let mut text = String::new();
    for job in jobs::find(&args.dir).await? {
        text.push_str(&format!("job {}\n", job.id));
        let (manifests, savepoints) = (job.manifests(), Savepoints::new(job.storage.clone()));
        let (mut checkpoints, mut kept) = (Vec::new(), Vec::new());
        for epoch in manifests.list().await? {
            let (line, document) = shown("checkpoint", epoch, manifests.read(epoch).await);
            text.push_str(&line);
            checkpoints.push(document);
        }
        for epoch in savepoints.list().await? {
            let (line, document) = shown("savepoint", epoch, savepoints.read(epoch).await);
            text.push_str(&line);
            kept.push(document);
        }
        documents.push(json!({ "job": job.id, "checkpoints": checkpoints, "savepoints": kept }));
    }
    match args.output {
        Form::Text => terminal::print(&text)?,
        Form::Json => terminal::print(&format!("{:#}\n", Value::Array(documents)))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Number of files and bytes.
pub(super) fn size(manifest: &Manifest) -> (u64, u64) {
    manifest.files().fold((0, 0), |(files, bytes), file| (files + 1, bytes + file.bytes))
}

/// When it was taken.
pub(super) fn taken_at(manifest: &Manifest) -> String {
    match chrono::DateTime::from_timestamp_micros(manifest.created_at_micros) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => format!("{} µs", manifest.created_at_micros),
    }
}

/// A line for people and a document for programs.
fn shown(what: &str, epoch: Epoch, read: Result<Manifest, StateError>) -> (String, Value) {
    match read {
        Ok(manifest) => (line(what, &manifest), document(&manifest)),
        Err(error) => (format!("  {what} {epoch}: {error}\n"), json!({ "epoch": epoch.0, "error": error.to_string() })),
    }
}

fn line(what: &str, manifest: &Manifest) -> String {
    let (files, bytes) = size(manifest);
    format!(
        "  {what} {} · {} · generation {}{} · {} operators · {files} files · {}\n",
        manifest.epoch,
        taken_at(manifest),
        manifest.generation,
        if manifest.stopping { " · final" } else { "" },
        manifest.operators.len(),
        terminal::bytes(bytes),
    )
}

fn document(manifest: &Manifest) -> Value {
    let (files, bytes) = size(manifest);
    json!({
        "epoch": manifest.epoch.0,
        "generation": manifest.generation.0,
        "created_at_micros": manifest.created_at_micros,
        "final": manifest.stopping,
        "fingerprint": manifest.fingerprint,
        "operators": manifest.operators.len(),
        "files": files,
        "bytes": bytes,
    })
}
