//! Reads only those fields of a struct that somebody wants.
//!
//! Before:
//! ```text
//! Filter: bid IS NOT NULL
//!   Source: events (bid{auction, price, url, extra})
//! ```
//! After, where `bid.price` is all that is read above the filter:
//! ```text
//! Filter: bid IS NOT NULL
//!   Source: events (bid{price})
//! ```
//! The decoder skips the other fields, and no operator carries them. A struct stays whole where it reaches an operator that keeps
//! or sends its rows as they are (a join, a union, a sink), and where its source cannot leave fields out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};
use arroyo_formats::{Format, FormatOptions, JsonFormat};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::Expr;

use crate::TableDef;
use crate::stream::graph::StreamGraph;
use crate::stream::lineage::unaliased;
use crate::stream::node::{Part, StreamNode, StreamOp};
use crate::stream::schema::StreamSchema;

/// What is read of a column.
#[derive(Debug, Clone, PartialEq)]
enum Read {
    /// These fields of it, and whether it is NULL.
    Fields(BTreeSet<String>),
    Whole,
}

/// What is read of each column of a stream.
#[derive(Debug, Clone, Default)]
struct Reads(BTreeMap<String, Read>);

impl Reads {
    fn add(&mut self, column: &str, read: Read) {
        let known = self.0.entry(column.to_owned()).or_insert_with(|| Read::Fields(BTreeSet::new()));
        match (known, read) {
            (Read::Fields(known), Read::Fields(more)) => known.extend(more),
            (known, Read::Whole) => *known = Read::Whole,
            (Read::Whole, Read::Fields(_)) => {}
        }
    }

    fn add_all(&mut self, other: Self) {
        for (column, read) in other.0 {
            self.add(&column, read);
        }
    }

    fn add_expr(&mut self, expr: &Expr) {
        let visited = expr.apply(|expr| {
            let (column, read) = match expr {
                Expr::Column(column) => (column, Read::Whole),
                Expr::IsNull(inner) | Expr::IsNotNull(inner) => match unaliased(inner) {
                    Expr::Column(column) => (column, Read::Fields(BTreeSet::new())),
                    _ => return Ok(TreeNodeRecursion::Continue),
                },
                Expr::ScalarFunction(call) if call.name() == "get_field" => match call.args.as_slice() {
                    [Expr::Column(column), Expr::Literal(name, _), ..] => match name.try_as_str().flatten() {
                        Some(name) => (column, Read::Fields(BTreeSet::from([name.to_owned()]))),
                        None => return Ok(TreeNodeRecursion::Continue),
                    },
                    _ => return Ok(TreeNodeRecursion::Continue),
                },
                _ => return Ok(TreeNodeRecursion::Continue),
            };
            self.add(&column.name, read);
            Ok(TreeNodeRecursion::Jump)
        });
        // A visit that fails has not seen everything.
        if visited.is_err() {
            for column in expr.column_refs() {
                self.add(&column.name, Read::Whole);
            }
        }
    }

    fn whole(schema: &StreamSchema) -> Self {
        Self(schema.columns().iter().map(|column| (column.field.name().clone(), Read::Whole)).collect())
    }
}

/// What is read of the sources below `sinks`.
pub(super) struct NarrowStructs(Vec<(Arc<StreamNode>, Reads)>);

impl NarrowStructs {
    /// The rule for the plan below `sinks`.
    pub(super) fn of(sinks: &[Arc<StreamNode>]) -> Self {
        let mut open: Vec<(Arc<StreamNode>, Reads)> =
            StreamNode::topological(sinks).into_iter().map(|node| (node, Reads::default())).collect();
        let mut sources = Vec::new();
        // Readers come before what they read.
        while let Some((node, own)) = open.pop() {
            for input in &node.inputs {
                if let Some((_, reads)) = open.iter_mut().find(|(known, _)| Arc::ptr_eq(known, input)) {
                    reads.add_all(reads_of_input(&node, &own, &input.schema));
                }
            }
            if let StreamOp::Source { table, .. } = &node.op
                && can_leave_fields_out(table)
            {
                sources.push((node, own));
            }
        }
        Self(sources)
    }

    /// `node` over its rebuilt `inputs`.
    pub(super) fn apply(
        &self,
        graph: &mut StreamGraph,
        node: &Arc<StreamNode>,
        inputs: Vec<Arc<StreamNode>>,
    ) -> Arc<StreamNode> {
        let mut op = node.op.clone();
        let input = inputs.first().map(|input| Arc::clone(&input.schema));
        let field_below = |name: &str| input.as_ref()?.find(name).map(|column| &column.field);
        let schema = match &mut op {
            StreamOp::Source { .. } => {
                let reads = self.0.iter().find(|(source, _)| Arc::ptr_eq(source, node)).map(|(_, reads)| reads);
                with_types(&node.schema, |_, field| narrowed(field, reads?.0.get(field.name())?))
            }
            StreamOp::Watermark { .. } | StreamOp::Filter { .. } | StreamOp::Exchange { .. } => {
                with_types(&node.schema, |_, field| Some(field_below(field.name())?.data_type().clone()))
            }
            StreamOp::Project { exprs } => with_types(&node.schema, |place, _| match unaliased(exprs.get(place)?) {
                Expr::Column(column) => Some(field_below(&column.name)?.data_type().clone()),
                _ => None,
            }),
            StreamOp::WindowAggregate { aggregate, part, .. } | StreamOp::UpdatingAggregate { aggregate, part, .. }
                if *part != Part::Final =>
            {
                let field = |field: &FieldRef| match field_below(field.name()) {
                    Some(below) => with_type(field, below.data_type().clone()),
                    None => Arc::clone(field),
                };
                let fields: Fields = aggregate.input.fields().iter().map(field).collect();
                aggregate.input = Arc::new(Schema::new(fields));
                Arc::clone(&node.schema)
            }
            _ => Arc::clone(&node.schema),
        };
        graph.derived(op, inputs, schema, node.id)
    }
}

/// Whether the source can give structs without some of their fields.
fn can_leave_fields_out(table: &TableDef) -> bool {
    let is_generator = table.options.columns.is_some() && !table.options.needs_format;
    let is_json = || match FormatOptions::from_json(&table.format) {
        Ok(Some(options)) => matches!(options.format, Format::Json(JsonFormat { unstructured: false, .. })),
        _ => false,
    };
    is_generator || is_json()
}

/// What `node` reads of an input if `own` is read of its output.
fn reads_of_input(node: &StreamNode, own: &Reads, input: &StreamSchema) -> Reads {
    match &node.op {
        StreamOp::Watermark { expr, .. } | StreamOp::Filter { predicate: expr } => {
            let mut reads = own.clone();
            reads.add_expr(expr);
            reads
        }
        StreamOp::Exchange { keys } => {
            let mut reads = own.clone();
            for column in keys.iter().filter_map(|key| input.column(*key)) {
                reads.add(column.field.name(), Read::Whole);
            }
            reads
        }
        StreamOp::Project { exprs } => {
            let mut reads = Reads::default();
            for (expr, output) in exprs.iter().zip(node.schema.columns()) {
                match (unaliased(expr), own.0.get(output.field.name())) {
                    (Expr::Column(column), Some(read)) => reads.add(&column.name, read.clone()),
                    (Expr::Column(_), None) => {}
                    _ => reads.add_expr(expr),
                }
            }
            reads
        }
        // One that reads partial results reads no struct of a source.
        StreamOp::WindowAggregate { aggregate, part, .. } | StreamOp::UpdatingAggregate { aggregate, part, .. }
            if *part != Part::Final =>
        {
            let mut reads = Reads::default();
            aggregate.group.iter().chain(&aggregate.functions).for_each(|expr| reads.add_expr(expr));
            reads
        }
        _ => Reads::whole(input),
    }
}

/// The type of `field` with the fields that are read; `None` if that is all of them.
fn narrowed(field: &Field, read: &Read) -> Option<DataType> {
    let (DataType::Struct(fields), Read::Fields(names)) = (field.data_type(), read) else { return None };
    let mut kept: Vec<FieldRef> = fields.iter().filter(|field| names.contains(field.name())).cloned().collect();
    if kept.is_empty() {
        // Whether the struct is NULL is all that is asked; some formats have no structs without fields.
        kept.extend(fields.iter().find(|field| field.data_type().is_primitive()).or(fields.first()).cloned());
    }
    (kept.len() < fields.len()).then(|| DataType::Struct(kept.into()))
}

fn with_type(field: &FieldRef, data_type: DataType) -> FieldRef {
    if *field.data_type() == data_type {
        return Arc::clone(field);
    }
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

/// The schema with other types: `other` gives the type of a column by its place, `None` for the one that it has.
fn with_types(schema: &Arc<StreamSchema>, other: impl Fn(usize, &Field) -> Option<DataType>) -> Arc<StreamSchema> {
    let columns: Vec<_> = schema
        .columns()
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let mut column = column.clone();
            if let Some(data_type) = other(place, &column.field) {
                column.field = with_type(&column.field, data_type);
            }
            column
        })
        .collect();
    Arc::new(StreamSchema::new(columns, schema.rows, schema.windowed, schema.origin.clone()))
}
