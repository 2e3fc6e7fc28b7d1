//! What runs, but perhaps not as its author thinks.

use std::sync::Arc;

use arroyo_expr::CompiledAggregate;
use datafusion::logical_expr::Expr;

use super::join::{Join, JoinTime};
use super::lineage::unaliased;
use super::node::{Aggregate, Over, OverKind, Part, StreamNode, StreamOp};
use super::schema::{EventTime, Lifetime};
use super::window::{Length, Window};
use crate::explain::describe_op;
use crate::pattern::Automaton;
use crate::{Diagnostic, codes};

/// Warnings about a plan that is to run at `parallelism`.
pub(crate) fn find(sinks: &[Arc<StreamNode>], parallelism: u32) -> Vec<Diagnostic> {
    let mut warnings: Vec<Diagnostic> = Vec::new();
    for node in StreamNode::topological(sinks) {
        let Some(warning) = warning_about(&node, parallelism) else { continue };
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    warnings
}

fn unbounded(message: String) -> Diagnostic {
    Diagnostic::warning(&codes::UNBOUNDED_STATE, message)
        .help("set a time to live, for example SET updating_ttl = INTERVAL '1 day'")
}

fn warning_about(node: &StreamNode, parallelism: u32) -> Option<Diagnostic> {
    match &node.op {
        StreamOp::Sink { table } => {
            let max = table.options.max_sink_parallelism.filter(|max| *max < parallelism)?;
            table.span?;
            Some(
                Diagnostic::warning(
                    &codes::ONE_SUBTASK,
                    format!("the sink `{}` is written by at most {max} of {parallelism} subtasks", table.name),
                )
                .at(table.span)
                .help("use a sink that can be written in parallel if it becomes the bottleneck"),
            )
        }
        StreamOp::WindowAggregate { window: Window::Hop { slide, width, .. }, .. }
        | StreamOp::LateRows { window: Window::Hop { slide, width, .. }, .. }
            if slide > width =>
        {
            Some(
                Diagnostic::warning(
                    &codes::WINDOW_GAPS,
                    format!("a window of {} every {} leaves out the rows in between", Length(*width), Length(*slide)),
                )
                .help("write `hop(slide, width)`, the shorter interval first, if windows should overlap"),
            )
        }
        StreamOp::WindowAggregate { .. } | StreamOp::LateRows { .. } => {
            match &node.inputs.first()?.schema.origin.event_time {
                EventTime::Arrival { table } => Some(
                    Diagnostic::warning(
                        &codes::ARRIVAL_WINDOWS,
                        format!("windows over `{table}` are cut by the time at which rows arrive"),
                    )
                    .help(format!("give `{table}` an event time: WATERMARK FOR a_timestamp_column")),
                ),
                EventTime::Given => None,
            }
        }
        StreamOp::UpdatingAggregate { aggregate, ttl_nanos: 0, windows: None, part: Part::Final }
            if !aggregate.group.is_empty() && !is_bounded(node, 0) =>
        {
            Some(unbounded(format!("the aggregate {} never forgets a group", describe_op(node))))
        }
        StreamOp::UpdatingAggregate { aggregate, windows: None, part: Part::Final, .. }
            if aggregate.group.is_empty() && !is_bounded(node, 0) && keeps_values(aggregate) =>
        {
            let message =
                format!("the aggregate {} keeps every value: without GROUP BY nothing is forgotten", describe_op(node));
            let help = "group by a window, or by a key with SET updating_ttl, or use an aggregate that keeps no values, \
                        such as approx_distinct";
            Some(Diagnostic::warning(&codes::UNBOUNDED_STATE, message).help(help))
        }
        StreamOp::Join { join: Join { time: JoinTime::Ttl { nanos }, .. } } => {
            let sides = nanos.iter().enumerate().filter(|(side, nanos)| **nanos == 0 && !is_bounded(node, *side));
            let endless: Vec<usize> = sides.map(|(side, _)| side).collect();
            let rows = match endless.as_slice() {
                [] => return None,
                [0] => "a row of its left side",
                [_] => "a row of its right side",
                _ => "a row",
            };
            Some(unbounded(format!("the join {} never forgets {rows}", describe_op(node))))
        }
        StreamOp::Over(over) if over.kind == OverKind::Updating => unbounded_over(node, over),
        StreamOp::Matches(matches) if matches.call.within.is_none() && waits(&matches.call.automaton) => {
            let message =
                format!("matches of ({}) that have begun are kept until they end or fail", matches.call.pattern);
            Some(
                Diagnostic::warning(&codes::PATIENT_PATTERN, message)
                    .at(matches.place.0)
                    .help("say how long a match may take, for example WITHIN INTERVAL '1' HOUR behind PATTERN (…)"),
            )
        }
        _ => None,
    }
}

/// Whether a group's state grows with the values that it has seen.
fn keeps_values(aggregate: &Aggregate) -> bool {
    aggregate.functions.iter().any(|call| {
        let compiled = CompiledAggregate::updating(call, &aggregate.input);
        let is_of_all = match unaliased(call) {
            Expr::AggregateFunction(call) => ["array_agg", "string_agg", "percentile_cont"].contains(&call.func.name()),
            _ => false,
        };
        is_of_all || compiled.is_ok_and(|compiled| compiled.keeps_values())
    })
}

/// Whether what a node reads has no more rows than what gives them holds itself.
fn is_bounded(node: &StreamNode, input: usize) -> bool {
    node.inputs.get(input).is_some_and(|input| input.schema.origin.lifetime == Lifetime::Bounded)
}

fn unbounded_over(node: &StreamNode, over: &Over) -> Option<Diagnostic> {
    let is_changelog = node.inputs.first()?.schema.is_changelog();
    if over.ttl_nanos > 0 || is_bounded(node, 0) {
        return None;
    }
    if !over.partition.is_empty() {
        return Some(unbounded(format!("{} never forgets a partition", describe_op(node))));
    }
    if over.top.is_some() && !is_changelog {
        // The first rows are all that is kept.
        return None;
    }
    let message = format!("{} keeps every row: without PARTITION BY nothing is forgotten", describe_op(node));
    let help = if is_changelog {
        "add PARTITION BY, so that partitions without new rows are forgotten"
    } else {
        "add PARTITION BY, or keep the first rows only, for example WHERE row_number <= 10"
    };
    Some(Diagnostic::warning(&codes::UNBOUNDED_STATE, message).help(help))
}

/// Whether a match can need a second row.
fn waits(automaton: &Automaton) -> bool {
    automaton.positions.iter().any(|position| !position.next.is_empty())
}
