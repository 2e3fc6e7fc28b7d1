//! Deleting everything of a job.

use arroyo_storage::Storage;

use crate::StateError;
use crate::manifests::MANIFESTS;
use crate::savepoints::SAVEPOINTS;

/// Deletes all files of the job whose directory is `job`; answers how many there were.
///
/// What names files goes before the files, so that a crash in between leaves no checkpoint that lacks some. Nobody may run the
/// job; calling this again deletes what is left.
pub async fn remove_job(job: &Storage) -> Result<u64, StateError> {
    let mut deleted = 0;
    for directory in [SAVEPOINTS, MANIFESTS, ""] {
        for object in job.list(directory).await? {
            job.delete(&object.path).await?;
            deleted += 1;
        }
    }
    Ok(deleted)
}
