//! The program as a picture: an indented tree, Graphviz DOT, Mermaid.

use std::fmt::Write;

use crate::{Edge, EdgeKind, Node, Program};

/// The program as an indented tree, sinks at the left, what they read below them.
/// A node that several others read is printed once and then named.
pub fn to_tree(program: &Program) -> String {
    let mut text = String::new();
    let mut printed = vec![false; program.nodes.len()];
    for node in program.nodes.iter().filter(|node| program.outputs(node.id).next().is_none()) {
        write_subtree(program, node, 0, &mut printed, &mut text);
    }
    text
}

fn write_subtree(program: &Program, node: &Node, depth: usize, printed: &mut [bool], text: &mut String) {
    let indent = "  ".repeat(depth);
    let seen = printed.get_mut(node.id.0 as usize);
    if seen.is_some_and(|seen| std::mem::replace(seen, true)) {
        let _ = writeln!(text, "{indent}node {} (above)", node.id);
        return;
    }
    let _ = writeln!(text, "{indent}node {} ×{}", node.id, node.parallelism);
    for operator in node.chain.iter().rev() {
        let _ = writeln!(text, "{indent}  {}: {}", operator.name, operator.description);
    }
    for edge in program.inputs(node.id) {
        let _ = writeln!(text, "{indent}  ◀ {}", edge_label(edge));
        if let Some(source) = program.node(edge.src) {
            write_subtree(program, source, depth + 2, printed, text);
        }
    }
}

/// How rows find their way along an edge: `forward`, `shuffle by a, b`.
pub fn edge_label(edge: &Edge) -> String {
    match &edge.kind {
        EdgeKind::Forward => "forward".to_string(),
        EdgeKind::Rebalance => "rebalance".to_string(),
        EdgeKind::Shuffle { key_columns } if key_columns.is_empty() => "gather".to_string(),
        EdgeKind::Shuffle { key_columns } => {
            let names: Vec<String> = key_columns
                .iter()
                .map(|column| {
                    edge.schema.fields().get(*column).map_or_else(|| column.to_string(), |field| field.name().clone())
                })
                .collect();
            format!("shuffle by {}", names.join(", "))
        }
    }
}

fn node_label(node: &Node, line_break: &str) -> String {
    let operators: Vec<String> =
        node.chain.iter().map(|operator| format!("{}: {}", operator.name, operator.description)).collect();
    format!("{} ×{}{line_break}{}", node.id, node.parallelism, operators.join(line_break))
}

/// The program in Graphviz's language.
pub fn to_dot(program: &Program) -> String {
    let mut text = String::from("digraph program {\n  rankdir=LR;\n  node [shape=box];\n");
    for node in &program.nodes {
        let label = node_label(node, "\n").replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = writeln!(text, "  n{} [label=\"{label}\"];", node.id);
    }
    for edge in &program.edges {
        let label = edge_label(edge).replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(text, "  n{} -> n{} [label=\"{label}\"];", edge.src, edge.dst);
    }
    text.push_str("}\n");
    text
}

/// The program as a Mermaid flow chart.
pub fn to_mermaid(program: &Program) -> String {
    let escape = |label: String| label.replace('"', "#quot;");
    let mut text = String::from("flowchart LR\n");
    for node in &program.nodes {
        let _ = writeln!(text, "  n{}[\"{}\"]", node.id, escape(node_label(node, "<br/>")));
    }
    for edge in &program.edges {
        let label = escape(edge_label(edge));
        let _ = writeln!(text, "  n{} -->|\"{label}\"| n{}", edge.src, edge.dst);
    }
    text
}
