//! Workers of a simulated process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::datatypes::SchemaRef;
use arroyo_config::Config;
use arroyo_controller::{EmbeddedWorkers, WorkerHandle, WorkerOptions};
use arroyo_dataflow::Operator as OperatorSpec;
use arroyo_engine::{Components, MetricsHub};
use arroyo_operator::{Operator, OperatorError, Sink, SinkConfig, Source, SourceConfig};
use arroyo_runtime::{Failpoints, Guard, TaskKind};
use arroyo_types::{Clock, WorkerId};
use arroyo_worker::WorkerServer;
use async_trait::async_trait;
use tokio::sync::{mpsc, watch};

use super::World;
use super::life::Life;
use super::mutants;
use super::network::Host;
use super::points::Steps;
use super::sink::SimulatedSink;
use super::source::SimulatedSource;

/// Starts workers, each with a life of its own.
#[derive(Debug)]
pub(super) struct SimulatedWorkers {
    world: Arc<World>,
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    guard: Guard,
    process: u64,
    /// That of the process whose controller asks for workers.
    controller: Life,
    started: Mutex<Vec<Arc<StartedWorker>>>,
}

/// A worker, as the scheduler and the simulation hold it.
#[derive(Debug)]
pub(super) struct StartedWorker {
    pub(super) id: WorkerId,
    pub(super) host: Host,
    pub(super) life: Life,
    commands: mpsc::Sender<Command>,
    ended: watch::Receiver<Option<Result<(), String>>>,
}

#[derive(Debug, Clone, Copy)]
enum Command {
    Stop,
    Kill,
}

impl StartedWorker {
    pub(super) fn has_ended(&self) -> bool {
        self.ended.borrow().is_some() || self.life.is_dead()
    }

    /// It is gone before anything else happens.
    pub(super) fn kill(&self) {
        self.life.end();
        self.host.way.refuse(true);
        self.host.way.cut();
        self.command(Command::Kill);
    }

    fn command(&self, command: Command) {
        // One that has ended takes no commands.
        let _ = self.commands.try_send(command);
    }
}

impl SimulatedWorkers {
    pub(super) fn new(
        world: Arc<World>,
        config: Arc<Config>,
        clock: Arc<dyn Clock>,
        (process, controller): (u64, Life),
        guard: Guard,
    ) -> Self {
        Self { world, config, clock, guard, process, controller, started: Mutex::default() }
    }

    fn started(&self) -> MutexGuard<'_, Vec<Arc<StartedWorker>>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that have not ended.
    pub(super) fn alive(&self) -> Vec<Arc<StartedWorker>> {
        self.started().iter().filter(|worker| !worker.has_ended()).cloned().collect()
    }
}

#[async_trait]
impl EmbeddedWorkers for SimulatedWorkers {
    async fn start(&self, options: WorkerOptions) -> Result<Box<dyn WorkerHandle>, String> {
        self.controller.gate().await;
        self.world.ledger.started(options.generation, self.process);
        let life = Life::new();
        let host = Host::new(self.world.network.clone(), life.clone());
        host.way.delay(self.world.settings.network_delay());
        let steps = Steps {
            life: life.clone(),
            worker: Some(options.worker),
            trap: self.world.trap.clone(),
            ledger: self.world.ledger.clone(),
            hasty: None,
        };
        let id = options.worker;
        let options = arroyo_worker::WorkerOptions {
            worker: id,
            job: options.job,
            generation: options.generation,
            pipeline: options.pipeline,
            controller_endpoint: options.controller_endpoint,
            slots: options.slots,
            config: self.config.clone(),
            components: Arc::new(SimulatedComponents { world: self.world.clone(), life: life.clone() }),
            clock: self.clock.clone(),
            network: Arc::new(host.clone()),
            metrics: MetricsHub::default(),
            failpoints: Failpoints::watched_by(Arc::new(steps)),
        };
        let worker = WorkerServer::start(options, &self.guard).await.map_err(|error| error.to_string())?;
        let (commands, inbox) = mpsc::channel(16);
        let (outcome, ended) = watch::channel(None);
        self.guard.spawn("supervise", TaskKind::FINISHING, supervise(worker, inbox, outcome));
        let worker = Arc::new(StartedWorker { id, host, life, commands, ended });
        self.started().push(worker.clone());
        Ok(Box::new(Handle { worker, controller: self.controller.clone() }))
    }
}

async fn supervise(
    mut worker: arroyo_worker::WorkerHandle,
    mut commands: mpsc::Receiver<Command>,
    outcome: watch::Sender<Option<Result<(), String>>>,
) -> Result<(), std::convert::Infallible> {
    loop {
        tokio::select! {
            biased;
            ended = worker.wait() => {
                outcome.send_replace(Some(ended.map_err(|error| error.to_string())));
                return Ok(());
            }
            Some(command) = commands.recv() => match command {
                Command::Stop => worker.stop(),
                Command::Kill => worker.kill(),
            }
        }
    }
}

/// What the scheduler holds. A controller that is dead gives no commands, whatever is still being torn down of it.
struct Handle {
    worker: Arc<StartedWorker>,
    controller: Life,
}

#[async_trait]
impl WorkerHandle for Handle {
    fn stop(&mut self) {
        if !self.controller.is_dead() {
            self.worker.command(Command::Stop);
        }
    }

    fn kill(&mut self) {
        if !self.controller.is_dead() {
            self.worker.command(Command::Kill);
        }
    }

    async fn wait(&mut self) -> Result<(), String> {
        let mut ended = self.worker.ended.clone();
        match ended.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Ok(())),
            Err(_) => Err("it is gone".to_string()),
        }
    }
}

#[derive(Debug)]
struct SimulatedComponents {
    world: Arc<World>,
    life: Life,
}

impl Components for SimulatedComponents {
    fn source(&self, _: &str, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Ok(Box::new(SimulatedSource::new(self.world.clone(), self.life.clone(), config)))
    }

    fn sink(&self, _: &str, _: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Ok(Box::new(SimulatedSink::new(self.world.clone(), self.life.clone())))
    }

    fn operator(&self, operator: &OperatorSpec, inputs: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError> {
        let built = arroyo_engine::operators::build(operator, inputs)?;
        Ok(mutants::operator(&self.world.settings, built))
    }
}
