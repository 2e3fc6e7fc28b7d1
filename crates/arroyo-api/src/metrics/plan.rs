//! A program with what its tasks have counted.

use arroyo_dataflow::{Node, Program, edge_label};
use arroyo_rpc::proto::{OperatorMetrics, TaskMetrics};

use super::series::backpressure;
use super::throughput::END_OF_DATA;
use crate::models::{Figure, NodeFigures, OperatorFigures, PlanInput, PlanNode, PlanOperator};

/// The program's nodes with the figures of their tasks.
pub(crate) fn plan_nodes(program: &Program, tasks: &[TaskMetrics]) -> Vec<PlanNode> {
    let nodes = program.nodes.iter().map(|node| {
        let own = tasks.iter().filter(|metrics| metrics.task.is_some_and(|task| task.node == node.id.0));
        let own: Vec<&TaskMetrics> = own.collect();
        let inputs = program.inputs(node.id);
        PlanNode {
            node_id: node.id.0,
            parallelism: node.parallelism,
            inputs: inputs.map(|edge| PlanInput { node_id: edge.src.0, exchange: edge_label(edge) }).collect(),
            figures: node_figures(&own),
            operators: operators(node, &own),
        }
    });
    nodes.collect()
}

fn node_figures(tasks: &[&TaskMetrics]) -> Option<NodeFigures> {
    if tasks.is_empty() {
        return None;
    }
    let watermarks = tasks.iter().filter_map(|task| task.watermark_nanos);
    let lowest = watermarks.filter(|watermark| *watermark != END_OF_DATA).min();
    Some(NodeFigures {
        tasks: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
        running_micros: tasks.iter().map(|task| task.running_micros).collect(),
        blocked_micros: tasks.iter().map(|task| task.blocked_micros).collect(),
        backpressure: tasks.iter().map(|task| backpressure(task)).fold(0.0, f64::max),
        watermark_micros: lowest.map(|nanos| nanos.div_euclid(1_000)),
    })
}

fn operators(node: &Node, tasks: &[&TaskMetrics]) -> Vec<PlanOperator> {
    let operators = node.chain.iter().map(|operator| {
        let counted = tasks.iter().flat_map(|task| &task.operators);
        let counted: Vec<&OperatorMetrics> = counted.filter(|counted| counted.operator_id == operator.id.0).collect();
        PlanOperator {
            operator_id: operator.id.0.clone(),
            name: operator.name.clone(),
            description: operator.description.clone(),
            figures: operator_figures(&counted),
        }
    });
    operators.collect()
}

fn operator_figures(subtasks: &[&OperatorMetrics]) -> Option<OperatorFigures> {
    if subtasks.is_empty() {
        return None;
    }
    let figure =
        |part: fn(&OperatorMetrics) -> u64| -> Figure { subtasks.iter().map(|counted| part(counted)).collect() };
    Some(OperatorFigures {
        rows_in: figure(|counted| counted.rows_in),
        rows_out: figure(|counted| counted.rows_out),
        busy_micros: figure(|counted| counted.busy_micros),
        state_bytes: figure(|counted| counted.state_bytes),
        state_bytes_max: figure(|counted| counted.state_bytes_max),
        late_rows: figure(|counted| counted.late_rows).total,
        bad_records: figure(|counted| counted.bad_records).total,
    })
}

#[cfg(test)]
mod tests {
    use arroyo_dataflow::{Operator, names};
    use arroyo_rpc::proto::Task;
    use arroyo_types::NodeId;

    use super::*;

    fn program() -> Program {
        let operator = |id: &str, name: &str| Operator {
            id: id.into(),
            name: name.into(),
            description: id.into(),
            config: Vec::new(),
        };
        let node = |id: u32, chain| Node {
            id: NodeId(id),
            description: String::new(),
            parallelism: 2,
            max_parallelism: None,
            chain,
        };
        let first = node(0, vec![operator("read", names::SOURCE), operator("keep", names::FILTER)]);
        Program { nodes: vec![first, node(1, vec![operator("write", names::SINK)])], edges: Vec::new() }
    }

    fn task(subtask: u32, rows: u64, watermark_nanos: Option<i64>) -> TaskMetrics {
        let operator = |id: &str| OperatorMetrics {
            operator_id: id.to_string(),
            rows_in: rows,
            state_bytes_max: 10 * rows,
            late_rows: 1,
            ..OperatorMetrics::default()
        };
        TaskMetrics {
            task: Some(Task { node: 0, subtask }),
            running_micros: 1_000,
            queue_size: 99,
            queue_free: 99 - 49 * u64::from(subtask),
            watermark_nanos,
            operators: vec![operator("read"), operator("keep")],
            ..TaskMetrics::default()
        }
    }

    #[test]
    fn figures_are_sums_and_the_largest_part() {
        let nodes = plan_nodes(&program(), &[task(0, 10, Some(9_000)), task(1, 30, Some(7_500))]);
        let [read, write] = nodes.as_slice() else { panic!("{nodes:?}") };
        assert!(write.figures.is_none() && write.operators.iter().all(|operator| operator.figures.is_none()));
        let figures = read.figures.as_ref().unwrap();
        assert_eq!((figures.tasks, figures.watermark_micros), (2, Some(7)));
        assert_eq!(figures.running_micros, Figure { total: 2_000, max: 1_000 });
        assert!((figures.backpressure - 0.49).abs() < 1e-9, "{figures:?}");
        let keep = read.operators.last().and_then(|operator| operator.figures.as_ref()).unwrap();
        assert_eq!(keep.rows_in, Figure { total: 40, max: 30 });
        assert_eq!(keep.state_bytes_max, Figure { total: 400, max: 300 });
        assert_eq!(keep.late_rows, 2);
    }

    #[test]
    fn there_is_no_watermark_behind_the_end_of_data() {
        let nodes = plan_nodes(&program(), &[task(0, 1, Some(END_OF_DATA)), task(1, 1, None)]);
        assert_eq!(nodes.first().unwrap().figures.as_ref().unwrap().watermark_micros, None);
    }
}
