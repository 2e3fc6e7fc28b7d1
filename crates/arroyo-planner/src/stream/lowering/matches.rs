//! Matches of patterns.
//!
//! ```text
//! MatchRecognize: pattern=[A B+]   →  MatchRecognize: (A B+), …
//!   TableScan: ticks                    Exchange: symbol
//!                                         Source: ticks
//! ```

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use arroyo_expr::{Compiled, CompiledAggregate};
use datafusion::logical_expr::Expr;

use super::Lowering;
use super::ordered::starts_with_time;
use crate::stream::match_node::MatchRecognize;
use crate::stream::node::{Matches, StreamNode};
use crate::stream::place::span_of;
use crate::stream::schema::{EventTime, StreamSchema, unique_fields};
use crate::{Diagnostic, codes};

impl Lowering {
    /// The matches of a pattern.
    pub(super) fn match_recognize(&mut self, node: &MatchRecognize) -> Option<Arc<StreamNode>> {
        let input = self.lower(&node.input)?;
        let logical = node.input.schema();
        let place = node.place.0;
        if let Err(fault) = has_final_order(&input.schema) {
            self.fault(fault.at(place));
            return None;
        }
        let order = self.bind_order(&node.order, logical, &input)?;
        if !starts_with_time(&order, &input.schema) {
            self.fault(
                Diagnostic::error(
                    &codes::MATCH_RECOGNIZE,
                    "ORDER BY of MATCH_RECOGNIZE must start with the event time, ascending",
                )
                .at(node.order.iter().find_map(|key| span_of(&key.expr)).or(place))
                .help("order by the column of WATERMARK FOR, or by row_time(), first; further columns decide among rows of one time"),
            );
            return None;
        }
        let partition = self.bind_all(&node.partition, logical, &input)?;
        let position = |expr: &Expr| match expr {
            Expr::Column(column) => input.schema.position(&column.name),
            _ => None,
        };
        let partition: Vec<usize> = partition.iter().map(position).collect::<Option<_>>()?;
        let row_exprs = self.bind_all(&node.row_exprs, logical, &input)?;
        let aggregates = self.bind_all(&node.aggregates, logical, &input)?;
        let checked = check(&row_exprs, &aggregates, &input.schema).map_err(|fault| fault.at(place));
        self.checked(checked)?;
        let (before, after) = node.columns();
        let fields = |places: &[usize]| -> Vec<FieldRef> {
            let columns = places.iter().filter_map(|place| input.schema.values().get(*place));
            columns.map(|value| Arc::clone(&value.field)).collect()
        };
        let measures = node.call.measures.iter().map(|(_, field)| Arc::clone(field));
        let fields: Vec<FieldRef> = fields(&before).into_iter().chain(measures).chain(fields(&after)).collect();
        let call = Arc::clone(&node.call);
        let place = node.place;
        let matches = Matches { call, partition, order, row_exprs, aggregates, before, after, place };
        Some(self.graph.matches(&input, matches, unique_fields(&fields)))
    }
}

/// Whether rows have an order that does not change.
fn has_final_order(schema: &StreamSchema) -> Result<(), Diagnostic> {
    if schema.is_changelog() {
        return Err(Diagnostic::error(
            &codes::MATCH_RECOGNIZE,
            "MATCH_RECOGNIZE reads rows that may be taken back, so no match would be final",
        )
        .help("match in a table of rows, or in the results of a window"));
    }
    match &schema.origin.event_time {
        EventTime::Given => Ok(()),
        EventTime::Arrival { table } => Err(Diagnostic::error(
            &codes::MATCH_RECOGNIZE,
            format!("MATCH_RECOGNIZE needs an event time, and `{table}` has none"),
        )
        .help(format!("add WATERMARK FOR a_timestamp_column to `{table}`, and order by that column"))),
    }
}

/// Whether the engine can evaluate what terms refer to.
fn check(row_exprs: &[Expr], aggregates: &[Expr], input: &StreamSchema) -> Result<(), Diagnostic> {
    let compiled = row_exprs.iter().try_for_each(|expr| Compiled::new(expr, input.arrow()).map(|_| ()));
    let compiled = compiled
        .and_then(|()| aggregates.iter().try_for_each(|call| CompiledAggregate::new(call, input.arrow()).map(|_| ())));
    compiled.map_err(|error| {
        Diagnostic::error(
            &codes::MATCH_RECOGNIZE,
            format!("an expression of MATCH_RECOGNIZE cannot be evaluated: {error}"),
        )
        .help("rewrite the expression, or cast its parts to the types you mean")
    })
}
