//! `arroyo test`: runs pipelines on given rows and compares what they write with what is expected.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use arroyo_cases::Case;

use super::{EXIT_FAILURE, EXIT_USAGE};
use crate::cli::TestArgs;
use crate::terminal;
use crate::test::report::{self, Colours};
use crate::test::{Outcome, Settings, run};

/// Runs the cases one by one. Exit code 0 if all passed, 1 if not, 2 if a case cannot be read or there is none.
pub(crate) async fn execute(args: &TestArgs) -> ExitCode {
    match try_execute(args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(EXIT_FAILURE),
        Err(error) => {
            terminal::failure(&error);
            ExitCode::from(EXIT_USAGE)
        }
    }
}

async fn try_execute(args: &TestArgs) -> anyhow::Result<bool> {
    let mut cases = Vec::new();
    for path in &args.paths {
        for found in arroyo_cases::cases(path)? {
            cases.push(Case::read(&found)?);
        }
    }
    let settings =
        Settings { parallelism: args.parallelism, timeout: Duration::from_secs(args.timeout), update: args.update };
    let colours = Colours::new(std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let started = Instant::now();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(cases.len());
    for case in &cases {
        let outcome = run(case, settings).await;
        terminal::print(&report::text_of(&outcome, colours))?;
        outcomes.push(outcome);
    }
    terminal::print(&report::summary(&outcomes, started.elapsed()))?;
    if let Some(path) = &args.junit {
        report::write_junit(path, &outcomes, started.elapsed())?;
    }
    Ok(outcomes.iter().all(|outcome| outcome.verdict.is_good()))
}
