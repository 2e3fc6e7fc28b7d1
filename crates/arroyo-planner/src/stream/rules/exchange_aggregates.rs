//! Brings rows of one group or partition together, and as few of them as possible.
//!
//! Tumbling and hopping windows are aggregated before the exchange and after it. Before:
//! ```text
//! WindowAggregate tumble(10 s) by item
//!   Source: bids
//! ```
//! After:
//! ```text
//! WindowAggregate final tumble(10 s) by item
//!   Exchange: item
//!     WindowAggregate partial tumble(10 s) by item
//!       Source: bids
//! ```
//! Updating aggregates are split in the same way.
//!
//! Sessions and instants exchange the rows themselves. Their groups become columns first. Before:
//! ```text
//! InstantAggregate by window, price / 10
//!   WindowAggregate …
//! ```
//! After:
//! ```text
//! InstantAggregate by window, _key_1
//!   Exchange: window, _key_1
//!     Project: window, …, _key_1 = price / 10
//!       WindowAggregate …
//! ```

use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, Schema};
use arroyo_expr::{Compiled, UpdatingAggregates, partial_schema};
use datafusion::logical_expr::Expr;

use crate::stream::graph::StreamGraph;
use crate::stream::lineage::Lineage;
use crate::stream::node::{Aggregate, Part, StreamNode, StreamOp};
use crate::stream::schema::{StreamColumn, StreamSchema, column};
use crate::stream::window::Window;
use crate::{Diagnostic, codes};

/// `node` over its rebuilt `inputs`.
pub(super) fn apply(
    graph: &mut StreamGraph,
    node: &Arc<StreamNode>,
    inputs: Vec<Arc<StreamNode>>,
) -> Result<Arc<StreamNode>, Diagnostic> {
    let rebuild = |graph: &mut StreamGraph, op, inputs| graph.derived(op, inputs, Arc::clone(&node.schema), node.id);
    match (&node.op, inputs.as_slice()) {
        (StreamOp::WindowAggregate { window, window_index, aggregate, part: Part::Whole }, [input]) => {
            let (window, window_index) = (*window, *window_index);
            if let Window::Session { .. } = window {
                let (exchanged, aggregate) = exchange_rows(graph, input, aggregate)?;
                let op = StreamOp::WindowAggregate { window, window_index, aggregate, part: Part::Whole };
                return Ok(rebuild(graph, op, vec![exchanged]));
            }
            let op = |part| StreamOp::WindowAggregate { window, window_index, aggregate: aggregate.clone(), part };
            let schema = Arc::new(partial_results(node, input, aggregate)?);
            let id = Lineage::of("partial").lineage(node.id).finish();
            let partial = graph.derived(op(Part::Partial), vec![Arc::clone(input)], schema, id);
            let exchanged = exchange(graph, &partial, (0..aggregate.group.len()).collect());
            Ok(rebuild(graph, op(Part::Final), vec![exchanged]))
        }
        (StreamOp::InstantAggregate { aggregate }, [input]) => {
            let (exchanged, aggregate) = exchange_rows(graph, input, aggregate)?;
            Ok(rebuild(graph, StreamOp::InstantAggregate { aggregate }, vec![exchanged]))
        }
        (StreamOp::Over(over), [input]) => {
            let exchanged = exchange(graph, input, over.partition.clone());
            Ok(rebuild(graph, node.op.clone(), vec![exchanged]))
        }
        (StreamOp::Matches(matches), [input]) => {
            let exchanged = exchange(graph, input, matches.partition.clone());
            Ok(rebuild(graph, node.op.clone(), vec![exchanged]))
        }
        (StreamOp::Limit { .. } | StreamOp::Sort { .. }, [input]) => {
            let exchanged = exchange(graph, input, Vec::new());
            Ok(rebuild(graph, node.op.clone(), vec![exchanged]))
        }
        (StreamOp::UpdatingAggregate { aggregate, ttl_nanos, windows, part: Part::Whole }, [input]) => {
            let (ttl_nanos, windows) = (*ttl_nanos, *windows);
            let op = |part| StreamOp::UpdatingAggregate { aggregate: aggregate.clone(), ttl_nanos, windows, part };
            let schema = Arc::new(partial_updates(node, input, aggregate)?);
            let id = Lineage::of("partial").lineage(node.id).finish();
            let partial = graph.derived(op(Part::Partial), vec![Arc::clone(input)], schema, id);
            // A session has rows of many times, which must come together.
            let time = windows.filter(|windows| windows.session_gap.is_some()).map(|windows| windows.key);
            let keys = (0..aggregate.group.len()).filter(|key| Some(*key) != time).collect();
            let exchanged = exchange(graph, &partial, keys);
            Ok(rebuild(graph, op(Part::Final), vec![exchanged]))
        }
        (op, _) => Ok(rebuild(graph, op.clone(), inputs)),
    }
}

/// `input`, each row in the subtask that owns its key; without keys all in one.
pub(super) fn exchange(graph: &mut StreamGraph, input: &Arc<StreamNode>, keys: Vec<usize>) -> Arc<StreamNode> {
    let id = Lineage::of("exchange").lineage(input.id).finish();
    graph.derived(StreamOp::Exchange { keys }, vec![Arc::clone(input)], Arc::clone(&input.schema), id)
}

/// Exchanges raw rows by their groups, which are columns of `input` or become such.
fn exchange_rows(
    graph: &mut StreamGraph,
    input: &Arc<StreamNode>,
    aggregate: &Aggregate,
) -> Result<(Arc<StreamNode>, Aggregate), Diagnostic> {
    let raw = &input.schema;
    let mut columns: Vec<(Expr, FieldRef)> =
        raw.values().iter().map(|value| (column(value.field.name()), Arc::clone(&value.field))).collect();
    let mut group = Vec::with_capacity(aggregate.group.len());
    for (index, expr) in aggregate.group.iter().enumerate() {
        if matches!(expr, Expr::Column(_)) {
            group.push(expr.clone());
            continue;
        }
        let compiled = Compiled::new(expr, raw.arrow()).map_err(|error| invalid(&error))?;
        let name = (0..)
            .map(|attempt| if attempt == 0 { format!("_key_{index}") } else { format!("_key_{index}_{attempt}") })
            .find(|name| raw.find(name).is_none())
            .unwrap_or_default();
        group.push(column(&name));
        let field = Field::new(&name, compiled.data_type().clone(), compiled.nullable());
        columns.push((expr.clone(), Arc::new(field)));
    }
    let rows = graph.project(input, columns);
    let keys = group
        .iter()
        .filter_map(|expr| if let Expr::Column(column) = expr { rows.schema.position(&column.name) } else { None })
        .collect();
    let exchanged = exchange(graph, &rows, keys);
    let input = Arc::clone(rows.schema.arrow());
    Ok((exchanged, Aggregate { group, input, ..aggregate.clone() }))
}

fn partial_results(node: &StreamNode, input: &StreamNode, aggregate: &Aggregate) -> Result<StreamSchema, Diagnostic> {
    let arrow = partial_schema(input.schema.arrow(), &aggregate.group, &aggregate.group_names, &aggregate.functions)
        .map_err(|error| invalid(&error))?;
    Ok(partial_stream(node, input, &arrow))
}

fn partial_updates(node: &StreamNode, input: &StreamNode, aggregate: &Aggregate) -> Result<StreamSchema, Diagnostic> {
    let raw = input.schema.arrow();
    let arrow = UpdatingAggregates::new(&aggregate.functions, raw)
        .and_then(|updating| updating.partial_schema(raw, &aggregate.group, &aggregate.group_names))
        .map_err(|error| invalid(&error))?;
    Ok(partial_stream(node, input, &arrow))
}

fn partial_stream(node: &StreamNode, input: &StreamNode, arrow: &Schema) -> StreamSchema {
    let lineage = |field: &Field| Lineage::of("partial").lineage(node.id).text(field.name()).finish();
    let columns = arrow
        .fields()
        .iter()
        .map(|field| StreamColumn { field: Arc::clone(field), lineage: lineage(field), window: None })
        .collect();
    let rows = Lineage::of("partial").lineage(node.id).finish();
    StreamSchema::new(columns, rows, None, input.schema.origin.clone())
}

fn invalid(error: &arroyo_expr::ExprError) -> Diagnostic {
    Diagnostic::error(&codes::NOT_STREAMABLE, format!("an expression cannot be evaluated: {error}"))
        .help("rewrite the expression, or cast its parts to the types you mean")
}
