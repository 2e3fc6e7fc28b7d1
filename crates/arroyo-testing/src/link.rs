//! What happens to bytes on their way from one process to another.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arroyo_runtime::{Reader, Writer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;

/// Bytes that are passed on at once.
const CHUNK: usize = 16 << 10;

/// The state of a way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct State {
    /// Connections are cut when this grows.
    cuts: u64,
    refuses: bool,
    blackhole: bool,
    delay: Duration,
    bytes_per_s: Option<u64>,
}

/// Steers what happens to connections over a way. Clones steer the same one.
#[derive(Debug, Clone, Default)]
pub struct LinkControl(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: watch::Sender<State>,
    connections: AtomicU64,
    bytes: AtomicU64,
}

impl LinkControl {
    fn set(&self, change: impl FnOnce(&mut State)) {
        self.0.state.send_modify(change);
    }

    /// Ends all connections there are.
    pub fn cut(&self) {
        self.set(|state| state.cuts += 1);
    }

    /// New connections are refused, or not any more.
    pub fn refuse(&self, refuses: bool) {
        self.set(|state| state.refuses = refuses);
    }

    /// Nothing arrives and nothing is refused, as if a cable was pulled; when it is plugged in again, what was sent arrives.
    pub fn blackhole(&self, blackhole: bool) {
        self.set(|state| state.blackhole = blackhole);
    }

    /// All bytes take so long, in both directions.
    pub fn delay(&self, delay: Duration) {
        self.set(|state| state.delay = delay);
    }

    /// So many bytes pass in a second and direction, at most.
    pub fn limit(&self, bytes_per_s: Option<u64>) {
        self.set(|state| state.bytes_per_s = bytes_per_s);
    }

    /// Everything is as it should be; connections that were cut stay so.
    pub fn heal(&self) {
        self.set(|state| *state = State { cuts: state.cuts, ..State::default() });
    }

    /// Connections that were made.
    pub fn connections(&self) -> u64 {
        self.0.connections.load(Ordering::Relaxed)
    }

    /// Bytes that have arrived, in both directions.
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn count_connection(&self) {
        self.0.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refuses(&self) -> bool {
        self.0.state.borrow().refuses
    }

    /// Waits until bytes arrive again.
    pub(crate) async fn passable(&self) {
        // The sender is `self`, so there is one.
        let _ = self.0.state.subscribe().wait_for(|state| !state.blackhole).await;
    }

    /// Completes when connections that exist now are cut.
    async fn is_cut(&self) {
        let mut state = self.0.state.subscribe();
        let cuts = state.borrow_and_update().cuts;
        let _ = state.wait_for(|state| state.cuts != cuts).await;
    }

    async fn pass(&self, bytes: usize) {
        self.passable().await;
        let State { delay, bytes_per_s, .. } = *self.0.state.borrow();
        let rate = |limit: u64| Duration::from_secs_f64(bytes as f64 / limit.max(1) as f64);
        let time = delay + bytes_per_s.map_or(Duration::ZERO, rate);
        if !time.is_zero() {
            tokio::time::sleep(time).await;
        }
        // What was under way when the cable was pulled has not arrived.
        self.passable().await;
        self.0.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// Passes bytes on in both directions, over ways that are steered by `controls`, until one side closes or a way is cut.
pub(crate) async fn forward(
    here: (Reader, Writer),
    there: (Reader, Writer),
    controls: [LinkControl; 2],
) -> Result<(), Infallible> {
    let [first, second] = &controls;
    let both = async { tokio::join!(copy(here.0, there.1, &controls), copy(there.0, here.1, &controls)) };
    tokio::select! {
        biased;
        () = first.is_cut() => {}
        () = second.is_cut() => {}
        // An error is seen by both sides: their halves are dropped.
        _ = both => {}
    }
    Ok(())
}

async fn copy(mut from: Reader, mut to: Writer, controls: &[LinkControl; 2]) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let bytes = from.read(&mut chunk).await?;
        for control in controls {
            control.pass(bytes).await;
        }
        if bytes == 0 {
            return to.shutdown().await;
        }
        to.write_all(chunk.get(..bytes).unwrap_or_default()).await?;
        to.flush().await?;
    }
}
