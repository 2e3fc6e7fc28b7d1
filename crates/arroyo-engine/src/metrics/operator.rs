//! What is counted in each operator of a task.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arroyo_operator::TaskCounters;
use arroyo_types::OperatorId;

/// Totals of one operator of a task since the task's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorMetrics {
    /// The operator.
    pub operator: OperatorId,
    /// Rows that came in; for a source, rows it read.
    pub rows_in: u64,
    /// Rows that went out; for a sink, rows it wrote.
    pub rows_out: u64,
    /// Microseconds of work, without those of the operators behind it and without waiting.
    pub busy_micros: u64,
    /// Bytes of memory held in state, roughly.
    pub state_bytes: u64,
    /// The most that it was.
    pub state_bytes_max: u64,
    /// Rows dropped because the watermark had passed them.
    pub late_rows: u64,
    /// Records that could not be decoded.
    pub bad_records: u64,
}

/// The counters of one operator of a task.
#[derive(Debug)]
pub(super) struct OperatorMeter {
    operator: OperatorId,
    rows_in: AtomicU64,
    rows_out: AtomicU64,
    busy_nanos: AtomicU64,
    state_bytes: AtomicU64,
    state_bytes_max: AtomicU64,
    pub(super) counters: Arc<TaskCounters>,
}

impl OperatorMeter {
    pub(super) fn new(operator: OperatorId) -> Self {
        Self {
            operator,
            rows_in: AtomicU64::new(0),
            rows_out: AtomicU64::new(0),
            busy_nanos: AtomicU64::new(0),
            state_bytes: AtomicU64::new(0),
            state_bytes_max: AtomicU64::new(0),
            counters: Arc::default(),
        }
    }

    pub(super) fn rows_in(&self, rows: usize) {
        self.rows_in.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub(super) fn rows_out(&self, rows: usize) {
        self.rows_out.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub(super) fn busy(&self, time: Duration) {
        self.busy_nanos.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn state_bytes(&self, bytes: u64) {
        self.state_bytes.store(bytes, Ordering::Relaxed);
        self.state_bytes_max.fetch_max(bytes, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> OperatorMetrics {
        let load = |value: &AtomicU64| value.load(Ordering::Relaxed);
        OperatorMetrics {
            operator: self.operator.clone(),
            rows_in: load(&self.rows_in),
            rows_out: load(&self.rows_out),
            busy_micros: load(&self.busy_nanos) / 1_000,
            state_bytes: load(&self.state_bytes),
            state_bytes_max: load(&self.state_bytes_max),
            late_rows: load(&self.counters.late_rows),
            bad_records: load(&self.counters.bad_records),
        }
    }
}
