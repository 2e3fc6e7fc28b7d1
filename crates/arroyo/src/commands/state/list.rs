//! `arroyo state list`: jobs and checkpoints.

use std::process::ExitCode;

use arroyo_state::Manifest;
use serde_json::{Value, json};

use super::jobs;
use crate::cli::state::{Form, ListArgs};
use crate::terminal;

/// Prints every checkpoint of every job.
pub(super) async fn execute(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let mut documents = Vec::new();
    let mut text = String::new();
    for job in jobs::find(&args.dir).await? {
        let mut checkpoints = Vec::new();
        text.push_str(&format!("job {}\n", job.id));
        let manifests = job.manifests();
        for epoch in manifests.list().await? {
            match manifests.read(epoch).await {
                Ok(manifest) => {
                    text.push_str(&line(&manifest));
                    checkpoints.push(document(&manifest));
                }
                Err(error) => {
                    text.push_str(&format!("  checkpoint {epoch}: {error}\n"));
                    checkpoints.push(json!({ "epoch": epoch.0, "error": error.to_string() }));
                }
            }
        }
        documents.push(json!({ "job": job.id, "checkpoints": checkpoints }));
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

fn line(manifest: &Manifest) -> String {
    let (files, bytes) = size(manifest);
    format!(
        "  checkpoint {} · {} · generation {}{} · {} operators · {files} files · {}\n",
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
