//! How much a job has done, and how fast it is.

use std::collections::VecDeque;

use arroyo_dataflow::{Node, Program};
use arroyo_rpc::RowTotals;
use arroyo_rpc::proto::TaskMetrics;
use tokio::time::Instant;

/// Samples that a rate is made of: it spans the time between the first and the last.
const SAMPLES_MAX: usize = 3;

/// The watermark behind the end of all data.
pub(super) const END_OF_DATA: i64 = i64::MAX;

/// A job's totals, kept when the job has no tasks for a while, and the rates between them.
#[derive(Debug, Default)]
pub(crate) struct Throughput {
    samples: VecDeque<(Instant, RowTotals)>,
    pub(crate) rows: RowTotals,
    pub(crate) bad_records: u64,
    pub(crate) late_rows: u64,
    /// In microseconds since the Unix epoch.
    pub(crate) watermark_micros: Option<i64>,
}

impl Throughput {
    /// Adds what the job's tasks have counted at `now`; none if it does not run.
    pub(crate) fn add(&mut self, now: Instant, tasks: &[TaskMetrics], program: &Program) {
        if tasks.is_empty() {
            self.samples.clear();
            return;
        }
        let rows = RowTotals::sum(
            tasks,
            |node| program.node(node).is_some_and(Node::is_source),
            |node| program.node(node).is_some_and(Node::is_sink),
        );
        if rows.rows_in < self.rows.rows_in || rows.rows_out < self.rows.rows_out {
            // Its tasks were started again.
            self.samples.clear();
        }
        self.rows = rows;
        self.bad_records = tasks.iter().map(|task| task.bad_records).sum();
        self.late_rows = tasks.iter().map(|task| task.late_rows).sum();
        let watermarks = tasks.iter().filter_map(|task| task.watermark_nanos);
        let lowest = watermarks.filter(|watermark| *watermark != END_OF_DATA).min();
        self.watermark_micros = lowest.map(|nanos| nanos.div_euclid(1_000));
        self.samples.push_back((now, rows));
        if self.samples.len() > SAMPLES_MAX {
            self.samples.pop_front();
        }
    }

    /// Rows in and rows out per second, lately; 0 before the second sample.
    pub(crate) fn per_second(&self) -> (f64, f64) {
        let (Some((begin, before)), Some((end, now))) = (self.samples.front(), self.samples.back()) else {
            return (0.0, 0.0);
        };
        let seconds = end.duration_since(*begin).as_secs_f64();
        if seconds <= 0.0 {
            return (0.0, 0.0);
        }
        let rate = |now: u64, before: u64| now.saturating_sub(before) as f64 / seconds;
        (rate(now.rows_in, before.rows_in), rate(now.rows_out, before.rows_out))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use arroyo_dataflow::{Operator, names};
    use arroyo_rpc::proto::Task;
    use arroyo_types::NodeId;

    use super::*;

    fn program() -> Program {
        let node = |id: u32, name: &str| Node {
            id: NodeId(id),
            description: name.into(),
            parallelism: 1,
            max_parallelism: None,
            chain: vec![Operator { id: name.into(), name: name.into(), description: name.into(), config: Vec::new() }],
        };
        Program { nodes: vec![node(0, names::SOURCE), node(1, names::SINK)], edges: Vec::new() }
    }

    fn tasks(rows_in: u64, rows_out: u64, watermarks: [Option<i64>; 2]) -> [TaskMetrics; 2] {
        let task = |node| Some(Task { node, subtask: 0 });
        let [source, sink] = watermarks;
        [
            TaskMetrics {
                task: task(0),
                rows_received: rows_in,
                rows_sent: 1,
                bad_records: 2,
                watermark_nanos: source,
                ..TaskMetrics::default()
            },
            TaskMetrics {
                task: task(1),
                rows_received: 1,
                rows_sent: rows_out,
                late_rows: 3,
                watermark_nanos: sink,
                ..TaskMetrics::default()
            },
        ]
    }

    #[test]
    fn rates_span_the_last_samples() {
        let (mut throughput, start) = (Throughput::default(), Instant::now());
        let second = |count: u64| start + Duration::from_secs(count);
        throughput.add(second(0), &tasks(1000, 0, [None, None]), &program());
        assert_eq!((throughput.per_second(), throughput.rows.rows_in), ((0.0, 0.0), 1000));
        throughput.add(second(1), &tasks(2000, 10, [None, None]), &program());
        assert_eq!(throughput.per_second(), (1000.0, 10.0));
        throughput.add(second(2), &tasks(2000, 20, [None, None]), &program());
        throughput.add(second(3), &tasks(2000, 20, [None, None]), &program());
        assert_eq!(throughput.per_second(), (0.0, 5.0));
        assert_eq!((throughput.bad_records, throughput.late_rows), (2, 3));
    }

    #[test]
    fn a_new_start_begins_anew_and_a_job_without_tasks_keeps_its_totals() {
        let (mut throughput, start) = (Throughput::default(), Instant::now());
        let second = |count: u64| start + Duration::from_secs(count);
        throughput.add(second(0), &tasks(1000, 5, [None, None]), &program());
        throughput.add(second(1), &tasks(10, 0, [None, None]), &program());
        assert_eq!(throughput.per_second(), (0.0, 0.0));
        throughput.add(second(2), &tasks(20, 0, [None, None]), &program());
        assert_eq!(throughput.per_second(), (10.0, 0.0));
        throughput.add(second(3), &[], &program());
        assert_eq!((throughput.per_second(), throughput.rows.rows_in), ((0.0, 0.0), 20));
    }

    #[test]
    fn the_watermark_is_that_of_the_task_that_is_furthest_behind() {
        let mut throughput = Throughput::default();
        let mut watermark = |watermarks| {
            throughput.add(Instant::now(), &tasks(0, 0, watermarks), &program());
            throughput.watermark_micros
        };
        assert_eq!(watermark([None, None]), None);
        assert_eq!(watermark([Some(2_000), None]), Some(2));
        assert_eq!(watermark([Some(2_000), Some(-1)]), Some(-1));
        assert_eq!(watermark([Some(i64::MAX), Some(2_000)]), Some(2));
        assert_eq!(watermark([Some(i64::MAX), Some(i64::MAX)]), None);
    }
}
