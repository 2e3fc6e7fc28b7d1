//! Matches of patterns.

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::logical_expr::Expr;

use super::StreamGraph;
use super::ordered::order_lineages;
use crate::stream::lineage::Lineage;
use crate::stream::node::{Matches, StreamNode, StreamOp};
use crate::stream::schema::{StreamColumn, StreamSchema, timestamp_field};

impl StreamGraph {
    /// The matches in `input`; `fields` are the columns of the result without `_timestamp`.
    pub(crate) fn matches(
        &mut self,
        input: &Arc<StreamNode>,
        matches: Matches,
        fields: Vec<FieldRef>,
    ) -> Arc<StreamNode> {
        let raw = &input.schema;
        let call = &matches.call;
        let columns = |places: &[usize]| -> Vec<Lineage> {
            places.iter().filter_map(|place| raw.column(*place)).map(|column| column.lineage).collect()
        };
        let condition = |expr: &Option<Expr>| expr.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut id = Lineage::of("match")
            .lineage(raw.rows)
            .lineage(raw.time_lineage())
            .lineages(columns(&matches.partition))
            .lineages(order_lineages(raw, &matches.order))
            .lineages(matches.row_exprs.iter().chain(&matches.aggregates).map(|expr| raw.lineage_of(expr)))
            .text(&call.pattern)
            .text(&format!("{:?} {:?} {:?} {:?}", call.terms, call.rows, call.skip, call.within));
        for variable in &call.variables {
            id = id.text(&condition(&variable.of_row)).text(&condition(&variable.of_match));
        }
        for (measure, _) in &call.measures {
            id = id.text(&measure.to_string());
        }
        let id = id.finish();
        let time = Lineage::of("time of match").lineage(id).finish();
        let of_input = |place: &usize| {
            raw.column(*place).map(|column| Lineage::of("matched").lineage(id).lineage(column.lineage).finish())
        };
        let measure = |(number, (expr, _)): (i64, &(Expr, FieldRef))| {
            if call.is_event_time(expr) { time } else { Lineage::of("measure").lineage(id).number(number).finish() }
        };
        let before = matches.before.iter().filter_map(of_input);
        let lineages =
            before.chain((0..).zip(&call.measures).map(measure)).chain(matches.after.iter().filter_map(of_input));
        let columns = fields.into_iter().chain([timestamp_field()]).zip(lineages.chain([time]));
        let columns = columns.map(|(field, lineage)| StreamColumn { field, lineage, window: None }).collect();
        let schema = StreamSchema::new(columns, id, None, raw.origin.clone());
        self.add(StreamOp::Matches(Box::new(matches)), vec![Arc::clone(input)], Arc::new(schema), id)
    }
}
