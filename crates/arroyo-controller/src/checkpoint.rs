//! What tasks report of a checkpoint, gathered into what the manifest and the index need.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_dataflow::Program;
use arroyo_metastore::{Checkpoint, CheckpointStatus};
use arroyo_rpc::proto;
use arroyo_state::TableCheckpoint;
use arroyo_types::{CheckpointId, Epoch, Generation, JobId, NodeId, OperatorId, TaskId};
use serde_json::{Value, json};

use crate::ControllerError;

/// What a subtask of an operator wrote for one epoch.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) epoch: Epoch,
    pub(crate) operator: OperatorId,
    pub(crate) subtask: u32,
    pub(crate) tables: Vec<TableCheckpoint>,
    pub(crate) commit_data: Option<Vec<u8>>,
}

/// Data for sinks to commit, by operator and subtask.
pub(crate) type Commits = BTreeMap<(OperatorId, u32), Vec<Vec<u8>>>;

/// Gathers the parts of a start's checkpoints.
///
/// Parts of a checkpoint that was given up stay: they hold changes that were handed over and are not repeated, so they belong
/// to the next manifest.
#[derive(Debug)]
pub(crate) struct Collector {
    job: JobId,
    generation: Generation,
    nodes: BTreeMap<OperatorId, NodeId>,
    parts: Vec<Part>,
    current: Option<Record>,
}

/// The index's row of the current checkpoint.
#[derive(Debug)]
struct Record {
    id: CheckpointId,
    epoch: Epoch,
    stopping: bool,
    start: i64,
    collected: Option<i64>,
    published: Option<i64>,
    subtasks: BTreeMap<(OperatorId, u32), SubtaskRecord>,
}

#[derive(Debug)]
struct SubtaskRecord {
    task: TaskId,
    bytes: u64,
    alignment: u64,
    sync: u64,
    finish: u64,
    committed: Option<i64>,
}

impl Collector {
    pub(crate) fn new(job: JobId, generation: Generation, program: &Program) -> Self {
        let nodes = program
            .nodes
            .iter()
            .flat_map(|node| node.chain.iter().map(|operator| (operator.id.clone(), node.id)))
            .collect();
        Self { job, generation, nodes, parts: Vec::new(), current: None }
    }

    /// A barrier is injected at `now` (microseconds).
    pub(crate) fn begin(&mut self, epoch: Epoch, stopping: bool, now: i64) {
        self.current = Some(Record {
            id: CheckpointId::random(),
            epoch,
            stopping,
            start: now,
            collected: None,
            published: None,
            subtasks: BTreeMap::new(),
        });
    }

    /// A task's part is durable.
    pub(crate) fn add(&mut self, task: TaskId, report: proto::TaskCheckpoint, now: i64) -> Result<(), ControllerError> {
        let epoch = Epoch(report.epoch);
        for operator in report.operators {
            let id = OperatorId(operator.operator_id);
            let tables = serde_json::from_str(&operator.tables_json)
                .map_err(|error| ControllerError::Report { operator: id.to_string(), reason: error.to_string() })?;
            if let Some(record) = self.current.as_mut().filter(|record| record.epoch == epoch) {
                record.collected = Some(now);
                let subtask = SubtaskRecord {
                    task,
                    bytes: operator.bytes,
                    alignment: report.alignment_micros,
                    sync: report.sync_micros,
                    finish: report.finish_micros,
                    committed: None,
                };
                record.subtasks.insert((id.clone(), task.subtask), subtask);
            }
            self.parts.push(Part {
                epoch,
                operator: id,
                subtask: task.subtask,
                tables,
                commit_data: operator.commit_data,
            });
        }
        Ok(())
    }

    /// Everything that was written since the last manifest, in order of epochs.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts = self.parts.clone();
        parts.sort_by_key(|part| part.epoch);
        parts
    }

    /// The manifest is durable: it holds all parts up to its epoch. Answers what is to be committed.
    pub(crate) fn published(&mut self, epoch: Epoch, now: i64) -> Commits {
        let mut commits = Commits::new();
        for part in self.parts() {
            if let (true, Some(data)) = (part.epoch <= epoch, part.commit_data) {
                commits.entry((part.operator, part.subtask)).or_default().push(data);
            }
        }
        self.parts.retain(|part| part.epoch > epoch);
        if let Some(record) = &mut self.current {
            record.published = Some(now);
        }
        commits
    }

    /// A task has committed its sinks.
    pub(crate) fn committed(&mut self, task: TaskId, now: i64) {
        let Some(record) = &mut self.current else { return };
        for subtask in record.subtasks.values_mut().filter(|subtask| subtask.task == task) {
            subtask.committed = Some(now);
        }
    }

    /// The tasks that have something to commit.
    pub(crate) fn tasks<'a>(&self, commits: impl IntoIterator<Item = &'a (OperatorId, u32)>) -> BTreeSet<TaskId> {
        let task = |(operator, subtask): &(OperatorId, u32)| {
            self.nodes.get(operator).map(|node| TaskId { node: *node, subtask: *subtask })
        };
        commits.into_iter().filter_map(task).collect()
    }

    /// Whether tasks end behind the current checkpoint's barrier.
    pub(crate) fn is_stopping(&self) -> bool {
        self.current.as_ref().is_some_and(|record| record.stopping)
    }

    /// The node that an operator belongs to.
    pub(crate) fn node(&self, operator: &OperatorId) -> Option<NodeId> {
        self.nodes.get(operator).copied()
    }

    /// The index's row of the current checkpoint as it stands at `now`.
    pub(crate) fn row(&self, status: CheckpointStatus, now: i64) -> Option<Checkpoint> {
        let record = self.current.as_ref()?;
        let ended = matches!(status, CheckpointStatus::Ready | CheckpointStatus::Failed);
        Some(Checkpoint {
            id: record.id.clone(),
            job: self.job.clone(),
            epoch: record.epoch,
            generation: self.generation,
            status,
            stopping: record.stopping,
            start_time: record.start,
            finish_time: ended.then_some(now),
            bytes: record.subtasks.values().map(|subtask| subtask.bytes).sum(),
            events: record.events(status, now),
            operators: record.operators(),
        })
    }
}

/// One step as the REST API shows it; 0 is the end of one that goes on.
fn span(event: &str, description: &str, start: i64, finish: i64) -> Value {
    json!({ "start_time": start, "finish_time": finish, "event": event, "description": description })
}

impl Record {
    fn events(&self, status: CheckpointStatus, now: i64) -> Value {
        let end = if matches!(status, CheckpointStatus::InProgress | CheckpointStatus::Committing) { 0 } else { now };
        let after = |start: Option<i64>, finish: Option<i64>| start.map(|start| (start, finish.unwrap_or(end)));
        let mut events = vec![span("Checkpointing", "The whole checkpoint", self.start, end)];
        let operators_end = self.collected.filter(|_| self.published.is_some()).unwrap_or(end);
        events.push(span("CheckpointingOperators", "Tasks write their state", self.start, operators_end));
        if let Some((start, finish)) = after(self.collected, self.published).filter(|_| self.published.is_some()) {
            events.push(span("WritingMetadata", "The manifest is written", start, finish));
        }
        if let Some((start, finish)) = after(self.published, None) {
            events.push(span("Committing", "Sinks make their output visible", start, finish));
        }
        Value::Array(events)
    }

    fn operators(&self) -> Value {
        let mut groups: BTreeMap<&OperatorId, Vec<(u32, &SubtaskRecord)>> = BTreeMap::new();
        for ((operator, index), subtask) in &self.subtasks {
            groups.entry(operator).or_default().push((*index, subtask));
        }
        let groups = groups.into_iter().map(|(operator, subtasks)| {
            json!({
                "operator_id": operator.as_str(),
                "bytes": subtasks.iter().map(|(_, subtask)| subtask.bytes).sum::<u64>(),
                "started_metadata_write": self.collected,
                "finish_time": subtasks.iter().map(|(_, subtask)| subtask.finish).max(),
                "subtasks": subtasks.iter().map(|(index, subtask)| self.subtask(*index, subtask)).collect::<Vec<_>>(),
            })
        });
        Value::Array(groups.collect())
    }

    fn subtask(&self, index: u32, subtask: &SubtaskRecord) -> Value {
        let micros = |micros: u64| i64::try_from(micros).unwrap_or(i64::MAX);
        let (alignment, sync, finish) = (micros(subtask.alignment), micros(subtask.sync), micros(subtask.finish));
        let mut spans = vec![
            span("Alignment", "Waiting for the barriers of all inputs", alignment, sync),
            span("Sync", "Taking the changes", sync, sync),
            span("Async", "Writing the changes", sync, finish),
        ];
        if let (Some(published), Some(committed)) = (self.published, subtask.committed) {
            spans.push(span("Committing", "Making output visible", published, committed));
        }
        json!({ "index": index, "bytes": subtask.bytes, "event_spans": spans })
    }
}
