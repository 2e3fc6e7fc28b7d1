//! Starts a program's tasks and holds them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::{Node, Operator as OperatorSpec, Program};
use arroyo_operator::{OperatorError, ReportedError};
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::{Epoch, NodeId, TaskId, WorkerId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::error::{EngineError, NetworkError};
use crate::event::TaskEventKind;
use crate::message::Barrier;
use crate::metrics::{OutgoingRoom, TaskMeter, TaskMetrics};
use crate::network::{self, ConnectionContext, DataListener};
use crate::request::{EngineRequest, OperatorCommit, StopMode};
use crate::state_memory::StateMemory;
use crate::task::{self, Control, Lookups, TaskEnvironment, TaskParts};
use crate::wiring::{IncomingPeer, OutgoingPeer, TaskQueues, Wiring, wire};

/// Orders that may wait for a task that is busy.
const CONTROL_QUEUE: usize = 64;
/// Errors that may wait for the job's log; more are dropped.
const REPORT_QUEUE: usize = 256;

/// Runs the tasks of a program that are assigned to one worker.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    /// Wires the tasks of this worker and starts them as named tasks below `guard`.
    ///
    /// Returns when they are being built: [`TaskEventKind::Started`] or [`TaskEventKind::Failed`] follow for each.
    ///
    /// # Errors
    /// When the program and its assignment do not fit together.
    pub fn start(request: EngineRequest, guard: &Guard) -> Result<EngineHandle, EngineError> {
        let wiring = wire(&request.program, &request.assignments, request.worker, request.limits)?;
        if !wiring.incoming.is_empty() && request.network.is_none() {
            return Err(EngineError::NoDataPort { worker: request.worker });
        }
        let guard = guard.child("engine");
        let (reports, report_queue) = mpsc::channel(REPORT_QUEUE);
        let environment = Arc::new(TaskEnvironment {
            job: request.job.clone(),
            generation: request.generation,
            components: request.components,
            storage: request.storage,
            restore: request.restore,
            events: request.events,
            reports,
            output: request.output,
            clock: request.clock,
            batching: request.batching,
            report_bad_records: request.report_bad_records,
            flush_interval: request.flush_interval,
            state_memory: StateMemory::new(request.state_bytes_max),
            lookups: Lookups::default(),
            failpoints: request.failpoints,
            guard: guard.clone(),
        });
        let connections = ConnectionContext::new(
            request.job,
            request.generation,
            request.worker,
            request.network.as_ref(),
            guard.clone(),
        );
        forward_reports(report_queue, &environment);
        let starter = Starter { environment, connections, program: request.program, guard };
        let handle = starter.start(wiring, request.network);
        request.metrics.add(&handle.meters);
        Ok(handle)
    }
}

/// Errors that do not end their task go the way of all events.
fn forward_reports(mut queue: mpsc::Receiver<ReportedError>, environment: &Arc<TaskEnvironment>) {
    let environment = environment.clone();
    environment.guard.clone().spawn("reports", TaskKind::BACKGROUND, async move {
        while let Some(report) = queue.recv().await {
            environment.report(report.task, TaskEventKind::Reported(report)).await;
        }
        Ok::<_, Infallible>(())
    });
}

struct Starter {
    environment: Arc<TaskEnvironment>,
    connections: ConnectionContext,
    program: Arc<Program>,
    guard: Guard,
}

impl Starter {
    fn start(self, wiring: Wiring, listener: Option<DataListener>) -> EngineHandle {
        let mut controls = BTreeMap::new();
        let mut meters = Vec::new();
        let mut running = Vec::new();
        for (task, queues) in wiring.tasks {
            let Some(node) = self.program.node(task.node).cloned() else { continue };
            let (control, orders) = mpsc::channel(CONTROL_QUEUE);
            let TaskQueues { inbox, outputs, rooms } = queues;
            let meter = meter(task, &node, rooms);
            controls.insert(task, control);
            meters.push(meter.clone());
            let input_schemas = input_schemas(&self.program, task.node);
            let parts = TaskParts { task, node, input_schemas, inbox, outputs, control: orders, meter };
            let work = task::run(parts, self.environment.clone());
            let name = format!("task-{task}");
            running.push(self.guard.spawn(&name, TaskKind::FINISHING, async move {
                work.await;
                Ok::<_, Infallible>(())
            }));
        }
        let outgoing = self.connect_outgoing(wiring.outgoing);
        let incoming = self.connect_incoming(wiring.incoming, listener);
        let (done, ended) = watch::channel(false);
        let connections = self.connections.clone();
        // Whatever this waits for watches the guard itself.
        self.guard.spawn("end", TaskKind::FINISHING, async move {
            for task in running {
                let _ = task.await;
            }
            // The last messages of our tasks may still be under way.
            for connection in outgoing {
                let _ = connection.await;
            }
            if !connections.guard.is_cancelled() {
                connections.stop();
            }
            if let Some(incoming) = incoming {
                let _ = incoming.await;
            }
            done.send_replace(true);
            Ok::<_, Infallible>(())
        });
        EngineHandle { controls, meters, connections: self.connections, ended }
    }

    fn connect_outgoing(&self, peers: BTreeMap<WorkerId, OutgoingPeer>) -> Vec<ConnectionTask> {
        let connect = |(worker, peer): (WorkerId, OutgoingPeer)| {
            let environment = self.environment.clone();
            let source = peer.channels.first().map(|channel| channel.source);
            let operator = source.and_then(|task| self.program.node(task.node)?.chain.last().cloned());
            let context = self.connections.clone();
            self.guard.spawn(&format!("rows-to-{worker}"), TaskKind::FINISHING, async move {
                if let Err(error) = network::send_rows(context, peer).await {
                    fail(&environment, source, operator, error).await;
                }
                Ok::<_, Infallible>(())
            })
        };
        peers.into_iter().map(connect).collect()
    }

    fn connect_incoming(
        &self,
        peers: BTreeMap<WorkerId, IncomingPeer>,
        listener: Option<DataListener>,
    ) -> Option<ConnectionTask> {
        let listener = listener?;
        let environment = self.environment.clone();
        let context = self.connections.clone();
        let destination = peers.values().flat_map(|peer| &peer.channels).map(|channel| channel.destination).next();
        let operator = destination.and_then(|task| self.program.node(task.node)?.chain.first().cloned());
        Some(self.guard.spawn("rows-from-workers", TaskKind::FINISHING, async move {
            if let Err(error) = network::receive_rows(context, listener, peers).await {
                fail(&environment, destination, operator, error).await;
            }
            Ok::<_, Infallible>(())
        }))
    }
}

type ConnectionTask = JoinHandle<Option<()>>;

/// A broken connection fails the task at our end of it.
async fn fail(
    environment: &TaskEnvironment,
    task: Option<TaskId>,
    operator: Option<OperatorSpec>,
    error: NetworkError,
) {
    let (Some(task), Some(operator)) = (task, operator) else {
        tracing::warn!("a connection that no task uses failed: {error}");
        return;
    };
    let error = OperatorError::new(error.kind(), error.to_string());
    let failed = TaskEventKind::Failed { operator: operator.id, description: operator.description, error };
    environment.fail(task, failed).await;
}

fn meter(task: TaskId, node: &Node, rooms: Vec<OutgoingRoom>) -> Arc<TaskMeter> {
    let operators = node.chain.iter().map(|operator| operator.id.clone());
    Arc::new(TaskMeter::new(task, node.description.clone(), operators, rooms))
}

/// The schemas of a node's inputs in order; edges that share an input have the same schema.
fn input_schemas(program: &Program, node: NodeId) -> Vec<SchemaRef> {
    let inputs: BTreeMap<u32, SchemaRef> =
        program.inputs(node).map(|edge| (edge.dst_input, edge.schema.clone())).collect();
    inputs.into_values().collect()
}

/// Holds running tasks.
#[derive(Debug)]
pub struct EngineHandle {
    controls: BTreeMap<TaskId, mpsc::Sender<Control>>,
    meters: Vec<Arc<TaskMeter>>,
    connections: ConnectionContext,
    ended: watch::Receiver<bool>,
}

impl EngineHandle {
    /// Takes a checkpoint: barriers enter at the sources; tasks whose data has ended answer at once.
    /// With `then_stop` nothing is processed behind the barrier.
    ///
    /// # Errors
    /// [`EngineError::Ended`] when tasks are gone.
    pub async fn checkpoint(&self, epoch: Epoch, then_stop: bool) -> Result<(), EngineError> {
        self.tell_all(&Control::Checkpoint(Barrier { epoch, then_stop })).await
    }

    /// The epoch's manifest is durable: sinks commit, sources acknowledge.
    ///
    /// # Errors
    /// [`EngineError::Ended`] when tasks are gone.
    pub async fn commit(&self, epoch: Epoch, commits: Vec<OperatorCommit>) -> Result<(), EngineError> {
        self.tell_all(&Control::Commit { epoch, commits: Arc::new(commits) }).await
    }

    /// Stops the tasks. Returns at once; [`EngineHandle::ended`] completes when they are gone.
    pub async fn stop(&self, mode: StopMode) {
        match mode {
            StopMode::Graceful => {
                for control in self.controls.values() {
                    // A task that is gone needs no stop.
                    let _ = control.send(Control::Stop).await;
                }
            }
            StopMode::Immediate => {
                self.connections.stop();
            }
        }
    }

    async fn tell_all(&self, control: &Control) -> Result<(), EngineError> {
        for task in self.controls.values() {
            task.send(control.clone()).await.map_err(|_| EngineError::Ended)?;
        }
        Ok(())
    }

    /// Completes when all tasks have left: after a stop, or a failure.
    pub async fn ended(&self) {
        let mut ended = self.ended.clone();
        // The sender goes away only when it has said so, or with the whole runtime.
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// The totals of this worker's tasks.
    pub fn metrics(&self) -> Vec<TaskMetrics> {
        self.meters.iter().map(|meter| meter.read()).collect()
    }
}
