//! `arroyo state verify`: whether every file is what was written.

use std::process::ExitCode;

use arroyo_state::{CheckpointReport, FaultKind, verify_job};
use arroyo_types::JobId;

use super::{index, jobs};
use crate::cli::state::VerifyArgs;
use crate::commands::EXIT_FAILURE;
use crate::terminal;

/// Checks every checkpoint and savepoint of every job.
pub(super) async fn execute(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    // Before the checkpoints are listed: a run that goes on meanwhile only adds to what the database knew.
    let index = index::last_complete(&args.dir.dir).await.unwrap_or_else(|error| {
        terminal::line(&format!(
            "warning: whether a checkpoint is missing cannot be told without the database: {error:#}"
        ));
        Default::default()
    });
    let mut damaged = false;
    for job in jobs::find(&args.dir).await? {
        let reports = verify_job(&job.storage, index.get(&JobId::from(job.id.as_str())).copied()).await?;
        let mut text = format!("job {}\n", job.id);
        for report in &reports {
            let what = if report.savepoint { "savepoint" } else { "checkpoint" };
            if report.faults.is_empty() {
                let (files, bytes) = (report.files, terminal::bytes(report.bytes));
                text.push_str(&format!("  {what} {}: good ({files} files, {bytes})\n", report.epoch));
            } else {
                text.push_str(&format!("  {what} {}: {}\n", report.epoch, state_of(report)));
            }
            for fault in &report.faults {
                damaged = true;
                text.push_str(&format!("    {}: {}\n", fault.file, fault.reason));
            }
        }
        let last_good = reports.iter().rev().find(|report| !report.savepoint && report.faults.is_empty());
        text.push_str(&match last_good {
            Some(report) => format!("  the last good checkpoint is {}\n", report.epoch),
            None => "  there is no good checkpoint\n".to_string(),
        });
        terminal::print(&text)?;
    }
    Ok(if damaged { ExitCode::from(EXIT_FAILURE) } else { ExitCode::SUCCESS })
}

/// What faults make of a checkpoint.
fn state_of(report: &CheckpointReport) -> &'static str {
    let other_release = report.faults.iter().all(|fault| fault.kind == FaultKind::OtherRelease);
    if other_release { "not readable by this release" } else { "damaged" }
}
