//! How many rows went through a job.

use arroyo_types::NodeId;

use crate::proto::TaskMetrics;

/// Rows that a job read from outside and rows that it wrote there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowTotals {
    /// Rows that sources read.
    pub rows_in: u64,
    /// Rows that sinks took.
    pub rows_out: u64,
    /// Rows that came too late, wherever.
    pub late_rows: u64,
}

impl RowTotals {
    /// Sums what the tasks of source nodes received and what those of sink nodes sent; a node may be both.
    pub fn sum<'a>(
        tasks: impl IntoIterator<Item = &'a TaskMetrics>,
        is_source: impl Fn(NodeId) -> bool,
        is_sink: impl Fn(NodeId) -> bool,
    ) -> Self {
        let mut totals = Self::default();
        for metrics in tasks {
            let Some(task) = metrics.task else { continue };
            totals.late_rows += metrics.late_rows;
            if is_source(NodeId(task.node)) {
                totals.rows_in += metrics.rows_received;
            }
            if is_sink(NodeId(task.node)) {
                totals.rows_out += metrics.rows_sent;
            }
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::Task;

    #[test]
    fn only_rows_that_pass_the_jobs_border_count() {
        let metrics = |node: u32, subtask: u32| TaskMetrics {
            task: Some(Task { node, subtask }),
            rows_received: 100,
            rows_sent: 7,
            late_rows: 2,
            ..TaskMetrics::default()
        };
        let tasks = [metrics(0, 0), metrics(0, 1), metrics(1, 0), metrics(2, 0), TaskMetrics::default()];
        let totals = RowTotals::sum(&tasks, |node| node.0 == 0, |node| node.0 == 2);
        assert_eq!(totals, RowTotals { rows_in: 200, rows_out: 7, late_rows: 8 });
        let all = RowTotals::sum(&tasks[..1], |_| true, |_| true);
        assert_eq!(all, RowTotals { rows_in: 100, rows_out: 7, late_rows: 2 });
    }
}
