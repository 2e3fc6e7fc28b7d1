//! Runs SQL through planner and engine in this process: whole, or in stages with checkpoints, kills and other parallelisms.
//!
//! One engine runs all tasks; this module plays the controller: it asks for checkpoints, publishes manifests, tells sinks to
//! commit, and restores the next stage from the last manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::{Operator as OperatorSpec, Program};
use arroyo_engine::{
    Components, Engine, EngineHandle, EngineRequest, MetricsHub, OperatorCommit, QueueLimits, SourceBatching, StopMode,
    TaskAssignment, TaskCheckpoint, TaskEvent, TaskEventKind,
};
use arroyo_operator::{Lookup, LookupConfig, Operator, OperatorError, Output, Sink, SinkConfig, Source, SourceConfig};
use arroyo_planner::{PlanRequest, render};
use arroyo_runtime::{Failpoints, Guard, Shutdown};
use arroyo_state::{FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, Manifests, next_manifest};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation, JobId, SystemClock, TaskId, WorkerId};
use tokio::sync::mpsc;

/// A part of a run: from a start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// The parallelism of this start.
    pub parallelism: u32,
    /// How it ends.
    pub ending: Ending,
}

/// How a stage ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// When all input was read, without checkpoints on the way.
    EndOfInput,
    /// When all input was read, with a checkpoint as soon as the last one is done.
    EndOfInputWithCheckpoints,
    /// All tasks are dropped after so many checkpoints.
    Kill(u32),
    /// The last of so many checkpoints stops the tasks.
    StopWithCheckpoint(u32),
}

/// What happened in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunReport {
    /// Checkpoints that were published.
    pub checkpoints: u64,
    /// Stages that were restored from a manifest.
    pub restores: u64,
}

/// Runs the SQL in stages, each restored from what the one before published.
///
/// # Errors
///
/// Rendered diagnostics if the SQL has no plan; the message of a task that failed.
pub async fn run_sql(sql: &str, stages: &[Stage]) -> anyhow::Result<RunReport> {
    static RUNS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = RUNS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let storage = Storage::open(&format!("memory://sql-run-{}-{number}", std::process::id()))?;
    let job = JobId(format!("job_{number}"));
    let mut report = RunReport::default();
    let mut restored = None;
    for (index, stage) in stages.iter().enumerate() {
        let program = plan(sql, stage.parallelism)?;
        report.restores += u64::from(restored.is_some());
        let generation = Generation(index as u64 + 1);
        let mut run = StageRun::start(program, job.clone(), generation, storage.clone(), restored).await?;
        let finished = run.carry_out(stage.ending).await;
        report.checkpoints += run.checkpoints;
        restored = run.end().await;
        finished.with_context(|| format!("stage {index} at parallelism {}", stage.parallelism))?;
    }
    Ok(report)
}

/// The program of a script.
pub fn plan(sql: &str, parallelism: u32) -> anyhow::Result<Program> {
    let request = PlanRequest { parallelism, ..PlanRequest::new(sql) };
    let plan = arroyo_planner::plan(&request).map_err(|faults| anyhow!(render(&faults.0, sql, "query.sql")))?;
    // What workers get has travelled.
    Ok(Program::decode(&plan.program.encode()?)?)
}

struct StageRun {
    program: Arc<Program>,
    job: JobId,
    generation: Generation,
    storage: Storage,
    manifest: Option<Manifest>,
    engine: EngineHandle,
    events: mpsc::Receiver<TaskEvent>,
    shutdown: Shutdown,
    unfinished: BTreeSet<TaskId>,
    checkpoints: u64,
}

impl StageRun {
    async fn start(
        program: Program,
        job: JobId,
        generation: Generation,
        storage: Storage,
        restored: Option<Manifest>,
    ) -> anyhow::Result<Self> {
        let program = Arc::new(program);
        let tasks = tasks(&program);
        let worker = WorkerId(1);
        let (event_sender, events) = mpsc::channel(1024);
        let (output, outputs) = mpsc::channel(64);
        let shutdown = Shutdown::new("sql-run");
        drain_output(outputs, &shutdown.guard());
        let request = EngineRequest {
            job: job.clone(),
            generation,
            program: program.clone(),
            worker,
            assignments: tasks
                .iter()
                .map(|task| TaskAssignment { task: *task, worker, data_address: String::new() })
                .collect(),
            components: Arc::new(AllComponents),
            storage: storage.clone(),
            restore: restored.clone().map(Arc::new),
            network: None,
            events: event_sender,
            output,
            clock: Arc::new(SystemClock),
            limits: QueueLimits::default(),
            state_bytes_max: None,
            batching: SourceBatching { size: 7, ..SourceBatching::default() },
            report_bad_records: true,
            flush_interval: std::time::Duration::from_millis(3),
            metrics: MetricsHub::default(),
            failpoints: Failpoints::default(),
        };
        let engine = Engine::start(request, &shutdown.guard())?;
        let unfinished = tasks.into_iter().collect();
        let mut run = Self {
            program,
            job,
            generation,
            storage,
            manifest: restored,
            engine,
            events,
            shutdown,
            unfinished,
            checkpoints: 0,
        };
        run.wait_for_start().await?;
        Ok(run)
    }

    async fn wait_for_start(&mut self) -> anyhow::Result<()> {
        let mut waiting = self.unfinished.clone();
        while !waiting.is_empty() {
            let event = self.next_event().await?;
            if matches!(event.kind, TaskEventKind::Started) {
                waiting.remove(&event.task);
            }
        }
        if let Some(manifest) = &self.manifest {
            let commits = commits_of(manifest);
            let epoch = manifest.epoch;
            self.engine.commit(epoch, commits).await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, ending: Ending) -> anyhow::Result<()> {
        match ending {
            Ending::EndOfInput => {}
            Ending::EndOfInputWithCheckpoints => {
                while !self.unfinished.is_empty() {
                    self.checkpoint(false).await?;
                }
            }
            Ending::Kill(count) => {
                for _ in 0..count {
                    self.checkpoint(false).await?;
                }
                return Ok(());
            }
            Ending::StopWithCheckpoint(count) => {
                for number in 1..=count {
                    self.checkpoint(number == count).await?;
                }
            }
        }
        while !self.unfinished.is_empty() {
            self.next_event().await?;
        }
        Ok(())
    }

    /// The next event, after taking note of finished and failed tasks.
    async fn next_event(&mut self) -> anyhow::Result<TaskEvent> {
        let event = self.events.recv().await.context("the engine ended without a word")?;
        match &event.kind {
            TaskEventKind::Finished(_) => {
                self.unfinished.remove(&event.task);
            }
            TaskEventKind::Failed { description, error, .. } => bail!("{description}: {error}"),
            _ => {}
        }
        Ok(event)
    }

    async fn checkpoint(&mut self, then_stop: bool) -> anyhow::Result<()> {
        let epoch = self.manifest.as_ref().map_or(Epoch(1), |manifest| manifest.epoch.next());
        self.engine.checkpoint(epoch, then_stop).await?;
        let mut waiting: BTreeSet<TaskId> = tasks(&self.program).into_iter().collect();
        let mut parts = Vec::new();
        while !waiting.is_empty() {
            let event = self.next_event().await?;
            if let TaskEventKind::Checkpointed(part) = event.kind
                && part.epoch == epoch
            {
                waiting.remove(&event.task);
                parts.push((event.task, part));
            }
        }
        let finished = finished_checkpoint(&self.program, &self.job, epoch, self.generation, then_stop, parts)?;
        let manifest = next_manifest(self.manifest.as_ref(), finished, &[])?;
        Manifests::new(self.storage.clone()).publish(&manifest).await?;
        let commits = commits_of(&manifest);
        self.manifest = Some(manifest);
        self.checkpoints += 1;
        self.engine.commit(epoch, commits).await?;
        Ok(())
    }

    async fn end(self) -> Option<Manifest> {
        self.engine.stop(StopMode::Immediate).await;
        self.shutdown.drain(std::time::Duration::from_secs(10)).await;
        self.manifest
    }
}

pub(crate) fn tasks(program: &Program) -> Vec<TaskId> {
    program
        .nodes
        .iter()
        .flat_map(|node| (0..node.parallelism).map(|subtask| TaskId { node: node.id, subtask }))
        .collect()
}

pub(crate) fn drain_output(mut outputs: mpsc::Receiver<Output>, guard: &Guard) {
    guard.spawn("output", arroyo_runtime::TaskKind::BACKGROUND, async move {
        while outputs.recv().await.is_some() {}
        Ok::<(), std::convert::Infallible>(())
    });
}

pub(crate) fn finished_checkpoint(
    program: &Program,
    job: &JobId,
    epoch: Epoch,
    generation: Generation,
    stopping: bool,
    parts: Vec<(TaskId, TaskCheckpoint)>,
) -> anyhow::Result<FinishedCheckpoint> {
    let mut operators: BTreeMap<String, FinishedOperator> = BTreeMap::new();
    for node in &program.nodes {
        for operator in &node.chain {
            let finished = FinishedOperator {
                id: operator.id.clone(),
                name: operator.name.clone(),
                description: operator.description.clone(),
                parallelism: node.parallelism,
                subtasks: BTreeMap::new(),
            };
            operators.insert(operator.id.0.clone(), finished);
        }
    }
    for (task, part) in parts {
        for checkpoint in part.operators {
            let operator = operators.get_mut(&checkpoint.operator.0).context("a checkpoint of an unknown operator")?;
            operator.subtasks.insert(
                task.subtask,
                FinishedSubtask { tables: checkpoint.tables, commit_data: checkpoint.commit_data },
            );
        }
    }
    Ok(FinishedCheckpoint {
        job: job.clone(),
        epoch,
        generation,
        created_at_micros: 0,
        fingerprint: String::new(),
        stopping,
        operators: operators.into_values().collect(),
    })
}

fn commits_of(manifest: &Manifest) -> Vec<OperatorCommit> {
    manifest
        .operators
        .iter()
        .filter(|(_, operator)| !operator.commits.is_empty())
        .map(|(id, operator)| OperatorCommit {
            operator: id.clone(),
            subtask: 0,
            data: operator.commits.iter().map(|commit| commit.data.clone()).collect(),
        })
        .collect()
}

/// Everything that is built in.
#[derive(Debug)]
struct AllComponents;

fn connector(id: &str) -> Result<&'static dyn arroyo_operator::Connector, OperatorError> {
    arroyo_connectors::connector(id).ok_or_else(|| OperatorError::user(format!("there is no connector `{id}`")))
}

impl Components for AllComponents {
    fn source(&self, id: &str, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        connector(id)?.source(config)
    }

    fn sink(&self, id: &str, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        connector(id)?.sink(config)
    }

    fn lookup(&self, id: &str, config: LookupConfig) -> Result<Arc<dyn Lookup>, OperatorError> {
        connector(id)?.lookup(config)
    }

    fn operator(&self, operator: &OperatorSpec, inputs: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError> {
        arroyo_engine::operators::build(operator, inputs)
    }
}
