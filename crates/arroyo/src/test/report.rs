//! What people and CI see of a test run.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use arroyo_cases::Difference;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Outcome, Verdict};
use crate::terminal;

/// Lines around a difference that are the same.
const CONTEXT_LINES: usize = 2;

/// Colours of a terminal; empty where there is none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colours {
    good: &'static str,
    bad: &'static str,
    dim: &'static str,
    end: &'static str,
}

impl Colours {
    /// For a terminal, or none.
    pub(crate) fn new(wanted: bool) -> Self {
        if wanted {
            Self { good: "\x1b[32m", bad: "\x1b[31m", dim: "\x1b[2m", end: "\x1b[0m" }
        } else {
            Self { good: "", bad: "", dim: "", end: "" }
        }
    }
}

/// A case's line, and what is wrong with it below.
pub(crate) fn text_of(outcome: &Outcome, colours: Colours) -> String {
    let Colours { good, bad, dim, end } = colours;
    let (colour, word) = match &outcome.verdict {
        Verdict::Passed => (good, "ok"),
        Verdict::Updated => (good, "updated"),
        Verdict::Differs(_) | Verdict::Failed(_) => (bad, "FAILED"),
    };
    let took = terminal::duration(outcome.took);
    let mut text = format!("{colour}{word:7}{end} {} {dim}({took}){end}\n", outcome.name);
    text.push_str(&explanation(&outcome.verdict, colours));
    text
}

fn explanation(verdict: &Verdict, colours: Colours) -> String {
    match verdict {
        Verdict::Passed | Verdict::Updated => String::new(),
        Verdict::Failed(message) => message.lines().fold(String::new(), |text, line| format!("{text}    {line}\n")),
        Verdict::Differs(differences) => differences.iter().map(|difference| diff(difference, colours)).collect(),
    }
}

fn diff(difference: &Difference, Colours { good, bad, dim, end }: Colours) -> String {
    let mut text = format!(
        "    {}: {} missing, {} unexpected\n",
        difference.table,
        rows(difference.missing),
        rows(difference.unexpected)
    );
    let changed: Vec<usize> =
        difference.lines.iter().enumerate().filter(|(_, (sign, _))| *sign != ' ').map(|(place, _)| place).collect();
    let mut skipped = false;
    for (place, (sign, line)) in difference.lines.iter().enumerate() {
        if !changed.iter().any(|changed| changed.abs_diff(place) <= CONTEXT_LINES) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) {
            let _ = writeln!(text, "    {dim}…{end}");
        }
        let colour = match sign {
            '-' => bad,
            '+' => good,
            _ => dim,
        };
        let _ = writeln!(text, "    {colour}{sign} {line}{end}");
    }
    text
}

fn rows(count: usize) -> String {
    if count == 1 { "1 row".to_string() } else { format!("{count} rows") }
}

/// The last line.
pub(crate) fn summary(outcomes: &[Outcome], took: Duration) -> String {
    let count = |wanted: fn(&Verdict) -> bool| outcomes.iter().filter(|outcome| wanted(&outcome.verdict)).count();
    let mut text = format!("{} passed", count(|verdict| matches!(verdict, Verdict::Passed)));
    for (number, word) in [
        (count(|verdict| matches!(verdict, Verdict::Updated)), "updated"),
        (count(|verdict| !verdict.is_good()), "failed"),
    ] {
        if number > 0 {
            let _ = write!(text, ", {number} {word}");
        }
    }
    format!("{text} in {}\n", terminal::duration(took))
}

/// Writes the outcomes as JUnit XML.
///
/// # Errors
///
/// A file that cannot be written.
pub(crate) fn write_junit(path: &Path, outcomes: &[Outcome], took: Duration) -> anyhow::Result<()> {
    let mut suite = TestSuite::new("arroyo test");
    suite.set_time(took);
    for outcome in outcomes {
        let status = match &outcome.verdict {
            Verdict::Passed | Verdict::Updated => TestCaseStatus::success(),
            verdict => {
                let kind = match verdict {
                    Verdict::Failed(_) => NonSuccessKind::Error,
                    _ => NonSuccessKind::Failure,
                };
                let mut status = TestCaseStatus::non_success(kind);
                status.set_message(match verdict {
                    Verdict::Failed(_) => "the pipeline failed",
                    _ => "the rows differ",
                });
                status.set_description(explanation(verdict, Colours::new(false)));
                status
            }
        };
        let mut case = TestCase::new(outcome.name.as_str(), status);
        case.set_classname("arroyo");
        case.set_time(outcome.took);
        suite.add_test_case(case);
    }
    let mut report = Report::new("arroyo test");
    report.set_time(took);
    report.add_test_suite(suite);
    let text = report.to_string().context("cannot render the JUnit report")?;
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
