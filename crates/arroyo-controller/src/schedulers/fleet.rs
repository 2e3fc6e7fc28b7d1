//! The running workers of a scheduler: one supervising task each.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::{Generation, JobId, WorkerId};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::{Patience, WorkerExit, WorkerHandle};

/// A killed worker that does not end within this time is given up.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// Supervises workers: passes on their ends, ends them in good order or by force.
#[derive(Debug)]
pub(super) struct Fleet {
    guard: Guard,
    grace: Duration,
    tied: bool,
    members: Arc<Mutex<BTreeMap<WorkerId, Member>>>,
}

#[derive(Debug)]
struct Member {
    job: JobId,
    generation: Generation,
    commands: mpsc::Sender<Patience>,
    /// Closed when the worker has ended.
    gone: watch::Receiver<()>,
}

impl Fleet {
    /// Workers have `grace` to end when they are asked to; they end with `guard` if they are `tied` to it.
    pub(super) fn new(guard: Guard, grace: Duration, tied: bool) -> Self {
        Self { guard, grace, tied, members: Arc::default() }
    }

    /// Takes a worker under supervision.
    pub(super) fn add(
        &self,
        worker: WorkerId,
        job: JobId,
        generation: Generation,
        handle: Box<dyn WorkerHandle>,
        exits: mpsc::Sender<WorkerExit>,
    ) {
        let (commands, inbox) = mpsc::channel(4);
        let (alive, gone) = watch::channel(());
        self.lock().insert(worker, Member { job, generation, commands, gone });
        let members = self.members.clone();
        let guard = self.guard.child("worker");
        let (grace, tied) = (self.grace, self.tied);
        self.guard.spawn(&format!("worker-{worker}"), TaskKind::FINISHING, async move {
            let reason = supervise(handle, inbox, grace, tied, &guard).await;
            members.lock().unwrap_or_else(PoisonError::into_inner).remove(&worker);
            tracing::debug!(%worker, %generation, "worker ended: {reason}");
            drop(alive);
            // Whoever does not listen any more knows, or does not want to.
            let _ = exits.send(WorkerExit { worker, generation, reason }).await;
            Ok::<_, Infallible>(())
        });
    }

    /// See [`super::Scheduler::stop`].
    pub(super) async fn stop(&self, job: &JobId, generation: Generation, patience: Patience) {
        let leaving: Vec<_> = self
            .lock()
            .values()
            .filter(|member| member.job == *job && member.generation <= generation)
            .map(|member| (member.commands.clone(), member.gone.clone()))
            .collect();
        for (commands, _) in &leaving {
            // A worker that has already ended takes no commands.
            let _ = commands.send(patience).await;
        }
        for (_, mut gone) in leaving {
            while gone.changed().await.is_ok() {}
        }
    }

    /// See [`super::Scheduler::workers`].
    pub(super) fn workers(&self, job: &JobId) -> BTreeMap<Generation, Vec<WorkerId>> {
        let mut workers = BTreeMap::<_, Vec<_>>::new();
        for (worker, member) in self.lock().iter().filter(|(_, member)| member.job == *job) {
            workers.entry(member.generation).or_default().push(*worker);
        }
        workers
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<WorkerId, Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the end of a worker, and brings it about when it is asked for. Answers how it ended.
async fn supervise(
    mut worker: Box<dyn WorkerHandle>,
    mut commands: mpsc::Receiver<Patience>,
    grace: Duration,
    tied: bool,
    guard: &Guard,
) -> String {
    let mut asked = false;
    let mut killed = false;
    let mut deadline: Option<Instant> = None;
    loop {
        let command = tokio::select! {
            biased;
            outcome = worker.wait() => return describe(outcome, asked, killed),
            command = commands.recv() => command.unwrap_or(Patience::Kill),
            () = guard.cancelled(), if !asked && !killed => {
                if !tied {
                    return "was left running by the controller".to_string();
                }
                Patience::Ask
            }
            () = expired(deadline), if deadline.is_some() => {
                if killed {
                    return "was killed, and did not end".to_string();
                }
                Patience::Kill
            }
        };
        match command {
            Patience::Ask if !asked && !killed => {
                asked = true;
                deadline = Some(Instant::now() + grace);
                worker.stop();
            }
            Patience::Kill if !killed => {
                killed = true;
                deadline = Some(Instant::now() + KILL_TIMEOUT);
                worker.kill();
            }
            Patience::Ask | Patience::Kill => {}
        }
    }
}

async fn expired(deadline: Option<Instant>) {
    if let Some(deadline) = deadline {
        tokio::time::sleep_until(deadline).await;
    }
}

fn describe(outcome: Result<(), String>, asked: bool, killed: bool) -> String {
    match outcome {
        _ if killed => "was killed".to_string(),
        Ok(()) if asked => "ended as it was asked to".to_string(),
        Ok(()) => "ended by itself".to_string(),
        Err(reason) => reason,
    }
}
