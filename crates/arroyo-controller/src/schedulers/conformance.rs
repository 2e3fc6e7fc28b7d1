//! What every scheduler must do, run on each of them.
//!
//! Workers of the suite behave as the variable [`BEHAVIOUR`] in their environment says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arroyo_runtime::Shutdown;
use arroyo_types::{Generation, JobId, PipelineId, WorkerId};
use tokio::sync::mpsc;

use super::{Patience, Scheduler, StartRequest, WorkerExit};
use crate::options::Options;

/// How a worker of the suite behaves.
pub(super) const BEHAVIOUR: &str = "ARROYO_TEST_WORKER";
/// Ends when it is asked to.
pub(super) const OBEDIENT: &str = "obedient";
/// Ends by itself, in disorder.
pub(super) const CRASHING: &str = "crashing";
/// Does not end when it is asked to.
pub(super) const STUBBORN: &str = "stubborn";

const SLOTS_PER_WORKER: u32 = 4;
const PATIENCE: Duration = Duration::from_secs(20);

/// Settings for tests: four slots per worker, and this long to end.
pub(super) fn options(grace: Duration) -> Options {
    let config =
        arroyo_config::load(&arroyo_config::Sources { user_dir: Some("/nowhere".into()), ..Default::default() })
            .unwrap();
    let (embedded_slots, process_slots) = (SLOTS_PER_WORKER, SLOTS_PER_WORKER);
    Options { embedded_slots, process_slots, worker_stop_grace: grace, ..Options::new(&config).unwrap() }
}

/// Makes the scheduler that is to be tested.
pub(super) type Make = fn(&Options, &Shutdown) -> Arc<dyn Scheduler>;

struct Rig {
    scheduler: Arc<dyn Scheduler>,
    shutdown: Shutdown,
    exits: mpsc::Receiver<WorkerExit>,
    exit_sender: mpsc::Sender<WorkerExit>,
    job: JobId,
}

impl Rig {
    fn new(make: Make, grace: Duration) -> Self {
        let shutdown = Shutdown::new("conformance");
        let scheduler = make(&options(grace), &shutdown);
        let (exit_sender, exits) = mpsc::channel(16);
        Self { scheduler, shutdown, exits, exit_sender, job: JobId::random() }
    }

    async fn start(&self, generation: u64, slots: u32, behaviour: &str) -> BTreeSet<WorkerId> {
        let request = StartRequest {
            job: self.job.clone(),
            pipeline: PipelineId::from("pl_test"),
            generation: Generation(generation),
            slots,
            controller_endpoint: "http://127.0.0.1:1".to_string(),
            checkpoint_url: "/nowhere".to_string(),
            env_vars: BTreeMap::from([(BEHAVIOUR.to_string(), behaviour.to_string())]),
            exits: self.exit_sender.clone(),
        };
        self.scheduler.start(request).await.unwrap().into_iter().collect()
    }

    async fn stop(&self, generation: u64, patience: Patience) {
        let stop = self.scheduler.stop(&self.job, Generation(generation), patience);
        tokio::time::timeout(PATIENCE, stop).await.unwrap();
    }

    async fn exit(&mut self) -> WorkerExit {
        tokio::time::timeout(PATIENCE, self.exits.recv()).await.unwrap().unwrap()
    }

    fn running(&self) -> BTreeMap<u64, BTreeSet<WorkerId>> {
        let workers = self.scheduler.workers(&self.job);
        workers.into_iter().map(|(generation, workers)| (generation.0, workers.into_iter().collect())).collect()
    }
}

/// Workers are listed while they run, end when asked, and their ends are told.
pub(super) async fn start_and_stop(make: Make) {
    let mut rig = Rig::new(make, PATIENCE);
    let workers = rig.start(1, 1, OBEDIENT).await;
    assert_eq!(rig.running(), BTreeMap::from([(1, workers.clone())]));
    rig.stop(1, Patience::Ask).await;
    assert_eq!(rig.running(), BTreeMap::new());
    let exit = rig.exit().await;
    assert_eq!((workers.contains(&exit.worker), exit.reason.as_str()), (true, "ended as it was asked to"));
}

/// The end of a worker that was not asked for is told.
pub(super) async fn crash(make: Make) {
    let mut rig = Rig::new(make, PATIENCE);
    let workers = rig.start(7, 1, CRASHING).await;
    let exit = rig.exit().await;
    assert_eq!((workers.contains(&exit.worker), exit.generation), (true, Generation(7)));
    assert_eq!(rig.running(), BTreeMap::new());
    rig.stop(7, Patience::Ask).await;
}

/// A worker that does not end when it is asked to is killed.
pub(super) async fn stubborn(make: Make) {
    let mut rig = Rig::new(make, Duration::from_millis(100));
    rig.start(1, 1, STUBBORN).await;
    rig.stop(1, Patience::Ask).await;
    assert_eq!(rig.exit().await.reason, "was killed");
    assert_eq!(rig.running(), BTreeMap::new());
}

/// Killing does not wait for a worker's consent.
pub(super) async fn kill(make: Make) {
    let mut rig = Rig::new(make, Duration::from_secs(3600));
    rig.start(1, 1, STUBBORN).await;
    rig.stop(1, Patience::Kill).await;
    assert_eq!(rig.exit().await.reason, "was killed");
}

/// A stop ends its generation and those before it, and no later one, and no other job's.
pub(super) async fn generations(make: Make) {
    let mut rig = Rig::new(make, PATIENCE);
    rig.start(1, 2, OBEDIENT).await;
    rig.start(2, 2, OBEDIENT).await;
    let third = rig.start(3, 4, OBEDIENT).await;
    let other = std::mem::replace(&mut rig.job, JobId::random());
    rig.stop(9, Patience::Ask).await;
    rig.job = other;
    rig.stop(2, Patience::Ask).await;
    assert_eq!(rig.running(), BTreeMap::from([(3, third)]));
    rig.stop(3, Patience::Ask).await;
}

/// More slots than one worker has: more workers.
pub(super) async fn many_slots(make: Make) {
    let rig = Rig::new(make, PATIENCE);
    let workers = rig.start(1, 2 * SLOTS_PER_WORKER + 1, OBEDIENT).await;
    assert_eq!(workers.len(), 3);
    rig.stop(1, Patience::Ask).await;
}

/// Workers end with the controller.
pub(super) async fn shutdown(make: Make) {
    let mut rig = Rig::new(make, PATIENCE);
    rig.start(1, 1, OBEDIENT).await;
    assert!(rig.shutdown.drain(PATIENCE).await);
    assert_eq!(rig.exit().await.reason, "ended as it was asked to");
}

macro_rules! scheduler_conformance {
    ($make:path) => {
        scheduler_conformance!($make: start_and_stop, crash, stubborn, kill, generations, many_slots, shutdown);
    };
    ($make:path: $($case:ident),+) => {
        $(
            #[tokio::test]
            async fn $case() {
                $crate::schedulers::conformance::$case($make).await;
            }
        )+
    };
}
pub(super) use scheduler_conformance;
