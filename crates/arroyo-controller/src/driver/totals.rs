//! What a start has done, by the counts of its tasks at their ends.

use arroyo_dataflow::Node;
use arroyo_rpc::{RowTotals, proto};
use arroyo_types::TaskId;

use super::Driver;

impl Driver {
    /// Keeps what a finished task counted. With the last one the job's totals are known; the next write of its status, at the
    /// latest that of its end, stores them.
    pub(super) fn count(&mut self, task: TaskId, metrics: proto::TaskMetrics) {
        let Some(plan) = self.run.as_ref().and_then(|run| run.plan.as_ref()) else { return };
        self.ended.insert(task, metrics);
        if plan.prepared.tasks.iter().all(|task| self.ended.contains_key(task)) {
            self.totals = Some(RowTotals::sum(
                self.ended.values(),
                |node| plan.program.node(node).is_some_and(Node::is_source),
                |node| plan.program.node(node).is_some_and(Node::is_sink),
            ));
        }
    }
}
