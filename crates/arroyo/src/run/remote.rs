//! `arroyo run --endpoint`: the same file in a cluster that runs elsewhere.

use std::process::ExitCode;
use std::time::Instant;

use arroyo_config::Config;
use arroyo_openapi::{Client, types};

use super::analysis::Analysis;
use super::follow::{Followed, Follower, Interrupt};
use super::session;
use super::status_line::StatusLine;
use super::submission::{self, Rejection, StartedJob};
use super::warnings;
use crate::cli::{OnInterrupt, RunArgs};
use crate::commands::EXIT_FAILURE;
use crate::commands::query::Query;
use crate::services::EXIT_IMMEDIATE;
use crate::signals::StopSignals;
use crate::terminal;

/// Submits the query and follows its job, until it ends or the user has seen enough.
pub(crate) async fn run(
    args: &RunArgs,
    endpoint: &str,
    config: &Config,
    query: &Query,
    analysis: &mut Option<Analysis>,
    signals: &mut StopSignals,
) -> ExitCode {
    let began = Instant::now();
    let client = match submission::client(config, api_root(endpoint)) {
        Ok(client) => client,
        Err(error) => {
            terminal::failure(&error);
            return ExitCode::from(EXIT_FAILURE);
        }
    };
    let submitted = tokio::select! {
        submitted = submit(&client, args, endpoint, query) => submitted,
        () = signals.next() => return ExitCode::from(EXIT_IMMEDIATE),
    };
    let (job, has_preview) = match submitted {
        Ok(submitted) => submitted,
        Err(rejection) => {
            session::explain(&rejection);
            return ExitCode::from(EXIT_FAILURE);
        }
    };
    let (root, pipeline) = (api_root(endpoint), &job.pipeline);
    let url = format!("{root}/api/v1/pipelines/{pipeline}");
    let version = env!("CARGO_PKG_VERSION");
    terminal::line(&format!("arroyo {version} · pipeline {url} · UI {root}/#/pipelines/{pipeline}"));
    warnings::print(&client, query).await;
    let interrupt = match args.on_interrupt {
        Some(OnInterrupt::Stop) => Interrupt::Stop,
        Some(OnInterrupt::Leave) => Interrupt::Leave,
        None => Interrupt::Ask,
    };
    let mut status = StatusLine::new();
    let follower = Follower { client: &client, job: &job, durability: None, interrupt, rows: has_preview };
    let followed = follower.follow(signals, &mut status, analysis).await;
    status.clear();
    if matches!(followed, Followed::Left) {
        if let Some(analysis) = analysis
            && let Err(error) = analysis.print(&client, &job).await
        {
            terminal::error(&format!("cannot write to standard output: {error}"));
        }
        terminal::line(&format!("Left it running. Stop it with:\n  {}", patch_command(&url, "checkpoint")));
        return ExitCode::SUCCESS;
    }
    if matches!(followed, Followed::StoppedAtOnce) {
        terminal::line(&format!("It is still stopping. Start it again with:\n  {}", patch_command(&url, "none")));
        return ExitCode::from(EXIT_IMMEDIATE);
    }
    if let Followed::Unstoppable(reason) = &followed {
        status.clear();
        terminal::error(&format!("the pipeline cannot be stopped: {reason}"));
        terminal::line(&format!("It runs on. Stop it with:\n  {}", patch_command(&url, "checkpoint")));
        return ExitCode::from(EXIT_FAILURE);
    }
    let resume = patch_command(&url, "none");
    match analysis {
        Some(analysis) => session::end_of_analysis(analysis, &client, &job, followed, &resume, began).await,
        None => session::last_line(&mut status, followed, &resume, began),
    }
}

/// The server's root: people also name the API itself.
fn api_root(endpoint: &str) -> &str {
    let endpoint = endpoint.trim_end_matches('/');
    endpoint.strip_suffix("/api/v1").unwrap_or(endpoint)
}

/// The command that sets what is wanted of a pipeline.
fn patch_command(url: &str, stop: &str) -> String {
    format!("curl -X PATCH {url} -H 'content-type: application/json' -d '{{\"stop\": \"{stop}\"}}'")
}

/// Creates the pipeline; answers its job and whether its rows can be read.
async fn submit(
    client: &Client,
    args: &RunArgs,
    endpoint: &str,
    query: &Query,
) -> Result<(StartedJob, bool), Rejection> {
    let post = submission::pipeline_post(args, query);
    let pipeline = match client.create_pipeline(&post).await {
        Ok(pipeline) => pipeline.into_inner(),
        // Neither the answer nor its error knows where it came from.
        Err(error @ arroyo_openapi::Error::InvalidResponsePayload(..)) => {
            return Err(Rejection::Api(format!("{endpoint}: {}", arroyo_openapi::explain(&error))));
        }
        Err(error) => return Err(rejection(query, error)),
    };
    let has_preview = pipeline.graph.nodes.iter().any(|node| node.operator == "preview");
    let job = submission::job_of(client, &pipeline.id).await?;
    let started = StartedJob { pipeline: pipeline.id, job: job.id, generation_before: 0, resumed: false };
    Ok((started, has_preview))
}

/// The query's faults with its lines, as the server found them; it knows tables that are not known here.
fn rejection(query: &Query, error: arroyo_openapi::Error<types::ErrorBody>) -> Rejection {
    let faults = match &error {
        arroyo_openapi::Error::ErrorResponse(response) => response.diagnostics.clone().unwrap_or_default(),
        _ => Vec::new(),
    };
    if faults.is_empty() {
        return error.into();
    }
    let rendered = faults.iter().map(|fault| warnings::rendered(fault, &query.source_name));
    Rejection::Query(rendered.collect::<Vec<_>>().join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_endpoint_is_the_same_server() {
        for endpoint in ["http://h:5115", "http://h:5115/", "http://h:5115/api/v1", "http://h:5115/api/v1/"] {
            assert_eq!(api_root(endpoint), "http://h:5115");
        }
    }

    #[test]
    fn the_command_to_stop_can_be_pasted() {
        insta::assert_snapshot!(patch_command("http://h:1/api/v1/pipelines/pl_1", "checkpoint"), @r#"curl -X PATCH http://h:1/api/v1/pipelines/pl_1 -H 'content-type: application/json' -d '{"stop": "checkpoint"}'"#);
    }
}
