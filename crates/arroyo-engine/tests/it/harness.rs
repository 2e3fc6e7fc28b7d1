//! Runs programs in one or two engines and watches their events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arroyo_dataflow::{Edge, EdgeKind, Node, Operator, Program, encode_schema, operators as configs};
use arroyo_engine::{
    DataListener, Engine, EngineHandle, EngineRequest, MetricsHub, OperatorCommit, QueueLimits, SourceBatching,
    StopMode, TaskAssignment, TaskCheckpoint, TaskEvent, TaskEventKind,
};
use arroyo_runtime::{Failpoints, Shutdown, Tcp};
use arroyo_state::{FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, next_manifest};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation, JobId, NodeId, SystemClock, TaskId, WorkerId};
use prost::Message;
use tokio::sync::mpsc;

use crate::components::{TestComponents, World, schema};

/// Longer than anything takes that does not hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn task(node: u32, subtask: u32) -> TaskId {
    TaskId { node: NodeId(node), subtask }
}

fn operator(name: &str, table: &str, connector: &str, options: serde_json::Value) -> Operator {
    let config = configs::Connector {
        connector: connector.to_string(),
        table: table.to_string(),
        options_json: options.to_string(),
        schema: encode_schema(&schema()).unwrap(),
        ..Default::default()
    };
    Operator {
        id: format!("{name}-{table}").as_str().into(),
        name: name.to_string(),
        description: format!("{name} {table}"),
        config: config.encode_to_vec(),
    }
}

pub(crate) fn source(table: &str, options: serde_json::Value) -> Operator {
    operator("source", table, "numbers", options)
}

pub(crate) fn sink(connector: &str, options: serde_json::Value) -> Operator {
    operator("sink", connector, connector, options)
}

pub(crate) fn step(name: &str) -> Operator {
    operator(name, "", "", serde_json::Value::Null)
}

/// Builds programs.
#[derive(Default)]
pub(crate) struct Build(Program);

impl Build {
    pub(crate) fn node(mut self, parallelism: u32, chain: Vec<Operator>) -> Self {
        let id = NodeId(u32::try_from(self.0.nodes.len()).unwrap());
        self.0.nodes.push(Node { id, description: format!("node {id}"), parallelism, max_parallelism: None, chain });
        self
    }

    pub(crate) fn edge(mut self, src: u32, dst: u32, kind: EdgeKind) -> Self {
        self.0.edges.push(Edge { src: NodeId(src), dst: NodeId(dst), dst_input: 0, kind, schema: schema() });
        self
    }

    pub(crate) fn program(self) -> Program {
        self.0
    }
}

pub(crate) fn by_key() -> EdgeKind {
    EdgeKind::Shuffle { key_columns: vec![0] }
}

/// Which of two workers runs a task; `None`: there is only one.
pub(crate) type Placement = fn(TaskId) -> u64;

pub(crate) fn together(_: TaskId) -> u64 {
    1
}

/// Subtasks of a node are in different workers.
pub(crate) fn spread(task: TaskId) -> u64 {
    1 + u64::from((task.node.0 + task.subtask) % 2)
}

/// A running program.
pub(crate) struct Job {
    pub(crate) program: Arc<Program>,
    pub(crate) world: Arc<World>,
    pub(crate) engines: BTreeMap<u64, EngineHandle>,
    pub(crate) events: mpsc::Receiver<TaskEvent>,
    pub(crate) storage: Storage,
    /// Events that were looked at.
    history: Vec<TaskEvent>,
    shutdown: Shutdown,
    generation: Generation,
}

/// How a program is started.
pub(crate) struct Start {
    pub(crate) program: Program,
    pub(crate) world: Arc<World>,
    pub(crate) placement: Placement,
    pub(crate) storage: Storage,
    pub(crate) restore: Option<Manifest>,
    pub(crate) limits: QueueLimits,
    pub(crate) state_bytes_max: Option<u64>,
    /// Start only this worker; the other one's data address is this.
    pub(crate) only: Option<(u64, String)>,
    /// Workers that run another generation than 1.
    pub(crate) generations: BTreeMap<u64, u64>,
}

impl Start {
    pub(crate) fn new(program: Program, placement: Placement) -> Self {
        Self {
            program,
            world: Arc::default(),
            placement,
            storage: Storage::open(&format!("memory://{}", JobId::random())).unwrap(),
            restore: None,
            limits: QueueLimits::default(),
            state_bytes_max: None,
            only: None,
            generations: BTreeMap::new(),
        }
    }

    pub(crate) async fn start(self) -> Job {
        let program = Arc::new(self.program);
        let tasks: Vec<TaskId> = program
            .nodes
            .iter()
            .flat_map(|node| (0..node.parallelism).map(|subtask| task(node.id.0, subtask)))
            .collect();
        let workers: BTreeSet<u64> = tasks.iter().map(|task| (self.placement)(*task)).collect();
        let mut listeners = BTreeMap::new();
        for worker in &workers {
            listeners.insert(*worker, DataListener::bind(Arc::new(Tcp), "127.0.0.1:0").await.unwrap());
        }
        let assignments: Vec<TaskAssignment> = tasks
            .iter()
            .map(|task| {
                let worker = (self.placement)(*task);
                let data_address = match &self.only {
                    Some((started, address)) if *started != worker => address.clone(),
                    _ => listeners[&worker].address().to_string(),
                };
                TaskAssignment { task: *task, worker: WorkerId(worker), data_address }
            })
            .collect();
        let shutdown = Shutdown::new("test");
        let (sender, events) = mpsc::channel(10_000);
        let generation = Generation(1);
        let restore = self.restore.map(Arc::new);
        let mut engines = BTreeMap::new();
        for (worker, listener) in listeners {
            if self.only.as_ref().is_some_and(|(started, _)| *started != worker) {
                continue;
            }
            let generation = self.generations.get(&worker).map_or(generation, |generation| Generation(*generation));
            let request = EngineRequest {
                job: "job_test".into(),
                generation,
                program: program.clone(),
                worker: WorkerId(worker),
                assignments: assignments.clone(),
                components: Arc::new(TestComponents(self.world.clone())),
                storage: self.storage.clone(),
                restore: restore.clone(),
                network: Some(listener),
                events: sender.clone(),
                output: mpsc::channel(1).0,
                clock: Arc::new(SystemClock),
                limits: self.limits,
                state_bytes_max: self.state_bytes_max,
                batching: SourceBatching::default(),
                report_bad_records: true,
                flush_interval: std::time::Duration::from_secs(1),
                metrics: MetricsHub::default(),
                failpoints: Failpoints::default(),
            };
            engines.insert(worker, Engine::start(request, &shutdown.guard()).unwrap());
        }
        let (world, storage) = (self.world, self.storage);
        Job { program, world, engines, events, storage, history: Vec::new(), shutdown, generation }
    }
}

impl Job {
    pub(crate) fn tasks(&self) -> BTreeSet<TaskId> {
        let subtasks = |node: &Node| (0..node.parallelism).map(|subtask| task(node.id.0, subtask)).collect::<Vec<_>>();
        self.program.nodes.iter().flat_map(subtasks).collect()
    }

    /// The next event; a failure of the test if none comes.
    pub(crate) async fn event(&mut self) -> TaskEvent {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("no event comes");
        event.expect("the engines have ended")
    }

    /// Waits until each of `tasks` had an event, now or earlier, for which `pick` gives something.
    pub(crate) async fn each<T>(
        &mut self,
        mut tasks: BTreeSet<TaskId>,
        mut pick: impl FnMut(&TaskEventKind) -> Option<T>,
    ) -> BTreeMap<TaskId, T> {
        let mut picked = BTreeMap::new();
        for index in 0.. {
            if tasks.is_empty() {
                break;
            }
            if index == self.history.len() {
                let event = self.event().await;
                self.history.push(event);
            }
            let event = &self.history[index];
            if let Some(value) = pick(&event.kind) {
                tasks.remove(&event.task);
                picked.insert(event.task, value);
            } else if let TaskEventKind::Failed { operator, error, .. } = &event.kind {
                panic!("task {} failed at {operator}: {error}", event.task);
            }
        }
        picked
    }

    pub(crate) async fn all_started(&mut self) {
        self.each(self.tasks(), |kind| matches!(kind, TaskEventKind::Started).then_some(())).await;
    }

    pub(crate) async fn all_finished(&mut self) {
        self.each(self.tasks(), |kind| matches!(kind, TaskEventKind::Finished(_)).then_some(())).await;
    }

    pub(crate) async fn inject(&self, epoch: u64, then_stop: bool) {
        for engine in self.engines.values() {
            engine.checkpoint(Epoch(epoch), then_stop).await.unwrap();
        }
    }

    /// Waits for all tasks' parts of a checkpoint and makes its manifest.
    pub(crate) async fn collect(&mut self, epoch: u64, previous: Option<&Manifest>) -> Manifest {
        let parts = self
            .each(self.tasks(), |kind| match kind {
                TaskEventKind::Checkpointed(part) if part.epoch == Epoch(epoch) => Some(part.clone()),
                _ => None,
            })
            .await;
        self.manifest(epoch, &parts, previous)
    }

    pub(crate) fn manifest(
        &self,
        epoch: u64,
        parts: &BTreeMap<TaskId, TaskCheckpoint>,
        previous: Option<&Manifest>,
    ) -> Manifest {
        let mut operators = Vec::new();
        for node in &self.program.nodes {
            for (place, operator) in node.chain.iter().enumerate() {
                let subtasks = parts.iter().filter(|(task, _)| task.node == node.id).map(|(task, part)| {
                    let part = &part.operators[place];
                    assert_eq!(part.operator, operator.id);
                    let finished =
                        FinishedSubtask { tables: part.tables.clone(), commit_data: part.commit_data.clone() };
                    (task.subtask, finished)
                });
                operators.push(FinishedOperator {
                    id: operator.id.clone(),
                    name: operator.name.clone(),
                    description: operator.description.clone(),
                    parallelism: node.parallelism,
                    subtasks: subtasks.collect(),
                });
            }
        }
        let finished = FinishedCheckpoint {
            job: "job_test".into(),
            epoch: Epoch(epoch),
            generation: self.generation,
            created_at_micros: 0,
            fingerprint: String::new(),
            stopping: false,
            operators,
        };
        next_manifest(previous, finished, &[]).unwrap()
    }

    /// Tells the tasks that a manifest is durable.
    pub(crate) async fn commit(&self, manifest: &Manifest) {
        let commits = manifest.operators.iter().flat_map(|(operator, part)| {
            part.commits.iter().map(|commit| OperatorCommit {
                operator: operator.clone(),
                subtask: commit.subtask,
                data: vec![commit.data.clone()],
            })
        });
        let commits: Vec<_> = commits.collect();
        for engine in self.engines.values() {
            engine.commit(manifest.epoch, commits.clone()).await.unwrap();
        }
    }

    pub(crate) async fn stop(self, mode: StopMode) -> Arc<World> {
        for engine in self.engines.values() {
            engine.stop(mode).await;
        }
        for engine in self.engines.values() {
            tokio::time::timeout(PATIENCE, engine.ended()).await.expect("an engine does not end");
        }
        drop(self.engines);
        assert!(self.shutdown.drain(PATIENCE).await, "tasks are left");
        self.world
    }
}

/// Waits until a condition holds that other tasks bring about.
pub(crate) async fn until(mut condition: impl FnMut() -> bool) {
    let holds = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, holds).await.expect("a condition does not come to hold");
}
