//! Runs the pipeline of a case in this process: the planner and the engine, without services around them.
//!
//! Tables with rows are read from files, one row at a time, so that watermarks come between rows; sinks give their rows to the
//! preview.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use arroyo_cases::{Case, Input, Rows};
use arroyo_dataflow::{Program, names, operators};
use arroyo_engine::{
    Engine, EngineRequest, MetricsHub, QueueLimits, SourceBatching, StopMode, TaskAssignment, TaskEvent, TaskEventKind,
};
use arroyo_operator::Output;
use arroyo_planner::{Fixture, PlanRequest, SinkMode};
use arroyo_runtime::{Failpoints, Shutdown};
use arroyo_storage::Storage;
use arroyo_types::{Generation, JobId, OperatorId, SystemClock, TaskId, WorkerId};
use arroyo_worker::ConnectorComponents;
use prost::Message;
use tokio::sync::mpsc;

/// Sources that end by themselves, or that a test may read as they are.
const OWN_SOURCES: [&str; 5] = ["single_file", "filesystem", "impulse", "nexmark", "values"];

/// How a pipeline ended.
pub(super) enum Ran {
    /// All input was read; the rows by table.
    Wrote(BTreeMap<String, Rows>),
    /// What was wrong.
    Failed(String),
}

/// Runs a case.
pub(super) async fn run(case: &Case, parallelism: u32) -> Ran {
    match try_run(case, parallelism).await {
        Ok(written) => Ran::Wrote(written),
        Err(error) => Ran::Failed(format!("{error:#}")),
    }
}

async fn try_run(case: &Case, parallelism: u32) -> anyhow::Result<BTreeMap<String, Rows>> {
    let files = tempfile::tempdir().context("cannot make a folder for the test's rows")?;
    let mut fixtures = Vec::with_capacity(case.inputs.len());
    for (number, (table, rows)) in case.inputs.iter().enumerate() {
        let path = match rows {
            Input::File(path) => path.clone(),
            Input::Inline(text) => {
                let path = files.path().join(format!("{number}.ndjson"));
                let rows: String =
                    text.lines().filter(|line| !line.trim().is_empty()).map(|l| format!("{l}\n")).collect();
                std::fs::write(&path, rows).context("cannot write the test's rows")?;
                path
            }
        };
        let path = std::path::absolute(&path).with_context(|| format!("no such place: `{}`", path.display()))?;
        fixtures.push(Fixture { table: table.clone(), path: path.display().to_string() });
    }
    let program = plan(case, fixtures, parallelism)?;
    check_sources(&program, case)?;
    let tables = sink_tables(&program)?;
    let outputs = execute(program).await?;
    let mut written: BTreeMap<String, Rows> = tables.values().map(|table| (table.clone(), Rows::default())).collect();
    for output in outputs {
        let rows = tables.get(&output.operator).and_then(|table| written.get_mut(table));
        rows.context("rows came from an unknown sink")?.extend_from_array(&output.batch)?;
    }
    Ok(written)
}

fn plan(case: &Case, fixtures: Vec<Fixture>, parallelism: u32) -> anyhow::Result<Program> {
    let request = PlanRequest {
        parallelism,
        source_name: case.name.clone(),
        sinks: SinkMode::PreviewOnly,
        fixtures,
        ..PlanRequest::new(case.sql.as_str())
    };
    match arroyo_planner::plan(&request) {
        Ok(plan) => Ok(plan.program),
        Err(faults) => bail!("{}", arroyo_planner::render(&faults.0, &case.sql, &case.name).trim_end()),
    }
}

/// The configuration of each connector of a program with its operator.
fn connectors<'a>(
    program: &'a Program,
    name: &'static str,
) -> impl Iterator<Item = anyhow::Result<(&'a OperatorId, operators::Connector)>> {
    let chained = program.nodes.iter().flat_map(|node| &node.chain).filter(move |operator| operator.name == name);
    chained.map(|operator| Ok((&operator.id, operators::Connector::decode(operator.config.as_slice())?)))
}

/// A test must not wait for the world outside.
fn check_sources(program: &Program, case: &Case) -> anyhow::Result<()> {
    let mut read: Vec<operators::Connector> = Vec::new();
    for source in connectors(program, names::SOURCE) {
        read.push(source?.1);
    }
    let operators = program.nodes.iter().flat_map(|node| &node.chain);
    for lookup in operators.filter(|operator| operator.name == names::LOOKUP_JOIN) {
        read.extend(operators::LookupJoin::decode(lookup.config.as_slice())?.connector);
    }
    for operators::Connector { table, connector, .. } in read {
        let is_filled = case.inputs.keys().any(|filled| filled.eq_ignore_ascii_case(&table));
        if !is_filled && !OWN_SOURCES.contains(&connector.as_str()) {
            bail!("the pipeline reads `{table}`, for which the test has no rows: add an input `{table}`");
        }
    }
    Ok(())
}

fn sink_tables(program: &Program) -> anyhow::Result<BTreeMap<OperatorId, String>> {
    connectors(program, names::SINK).map(|sink| sink.map(|(id, sink)| (id.clone(), sink.table))).collect()
}

async fn execute(program: Program) -> anyhow::Result<Vec<Output>> {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let number = RUNS.fetch_add(1, Ordering::Relaxed);
    let worker = WorkerId(1);
    let tasks: Vec<TaskId> = program
        .nodes
        .iter()
        .flat_map(|node| (0..node.parallelism).map(|subtask| TaskId { node: node.id, subtask }))
        .collect();
    let assignment = |task: &TaskId| TaskAssignment { task: *task, worker, data_address: String::new() };
    let (events, received) = mpsc::channel(1024);
    let (output, outputs) = mpsc::channel(64);
    let shutdown = Shutdown::new("test");
    let request = EngineRequest {
        job: JobId(format!("test_{number}")),
        generation: Generation(1),
        program: Arc::new(program),
        worker,
        assignments: tasks.iter().map(assignment).collect(),
        components: Arc::new(ConnectorComponents),
        storage: Storage::open(&format!("memory://test-{}-{number}", std::process::id()))?,
        restore: None,
        network: None,
        events,
        output,
        clock: Arc::new(SystemClock),
        limits: QueueLimits::default(),
        report_bad_records: true,
        flush_interval: Duration::from_millis(100),
        state_bytes_max: None,
        // Each row by itself, so that watermarks do not depend on how fast a file is read.
        batching: SourceBatching { size: 1, ..SourceBatching::default() },
        metrics: MetricsHub::default(),
        failpoints: Failpoints::default(),
    };
    let engine = Engine::start(request, &shutdown.guard())?;
    let waited = wait(received, outputs, tasks.into_iter().collect()).await;
    engine.stop(StopMode::Immediate).await;
    shutdown.drain(Duration::from_secs(10)).await;
    waited
}

/// Gathers rows until all tasks have ended.
async fn wait(
    mut events: mpsc::Receiver<TaskEvent>,
    mut outputs: mpsc::Receiver<Output>,
    mut running: BTreeSet<TaskId>,
) -> anyhow::Result<Vec<Output>> {
    let mut gathered = Vec::new();
    while !running.is_empty() {
        tokio::select! {
            biased;
            Some(output) = outputs.recv() => gathered.push(output),
            event = events.recv() => {
                let event = event.context("the engine ended without a word")?;
                match event.kind {
                    TaskEventKind::Finished(_) => {
                        running.remove(&event.task);
                    }
                    TaskEventKind::Failed { description, error, .. } => bail!("{description}: {error}"),
                    _ => {}
                }
            }
        }
    }
    while let Ok(output) = outputs.try_recv() {
        gathered.push(output);
    }
    Ok(gathered)
}
