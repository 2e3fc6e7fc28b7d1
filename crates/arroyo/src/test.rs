//! `arroyo test`: pipelines run on given rows, and what they write is compared with what is expected.

mod pipeline;
pub(crate) mod report;

use std::time::{Duration, Instant};

use arroyo_cases::{Case, Difference};

use self::pipeline::Ran;

/// What came of a case.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// How it is called.
    pub(crate) name: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// What came.
    pub(crate) verdict: Verdict,
}

/// What a case showed.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// All is as expected.
    Passed,
    /// Its expectations were rewritten.
    Updated,
    /// Tables that got other rows than expected.
    Differs(Vec<Difference>),
    /// It did not run, or ended with an error.
    Failed(String),
}

impl Verdict {
    /// Whether nothing is wrong.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::Updated)
    }
}

/// How cases are run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Instead of the case's own.
    pub(crate) parallelism: Option<u32>,
    /// A case that takes longer has failed.
    pub(crate) timeout: Duration,
    /// Rewrite expectations instead of comparing.
    pub(crate) update: bool,
}

/// Runs a case and compares.
pub(crate) async fn run(case: &Case, settings: Settings) -> Outcome {
    let started = Instant::now();
    let verdict = judge(case, settings).await;
    Outcome { name: case.name.clone(), took: started.elapsed(), verdict }
}

async fn judge(case: &Case, settings: Settings) -> Verdict {
    let parallelism = settings.parallelism.unwrap_or(case.parallelism);
    let ran = match tokio::time::timeout(settings.timeout, pipeline::run(case, parallelism)).await {
        Ok(ran) => ran,
        Err(_) => {
            let limit = settings.timeout.as_secs_f64();
            return Verdict::Failed(format!(
                "the pipeline did not end within {limit} s; do all tables that it reads have rows here?"
            ));
        }
    };
    match (ran, &case.error) {
        (Ran::Failed(message), Some(expected)) => match expected.iter().find(|line| !message.contains(line.as_str())) {
            None => Verdict::Passed,
            Some(missing) => Verdict::Failed(format!("the error does not say `{missing}`:\n{message}")),
        },
        (Ran::Failed(message), None) => Verdict::Failed(message),
        (Ran::Wrote(_), Some(_)) => Verdict::Failed("it ran, and an error was expected".to_string()),
        (Ran::Wrote(written), None) if settings.update => match arroyo_cases::rewrite(case, &written) {
            Ok(true) => Verdict::Updated,
            Ok(false) => Verdict::Passed,
            Err(error) => Verdict::Failed(format!("{error:#}")),
        },
        (Ran::Wrote(written), None) => match arroyo_cases::differences(case, &written) {
            Ok(differences) if differences.is_empty() => Verdict::Passed,
            Ok(differences) => Verdict::Differs(differences),
            Err(error) => Verdict::Failed(format!("{error:#}")),
        },
    }
}
