//! What is accepted of a pipeline besides its query.

use arroyo_storage::Storage;
use serde_json::Value;

use crate::refusal::Refusal;

const INTERVAL_MIN_MICROS: u64 = 1_000_000;
const INTERVAL_MAX_MICROS: u64 = 24 * 60 * 60 * 1_000_000;
const PARALLELISM_MAX: u32 = 4_096;
const ID_LENGTH_MAX: usize = 64;

/// An id that a caller chose: it becomes part of URLs and of paths of files.
pub(super) fn id(id: &str) -> Result<(), Refusal> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if id.is_empty() || id.len() > ID_LENGTH_MAX || !id.chars().all(is_plain) {
        return Err(Refusal::bad_request(format!(
            "a pipeline's id has up to {ID_LENGTH_MAX} letters, digits, `_` and `-`"
        )));
    }
    Ok(())
}

pub(super) fn name(name: &str) -> Result<(), Refusal> {
    match name.trim().is_empty() {
        true => Err(Refusal::bad_request("the pipeline needs a name")),
        false => Ok(()),
    }
}

pub(super) fn parallelism(parallelism: u32) -> Result<(), Refusal> {
    match parallelism {
        1..=PARALLELISM_MAX => Ok(()),
        _ => Err(Refusal::bad_request(format!("parallelism must be between 1 and {PARALLELISM_MAX}"))),
    }
}

pub(super) fn interval(micros: u64) -> Result<(), Refusal> {
    match micros {
        INTERVAL_MIN_MICROS..=INTERVAL_MAX_MICROS => Ok(()),
        _ => Err(Refusal::bad_request("Checkpoint_interval_micros must be between 1 second and 1 day.")),
    }
}

/// Where checkpoints go. Nothing is asked of a bucket yet; a directory is the controller's to open.
pub(super) fn state_url(url: Option<&str>) -> Result<(), Refusal> {
    let is_bucket = |url: &&str| url.contains("://") && !url.starts_with("file:");
    let Some(url) = url.filter(is_bucket) else { return Ok(()) };
    Storage::open(url).map(|_| ()).map_err(|error| Refusal::bad_request(format!("`state_url`: {error}")))
}

/// Null is the same as nothing.
pub(super) fn scheduler_config(config: Option<Value>) -> Result<Option<Value>, Refusal> {
    match config {
        None | Some(Value::Null) => Ok(None),
        Some(config @ Value::Object(_)) => Ok(Some(config)),
        Some(_) => Err(Refusal::bad_request("`scheduler_config` must be an object")),
    }
}
