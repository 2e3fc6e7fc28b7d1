//! `arroyo state release`: letting go of a savepoint.

use std::process::ExitCode;

use anyhow::bail;
use arroyo_state::Savepoints;
use arroyo_types::Epoch;

use super::jobs;
use crate::cli::state::ReleaseArgs;
use crate::terminal;

/// Removes the savepoint's mark; what it alone names is collected when the job runs, also while it does.
pub(super) async fn execute(args: &ReleaseArgs) -> anyhow::Result<ExitCode> {
    let job = jobs::only(&args.dir).await?;
    let savepoints = Savepoints::new(job.storage.clone());
    let epoch = Epoch(args.epoch);
    if !savepoints.release(epoch).await? {
        let there: Vec<String> = savepoints.list().await?.iter().map(Epoch::to_string).collect();
        let there = if there.is_empty() { "none".to_string() } else { there.join(", ") };
        bail!("job {} has no savepoint of epoch {epoch}; there is {there}", job.id);
    }
    terminal::line(&format!("Savepoint {epoch} of job {} is let go of: it is collected as any checkpoint.", job.id));
    Ok(ExitCode::SUCCESS)
}
