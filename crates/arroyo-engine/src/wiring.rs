//! Which queues join which tasks, and over which connections.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::{Edge, EdgeKind, Node, Program};
use arroyo_types::{NodeId, TaskId, WorkerId};
use tokio::sync::{Notify, mpsc};

use crate::error::EngineError;
use crate::inbox::Inbox;
use crate::metrics::OutgoingRoom;
use crate::network::{ChannelId, IncomingChannel, OutgoingChannel};
use crate::outputs::Outputs;
use crate::partition::Partitioner;
use crate::queue::{Budget, Envelope, Outgoing, QueueReceiver, QueueSender, Refusal, local_queue};
use crate::request::{QueueLimits, TaskAssignment};

/// Messages that may wait for a connection's socket; what may be under way in all is bounded by the queues' budgets.
const CONNECTION_QUEUE: usize = 256;

/// The ends of queues that a local task holds.
#[derive(Debug, Default)]
pub(crate) struct TaskQueues {
    pub(crate) inbox: Inbox,
    pub(crate) outputs: Outputs,
    /// The room of the queues that `outputs` sends to.
    pub(crate) rooms: Vec<OutgoingRoom>,
}

/// A connection to another worker, for rows of ours.
#[derive(Debug)]
pub(crate) struct OutgoingPeer {
    pub(crate) worker: WorkerId,
    pub(crate) address: String,
    pub(crate) channels: Vec<OutgoingChannel>,
    pub(crate) queue: mpsc::Receiver<Outgoing>,
    /// For the channels still to be added.
    sender: mpsc::Sender<Outgoing>,
}

impl OutgoingPeer {
    fn new(worker: WorkerId, address: &str) -> Self {
        let (sender, queue) = mpsc::channel(CONNECTION_QUEUE);
        Self { worker, address: address.to_string(), channels: Vec::new(), queue, sender }
    }

    fn add(&mut self, id: ChannelId, schema: SchemaRef, source: TaskId, limits: QueueLimits) -> QueueSender {
        let budget = Arc::new(Budget::new(limits));
        let queue = QueueSender::remote(budget.clone(), self.channels.len(), self.sender.clone());
        self.channels.push(OutgoingChannel { id, schema, budget, source });
        queue
    }
}

/// A connection from another worker, for its rows.
#[derive(Debug)]
pub(crate) struct IncomingPeer {
    pub(crate) worker: WorkerId,
    pub(crate) channels: Vec<IncomingChannel>,
    /// Wakes the connection when it has something to tell the sender.
    pub(crate) wake: Arc<Notify>,
}

/// All queues of an engine.
#[derive(Debug, Default)]
pub(crate) struct Wiring {
    pub(crate) tasks: BTreeMap<TaskId, TaskQueues>,
    pub(crate) outgoing: BTreeMap<WorkerId, OutgoingPeer>,
    pub(crate) incoming: BTreeMap<WorkerId, IncomingPeer>,
}

/// Wires the tasks of `program` that run in `worker`.
pub(crate) fn wire(
    program: &Program,
    assignments: &[TaskAssignment],
    worker: WorkerId,
    limits: QueueLimits,
) -> Result<Wiring, EngineError> {
    let places: BTreeMap<TaskId, &TaskAssignment> = assignments.iter().map(|place| (place.task, place)).collect();
    let mut wiring = Wiring::default();
    for node in &program.nodes {
        for task in (0..node.parallelism).map(|subtask| TaskId { node: node.id, subtask }) {
            let place = places.get(&task).ok_or(EngineError::Unassigned { task })?;
            if place.worker == worker {
                wiring.tasks.insert(task, TaskQueues::default());
            }
        }
    }
    for (index, edge) in (0u32..).zip(&program.edges) {
        EdgeWiring { index, edge, places: &places, worker, limits, wiring: &mut wiring }.wire(program)?;
    }
    Ok(wiring)
}

struct EdgeWiring<'a> {
    index: u32,
    edge: &'a Edge,
    places: &'a BTreeMap<TaskId, &'a TaskAssignment>,
    worker: WorkerId,
    limits: QueueLimits,
    wiring: &'a mut Wiring,
}

impl<'a> EdgeWiring<'a> {
    fn wire(mut self, program: &Program) -> Result<(), EngineError> {
        let src = find(program, self.edge.src)?;
        let dst = find(program, self.edge.dst)?;
        let forward = self.edge.kind == EdgeKind::Forward;
        if forward && src.parallelism != dst.parallelism {
            return Err(EngineError::UnevenForward {
                src: src.id,
                dst: dst.id,
                src_parallelism: src.parallelism,
                dst_parallelism: dst.parallelism,
            });
        }
        for from in 0..src.parallelism {
            let destinations = if forward { from..from + 1 } else { 0..dst.parallelism };
            let count = u32::try_from(destinations.len()).unwrap_or(u32::MAX);
            let source = TaskId { node: src.id, subtask: from };
            let mut queues = Vec::new();
            let mut rooms = Vec::new();
            for to in destinations.map(|subtask| TaskId { node: dst.id, subtask }) {
                if let Some(queue) = self.join(source, to)? {
                    rooms.push(OutgoingRoom { to, budget: queue.budget() });
                    queues.push(queue);
                }
            }
            if let Some(task) = self.wiring.tasks.get_mut(&source) {
                task.outputs.add(Partitioner::new(&self.edge.kind, count, from), queues);
                task.rooms.extend(rooms);
            }
        }
        Ok(())
    }

    /// Joins two subtasks by a queue if one of them is ours; returns the sending end if the sender is ours.
    fn join(&mut self, src: TaskId, dst: TaskId) -> Result<Option<QueueSender>, EngineError> {
        let from = self.place(src)?;
        let to = self.place(dst)?;
        let id = ChannelId { edge: self.index, src: src.subtask, dst: dst.subtask };
        let schema = self.edge.schema.clone();
        match (from.worker == self.worker, to.worker == self.worker) {
            (true, true) => {
                let (sender, receiver, refusal) = local_queue(self.limits);
                self.receive(dst, receiver, refusal);
                Ok(Some(sender))
            }
            (true, false) => {
                let peer = self.wiring.outgoing.entry(to.worker);
                let peer = peer.or_insert_with(|| OutgoingPeer::new(to.worker, &to.data_address));
                Ok(Some(peer.add(id, schema, src, self.limits)))
            }
            (false, true) => {
                let (sender, receiver) = mpsc::channel::<Envelope>(self.limits.messages.max(1) as usize);
                let peer = self.wiring.incoming.entry(from.worker);
                let peer = peer.or_insert_with(|| IncomingPeer {
                    worker: from.worker,
                    channels: Vec::new(),
                    wake: Arc::default(),
                });
                let refusal = Refusal::through(peer.wake.clone());
                peer.channels.push(IncomingChannel {
                    id,
                    schema,
                    inbox: sender,
                    destination: dst,
                    refusal: refusal.clone(),
                });
                self.receive(dst, receiver, refusal);
                Ok(None)
            }
            (false, false) => Ok(None),
        }
    }

    fn place(&self, task: TaskId) -> Result<&'a TaskAssignment, EngineError> {
        self.places.get(&task).copied().ok_or(EngineError::Unassigned { task })
    }

    fn receive(&mut self, task: TaskId, receiver: QueueReceiver, refusal: Refusal) {
        if let Some(queues) = self.wiring.tasks.get_mut(&task) {
            queues.inbox.add(receiver, refusal, self.edge.dst_input);
        }
    }
}

fn find(program: &Program, node: NodeId) -> Result<&Node, EngineError> {
    program.node(node).ok_or(EngineError::NoSuchNode { node })
}
