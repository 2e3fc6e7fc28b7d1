//! For tests: servers of S3, Azure and Google Cloud Storage, and injected faults.
//!
//! With faults any [`Storage`] behaves as a network does, deterministically by seed.
//!
//! ```
//! use arroyo_storage::{Storage, testing::{Faults, Operation, When, with_faults}};
//!
//! # fn main() -> Result<(), arroyo_storage::StorageError> {
//! let (storage, control) = with_faults(&Storage::open("memory://doc")?, Faults::none());
//! // The second put from now on does its work and reports an error all the same.
//! control.fail_nth(Operation::Put, 2, When::After);
//! # let _ = storage;
//! # Ok(())
//! # }
//! ```

mod audit;
mod azure_server;
mod gcs_server;
pub(crate) mod mounts;
mod s3_server;
mod service;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;
use tokio::sync::watch;

use crate::backend::{Backend, PutCondition, UploadBackend};
use crate::multipart::{Completion, Located, Part, PartsBackend};
use crate::{ObjectInfo, Storage, StorageError, Version};

pub use self::audit::{Audit, audited};
pub use self::azure_server::AzureServer;
pub use self::gcs_server::GcsServer;
pub use self::mounts::{Mounted, mount};
pub use self::s3_server::S3Server;

/// A call that faults are injected into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Reading, whole or in part.
    Get,
    /// Writing, on any condition.
    Put,
    /// A part of an upload, or its end.
    Upload,
    /// The end of an upload that outlives the process.
    Complete,
    /// Listing.
    List,
    /// Deleting.
    Delete,
    /// Looking at an object.
    Head,
}

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing has been done.
    Before,
    /// Everything has been done, only the answer is lost.
    After,
}

/// Random faults.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faults {
    /// The same seed gives the same faults for the same sequence of calls.
    pub seed: u64,
    /// The share of calls that fail and do nothing, 0 to 1.
    pub before: f64,
    /// The share of calls that do their work and fail, 0 to 1.
    pub after: f64,
    /// The share of those unconditional writes that fail before they are done, but leave the first half of their content behind,
    /// 0 to 1. A conditional write is whole or not there in every storage.
    pub torn: f64,
    /// The share of lists that are out of date, 0 to 1: they answer what the same list answered before.
    pub stale: f64,
    /// The share of calls that are delayed, 0 to 1.
    pub delayed: f64,
    /// By how much.
    pub delay: Delay,
}

/// How long a slow call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// So long.
    Time(Duration),
    /// So many turns of the runtime's scheduler: on one thread, that is the same whenever it is run.
    Turns(u32),
}

impl Faults {
    /// No random faults: only those asked for through [`FaultControl`].
    pub fn none() -> Self {
        Self { seed: 0, before: 0.0, after: 0.0, torn: 0.0, stale: 0.0, delayed: 0.0, delay: Delay::Turns(0) }
    }
}

/// The same storage, with faults, and the hold on them.
pub fn with_faults(storage: &Storage, faults: Faults) -> (Storage, FaultControl) {
    let control = FaultControl {
        state: Arc::new(Mutex::new(State { faults, ..State::default() })),
        paused: Arc::new(watch::Sender::new(false)),
    };
    let shared = control.clone();
    (storage.wrap(|inner| Arc::new(Faulty { inner, control: shared })), control)
}

/// Steers the faults of a storage.
#[derive(Debug, Clone)]
pub struct FaultControl {
    state: Arc<Mutex<State>>,
    paused: Arc<watch::Sender<bool>>,
}

#[derive(Debug)]
struct State {
    faults: Faults,
    calls: u64,
    counts: BTreeMap<Operation, u64>,
    planned: BTreeMap<(Operation, u64), When>,
    down: bool,
    full: bool,
    interrupted: bool,
    ignores_conditions: bool,
    struck: u64,
    stale_lists: u64,
    lists: BTreeMap<String, Vec<ObjectInfo>>,
    /// The last call before everything is down, and how it ends.
    last: Option<(u64, When)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            faults: Faults::none(),
            calls: 0,
            counts: BTreeMap::new(),
            planned: BTreeMap::new(),
            down: false,
            full: false,
            interrupted: false,
            ignores_conditions: false,
            struck: 0,
            stale_lists: 0,
            lists: BTreeMap::new(),
            last: None,
        }
    }
}

/// What happens to one call.
struct Fate {
    delay: Option<Delay>,
    fails: Option<When>,
}

impl FaultControl {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The `nth` call of `operation` from now on (1: the next) fails.
    pub fn fail_nth(&self, operation: Operation, nth: u64, when: When) {
        let mut state = self.state();
        let call = state.counts.get(&operation).copied().unwrap_or(0) + nth;
        state.planned.insert((operation, call), when);
    }

    /// From now on every call fails and does nothing, as if the process had died.
    pub fn go_down(&self) {
        self.state().down = true;
    }

    /// The `nth` call from now on (1: the next), whatever it is, fails, and every later one does nothing, as if the process
    /// had died during that call.
    pub fn go_down_at(&self, nth: u64, when: When) {
        let mut state = self.state();
        state.last = Some((state.calls + nth, when));
    }

    /// From now on nothing can be written, as on a full disk; what is there can be read and deleted.
    pub fn fill_up(&self, full: bool) {
        self.state().full = full;
    }

    /// An outage: calls fail and do nothing, until it is over.
    pub fn interrupt(&self, interrupted: bool) {
        self.state().interrupted = interrupted;
    }

    /// A mistake to be found: conditional puts put whatever the condition.
    pub fn ignore_conditions(&self, ignored: bool) {
        self.state().ignores_conditions = ignored;
    }

    /// From now on calls wait before they do anything, until they may go on again.
    pub fn pause(&self, paused: bool) {
        self.paused.send_replace(paused);
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Ends everything that was asked for here, random faults and planned ones.
    pub fn heal(&self) {
        self.pause(false);
        let mut state = self.state();
        state.down = false;
        state.full = false;
        state.interrupted = false;
        state.last = None;
        state.faults = Faults::none();
        state.planned.clear();
    }

    /// How many calls of `operation` there were.
    pub fn count(&self, operation: Operation) -> u64 {
        self.state().counts.get(&operation).copied().unwrap_or(0)
    }

    /// How many calls failed because of an injected fault.
    pub fn struck(&self) -> u64 {
        self.state().struck
    }

    /// How many lists were out of date.
    pub fn stale_lists(&self) -> u64 {
        self.state().stale_lists
    }

    /// The list's answer, or an earlier one.
    fn maybe_stale(&self, prefix: &Path, list: Vec<ObjectInfo>) -> Vec<ObjectInfo> {
        let mut state = self.state();
        let stale = chance(state.faults.seed, state.calls, 4) < state.faults.stale;
        let earlier = state.lists.insert(prefix.to_string(), list.clone()).filter(|earlier| stale && *earlier != list);
        let Some(earlier) = earlier else { return list };
        state.stale_lists += 1;
        // It may be as old again the next time.
        state.lists.insert(prefix.to_string(), earlier.clone());
        earlier
    }

    /// Whether this write is torn.
    fn tears(&self) -> bool {
        let mut state = self.state();
        let Faults { seed, before, torn, .. } = state.faults;
        let tears = chance(seed, state.calls, 3) < before * torn;
        // The next call throws other dice.
        state.calls += u64::from(tears);
        state.struck += u64::from(tears);
        tears
    }

    fn fate(&self, operation: Operation) -> Fate {
        let mut state = self.state();
        state.calls += 1;
        let count = state.counts.entry(operation).or_insert(0);
        *count += 1;
        let count = *count;
        let Faults { seed, before, after, delayed, delay, .. } = state.faults;
        let delay = (chance(seed, state.calls, 1) < delayed).then_some(delay);
        let dice = chance(seed, state.calls, 2);
        let fails = match state.planned.remove(&(operation, count)) {
            _ if state.down || state.interrupted => Some(When::Before),
            _ if let Some((last, when)) = state.last
                && last == state.calls =>
            {
                state.down = true;
                Some(when)
            }
            Some(when) => Some(when),
            None if dice < before => Some(When::Before),
            None if dice < before + after => Some(When::After),
            None => None,
        };
        state.struck += u64::from(fails.is_some());
        Fate { delay, fails }
    }

    async fn inject<T>(
        &self,
        operation: Operation,
        url: String,
        call: impl Future<Output = Result<T, StorageError>>,
    ) -> Result<T, StorageError> {
        let fate = self.fate(operation);
        // Whoever steers the faults outlives the call: it is `self`.
        let _ = self.paused.subscribe().wait_for(|paused| !paused).await;
        if self.state().full && matches!(operation, Operation::Put | Operation::Upload | Operation::Complete) {
            return Err(StorageError::NoSpace { action: "write", url, reason: "injected fault".to_string() });
        }
        match fate.delay {
            Some(Delay::Time(time)) => tokio::time::sleep(time).await,
            Some(Delay::Turns(turns)) => {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
            }
            None => {}
        }
        let injected = |reason: &str| StorageError::Unavailable { action: "reach", url, reason: reason.to_string() };
        match fate.fails {
            Some(When::Before) => Err(injected("injected fault before the call")),
            Some(When::After) => {
                call.await?;
                Err(injected("injected fault after the call"))
            }
            None => call.await,
        }
    }
}

/// A number from 0 to 1 that depends on nothing but its arguments (SplitMix64).
fn chance(seed: u64, call: u64, purpose: u64) -> f64 {
    let mut z = seed ^ call.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[derive(Debug)]
struct Faulty {
    inner: Arc<dyn Backend>,
    control: FaultControl,
}

#[async_trait]
impl Backend for Faulty {
    async fn get(&self, path: &Path) -> Result<(Bytes, Version), StorageError> {
        self.control.inject(Operation::Get, self.url_of(path), self.inner.get(path)).await
    }

    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<Bytes, StorageError> {
        self.control.inject(Operation::Get, self.url_of(path), self.inner.get_range(path, range)).await
    }

    async fn put(&self, path: &Path, bytes: Bytes, condition: PutCondition) -> Result<Version, StorageError> {
        let ignored = self.control.state().ignores_conditions;
        let condition = if ignored { PutCondition::Always } else { condition };
        if condition == PutCondition::Always && !ignored && self.control.tears() {
            self.inner.put(path, bytes.slice(..bytes.len() / 2), condition).await?;
            let (url, reason) = (self.url_of(path), "injected fault in the middle of the call".to_string());
            return Err(StorageError::Unavailable { action: "write", url, reason });
        }
        self.control.inject(Operation::Put, self.url_of(path), self.inner.put(path, bytes, condition)).await
    }

    async fn upload(&self, path: &Path) -> Result<Box<dyn UploadBackend>, StorageError> {
        let inner = self.inner.upload(path).await?;
        Ok(Box::new(FaultyUpload { inner, url: self.url_of(path), control: self.control.clone() }))
    }

    async fn list(&self, prefix: &Path) -> Result<Vec<ObjectInfo>, StorageError> {
        let list = self.control.inject(Operation::List, self.url_of(prefix), self.inner.list(prefix)).await?;
        Ok(self.control.maybe_stale(prefix, list))
    }

    async fn delete(&self, path: &Path) -> Result<(), StorageError> {
        self.control.inject(Operation::Delete, self.url_of(path), self.inner.delete(path)).await
    }

    async fn head(&self, path: &Path) -> Result<Option<ObjectInfo>, StorageError> {
        self.control.inject(Operation::Head, self.url_of(path), self.inner.head(path)).await
    }

    fn parts(&self) -> &dyn PartsBackend {
        self
    }

    fn url_of(&self, path: &Path) -> String {
        self.inner.url_of(path)
    }
}

#[async_trait]
impl PartsBackend for Faulty {
    fn min_part_bytes(&self) -> u64 {
        self.inner.parts().min_part_bytes()
    }

    async fn begin(&self, path: &Path, record: &Path) -> Result<String, StorageError> {
        let call = self.inner.parts().begin(path, record);
        self.control.inject(Operation::Upload, self.url_of(path), call).await
    }

    async fn put(&self, upload: &Located<'_>, before: &[Part], bytes: Bytes) -> Result<Part, StorageError> {
        let call = self.inner.parts().put(upload, before, bytes);
        self.control.inject(Operation::Upload, self.url_of(upload.path), call).await
    }

    async fn complete(&self, upload: &Located<'_>, parts: &[Part]) -> Result<Completion, StorageError> {
        let call = self.inner.parts().complete(upload, parts);
        self.control.inject(Operation::Complete, self.url_of(upload.path), call).await
    }

    async fn abort(&self, record: &Path) -> Result<(), StorageError> {
        self.control.inject(Operation::Delete, self.url_of(record), self.inner.parts().abort(record)).await
    }

    async fn hand_on(&self, from: &Path, to: &Path) -> Result<(), StorageError> {
        self.control.inject(Operation::Put, self.url_of(to), self.inner.parts().hand_on(from, to)).await
    }
}

struct FaultyUpload {
    inner: Box<dyn UploadBackend>,
    url: String,
    control: FaultControl,
}

#[async_trait]
impl UploadBackend for FaultyUpload {
    async fn write(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        self.control.inject(Operation::Upload, self.url.clone(), self.inner.write(bytes)).await
    }

    async fn finish(self: Box<Self>) -> Result<(), StorageError> {
        let Self { inner, url, control } = *self;
        control.inject(Operation::Upload, url, inner.finish()).await
    }

    async fn abort(self: Box<Self>) -> Result<(), StorageError> {
        self.inner.abort().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn planned_faults_strike_before_and_after() {
        let plain = Storage::open("memory://planned-faults").unwrap();
        let (storage, control) = with_faults(&plain, Faults::none());
        control.fail_nth(Operation::Put, 1, When::Before);
        control.fail_nth(Operation::Put, 2, When::After);
        assert!(storage.put("a", "1".into()).await.is_err());
        assert!(plain.head("a").await.unwrap().is_none());
        assert!(storage.put_if_absent("a", "1".into()).await.is_err());
        assert_eq!(plain.get("a").await.unwrap(), "1");
        assert!(!storage.put_if_absent("a", "2".into()).await.unwrap());
        control.go_down();
        assert!(storage.get("a").await.is_err());
        control.heal();
        assert_eq!(storage.get("a").await.unwrap(), "1");
        assert_eq!(control.count(Operation::Put), 3);
    }

    #[tokio::test]
    async fn a_stale_list_is_one_that_was_true_before() {
        let plain = Storage::open("memory://stale-lists").unwrap();
        let (storage, control) = with_faults(&plain, Faults { stale: 1.0, ..Faults::none() });
        let paths =
            async || -> Vec<String> { storage.list("").await.unwrap().into_iter().map(|info| info.path).collect() };
        storage.put("a", "1".into()).await.unwrap();
        assert_eq!(paths().await, ["a"]);
        storage.put("b", "1".into()).await.unwrap();
        assert_eq!(paths().await, ["a"]);
        assert_eq!(control.stale_lists(), 1);
        control.heal();
        assert_eq!(paths().await, ["a", "b"]);
    }

    #[tokio::test]
    async fn a_full_disk_is_read_and_emptied_but_not_written() {
        let (storage, control) = with_faults(&Storage::open("memory://full-disk").unwrap(), Faults::none());
        storage.put("a", "1".into()).await.unwrap();
        control.fill_up(true);
        assert!(matches!(storage.put("b", "1".into()).await, Err(StorageError::NoSpace { .. })));
        assert_eq!(storage.get("a").await.unwrap(), "1");
        storage.delete("a").await.unwrap();
        control.fill_up(false);
        storage.put("b", "1".into()).await.unwrap();
    }

    #[tokio::test]
    async fn a_paused_call_goes_on_where_it_was() {
        let (storage, control) = with_faults(&Storage::open("memory://paused").unwrap(), Faults::none());
        control.pause(true);
        let put = storage.put("a", "1".into());
        tokio::pin!(put);
        assert!(futures::poll!(put.as_mut()).is_pending());
        control.pause(false);
        put.await.unwrap();
    }

    #[tokio::test]
    async fn random_faults_repeat_with_their_seed() {
        async fn outcomes(seed: u64) -> Vec<bool> {
            let plain = Storage::open("memory://random-faults").unwrap();
            let faults = Faults { seed, before: 0.3, after: 0.2, ..Faults::none() };
            let (storage, _) = with_faults(&plain, faults);
            let mut outcomes = Vec::new();
            for _ in 0..64 {
                outcomes.push(storage.put("a", "1".into()).await.is_ok());
            }
            outcomes
        }
        assert_eq!(outcomes(7).await, outcomes(7).await);
        assert_ne!(outcomes(7).await, outcomes(8).await);
        let failed = outcomes(7).await.iter().filter(|ok| !**ok).count();
        assert!((16..48).contains(&failed), "{failed} of 64");
    }
}
