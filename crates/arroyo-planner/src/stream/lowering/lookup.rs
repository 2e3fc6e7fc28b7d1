//! Joins with lookup tables.
//!
//! ```text
//! LookupJoin: LEFT o.customer = c.id   →  LeftLookupJoin customers customer = id
//!   TableScan: orders                       Exchange: customer
//!   TableScan: customers                      Source: orders
//! ```
//! Rows are exchanged by their key, so that each answer is remembered in one subtask only. The table has no stream.

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use arroyo_dataflow::operators::lookup_join::Kind;
use datafusion::logical_expr::utils::split_conjunction;

use super::Lowering;
use super::join::{can_be_kept, combined, comparable, filter_of};
use crate::stream::lineage::Lineage;
use crate::stream::lookup_join::LookupJoin;
use crate::stream::lookup_node::LookupNode;
use crate::stream::lookup_scan::LookupScan;
use crate::stream::node::StreamNode;
use crate::stream::place::span_of;
use crate::stream::schema::StreamColumn;
use crate::{Diagnostic, codes};

impl Lowering {
    /// Each row with what a lookup table has for its key.
    pub(super) fn lookup_join(&mut self, node: &LookupNode) -> Option<Arc<StreamNode>> {
        let input = self.lower(&node.left)?;
        let span = node.on.iter().find_map(|(left, right)| span_of(left).or_else(|| span_of(right)));
        let Some(scan) = LookupScan::of_optimised(&node.right) else {
            self.fault(
                Diagnostic::error(&codes::LOOKUP_JOIN, "a lookup table is joined in a form that cannot run")
                    .at(span)
                    .help("please report this query"),
            );
            return None;
        };
        let table = scan.table;
        let key_columns: Vec<usize> = table
            .primary_key
            .iter()
            .filter_map(|name| table.columns.iter().position(|column| column.name == *name))
            .collect();
        let mut asked = scan.columns.clone();
        asked.extend(key_columns.iter().copied());
        asked.sort_unstable();
        asked.dedup();
        let place = |column: &usize| asked.iter().position(|asked| asked == column);
        let keys = node.on.iter().map(|(left, _)| left);
        let keys = self.bind_all(keys, node.left.schema(), &input)?;
        let (keyed, left_keys) = self.with_keys(&input, keys);
        let ttl_nanos = input.schema.origin.lifetime.nanos(self.ttl_nanos);
        let mut join = LookupJoin {
            kind: if node.outer { Kind::Left } else { Kind::Inner },
            key: key_columns.iter().filter_map(place).collect(),
            left_values: input.schema.values().len(),
            left_keys,
            right_values: scan.columns.iter().filter_map(place).collect(),
            filter: None,
            ttl_nanos: if input.schema.is_changelog() { ttl_nanos } else { 0 },
            asked,
            table,
        };
        let asked: Vec<FieldRef> = join.asked_columns().map(|column| Arc::new(column.field())).collect();
        let kept = if input.schema.is_changelog() { can_be_kept(&keyed.schema) } else { Ok(()) };
        self.checked(kept.and_then(|()| comparable(asked.iter())).map_err(|fault| fault.at(span)))?;
        join.filter = self.match_condition(node, &join, &scan.columns, &input)?;
        Some(self.graph.lookup_join(join, &keyed))
    }

    /// The further condition of a match, if there is one, over the stream's values followed by the columns that are asked for.
    /// `None`: a fault was found.
    fn match_condition(
        &mut self,
        node: &LookupNode,
        join: &LookupJoin,
        right: &[usize],
        input: &Arc<StreamNode>,
    ) -> Option<Option<crate::stream::join::JoinFilter>> {
        let Some(filter) = &node.filter else { return Some(None) };
        let of_table = right.iter().filter_map(|position| join.table.columns.get(*position));
        let lineage = Lineage::of("looked up").finish();
        let of_table: Vec<StreamColumn> =
            of_table.map(|column| StreamColumn { field: Arc::new(column.field()), lineage, window: None }).collect();
        let combined = combined(input.schema.values(), &of_table, input.schema.origin.clone());
        let logical = node.left.schema().join(node.right.schema());
        let logical = self.checked(logical.map_err(|error| super::super::plan_fault(&error)))?;
        let mut conditions = Vec::new();
        for condition in split_conjunction(filter) {
            if input.schema.is_changelog() && condition.is_volatile() {
                self.fault(super::volatile(condition));
                return None;
            }
            let bound = super::bind(condition, &logical, &combined);
            conditions.push(self.checked(bound)?);
        }
        let mut filter = filter_of(conditions.into_iter(), &combined);
        if let Some(filter) = &mut filter {
            for column in &mut filter.columns {
                if let Some(place) = column.checked_sub(join.left_values) {
                    *column = join.left_values + join.right_values.get(place).copied().unwrap_or(place);
                }
            }
        }
        Some(filter)
    }
}
