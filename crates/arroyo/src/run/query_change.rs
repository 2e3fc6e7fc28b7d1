//! Going on with another query: which state is kept, what is new, what would be dropped, and whether that is wanted.

use std::io::{BufRead, IsTerminal, Write};

use arroyo_openapi::{Client, job_states, types};
use arroyo_types::JobState;
use futures::StreamExt;

use super::submission::Rejection;
use crate::cli::RunArgs;
use crate::terminal;

/// Shows what the query means for the pipeline's state and asks for consent where some would be dropped.
///
/// Answers whether dropping was agreed to; `Err` if it was not.
pub(crate) async fn agree(
    comparison: &types::QueryComparison,
    args: &RunArgs,
    state_dir: &str,
) -> Result<bool, Rejection> {
    terminal::line(&shown(comparison, state_dir));
    if !comparison.drops_state {
        return Ok(false);
    }
    if args.force || (can_ask() && ask("Drop this state and go on?").await) {
        return Ok(true);
    }
    Err(Rejection::DropsState)
}

/// Asks for consent where a run that begins anew would lose savepoints of the one that has finished.
///
/// Answers whether there are any; `Err` if nobody agreed.
pub(crate) async fn agree_to_lose(savepoints: &[u64], args: &RunArgs) -> Result<bool, Rejection> {
    if savepoints.is_empty() {
        return Ok(false);
    }
    let question = format!("The run that has finished has savepoints ({}). Lose them?", listed(savepoints));
    if args.force || (can_ask() && ask(&question).await) {
        return Ok(true);
    }
    Err(Rejection::LosesSavepoints(savepoints.to_vec()))
}

/// Numbers for people.
pub(crate) fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

/// Waits until the job rests: one that an earlier process left running is settled by the controller when it finds it.
pub(crate) async fn wait_for_rest(client: &Client, pipeline: &str, job: &str) -> Result<types::Job, Rejection> {
    let states = job_states(client, pipeline, job);
    tokio::pin!(states);
    while let Some(event) = states.next().await {
        let now = event.map_err(|error| Rejection::Api(error.to_string()))?;
        if now.state.parse::<JobState>().is_ok_and(JobState::is_terminal) {
            return Ok(now);
        }
    }
    Err(Rejection::Api("the stream of the job's states ended".to_string()))
}

/// The comparison for people.
fn shown(comparison: &types::QueryComparison, state_dir: &str) -> String {
    let mut lines = vec![match comparison.epoch {
        Some(epoch) if comparison.same => {
            format!("Checkpoint {epoch} in {state_dir} is of another query. Of its state:")
        }
        Some(epoch) => format!("The query is not the one that {state_dir} holds. Of the state at checkpoint {epoch}:"),
        None => format!("The query is not the one that {state_dir} holds, which has no state yet."),
    }];
    lines.extend(comparison.operators.iter().map(operator_line));
    if comparison.operators.is_empty() && comparison.epoch.is_some() {
        lines.push("  nothing is kept, and nothing lost: no operator has any".to_string());
    }
    if starts_behind_a_kept_source(&comparison.operators) {
        lines.push(
            "Sources that are kept go on where they were: what is new behind them sees only rows from now on."
                .to_string(),
        );
    }
    lines.join("\n")
}

fn operator_line(operator: &types::OperatorStateChange) -> String {
    let size = || {
        let rows = if operator.rows == 1 { "row" } else { "rows" };
        format!("{} {rows}, {}", terminal::count(operator.rows as f64), terminal::bytes(operator.bytes))
    };
    let what = format!("{}: {}", operator.name, operator.description);
    let mut line = match operator.change {
        types::StateChange::Kept => format!("  kept     {what} ({})", size()),
        types::StateChange::New => format!("  new      {what}"),
        types::StateChange::Dropped => format!("  dropped  {what} ({})", size()),
    };
    if let Some(note) = &operator.note {
        line.push_str("; ");
        line.push_str(note);
    }
    line
}

fn starts_behind_a_kept_source(operators: &[types::OperatorStateChange]) -> bool {
    let keeps_a_source =
        operators.iter().any(|operator| operator.change == types::StateChange::Kept && operator.name == "source");
    let is_new = |operator: &types::OperatorStateChange| {
        operator.change == types::StateChange::New && !["source", "sink"].contains(&operator.name.as_str())
    };
    keeps_a_source && operators.iter().any(is_new)
}

/// Whether somebody is there to answer.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && terminal::stderr_is_terminal()
}

/// Asks a question that `y` agrees to; anything else does not.
pub(crate) async fn ask(question: &str) -> bool {
    let question = format!("{question} [y/N] ");
    let answer = tokio::task::spawn_blocking(move || {
        let mut stderr = std::io::stderr().lock();
        let _ = stderr.write_all(question.as_bytes()).and_then(|()| stderr.flush());
        drop(stderr);
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map(|_| answer).unwrap_or_default()
    });
    is_yes(&answer.await.unwrap_or_default())
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(name: &str, description: &str, change: types::StateChange, rows: u64) -> types::OperatorStateChange {
        types::OperatorStateChange {
            operator_id: description.into(),
            name: name.into(),
            description: description.into(),
            change,
            rows,
            bytes: rows * 100,
            needs_consent: change == types::StateChange::Dropped,
            note: None,
        }
    }

    #[test]
    fn every_operator_with_state_is_shown() {
        let comparison = types::QueryComparison {
            same: false,
            epoch: Some(7),
            drops_state: true,
            operators: vec![
                operator("source", "bids", types::StateChange::Kept, 1),
                operator("window_aggregate", "count(*)", types::StateChange::New, 0),
                operator("window_aggregate", "sum(price)", types::StateChange::Dropped, 12_000),
            ],
        };
        insta::assert_snapshot!(shown(&comparison, "./state"), @"
        The query is not the one that ./state holds. Of the state at checkpoint 7:
          kept     source: bids (1 row, 100 B)
          new      window_aggregate: count(*)
          dropped  window_aggregate: sum(price) (12k rows, 1.2 MB)
        Sources that are kept go on where they were: what is new behind them sees only rows from now on.
        ");
    }

    #[test]
    fn only_a_clear_yes_agrees() {
        assert!(is_yes("y\n") && is_yes(" Yes "));
        assert!(!is_yes("") && !is_yes("n") && !is_yes("yesterday"));
    }
}
