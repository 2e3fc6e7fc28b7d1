//! Nodes that depend on the order of rows.

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::logical_expr::{Expr, SortExpr};

use super::StreamGraph;
use crate::stream::lineage::Lineage;
use crate::stream::node::{Over, OverKind, StreamNode, StreamOp};
use crate::stream::schema::{StreamColumn, StreamSchema, change_field};

impl StreamGraph {
    /// `fetch` rows of `input`, or all, behind the first `skip`.
    pub(crate) fn limit(&mut self, input: &Arc<StreamNode>, skip: u64, fetch: Option<u64>) -> Arc<StreamNode> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let rows = Lineage::of("limit")
            .lineage(input.schema.rows)
            .number(number(skip))
            .number(fetch.map_or(-1, number))
            .finish();
        let schema = input.schema.with_rows(rows);
        self.add(StreamOp::Limit { skip, fetch }, vec![Arc::clone(input)], Arc::new(schema), rows)
    }

    /// The rows of `input` in order.
    pub(crate) fn sort(&mut self, input: &Arc<StreamNode>, keys: Vec<SortExpr>) -> Arc<StreamNode> {
        let id = Lineage::of("sort").lineage(input.schema.rows).lineages(order_lineages(&input.schema, &keys)).finish();
        self.add(StreamOp::Sort { keys }, vec![Arc::clone(input)], Arc::clone(&input.schema), id)
    }

    /// The rows of `input` with the results of functions; `fields` are the results'.
    pub(crate) fn over(&mut self, input: &Arc<StreamNode>, over: Over, fields: Vec<FieldRef>) -> Arc<StreamNode> {
        let raw = &input.schema;
        let lineages: Vec<Lineage> = over.functions.iter().map(|call| raw.lineage_of(call)).collect();
        let top = over.top.map_or(-1, |top| i64::try_from(top.last).unwrap_or(i64::MAX));
        let id = Lineage::of("over")
            .lineage(raw.rows)
            .lineage(raw.time_lineage())
            .number(top)
            .number(i64::try_from(over.skip).unwrap_or(i64::MAX))
            .lineages(lineages.iter().copied())
            .finish();
        let results = fields.into_iter().zip(&lineages).map(|(field, lineage)| StreamColumn {
            field,
            lineage: Lineage::of("over").lineage(raw.rows).lineage(*lineage).finish(),
            window: None,
        });
        let time = raw.columns().last().cloned();
        let schema = if over.kind == OverKind::Updating {
            // Rows come and go: their windows are no windows of the result.
            let values = raw.values().iter().map(|value| StreamColumn { window: None, ..value.clone() });
            let change = StreamColumn {
                field: change_field(),
                lineage: Lineage::of("change").lineage(id).finish(),
                window: None,
            };
            let columns = values.chain(results).chain([change]).chain(time).collect();
            StreamSchema::new(columns, id, None, raw.origin.bounded())
        } else {
            let columns = raw.values().iter().cloned().chain(results).chain(time).collect();
            StreamSchema::new(columns, raw.rows, raw.windowed, raw.origin.clone())
        };
        self.add(StreamOp::Over(over), vec![Arc::clone(input)], Arc::new(schema), id)
    }
}

/// What the keys of an order mean.
pub(super) fn order_lineages(schema: &StreamSchema, keys: &[SortExpr]) -> Vec<Lineage> {
    let key = |key: &SortExpr| {
        let direction = Expr::Literal(format!("{} {}", key.asc, key.nulls_first).as_str().into(), None);
        Lineage::of("key").lineage(schema.lineage_of(&key.expr)).text(&direction.to_string()).finish()
    };
    keys.iter().map(key).collect()
}
