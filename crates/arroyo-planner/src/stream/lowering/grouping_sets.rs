//! GROUPING SETS, CUBE and ROLLUP: each row once per set.
//!
//! Before:
//! ```text
//! Aggregate: groupBy=[[ROLLUP (channel)]], aggr=[[count(*)]]
//!   bids
//! ```
//! After:
//! ```text
//! UpdatingAggregate by channel, __grouping_id: count(*)
//!   Union
//!     Project: …, channel, __grouping_id = 0
//!     Project: …, channel = NULL, __grouping_id = 1
//! ```
//! `__grouping_id` says which columns a set leaves out, one bit each, the first column highest; `grouping()` reads it.
//! The n-th repetition of a set has n in the bits above.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::utils::{enumerate_grouping_sets, grouping_set_to_exprlist};
use datafusion::logical_expr::{Aggregate, Expr, GroupingSet, lit};

use super::Lowering;
use crate::stream::node::StreamNode;
use crate::stream::schema::{column, unique_fields};
use crate::{Diagnostic, codes};

impl Lowering {
    /// An aggregate over several sets of groups.
    pub(super) fn grouping_sets(&mut self, input: &Arc<StreamNode>, aggregate: &Aggregate) -> Option<Arc<StreamNode>> {
        let (exprs, sets) = self.checked(sets_of(aggregate))?;
        let logical = aggregate.input.schema();
        let group = self.bind_all(exprs, logical, input)?;
        let functions = self.bind_all(&aggregate.aggr_expr, logical, input)?;
        let result = aggregate.schema.fields();
        let id_type = result.get(group.len()).map(|field| field.data_type().clone())?;
        let values: Vec<FieldRef> = input.schema.values().iter().map(|value| Arc::clone(&value.field)).collect();
        // The groups' columns must not be confused with the columns that functions read.
        let groups = result
            .iter()
            .take(group.len() + 1)
            .enumerate()
            .map(|(index, field)| Arc::new(Field::new(format!("_group_{index}"), field.data_type().clone(), true)));
        let fields = unique_fields(&values.iter().cloned().chain(groups).collect::<Vec<_>>());
        let mut branches = Vec::with_capacity(sets.len());
        for set in &sets {
            let kept =
                group.iter().zip(&set.left_out).zip(result).map(|((expr, left_out), field)| {
                    if *left_out { null_of(field.data_type()) } else { Ok(expr.clone()) }
                });
            let id = ScalarValue::UInt64(Some(set.id)).cast_to(&id_type).map(lit);
            let values = values.iter().map(|field| Ok(column(field.name())));
            let exprs: Result<Vec<Expr>, _> = values.chain(kept).chain([id]).collect();
            let exprs = self.checked(exprs.map_err(|error| fault(&error.to_string())))?;
            branches.push(self.graph.project(input, exprs.into_iter().zip(fields.iter().cloned()).collect()));
        }
        let union = self.graph.union(branches, &fields);
        let group = fields.iter().skip(values.len()).map(|field| column(field.name())).collect();
        Some(self.grouped(&union, group, functions, &aggregate.schema))
    }
}

/// One of the sets.
struct Set {
    /// For each group expression whether the set leaves it out.
    left_out: Vec<bool>,
    id: u64,
}

fn fault(message: &str) -> Diagnostic {
    Diagnostic::error(&codes::GROUPING_SETS, format!("the grouping sets cannot be planned: {message}"))
        .help("write one GROUP BY per set and combine them by UNION ALL")
}

/// All group expressions, and which of them each set has.
fn sets_of(aggregate: &Aggregate) -> Result<(Vec<&Expr>, Vec<Set>), Diagnostic> {
    let failed = |error: datafusion::common::DataFusionError| fault(&error.strip_backtrace());
    let exprs = grouping_set_to_exprlist(&aggregate.group_expr).map_err(failed)?;
    let sets = match enumerate_grouping_sets(aggregate.group_expr.clone()).map_err(failed)?.as_slice() {
        [Expr::GroupingSet(GroupingSet::GroupingSets(sets))] => sets.clone(),
        [Expr::GroupingSet(GroupingSet::Rollup(columns))] => {
            (0..=columns.len()).rev().map(|length| columns.iter().take(length).cloned().collect()).collect()
        }
        [Expr::GroupingSet(GroupingSet::Cube(columns))] if columns.len() < 16 => (0..1usize << columns.len())
            .map(|bits| {
                let has = |index: &usize| bits >> index & 1 == 0;
                columns.iter().enumerate().filter(|(index, _)| has(index)).map(|(_, expr)| expr.clone()).collect()
            })
            .collect(),
        _ => return Err(fault("there are too many")),
    };
    if exprs.len() > 32 {
        return Err(fault("there are more than 32 columns"));
    }
    let mut repetitions: HashMap<Vec<bool>, u64> = HashMap::new();
    let sets = sets.into_iter().map(|set: Vec<Expr>| {
        let left_out: Vec<bool> = exprs.iter().map(|expr| !set.contains(expr)).collect();
        let missing = left_out.iter().fold(0, |id: u64, left_out| id << 1 | u64::from(*left_out));
        let repetition = repetitions.entry(left_out.clone()).or_insert(0);
        let id = missing | *repetition << left_out.len();
        *repetition += 1;
        Set { left_out, id }
    });
    Ok((exprs.clone(), sets.collect()))
}

fn null_of(data_type: &DataType) -> Result<Expr, datafusion::common::DataFusionError> {
    Ok(lit(ScalarValue::try_from(data_type)?))
}
