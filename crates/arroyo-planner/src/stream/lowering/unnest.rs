//! UNNEST: lists become rows, structs become columns.
//!
//! Before:
//! ```text
//! Unnest: lists[tags] structs[place]
//! ```
//! After:
//! ```text
//! Unnest: tags
//!   Project: tags, place.x, place.y
//! ```
//! Lists of lists that are unnested twice become two unnests, the outer lists first.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::NullHandling;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, Unnest};

use super::Lowering;
use crate::explain::describe;
use crate::stream::node::{StreamNode, StreamOp};
use crate::stream::schema::{column, unique_fields};
use crate::{Diagnostic, codes};

impl Lowering {
    /// The elements of lists and the fields of structs.
    pub(super) fn unnest(&mut self, unnest: &Unnest) -> Option<Arc<StreamNode>> {
        let input = self.lower(&unnest.input)?;
        let is_outer = match unnest.options.null_handling {
            NullHandling::Drop => false,
            NullHandling::PreserveAndExpandEmpty => true,
            NullHandling::Preserve => {
                self.fault(
                    Diagnostic::error(&codes::NOT_STREAMABLE, "UNNEST cannot tell NULL from an empty list")
                        .help("use LEFT JOIN UNNEST(…) ON true, which gives a row for both"),
                );
                return None;
            }
        };
        let mut lists: VecDeque<(usize, usize)> =
            unnest.list_type_columns.iter().map(|(position, list)| (*position, list.depth)).collect();
        let mut depths: Vec<usize> = Vec::new();
        let mut columns: Vec<(Expr, FieldRef)> = Vec::new();
        let mut struct_field = 0;
        let mut previous = None;
        for (output, position) in unnest.schema.fields().iter().zip(&unnest.dependency_indices) {
            struct_field = if previous == Some(*position) { struct_field + 1 } else { 0 };
            previous = Some(*position);
            let source = input.schema.values().get(*position)?;
            let value = column(source.field.name());
            if lists.front().is_some_and(|(list, _)| list == position) {
                depths.push(lists.pop_front().map_or(0, |(_, depth)| depth));
                let name =
                    format!("unnest({})", text_of(&input, *position).unwrap_or_else(|| source.field.name().clone()));
                columns.push((value, Arc::new(source.field.as_ref().clone().with_name(name))));
            } else if unnest.struct_type_columns.contains(position) {
                let DataType::Struct(fields) = source.field.data_type() else { return None };
                let field = fields.get(struct_field)?;
                depths.push(0);
                let named = Field::new(output.name(), field.data_type().clone(), true);
                columns.push((get_field(value, field.name().as_str()), Arc::new(named)));
            } else {
                depths.push(0);
                columns.push((value, Arc::clone(&source.field)));
            }
        }
        let fields = unique_fields(columns.iter().map(|(_, field)| field));
        let columns = columns.into_iter().zip(fields).map(|((value, _), field)| (value, field)).collect();
        let mut node = self.graph.project(&input, columns);
        for level in (1..=depths.iter().copied().max().unwrap_or(0)).rev() {
            let deep = depths.iter().enumerate().filter(|(_, depth)| **depth >= level).map(|(position, _)| position);
            node = self.graph.unnest(&node, deep.collect(), is_outer);
        }
        Some(node)
    }
}

/// The expression that a column of a projection computes.
fn text_of(node: &StreamNode, position: usize) -> Option<String> {
    match &node.op {
        StreamOp::Project { exprs } => exprs.get(position).map(describe),
        _ => None,
    }
}
