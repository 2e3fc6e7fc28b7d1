//! GROUPING SETS, CUBE and ROLLUP: each row once per set.
//!
//! Before:
//! ```text
//! Aggregate: groupBy=[[ROLLUP (channel)]], aggr=[[count(*)]]
//!   bids
//! ```
//! After:
//! ```text
//! Union
//!   UpdatingAggregate by channel, __grouping_id: count(*)
//!     Project: …, channel, __grouping_id = 0
//!   Project: NULL AS channel, __grouping_id = 1, count(*)
//!     UpdatingAggregate: count(*)
//! ```
//! The empty set has a result also over no rows, as an aggregate without groups has; so it is one. Several other sets are
//! branches of a union below one aggregate. Sets with a window of time are windowed aggregates, in the same way.
//! `__grouping_id` is [`Set::id`].

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Aggregate, Expr, lit};

use super::Lowering;
use crate::stream::grouping_sets::{Set, fault, sets_of};
use crate::stream::node::StreamNode;
use crate::stream::schema::{column, unique_fields};
use crate::stream::window_node::WindowedAggregate;

/// What sets are made from, bound to the columns of the input.
struct Grouped<'a> {
    input: &'a Arc<StreamNode>,
    /// All group expressions without the window.
    group: Vec<Expr>,
    functions: Vec<Expr>,
    /// The columns of the groups in the result.
    group_fields: Vec<FieldRef>,
    /// The column of the sets' ids.
    id_field: FieldRef,
    /// The columns of the functions in the result.
    function_fields: Vec<FieldRef>,
}

impl Lowering {
    /// An aggregate over several sets of groups.
    pub(super) fn grouping_sets(&mut self, input: &Arc<StreamNode>, aggregate: &Aggregate) -> Option<Arc<StreamNode>> {
        let (exprs, sets) = self.checked(sets_of(&aggregate.group_expr))?;
        let logical = aggregate.input.schema();
        let group = self.bind_all(exprs, logical, input)?;
        let functions = self.bind_functions(&aggregate.aggr_expr, logical, input, true)?;
        let mut fields = aggregate.schema.fields().iter().cloned();
        let group_fields = fields.by_ref().take(group.len()).collect();
        let grouped = Grouped {
            input,
            group,
            functions,
            group_fields,
            id_field: fields.next()?,
            function_fields: fields.collect(),
        };
        let fields: Vec<FieldRef> = aggregate.schema.fields().iter().cloned().collect();
        let nodes = self.without_window(&grouped, &sets)?;
        Some(self.together(nodes, &fields))
    }

    /// An aggregate over several sets of groups, some of which have a window.
    pub(super) fn window_sets(
        &mut self,
        input: &Arc<StreamNode>,
        node: &WindowedAggregate,
        group: Vec<Expr>,
        functions: Vec<Expr>,
    ) -> Option<Arc<StreamNode>> {
        let all: Vec<FieldRef> = node.schema.fields().iter().cloned().collect();
        let mut fields = all.clone();
        let window = fields.remove(node.window_index.min(group.len()));
        let mut fields = fields.into_iter();
        let group_fields = fields.by_ref().take(group.len()).collect();
        let grouped = Grouped {
            input,
            group,
            functions,
            group_fields,
            id_field: fields.next()?,
            function_fields: fields.collect(),
        };
        let rest: Vec<Set> = node.sets.iter().map(|set| set.without(node.window_index)).collect();
        let (with, without): (Vec<_>, Vec<_>) =
            node.sets.iter().zip(rest).partition(|(set, _)| set.left_out.get(node.window_index) == Some(&false));
        let sets = |sets: Vec<(&Set, Set)>| sets.into_iter().map(|(_, rest)| rest).collect::<Vec<_>>();
        let (with, without) = (sets(with), sets(without));
        let (rows, keys) = self.in_sets(&grouped, &with)?;
        let windowed = self.windowed(&rows, node, keys, grouped.functions.clone())?;
        if without.is_empty() {
            return Some(windowed);
        }
        let mut nodes = vec![windowed];
        for other in self.without_window(&grouped, &without)? {
            let values = other.schema.values().iter();
            let mut columns: Vec<(Expr, FieldRef)> =
                values.map(|value| (column(value.field.name()), Arc::clone(&value.field))).collect();
            let null = self.checked(null_of(window.data_type()).map_err(|error| fault(&error.to_string())))?;
            let null_field = Arc::new(Field::new(window.name(), window.data_type().clone(), true));
            columns.insert(node.window_index.min(columns.len()), (null, null_field));
            let named = unique_fields(&columns.iter().map(|(_, field)| Arc::clone(field)).collect::<Vec<_>>());
            let columns = columns.into_iter().zip(named).map(|((expr, _), field)| (expr, field));
            nodes.push(self.graph.project(&other, columns.collect()));
        }
        Some(self.together(nodes, &all))
    }

    /// The results of `sets` without a window: groups, id, functions.
    fn without_window(&mut self, grouped: &Grouped, sets: &[Set]) -> Option<Vec<Arc<StreamNode>>> {
        let (empty, others): (Vec<Set>, Vec<Set>) =
            sets.iter().cloned().partition(|set| set.left_out.iter().all(|left_out| *left_out));
        let mut nodes = Vec::new();
        let groups = || grouped.group_fields.iter().chain([&grouped.id_field]);
        if !others.is_empty() {
            let (rows, keys) = self.in_sets(grouped, &others)?;
            let fields = groups().chain(&grouped.function_fields).cloned().collect();
            nodes.push(self.grouped_as(&rows, keys, grouped.functions.clone(), fields));
        }
        for set in empty {
            let whole =
                self.grouped_as(grouped.input, Vec::new(), grouped.functions.clone(), grouped.function_fields.clone());
            let keys = self.keys_of(grouped, &set)?;
            let results = whole.schema.values().iter();
            let results = results.map(|value| (column(value.field.name()), Arc::clone(&value.field)));
            let columns: Vec<(Expr, FieldRef)> = keys.into_iter().zip(groups().cloned()).chain(results).collect();
            let named = unique_fields(&columns.iter().map(|(_, field)| Arc::clone(field)).collect::<Vec<_>>());
            let columns = columns.into_iter().zip(named).map(|((expr, _), field)| (expr, field));
            nodes.push(self.graph.project(&whole, columns.collect()));
        }
        Some(nodes)
    }

    fn together(&mut self, nodes: Vec<Arc<StreamNode>>, fields: &[FieldRef]) -> Arc<StreamNode> {
        match nodes.as_slice() {
            [only] => Arc::clone(only),
            _ => {
                let nullable: Vec<FieldRef> =
                    fields.iter().map(|field| Arc::new(field.as_ref().clone().with_nullable(true))).collect();
                self.graph.union(nodes, &unique_fields(&nullable))
            }
        }
    }

    /// The values of the group columns and the id in a set.
    fn keys_of(&mut self, grouped: &Grouped, set: &Set) -> Option<Vec<Expr>> {
        let kept = grouped.group.iter().zip(&set.left_out).zip(&grouped.group_fields);
        let kept =
            kept.map(|((expr, left_out), field)| if *left_out { null_of(field.data_type()) } else { Ok(expr.clone()) });
        let id = ScalarValue::UInt64(Some(set.id)).cast_to(grouped.id_field.data_type()).map(lit);
        let keys: Result<Vec<Expr>, _> = kept.chain([id]).collect();
        self.checked(keys.map_err(|error| fault(&error.to_string())))
    }

    /// The rows once per set, and the columns to group by: the groups and the id.
    fn in_sets(&mut self, grouped: &Grouped, sets: &[Set]) -> Option<(Arc<StreamNode>, Vec<Expr>)> {
        let values: Vec<FieldRef> =
            grouped.input.schema.values().iter().map(|value| Arc::clone(&value.field)).collect();
        // The groups' columns must not be confused with the columns that functions read.
        let groups = grouped.group_fields.iter().chain([&grouped.id_field]).enumerate();
        let groups = groups
            .map(|(index, field)| Arc::new(Field::new(format!("_group_{index}"), field.data_type().clone(), true)));
        let fields = unique_fields(&values.iter().cloned().chain(groups).collect::<Vec<_>>());
        let mut branches = Vec::with_capacity(sets.len());
        for set in sets {
            let keys = self.keys_of(grouped, set)?;
            let exprs = values.iter().map(|field| column(field.name())).chain(keys);
            branches.push(self.graph.project(grouped.input, exprs.zip(fields.iter().cloned()).collect()));
        }
        let union = self.graph.union(branches, &fields);
        let keys = fields.iter().skip(values.len()).map(|field| column(field.name())).collect();
        Some((union, keys))
    }
}

fn null_of(data_type: &DataType) -> Result<Expr, datafusion::common::DataFusionError> {
    Ok(lit(ScalarValue::try_from(data_type)?))
}
