//! One `arroyo run`, from the first line to the last.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use arroyo_config::{Config, Sources};
use arroyo_openapi::Client;
use arroyo_planner::PlanRequest;
use arroyo_runtime::Shutdown;

use super::analysis::Analysis;
use super::cluster::LocalCluster;
use super::follow::{Followed, Follower, Interrupt};
use super::resume;
use super::status_line::StatusLine;
use super::submission::{Rejection, StartedJob, Submission};
use super::warnings;
use super::{query_change, remote};
use crate::cli::RunArgs;
use crate::commands::query::Query;
use crate::commands::{EXIT_FAILURE, EXIT_USAGE};
use crate::services::EXIT_IMMEDIATE;
use crate::signals::StopSignals;
use crate::terminal;

/// How long services may take to end after the pipeline has.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Runs the query and returns the process's exit code.
pub(crate) async fn run(args: &RunArgs, sources: &Sources, config: &Config) -> ExitCode {
    let mut query = match Query::read(&args.query, config.run.query.as_deref()) {
        Ok(query) => query,
        Err(error) => {
            terminal::failure(&error);
            return ExitCode::from(EXIT_USAGE);
        }
    };
    let request = PlanRequest {
        source_name: query.source_name.clone(),
        chaining: config.pipeline.chaining.enabled,
        ..PlanRequest::new(query.sql.as_str())
    };
    let mut analysis = match query.answered(&request) {
        Ok(Some(left)) => {
            query.sql = left.rest;
            left.is_analysis.then(Analysis::default)
        }
        Ok(None) => return ExitCode::SUCCESS,
        Err(code) => return code,
    };
    let mut signals = match StopSignals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            terminal::failure(&error);
            return ExitCode::from(EXIT_FAILURE);
        }
    };
    if let Some(endpoint) = &args.endpoint {
        return remote::run(args, endpoint, config, &query, &mut analysis, &mut signals).await;
    }
    // Each analysis begins anew and leaves nothing behind, unless its state is wanted.
    let passing = match (&analysis, &args.state_dir) {
        (Some(_), None) => match tempfile::tempdir() {
            Ok(passing) => Some(passing),
            Err(error) => {
                terminal::error(&format!("cannot make a folder for the state: {error}"));
                return ExitCode::from(EXIT_FAILURE);
            }
        },
        _ => None,
    };
    let state_dir = passing.as_ref().map(|passing| passing.path().display().to_string());
    let args = &RunArgs { state_dir: state_dir.or_else(|| args.state_dir.clone()), ..args.clone() };
    let shutdown = Shutdown::new("run");
    let outcome = tokio::select! {
        outcome = start_and_follow(args, sources, config, &query, &mut analysis, &shutdown, &mut signals) => outcome,
        () = shutdown.cancelled() => Outcome::Broken,
    };
    if matches!(outcome, Outcome::AtOnce) {
        // Workers that are processes see the end of this one and end themselves.
        return ExitCode::from(EXIT_IMMEDIATE);
    }
    let drained = shutdown.drain(DRAIN_TIMEOUT).await;
    if !drained {
        tracing::warn!("services did not end within {} seconds", DRAIN_TIMEOUT.as_secs());
    }
    match (outcome, shutdown.failure()) {
        (Outcome::Done(code), _) => code,
        (Outcome::AtOnce, _) => ExitCode::from(EXIT_IMMEDIATE),
        (Outcome::Broken, Some(failure)) => {
            terminal::error(&failure.to_string());
            ExitCode::from(EXIT_FAILURE)
        }
        (Outcome::Broken, None) => ExitCode::from(EXIT_FAILURE),
    }
}

enum Outcome {
    /// The run came to an end of its own.
    Done(ExitCode),
    /// The user does not want to wait.
    AtOnce,
    /// A service failed.
    Broken,
}

async fn start_and_follow(
    args: &RunArgs,
    sources: &Sources,
    config: &Config,
    query: &Query,
    analysis: &mut Option<Analysis>,
    shutdown: &Shutdown,
    signals: &mut StopSignals,
) -> Outcome {
    let began = Instant::now();
    let guard = shutdown.guard();
    let started = tokio::select! {
        started = LocalCluster::start(args, query, sources, config, &guard) => started,
        () = signals.next() => return Outcome::AtOnce,
    };
    let cluster = match started {
        Ok(cluster) => cluster,
        Err(error) => {
            terminal::failure(&error);
            return Outcome::Done(ExitCode::from(EXIT_FAILURE));
        }
    };
    terminal::line(&first_line(&cluster));
    let submission = tokio::select! {
        submission = cluster.submit(args, query) => submission,
        () = signals.next() => return Outcome::AtOnce,
    };
    let code = match submission {
        Ok(Submission::Started(job)) => {
            warnings::print(&cluster.client, query).await;
            let mut status = StatusLine::new();
            let follower = Follower {
                client: &cluster.client,
                job: &job,
                durability: Some(&cluster.durability),
                interrupt: Interrupt::Stop,
                rows: false,
            };
            let followed = tokio::select! {
                followed = follower.follow(signals, &mut status, analysis) => followed,
                reason = cluster.lost() => Followed::Fenced(reason),
            };
            let resume = resume::command(args, query, (sources, config), &cluster.state_dir);
            if matches!(followed, Followed::StoppedAtOnce) {
                last_line(&mut status, followed, &resume, began);
                return Outcome::AtOnce;
            }
            status.clear();
            match analysis {
                Some(analysis) => end_of_analysis(analysis, &cluster.client, &job, followed, &resume, began).await,
                None => last_line(&mut status, followed, &resume, began),
            }
        }
        Ok(Submission::AlreadyFinished) => {
            terminal::line(&format!(
                "This query has already finished in {}; name another state directory to run it again.",
                cluster.state_dir.shown
            ));
            ExitCode::SUCCESS
        }
        Err(rejection) => {
            explain(&rejection);
            if matches!(rejection, Rejection::Query(_)) && cluster.forget().await {
                return Outcome::Done(ExitCode::from(EXIT_FAILURE));
            }
            ExitCode::from(EXIT_FAILURE)
        }
    };
    cluster.let_go().await;
    Outcome::Done(code)
}

/// Version, state directory and addresses.
fn first_line(cluster: &LocalCluster) -> String {
    format!(
        "arroyo {} · state {} · UI http://{} · API http://{}/api/v1 · admin http://{}",
        env!("CARGO_PKG_VERSION"),
        cluster.state_dir.shown,
        cluster.api,
        cluster.api,
        cluster.admin,
    )
}

/// The figures, and how the run ended.
pub(super) async fn end_of_analysis(
    analysis: &mut Analysis,
    client: &Client,
    job: &StartedJob,
    followed: Followed,
    resume: &str,
    began: Instant,
) -> ExitCode {
    if let Err(error) = analysis.print(client, job).await {
        terminal::error(&format!("cannot write to standard output: {error}"));
        return ExitCode::from(EXIT_FAILURE);
    }
    match followed {
        Followed::Stopped(totals) => {
            terminal::line(&format!("Stopped after {}{totals}.", terminal::duration(began.elapsed())));
            ExitCode::SUCCESS
        }
        followed => last_line(&mut StatusLine::new(), followed, resume, began),
    }
}

/// What was done, and how to go on.
pub(super) fn last_line(status: &mut StatusLine, followed: Followed, resume: &str, began: Instant) -> ExitCode {
    status.clear();
    let took = terminal::duration(began.elapsed());
    match followed {
        Followed::Finished(totals) => {
            terminal::line(&format!("Finished in {took}{totals}."));
            ExitCode::SUCCESS
        }
        Followed::Stopped(totals) => {
            terminal::line(&format!("Stopped after {took}{totals}. Resume with:\n  {resume}"));
            ExitCode::SUCCESS
        }
        Followed::StoppedWithoutCheckpoint(reason) => {
            terminal::error(&format!("the final checkpoint failed: {reason}"));
            terminal::line(&format!(
                "Stopped after {took}. What was processed since the last checkpoint is processed again; resume with:\n  {resume}"
            ));
            ExitCode::from(EXIT_FAILURE)
        }
        Followed::Unstoppable(reason) => {
            terminal::error(&format!("the pipeline cannot be stopped with a final checkpoint: {reason}"));
            terminal::line(&format!(
                "Ended after {took}. What was processed since the last checkpoint is processed again; resume with:\n  {resume}"
            ));
            ExitCode::from(EXIT_FAILURE)
        }
        Followed::ReaderGone | Followed::Left => ExitCode::SUCCESS,
        Followed::StoppedAtOnce => {
            terminal::line(&format!(
                "Stopped at once after {took}, without a final checkpoint. Resume from the last one with:\n  {resume}"
            ));
            ExitCode::from(EXIT_IMMEDIATE)
        }
        Followed::Failed(failure) => {
            terminal::error(&failure.message());
            if let Some(hint) = &failure.hint {
                terminal::hint(hint);
            }
            terminal::line(&format!("Failed after {took}. When it is mended, resume with:\n  {resume}"));
            ExitCode::from(EXIT_FAILURE)
        }
        Followed::Fenced(reason) => {
            terminal::error(&reason);
            terminal::hint(
                "this run has ended without a final checkpoint; the other one goes on from the last checkpoint",
            );
            ExitCode::from(EXIT_FAILURE)
        }
        Followed::Lost(error) => {
            terminal::error(&format!("the connection to the API was lost: {error}"));
            ExitCode::from(EXIT_FAILURE)
        }
    }
}

pub(super) fn explain(rejection: &Rejection) {
    match rejection {
        Rejection::Query(rendered) => terminal::line(rendered.trim_end()),
        Rejection::DropsState => {
            terminal::error("the query would drop state");
            terminal::hint("agree with --force, or name another directory with --state-dir to start from nothing");
        }
        Rejection::LosesSavepoints(epochs) => {
            let epochs = query_change::listed(epochs);
            terminal::error(&format!(
                "the run that has finished has savepoints ({epochs}), which another run would lose"
            ));
            terminal::hint(
                "agree with --force, go back to one with --from-checkpoint, let go of them with `arroyo state release`, \
                 or name another directory with --state-dir",
            );
        }
        Rejection::NothingToGoBackTo { epoch } => {
            terminal::error(&format!("--from-checkpoint {epoch}: the state directory holds no pipeline of this query"));
        }
        Rejection::Api(error) => terminal::error(error),
    }
}
