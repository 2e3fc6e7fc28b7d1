//! A plan as a table: figures in columns at the left, the tree of operators at the right.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use arroyo_openapi::types;

use crate::terminal;

const HEADER: [&str; 7] = ["rows in", "rows out", "rows/s", "busy", "state", "peak", "skew"];

/// A plan and what it is compared with.
pub(super) struct Table<'a> {
    plan: &'a types::JobPlan,
    /// Rates are those since then; without it those of the whole run.
    before: Option<&'a types::JobPlan>,
    /// Microseconds since the Unix epoch.
    now: i64,
}

/// A line: figures of an operator, or none, and a part of the tree.
struct Line {
    figures: [String; 7],
    tree: String,
}

impl<'a> Table<'a> {
    /// The plan, its rates since `before`, its watermarks as seen at `now`.
    pub(super) fn new(plan: &'a types::JobPlan, before: Option<&'a types::JobPlan>, now: i64) -> Self {
        Self { plan, before, now }
    }

    fn lines(&self) -> Vec<Line> {
        let read: BTreeSet<u32> =
            self.plan.nodes.iter().flat_map(|node| &node.inputs).map(|input| input.node_id).collect();
        let mut lines = Vec::new();
        let mut seen = BTreeSet::new();
        for node in self.plan.nodes.iter().filter(|node| !read.contains(&node.node_id)) {
            self.subtree(node, 0, &mut seen, &mut lines);
        }
        lines
    }

    fn subtree(&self, node: &types::PlanNode, depth: usize, seen: &mut BTreeSet<u32>, lines: &mut Vec<Line>) {
        let indent = "  ".repeat(depth);
        if !seen.insert(node.node_id) {
            lines.push(Line::text(format!("{indent}node {} (above)", node.node_id)));
            return;
        }
        let head = format!("{indent}node {} ×{}{}", node.node_id, node.parallelism, self.remarks(node));
        lines.push(Line::text(head));
        for operator in node.operators.iter().rev() {
            let tree = format!("{indent}  {}: {}", operator.name, operator.description);
            lines.push(Line { figures: self.figures(node, operator), tree });
        }
        for input in &node.inputs {
            lines.push(Line::text(format!("{indent}  ◀ {}", input.exchange)));
            if let Some(node) = self.plan.nodes.iter().find(|node| node.node_id == input.node_id) {
                self.subtree(node, depth + 2, seen, lines);
            }
        }
    }

    /// What concerns all operators of a node.
    fn remarks(&self, node: &types::PlanNode) -> String {
        let mut text = String::new();
        if let Some(figures) = &node.figures {
            if let Some(watermark) = figures.watermark_micros {
                let lag = u64::try_from(self.now.saturating_sub(watermark)).unwrap_or(0);
                text.push_str(&format!(" · watermark {} behind", terminal::duration(Duration::from_micros(lag))));
            }
            let before = self.before_of(node);
            let running = since(&figures.running_micros, before.map(|before| &before.running_micros));
            let blocked = since(&figures.blocked_micros, before.map(|before| &before.blocked_micros));
            if blocked > 0.005 * running {
                text.push_str(&format!(" · blocked {}", percent(blocked / running.max(1.0))));
            }
            if figures.backpressure >= 0.005 {
                text.push_str(&format!(" · queues {} full", percent(figures.backpressure)));
            }
        }
        let figures = || node.operators.iter().filter_map(|operator| operator.figures.as_ref());
        let late: u64 = figures().map(|figures| figures.late_rows).sum();
        let bad: u64 = figures().map(|figures| figures.bad_records).sum();
        for (count, what) in [(late, "late rows"), (bad, "bad records")] {
            if count > 0 {
                text.push_str(&format!(" · {} {what}", terminal::count(count as f64)));
            }
        }
        text
    }

    fn figures(&self, node: &types::PlanNode, operator: &types::PlanOperator) -> [String; 7] {
        let (Some(tasks), Some(now)) = (&node.figures, &operator.figures) else { return Default::default() };
        let before = self.before_of(node).and_then(|tasks| {
            let nodes = &self.before?.nodes;
            let operators = nodes.iter().filter(|found| found.node_id == node.node_id).flat_map(|node| &node.operators);
            let mut found = operators.filter(|found| found.operator_id == operator.operator_id);
            Some((tasks, found.next()?.figures.as_ref()?))
        });
        // The rows of an operator are those that it gives; a sink gives those that it writes.
        let rows = since(&now.rows_out, before.map(|(_, before)| &before.rows_out));
        let running = since(&tasks.running_micros, before.map(|(tasks, _)| &tasks.running_micros));
        let busy = since(&now.busy_micros, before.map(|(_, before)| &before.busy_micros));
        // Subtasks run side by side.
        let seconds = running / 1e6 / f64::from(tasks.tasks.max(1));
        let rate = if seconds > 0.0 { terminal::count(rows / seconds) } else { String::new() };
        [
            now.rows_in.total.to_string(),
            now.rows_out.total.to_string(),
            rate,
            if running > 0.0 { percent(busy / running) } else { String::new() },
            state(now.state_bytes.total),
            state(now.state_bytes_max.total),
            skew(&now.rows_in, tasks.tasks),
        ]
    }

    /// A node's figures before, if they are of the same start.
    fn before_of(&self, node: &types::PlanNode) -> Option<&'a types::NodeFigures> {
        let before = self.before?.nodes.iter().find(|found| found.node_id == node.node_id)?.figures.as_ref()?;
        let is_later = node.figures.as_ref()?.running_micros.total > before.running_micros.total;
        is_later.then_some(before)
    }
}

/// What was added since then.
fn since(now: &types::Figure, before: Option<&types::Figure>) -> f64 {
    now.total.saturating_sub(before.map_or(0, |before| before.total)) as f64
}

fn percent(part: f64) -> String {
    format!("{:.0}%", 100.0 * part.min(1.0))
}

/// Bytes; nothing for an operator without state.
fn state(bytes: u64) -> String {
    if bytes == 0 { String::new() } else { terminal::bytes(bytes) }
}

/// How many times the rows of an average subtask the busiest one got.
fn skew(rows: &types::Figure, tasks: u32) -> String {
    if tasks < 2 || rows.total == 0 {
        return String::new();
    }
    format!("{:.1}×", rows.max as f64 * f64::from(tasks) / rows.total as f64)
}

impl Line {
    fn text(tree: String) -> Self {
        Self { figures: Default::default(), tree }
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        let mut widths = HEADER.map(str::len);
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(&line.figures) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let header = Line { figures: HEADER.map(str::to_string), tree: "operator".to_string() };
        for (number, line) in std::iter::once(&header).chain(&lines).enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            for (width, cell) in widths.iter().zip(&line.figures) {
                write!(f, "{cell:>width$}  ")?;
            }
            write!(f, "{}", line.tree)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
