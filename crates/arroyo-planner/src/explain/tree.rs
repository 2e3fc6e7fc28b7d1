//! The streaming plan as an indented tree, sinks at the left.

use std::fmt::Write;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};

use super::{describe, describe_exprs, describe_join, describe_lookup, describe_matches, kind_of_join, kind_of_lookup};
use crate::TableDef;
use crate::stream::node::{Aggregate, OverKind, Part, StreamNode, StreamOp, UpdatedWindows};
use crate::stream::schema::StreamSchema;
use crate::stream::window::{Length, Window};

/// The plan below `sinks`. A node that several others read is printed once, with a number, and then named.
pub(crate) fn stream_tree(sinks: &[Arc<StreamNode>]) -> String {
    let order = StreamNode::topological(sinks);
    let is_shared = |node: &Arc<StreamNode>| {
        order.iter().flat_map(|n| &n.inputs).filter(|input| Arc::ptr_eq(input, node)).count() > 1
    };
    let mut printer = Printer {
        shared: order.iter().filter(|node| is_shared(node)).cloned().collect(),
        printed: Vec::new(),
        text: String::new(),
    };
    for sink in sinks {
        printer.print(sink, 0);
    }
    printer.text
}

struct Printer {
    shared: Vec<Arc<StreamNode>>,
    /// Shared nodes in the order in which they were printed.
    printed: Vec<Arc<StreamNode>>,
    text: String,
}

impl Printer {
    fn print(&mut self, node: &Arc<StreamNode>, depth: usize) {
        let indent = "  ".repeat(depth);
        if let Some(number) = self.printed.iter().position(|printed| Arc::ptr_eq(printed, node)) {
            let _ = writeln!(self.text, "{indent}[{}] (above)", number + 1);
            return;
        }
        let mut label = String::new();
        if self.shared.iter().any(|shared| Arc::ptr_eq(shared, node)) {
            self.printed.push(Arc::clone(node));
            label = format!("[{}] ", self.printed.len());
        }
        let (name, what) = (name_of(&node.op), describe_op(node));
        let separator = if what.is_empty() { "" } else { ": " };
        let _ = writeln!(self.text, "{indent}{label}{name}{separator}{what}");
        for input in &node.inputs {
            self.print(input, depth + 1);
        }
    }
}

fn name_of(op: &StreamOp) -> &'static str {
    match op {
        StreamOp::Source { .. } => "Source",
        StreamOp::Watermark { .. } => "Watermark",
        StreamOp::Project { .. } => "Project",
        StreamOp::Filter { .. } => "Filter",
        StreamOp::WindowAggregate { window: Window::Session { .. }, .. } => "SessionAggregate",
        StreamOp::WindowAggregate { part: Part::Partial, .. } => "WindowAggregate partial",
        StreamOp::WindowAggregate { part: Part::Final, .. } => "WindowAggregate final",
        StreamOp::WindowAggregate { part: Part::Whole, .. } => "WindowAggregate",
        StreamOp::InstantAggregate { .. } => "InstantAggregate",
        StreamOp::UpdatingAggregate { part: Part::Partial, .. } => "UpdatingAggregate partial",
        StreamOp::UpdatingAggregate { windows: Some(UpdatedWindows { session_gap: Some(_), .. }), .. } => {
            "UpdatingSessions"
        }
        StreamOp::UpdatingAggregate { windows: Some(_), .. } => "UpdatingWindows",
        StreamOp::UpdatingAggregate { part: Part::Final, .. } => "UpdatingAggregate final",
        StreamOp::UpdatingAggregate { part: Part::Whole, .. } => "UpdatingAggregate",
        StreamOp::LateRows { .. } => "LateRows",
        StreamOp::Upsert { .. } => "Upsert",
        StreamOp::Unnest { outer: false, .. } => "Unnest",
        StreamOp::Unnest { outer: true, .. } => "Unnest outer",
        StreamOp::Join { join } => kind_of_join(join),
        StreamOp::LookupJoin { join } => kind_of_lookup(join),
        StreamOp::Limit { .. } => "Limit",
        StreamOp::Sort { .. } => "Sort",
        StreamOp::Over(over) => match over.kind {
            OverKind::Window => "Over in windows",
            OverKind::Time => "Over in order of time",
            OverKind::Updating => "Over updating",
        },
        StreamOp::Matches(_) => "MatchRecognize",
        StreamOp::Union => "Union",
        StreamOp::Exchange { .. } => "Exchange",
        StreamOp::Sink { .. } => "Sink",
    }
}

/// A column that a source gives, and its fields where it leaves some out.
fn read_column(field: &Field, table: &TableDef) -> String {
    let declared = table.columns.iter().find(|column| column.name == *field.name());
    match field.data_type() {
        DataType::Struct(fields) if declared.is_some_and(|column| column.data_type != *field.data_type()) => {
            let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
            format!("{}{{{}}}", field.name(), names.join(", "))
        }
        _ => field.name().clone(),
    }
}

/// What an operator does, for people, without its name.
pub(crate) fn describe_op(node: &StreamNode) -> String {
    match &node.op {
        StreamOp::Source { table, filter } => {
            let columns: Vec<String> =
                node.schema.values().iter().map(|column| read_column(&column.field, table)).collect();
            let mut text = format!("{} {} ({})", table.name, table.options.description, columns.join(", "));
            if let Some(filter) = filter {
                let _ = write!(text, ", filter {}", describe(filter));
            }
            text
        }
        StreamOp::Watermark { expr, idle_nanos } => {
            let idle = if *idle_nanos > 0 { format!(", idle after {}", Length(*idle_nanos)) } else { String::new() };
            format!("{}{idle}", describe(expr))
        }
        StreamOp::Project { exprs } => {
            let named =
                exprs.iter().zip(node.schema.columns()).map(|(expr, column)| (expr, column.field.name().as_str()));
            let carried = |(expr, name): &(&datafusion::logical_expr::Expr, &str)| {
                [CHANGE_FIELD, TIMESTAMP_FIELD].contains(name) && describe(expr) == *name
            };
            describe_exprs(named.filter(|column| !carried(column)))
        }
        StreamOp::Filter { predicate } => describe(predicate),
        StreamOp::WindowAggregate { window, aggregate, part: Part::Partial, .. } => {
            format!("{window}{}", describe_groups(aggregate))
        }
        StreamOp::WindowAggregate { window, aggregate, .. } => {
            format!("{window}{}{}", describe_groups(aggregate), describe_functions(aggregate))
        }
        StreamOp::InstantAggregate { aggregate } => {
            format!("same time{}{}", describe_groups(aggregate), describe_functions(aggregate))
        }
        StreamOp::UpdatingAggregate { aggregate, part: Part::Partial, .. } => {
            describe_groups(aggregate).trim_start().to_owned()
        }
        StreamOp::UpdatingAggregate { aggregate, windows, .. } => {
            let text = format!("{}{}", describe_groups(aggregate), describe_functions(aggregate));
            let emitted = windows.map(describe_emitted).unwrap_or_default();
            format!("{}{emitted}", text.trim_start_matches([' ', ':']))
        }
        StreamOp::LateRows { window, lateness_nanos, mark } => {
            let lateness = describe_lateness(*lateness_nanos);
            format!("{} for {window}{lateness}", if *mark { "mark" } else { "drop" })
        }
        StreamOp::Upsert { keys, .. } => names(&node.schema, keys.iter().copied()),
        StreamOp::Unnest { columns, .. } => names(&node.schema, columns.iter().copied()),
        StreamOp::Join { join } => describe_join(join, &node.inputs),
        StreamOp::LookupJoin { join } => describe_lookup(join, &node.inputs),
        StreamOp::Limit { skip, fetch } => {
            let rows = fetch.map_or_else(|| "all".to_owned(), |fetch| fetch.to_string());
            if *skip == 0 { rows } else { format!("{rows} after {skip}") }
        }
        StreamOp::Sort { keys } => describe_order(keys),
        StreamOp::Over(over) => {
            let functions = over.functions.iter().map(describe).collect::<Vec<_>>().join(", ");
            match over.top {
                Some(top) => format!("{functions}, up to {}", top.last),
                None => functions,
            }
        }
        StreamOp::Matches(matches) => describe_matches(matches),
        StreamOp::Union => String::new(),
        StreamOp::Exchange { keys } if keys.is_empty() => "to one subtask".to_owned(),
        StreamOp::Exchange { keys } => names(&node.schema, keys.iter().copied()),
        StreamOp::Sink { table } => format!("{} {}", table.name, table.options.description),
    }
}

fn describe_emitted(windows: UpdatedWindows) -> String {
    let every =
        if windows.every_nanos > 0 { format!(", every {}", Length(windows.every_nanos)) } else { String::new() };
    let gap = windows.session_gap.map(|gap| format!(", gap {}", Length(gap))).unwrap_or_default();
    gap + &every + &describe_lateness(windows.lateness_nanos)
}

fn describe_lateness(nanos: i64) -> String {
    if nanos > 0 { format!(", up to {} late", Length(nanos)) } else { String::new() }
}

fn describe_order(keys: &[datafusion::logical_expr::SortExpr]) -> String {
    let key = |key: &datafusion::logical_expr::SortExpr| {
        let direction = if key.asc { "" } else { " DESC" };
        format!("{}{direction}", describe(&key.expr))
    };
    keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn names(schema: &StreamSchema, positions: impl IntoIterator<Item = usize>) -> String {
    let names = positions.into_iter().filter_map(|position| schema.column(position));
    names.map(|column| column.field.name().as_str()).collect::<Vec<_>>().join(", ")
}

fn describe_groups(aggregate: &Aggregate) -> String {
    if aggregate.group.is_empty() {
        return String::new();
    }
    format!(" by {}", aggregate.group.iter().map(describe).collect::<Vec<_>>().join(", "))
}

fn describe_functions(aggregate: &Aggregate) -> String {
    if aggregate.functions.is_empty() {
        return String::new();
    }
    format!(": {}", aggregate.functions.iter().map(describe).collect::<Vec<_>>().join(", "))
}
