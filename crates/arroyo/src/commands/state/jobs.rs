//! The jobs whose state lies in a directory.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use arroyo_state::{Manifest, Manifests, Savepoints};
use arroyo_storage::Storage;
use arroyo_types::Epoch;

use crate::cli::state::DirArgs;

/// A job's state.
#[derive(Debug, Clone)]
pub(super) struct JobState {
    /// Its id; the directory's name.
    pub(super) id: String,
    /// Its directory.
    pub(super) storage: Storage,
}

impl JobState {
    /// The manifests.
    pub(super) fn manifests(&self) -> Manifests {
        Manifests::new(self.storage.clone())
    }

    /// The manifest of `epoch`, which can be a savepoint, or of the newest checkpoint.
    pub(super) async fn manifest(&self, epoch: Option<u64>) -> anyhow::Result<Manifest> {
        match epoch.map(Epoch) {
            Some(epoch) => Ok(Savepoints::new(self.storage.clone()).read_or_checkpoint(epoch).await?),
            None => self.manifests().latest().await?.with_context(|| format!("job {} has no checkpoint", self.id)),
        }
    }
}

/// The jobs below a directory, or the one whose directory it is.
///
/// # Errors
///
/// A directory that does not exist or holds no job's state.
pub(super) async fn find(args: &DirArgs) -> anyhow::Result<Vec<JobState>> {
    let root = Storage::open_existing(&args.dir).with_context(|| format!("cannot read the state in {}", args.dir))?;
    let objects = root.list("").await.with_context(|| format!("cannot read the state in {}", args.dir))?;
    let ids: BTreeSet<String> = objects.iter().filter_map(|object| job_of_manifest(&object.path)).collect();
    let mut jobs = Vec::new();
    for id in ids {
        let storage = root.child(&id)?;
        let shown = if id.is_empty() { last_segment(&root.url()) } else { id };
        jobs.push(JobState { id: shown, storage });
    }
    if jobs.is_empty() {
        bail!("there is no checkpoint in {}: it is no state directory, or nothing ran there for long enough", args.dir);
    }
    if let Some(wanted) = &args.job {
        let ids: Vec<String> = jobs.iter().map(|job| job.id.clone()).collect();
        jobs.retain(|job| job.id == *wanted);
        if jobs.is_empty() {
            bail!("there is no job `{wanted}` in {}; there is {}", args.dir, ids.join(", "));
        }
    }
    Ok(jobs)
}

/// The one job of a directory.
pub(super) async fn only(args: &DirArgs) -> anyhow::Result<JobState> {
    let mut jobs = find(args).await?;
    if jobs.len() > 1 {
        let ids: Vec<String> = jobs.iter().map(|job| job.id.clone()).collect();
        bail!("{} holds several jobs: name one with --job ({})", args.dir, ids.join(", "));
    }
    jobs.pop().with_context(|| format!("there is no job in {}", args.dir))
}

/// The directory of the job that a manifest belongs to; empty if it lies in the root itself.
fn job_of_manifest(path: &str) -> Option<String> {
    let (directory, file) = path.rsplit_once('/')?;
    let is_manifest = file.strip_suffix(".json").is_some_and(|epoch| epoch.parse::<u64>().is_ok());
    let job = if directory == "manifests" { Some("") } else { directory.strip_suffix("/manifests") };
    job.filter(|_| is_manifest).map(str::to_string)
}

fn last_segment(url: &str) -> String {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_tell_their_jobs() {
        assert_eq!(job_of_manifest("job_1/manifests/7.json").as_deref(), Some("job_1"));
        assert_eq!(job_of_manifest("manifests/7.json").as_deref(), Some(""));
        assert_eq!(job_of_manifest("tenant/job_1/manifests/7.json").as_deref(), Some("tenant/job_1"));
        assert_eq!(job_of_manifest("job_1/checkpoints/7-1/a/b/0.parquet"), None);
        assert_eq!(job_of_manifest("manifests/x.json"), None);
    }
}
