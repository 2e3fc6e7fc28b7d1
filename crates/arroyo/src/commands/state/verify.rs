//! `arroyo state verify`: whether every file is what was written.

use std::process::ExitCode;

use arroyo_state::verify_job;

use super::jobs;
use crate::cli::state::VerifyArgs;
use crate::commands::EXIT_FAILURE;
use crate::terminal;

/// Checks every checkpoint and savepoint of every job.
pub(super) async fn execute(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let mut damaged = false;
    for job in jobs::find(&args.dir).await? {
        let reports = verify_job(&job.storage).await?;
        let mut text = format!("job {}\n", job.id);
        for report in &reports {
            let what = if report.savepoint { "savepoint" } else { "checkpoint" };
            if report.faults.is_empty() {
                let (files, bytes) = (report.files, terminal::bytes(report.bytes));
                text.push_str(&format!("  {what} {}: good ({files} files, {bytes})\n", report.epoch));
            } else {
                text.push_str(&format!("  {what} {}: damaged\n", report.epoch));
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
