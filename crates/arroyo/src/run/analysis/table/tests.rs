use serde_json::{Value, json};

use super::*;

fn figures(rows_in: [u64; 2], rows_out: u64, busy: u64, state: u64) -> Value {
    let figure = |total: u64| json!({"total": total, "max": total});
    json!({
        "rows_in": {"total": rows_in[0], "max": rows_in[1]}, "rows_out": figure(rows_out), "busy_micros": figure(busy),
        "state_bytes": figure(state), "state_bytes_max": figure(2 * state), "late_rows": state / 1000, "bad_records": 0,
    })
}

fn node(id: u32, inputs: Value, running: u64, operators: Value) -> Value {
    let figure = |total: u64| json!({"total": total, "max": total});
    json!({
        "node_id": id, "parallelism": 2, "inputs": inputs, "operators": operators,
        "figures": {
            "tasks": 2, "running_micros": figure(running), "blocked_micros": figure(running / 4), "backpressure": 0.5,
            "watermark_micros": if id == 1 { json!(1_000_000) } else { Value::Null },
        },
    })
}

/// What it is `seconds` after its start.
fn plan(seconds: u64) -> types::JobPlan {
    let operator = |id: &str, figures: Value| json!({"operator_id": id, "name": id, "description": format!("{id} it"), "figures": figures});
    let running = 2 * seconds * 1_000_000;
    let rows = 1_000 * seconds;
    let read = json!([
        operator("source", figures([rows, rows / 2], rows, running / 10, 0)),
        operator("filter", figures([rows, rows / 2], rows / 2, 0, 0)),
    ]);
    let count =
        json!([operator("count", figures([rows / 2, rows / 2], 7, running, 3_000)), operator("sink", Value::Null)]);
    let plan = json!({
        "state": "Running", "time": 1, "nodes": [
            node(0, json!([]), running, read),
            node(1, json!([{"node_id": 0, "exchange": "shuffle by k"}, {"node_id": 0, "exchange": "gather"}]), running, count),
        ],
    });
    serde_json::from_value(plan).unwrap()
}

#[test]
fn rates_are_those_of_the_whole_run() {
    insta::assert_snapshot!(Table::new(&plan(10), None, 3_500_000).to_string());
}

#[test]
fn rates_are_those_since_the_plan_before() {
    let (mut before, now) = (plan(10), plan(12));
    if let Some(figures) = before.nodes[0].operators[0].figures.as_mut() {
        figures.rows_out.total = 11_000;
    }
    let table = Table::new(&now, Some(&before), 3_500_000).to_string();
    let source = table.lines().find(|line| line.contains("source it")).unwrap();
    assert_eq!(source.split_whitespace().nth(2), Some("500"), "{table}");
    // After a new start there is nothing to compare with.
    let table = Table::new(&before, Some(&now), 3_500_000).to_string();
    let source = table.lines().find(|line| line.contains("source it")).unwrap();
    assert_eq!(source.split_whitespace().nth(2), Some("1.1k"), "{table}");
}
