//! Nodes of lookup joins.

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use arroyo_dataflow::operators::lookup_join::Kind;

use super::{StreamGraph, table_lineage};
use crate::stream::lineage::Lineage;
use crate::stream::lookup_join::LookupJoin;
use crate::stream::node::{StreamNode, StreamOp};
use crate::stream::schema::{StreamColumn, StreamSchema, unique_fields};

impl StreamGraph {
    /// The rows of `input`, with the key's columns behind its values, and what a lookup table has for them.
    pub(crate) fn lookup_join(&mut self, join: LookupJoin, input: &Arc<StreamNode>) -> Arc<StreamNode> {
        let own = &input.schema;
        let asked: Vec<_> = join.asked_columns().collect();
        let keys = join.left_keys.iter().filter_map(|key| own.column(*key)).map(|column| column.lineage);
        let of_table = |name: &str| Lineage::of("looked up").text(name).finish();
        let filter = join.filter.as_ref().map(|filter| {
            Lineage::of_expr(&filter.predicate, |column| {
                let place = *filter.columns.get(filter.schema.index_of(&column.name).ok()?)?;
                match place.checked_sub(join.left_values) {
                    None => own.column(place).map(|column| column.lineage),
                    Some(place) => asked.get(place).map(|column| of_table(&column.name)),
                }
            })
        });
        let rows = Lineage::of("lookup join")
            .text(join.kind.as_str_name())
            .lineage(table_lineage("lookup", &join.table))
            .lineage(own.rows)
            .lineages(keys)
            .lineages(filter)
            .finish();
        let joined = |lineage: Lineage| Lineage::of("joined").lineage(rows).lineage(lineage).finish();
        let mut columns: Vec<StreamColumn> = own.values().iter().take(join.left_values).cloned().collect();
        for column in join.right_values.iter().filter_map(|position| asked.get(*position)) {
            let field: FieldRef = Arc::new(column.field().with_nullable(column.nullable || join.kind == Kind::Left));
            columns.push(StreamColumn { field, lineage: of_table(&column.name), window: None });
        }
        let fields: Vec<FieldRef> = columns.iter().map(|column| Arc::clone(&column.field)).collect();
        for (column, field) in columns.iter_mut().zip(unique_fields(&fields)) {
            column.field = field;
        }
        columns.extend(own.columns().iter().skip(own.values().len()).cloned());
        for column in &mut columns {
            column.lineage = joined(column.lineage);
        }
        let schema = StreamSchema::new(columns, rows, own.windowed, own.origin.clone());
        self.add(StreamOp::LookupJoin { join }, vec![Arc::clone(input)], Arc::new(schema), rows)
    }
}
