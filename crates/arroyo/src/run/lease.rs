//! Who may write to a state directory: `lease.json` in it, replaced on condition of its version only.
//!
//! A lease that is neither renewed nor released ends after its time to live; then, or when somebody insists, another runner may
//! take the directory over. The one that lost it notices at its next renewal and before it publishes anything. What the two
//! do in between cannot harm: jobs are started with numbers above [`Lease::first_generation`], so that each has files of its
//! own, and a manifest is created only if there is none of its epoch. See `docs/adr/0005-lease-and-fencing.md`.

mod record;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use arroyo_controller::{Fence, FenceError};
use arroyo_runtime::{Guard, TaskKind};
use arroyo_storage::{Storage, StorageError, Version};
use arroyo_types::{Clock, Generation};
use async_trait::async_trait;
use tokio::sync::watch;

use self::record::Record;
pub(crate) use self::record::{host, time};
use super::durability::{Durability, Source};

const LEASE_FILE: &str = "lease.json";

/// So often the lease is looked at again when somebody else is writing it.
const ATTEMPTS_MAX: usize = 5;

/// A lease is renewed so often within its time to live.
const RENEWALS_PER_TTL: u32 = 3;

/// Each generation of the lease has so many (2 to the power of this) generations of jobs.
const JOB_GENERATION_BITS: u32 = 20;

/// How a lease is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How long it lasts without being renewed.
    pub(crate) ttl: Duration,
    /// Whether it is taken from a holder that may live.
    pub(crate) take_over: bool,
    /// Whether an operating system's lock is held, by which no other process of this machine can be the holder.
    pub(crate) locked: bool,
}

/// A taken lease. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Lease(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    storage: Storage,
    clock: Arc<dyn Clock>,
    ttl: Duration,
    /// Held while the lease is being written.
    writing: tokio::sync::Mutex<()>,
    held: Mutex<Held>,
    /// Who has taken it, once somebody has.
    lost: watch::Sender<Option<String>>,
    /// Whether there was no lease before.
    fresh: bool,
}

#[derive(Debug)]
struct Held {
    record: Record,
    version: Version,
}

impl Lease {
    /// Takes the lease of the state directory `storage`.
    ///
    /// # Errors
    ///
    /// Somebody else holds it: who, where, since when, and until when if it does not live any more; or the storage failed.
    pub(crate) async fn acquire(storage: Storage, terms: Terms, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        for _ in 0..ATTEMPTS_MAX {
            let found = read(&storage).await?;
            let mut record = Record::new(0, terms.ttl, clock.as_ref());
            let taken = match &found {
                None => create(&storage, &record).await?,
                Some((other, version)) => {
                    refuse_if_held(&storage, other, &record, terms, clock.as_ref())?;
                    let is_settled =
                        (other.released && other.settled) || (terms.locked && other.is_same_machine(&record));
                    record.generation = if is_settled { other.generation } else { other.generation.saturating_add(1) };
                    replace(&storage, &record, version).await?
                }
            };
            if let Some(version) = taken {
                let inner = Inner {
                    storage,
                    clock,
                    ttl: terms.ttl,
                    writing: tokio::sync::Mutex::default(),
                    held: Mutex::new(Held { record, version }),
                    lost: watch::Sender::new(None),
                    fresh: found.is_none(),
                };
                return Ok(Self(Arc::new(inner)));
            }
        }
        bail!("{} is taken by several others at once; try again", storage.url_of(LEASE_FILE))
    }

    /// Renews it until `guard` is cancelled or it is lost.
    pub(crate) fn keep(&self, durability: Durability, guard: &Guard) {
        let lease = self.clone();
        guard.spawn("lease", TaskKind::BACKGROUND, async move {
            let interval = (lease.0.ttl / RENEWALS_PER_TTL).max(Duration::from_millis(10));
            let mut ticks = tokio::time::interval(interval);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            ticks.tick().await;
            while !lease.is_lost() {
                ticks.tick().await;
                let renewal = lease.write(|record, clock| record.renewed(clock));
                match tokio::time::timeout(interval, renewal).await {
                    Ok(Ok(())) => durability.succeeded(Source::Lease),
                    Ok(Err(error)) => durability.failed(Source::Lease, &error.to_string()),
                    Err(_) => durability.failed(Source::Lease, "the state directory does not answer"),
                }
            }
            Ok::<_, std::convert::Infallible>(())
        });
    }

    /// The number below which no start of a job may be, since earlier holders may use those.
    pub(crate) fn first_generation(&self) -> Generation {
        Generation(self.held().record.generation.saturating_mul(1 << JOB_GENERATION_BITS))
    }

    /// The state directory.
    pub(crate) fn storage(&self) -> &Storage {
        &self.0.storage
    }

    /// Whether the directory had no lease before.
    pub(crate) fn is_fresh(&self) -> bool {
        self.0.fresh
    }

    /// Waits until somebody else has the lease; answers who.
    pub(crate) async fn lost(&self) -> String {
        let mut lost = self.0.lost.subscribe();
        let holder = lost.wait_for(Option::is_some).await.ok().and_then(|holder| holder.clone());
        match holder {
            Some(holder) => holder,
            None => std::future::pending().await,
        }
    }

    /// Lets go of it. `settled`: what this runner knows is stored, so that the next one needs no distance from it.
    pub(crate) async fn release(&self, settled: bool) {
        if self.is_lost() {
            return;
        }
        let release = self.write(|record, _| Record { released: true, settled, ..record.clone() });
        match tokio::time::timeout(self.0.ttl, release).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("the lease was not released, it ends by itself: {error}"),
            Err(_) => tracing::warn!("the lease was not released, it ends by itself"),
        }
    }

    /// Removes it from a directory in which there is nothing else.
    pub(crate) async fn forget(&self) -> Result<(), StorageError> {
        let _writing = self.0.writing.lock().await;
        self.0.storage.delete(LEASE_FILE).await
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the lease by what `change` makes of it, if it is still held.
    async fn write(&self, change: impl FnOnce(&Record, &dyn Clock) -> Record) -> anyhow::Result<()> {
        let _writing = self.0.writing.lock().await;
        let (record, version) = {
            let held = self.held();
            (change(&held.record, self.0.clock.as_ref()), held.version.clone())
        };
        if let Some(version) = replace(&self.0.storage, &record, &version).await? {
            *self.held() = Held { record, version };
            return Ok(());
        }
        // Written by somebody else, or by an earlier call of ours whose answer was lost.
        match read(&self.0.storage).await? {
            Some((found, version)) if found.holder == record.holder => {
                *self.held() = Held { record: found, version };
                Ok(())
            }
            other => bail!(self.lose(other.map(|(record, _)| record).as_ref())),
        }
    }

    fn lose(&self, to: Option<&Record>) -> String {
        let url = self.0.storage.url();
        let reason = match to {
            Some(holder) => format!("the state directory {url} was taken over by {holder}"),
            None => format!("the lease of the state directory {url} was removed"),
        };
        self.0.lost.send_if_modified(|lost| {
            let first = lost.is_none();
            if first {
                *lost = Some(reason.clone());
            }
            first
        });
        reason
    }
}

#[async_trait]
impl Fence for Lease {
    async fn check(&self) -> Result<(), FenceError> {
        if let Some(reason) = self.0.lost.borrow().clone() {
            return Err(FenceError::Lost(reason));
        }
        let own = self.held().record.holder.clone();
        match tokio::time::timeout(self.0.ttl, read(&self.0.storage)).await {
            Ok(Ok(Some((found, _)))) if found.holder == own => Ok(()),
            Ok(Ok(found)) => Err(FenceError::Lost(self.lose(found.map(|(record, _)| record).as_ref()))),
            Ok(Err(error)) => Err(FenceError::Unknown(format!("{error:#}"))),
            Err(_) => Err(FenceError::Unknown("the state directory does not answer".to_string())),
        }
    }

    fn is_lost(&self) -> bool {
        self.0.lost.borrow().is_some()
    }
}

async fn read(storage: &Storage) -> anyhow::Result<Option<(Record, Version)>> {
    match storage.get_with_version(LEASE_FILE).await {
        Ok((bytes, version)) => {
            let record = serde_json::from_slice(&bytes).with_context(|| {
                let url = storage.url_of(LEASE_FILE);
                format!("{url} cannot be read; if nobody runs in this state directory, delete that file")
            })?;
            Ok(Some((record, version)))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn encoded(record: &Record) -> anyhow::Result<bytes::Bytes> {
    Ok(serde_json::to_vec_pretty(record).context("encode the lease")?.into())
}

/// Answers the version of what was written; `None` if somebody else was faster.
async fn create(storage: &Storage, record: &Record) -> anyhow::Result<Option<Version>> {
    storage.put_if_absent(LEASE_FILE, encoded(record)?).await?;
    // Also when it was there: it may be ours, of a try whose answer was lost.
    Ok(read(storage).await?.filter(|(found, _)| found.holder == record.holder).map(|(_, version)| version))
}

/// Answers the version of what was written; `None` if somebody else was faster.
async fn replace(storage: &Storage, record: &Record, version: &Version) -> anyhow::Result<Option<Version>> {
    match storage.put_if_matches(LEASE_FILE, encoded(record)?, version).await {
        Ok(version) => Ok(Some(version)),
        Err(StorageError::VersionMismatch { .. }) => {
            Ok(read(storage).await?.filter(|(found, _)| found == record).map(|(_, version)| version))
        }
        Err(error) => Err(error.into()),
    }
}

fn refuse_if_held(
    storage: &Storage,
    other: &Record,
    own: &Record,
    terms: Terms,
    clock: &dyn Clock,
) -> anyhow::Result<()> {
    let is_gone = other.released || (terms.locked && other.is_same_machine(own)) || other.has_died(own);
    let Some(left) = other.remaining(clock).filter(|_| !is_gone && !terms.take_over) else { return Ok(()) };
    let ahead = other.ahead(clock).as_secs();
    let heard_of = match ahead {
        0 => format!("It was last heard of at {}", time(other.renewed_micros)),
        _ => format!(
            "It was last heard of at {}, {ahead} s from now: the clocks of the two machines disagree",
            time(other.renewed_micros)
        ),
    };
    bail!(
        "the state directory {} is in use by {other}; stop it first, or name another directory with --state-dir. \
         {heard_of}; if it does not live any more, its lease ends {} s from now, and --take-over does not wait for that",
        storage.url(),
        left.as_secs() + 1,
    )
}
