//! What `lease.json` says.

use std::fmt;
use std::time::Duration;

use arroyo_types::Clock;
use serde::{Deserialize, Serialize};

/// Who runs a state directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Grows whenever the holder before may not have known that it was replaced. Starts of jobs are numbered above it.
    pub(super) generation: u64,
    /// Tells holders apart: random.
    pub(super) holder: String,
    /// The machine's name.
    pub(super) host: String,
    /// Tells starts of the machine apart; empty where the system does not say.
    pub(super) boot: String,
    /// Tells containers apart, whose processes have numbers of their own; empty where the system does not say.
    pub(super) processes: String,
    /// The process.
    pub(super) pid: u32,
    /// When it was taken, in microseconds since the Unix epoch.
    pub(super) since_micros: i64,
    /// When it was last renewed, in microseconds since the Unix epoch.
    pub(super) renewed_micros: i64,
    /// It ends so long after it was last renewed.
    pub(super) ttl_ms: u64,
    /// Its holder has ended.
    pub(super) released: bool,
    /// With [`Record::released`]: the metadata database was stored before.
    pub(super) settled: bool,
}

impl Record {
    /// A lease of this process, from now on.
    pub(super) fn new(generation: u64, ttl: Duration, clock: &dyn Clock) -> Self {
        let now = clock.now_micros();
        Self {
            generation,
            holder: uuid::Uuid::new_v4().to_string(),
            host: host(),
            boot: system_text("/proc/sys/kernel/random/boot_id"),
            processes: std::fs::read_link("/proc/self/ns/pid")
                .map(|link| link.display().to_string())
                .unwrap_or_default(),
            pid: std::process::id(),
            since_micros: now,
            renewed_micros: now,
            ttl_ms: u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX),
            released: false,
            settled: false,
        }
    }

    /// The same lease, renewed.
    pub(super) fn renewed(&self, clock: &dyn Clock) -> Self {
        Self { renewed_micros: clock.now_micros(), ..self.clone() }
    }

    /// How long it lasts if it is not renewed, by the clock of this machine; `None`: it has ended.
    pub(super) fn remaining(&self, clock: &dyn Clock) -> Option<Duration> {
        let ttl = Duration::from_millis(self.ttl_ms);
        let age = u64::try_from(clock.now_micros().saturating_sub(self.renewed_micros)).unwrap_or(0);
        (ttl + self.ahead(clock)).checked_sub(Duration::from_micros(age)).filter(|left| !left.is_zero())
    }

    /// How far in the future it was renewed: so much the clock of its holder is ahead of this machine's, at least.
    pub(super) fn ahead(&self, clock: &dyn Clock) -> Duration {
        Duration::from_micros(u64::try_from(self.renewed_micros.saturating_sub(clock.now_micros())).unwrap_or(0))
    }

    /// Whether both were taken on one machine between two of its starts.
    pub(super) fn is_same_machine(&self, other: &Self) -> bool {
        if self.boot.is_empty() { self.host == other.host } else { self.boot == other.boot }
    }

    /// Whether its process is known to have ended: it is one of those that this process can see.
    pub(super) fn has_died(&self, own: &Self) -> bool {
        let visible = !self.processes.is_empty() && self.processes == own.processes && self.is_same_machine(own);
        visible && has_ended(self.pid)
    }
}

/// Whether there is no such process any more, or only what is left of one until its parent asks how it ended (`proc_pid_stat(5)`).
fn has_ended(pid: u32) -> bool {
    let stat = match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat,
        Err(error) => return error.kind() == std::io::ErrorKind::NotFound,
    };
    // The process's name stands in parentheses before the state, and may have any characters.
    stat.rsplit_once(") ").is_some_and(|(_, fields)| fields.starts_with(['Z', 'X']))
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {} since {}", self.pid, self.host, time(self.since_micros))
    }
}

/// A time for people.
pub(crate) fn time(micros: i64) -> String {
    match chrono::DateTime::from_timestamp_micros(micros) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => "an unknown time".to_string(),
    }
}

/// The machine's name.
pub(crate) fn host() -> String {
    let name = system_text("/proc/sys/kernel/hostname");
    let name = if name.is_empty() { std::env::var("HOSTNAME").unwrap_or_default() } else { name };
    if name.is_empty() { "an unnamed machine".to_string() } else { name }
}

fn system_text(path: &str) -> String {
    std::fs::read_to_string(path).map(|text| text.trim().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// As the first release has written it.
    const GOLDEN: &str = r#"{"generation":3,"holder":"6c1b","host":"worker-3","boot":"b0","processes":"pid:[1]","pid":4711,"since_micros":1772352000000000,"renewed_micros":1772352005000000,"ttl_ms":15000,"released":false,"settled":true}"#;

    fn record() -> Record {
        Record {
            generation: 3,
            holder: "6c1b".to_string(),
            host: "worker-3".to_string(),
            boot: "b0".to_string(),
            processes: "pid:[1]".to_string(),
            pid: 4711,
            since_micros: 1_772_352_000_000_000,
            renewed_micros: 1_772_352_005_000_000,
            ttl_ms: 15_000,
            released: false,
            settled: true,
        }
    }

    #[test]
    fn the_golden_lease_is_read_and_written_as_ever_and_says_who_where_and_since_when() {
        assert_eq!(serde_json::from_str::<Record>(GOLDEN).unwrap(), record());
        assert_eq!(serde_json::to_string(&record()).unwrap(), GOLDEN);
        assert_eq!(record().to_string(), "process 4711 on worker-3 since 2026-03-01 08:00:00 UTC");
    }

    #[test]
    fn what_a_later_release_adds_to_a_lease_is_left_out() {
        let more = GOLDEN.replacen('{', r#"{"release":"2.0","#, 1);
        assert_eq!(serde_json::from_str::<Record>(&more).unwrap(), record());
    }

    #[test]
    fn a_killed_process_has_ended_before_its_parent_knows() {
        let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
        assert!(!has_ended(child.id()) && !has_ended(std::process::id()));
        child.kill().unwrap();
        while !has_ended(child.id()) {
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert!(has_ended(child.id()));
    }
}
