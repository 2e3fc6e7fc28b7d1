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
use crate::stream::node::StreamNode;
use crate::stream::schema::{column, unique_fields};
use crate::{Diagnostic, codes};

impl Lowering {
    /// The elements of lists and the fields of structs.
    pub(super) fn unnest(&mut self, unnest: &Unnest) -> Option<Arc<StreamNode>> {
        let input = self.lower(&unnest.input)?;
        if unnest.options.null_handling != NullHandling::Drop {
            self.fault(
                Diagnostic::error(&codes::NOT_STREAMABLE, "an outer UNNEST cannot run as a stream yet")
                    .help("use UNNEST, which gives no row for an empty list"),
            );
            return None;
        }
        let mut lists: VecDeque<(usize, usize)> =
            unnest.list_type_columns.iter().map(|(position, list)| (*position, list.depth)).collect();
        let mut depths: Vec<usize> = Vec::new();
        let mut columns: Vec<(Expr, FieldRef)> = Vec::new();
        let mut struct_field = 0;
        let mut previous = None;
        let outputs = unique_fields(unnest.schema.fields());
        for (output, position) in outputs.into_iter().zip(&unnest.dependency_indices) {
            struct_field = if previous == Some(*position) { struct_field + 1 } else { 0 };
            previous = Some(*position);
            let source = input.schema.values().get(*position)?;
            let value = column(source.field.name());
            let named =
                |data_type: &DataType, nullable| Arc::new(Field::new(output.name(), data_type.clone(), nullable));
            if lists.front().is_some_and(|(list, _)| list == position) {
                depths.push(lists.pop_front().map_or(0, |(_, depth)| depth));
                columns.push((value, named(source.field.data_type(), source.field.is_nullable())));
            } else if unnest.struct_type_columns.contains(position) {
                let DataType::Struct(fields) = source.field.data_type() else { return None };
                let field = fields.get(struct_field)?;
                depths.push(0);
                columns.push((get_field(value, field.name().as_str()), named(field.data_type(), true)));
            } else {
                depths.push(0);
                columns.push((value, output));
            }
        }
        let mut node = self.graph.project(&input, columns);
        for level in (1..=depths.iter().copied().max().unwrap_or(0)).rev() {
            let deep = depths.iter().enumerate().filter(|(_, depth)| **depth >= level).map(|(position, _)| position);
            node = self.graph.unnest(&node, deep.collect());
        }
        Some(node)
    }
}
