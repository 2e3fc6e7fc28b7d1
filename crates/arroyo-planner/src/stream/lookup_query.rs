//! Queries over nothing but a lookup table, on the right side of a join: their conditions become the join's own.
//!
//! Before:
//! ```text
//! LeftSemi Join: o.customer = __correlated_sq_1.id
//!   TableScan: orders
//!   SubqueryAlias: __correlated_sq_1
//!     Projection: c.id
//!       Filter: c.active
//!         TableScan: customers
//! ```
//! After:
//! ```text
//! Projection: o.*
//!   LookupJoin: INNER o.customer = __correlated_sq_1.id, __correlated_sq_1.active
//! ```
//! A key has one row at most, so it does not matter that a semi join gives each row once only. A row without a match has NULL in
//! the key's columns, which chooses the rows of an anti join and tells the mark of a mark join.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, JoinType, TableReference};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    Expr, Filter, Join, LogicalPlan, LogicalPlanBuilder, Operator, SubqueryAlias, binary_expr,
};

use super::extract_lookups::equality;
use super::lookup_scan::LookupScan;

/// A query over a lookup table.
pub(super) struct LookupQuery {
    /// The table, under the name of the query.
    table: LogicalPlan,
    pub(super) scan: LookupScan,
    /// The query's columns over the table's.
    outputs: Vec<Expr>,
    /// The query's conditions over the table's columns.
    conditions: Vec<Expr>,
}

impl LookupQuery {
    /// What `plan` is, if it only computes columns of a lookup table and chooses among its rows.
    pub(super) fn of(plan: &LogicalPlan) -> Result<Option<Self>> {
        match plan {
            LogicalPlan::SubqueryAlias(alias) => {
                Self::of(&alias.input)?.map(|query| query.named(alias.alias.clone())).transpose()
            }
            LogicalPlan::TableScan(_) => {
                let Some(scan) = LookupScan::of(plan) else { return Ok(None) };
                let outputs = plan.schema().columns().into_iter().map(Expr::Column).collect();
                Ok(Some(Self { table: plan.clone(), scan, outputs, conditions: Vec::new() }))
            }
            LogicalPlan::Projection(projection) => {
                let Some(query) = Self::of(&projection.input)? else { return Ok(None) };
                let exprs = projection.expr.iter().map(|expr| query.over_table(expr, projection.input.schema()));
                let outputs = exprs.collect::<Result<_>>()?;
                Ok(Some(Self { outputs, ..query }))
            }
            LogicalPlan::Filter(filter) => {
                let Some(mut query) = Self::of(&filter.input)? else { return Ok(None) };
                let predicate = query.over_table(&filter.predicate, filter.input.schema())?;
                query.conditions.extend(split_conjunction_owned(predicate));
                Ok(Some(query))
            }
            _ => Ok(None),
        }
    }

    /// The same with the table under another name.
    fn named(self, name: TableReference) -> Result<Self> {
        let Self { table, scan, outputs, conditions } = self;
        let bare = match table {
            LogicalPlan::SubqueryAlias(alias) => Arc::unwrap_or_clone(alias.input),
            other => other,
        };
        let rename = |expr: Expr| {
            let renamed = expr.transform_up(|expr| {
                Ok(match expr {
                    Expr::Column(column) => {
                        Transformed::yes(Expr::Column(Column::new(Some(name.clone()), column.name)))
                    }
                    other => Transformed::no(other),
                })
            });
            renamed.map(|renamed| renamed.data)
        };
        let outputs = outputs.into_iter().map(rename).collect::<Result<_>>()?;
        let conditions = conditions.into_iter().map(rename).collect::<Result<_>>()?;
        let table = LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(Arc::new(bare), name.clone())?);
        Ok(Self { table, scan, outputs, conditions })
    }

    /// `expr` over the query's columns, which have this schema, over the table's columns. Others are left as they are.
    fn over_table(&self, expr: &Expr, schema: &DFSchema) -> Result<Expr> {
        let replaced = expr.clone().transform_up(|expr| {
            let output = match &expr {
                Expr::Column(column) => schema.maybe_index_of_column(column).and_then(|index| self.outputs.get(index)),
                _ => None,
            };
            Ok(match output {
                Some(output) => Transformed::yes(output.clone().unalias_nested().data),
                None => Transformed::no(expr),
            })
        })?;
        Ok(replaced.data)
    }

    /// Whether the columns are those of the table, and so NULL where it has no row.
    fn has_plain_columns(&self) -> bool {
        self.outputs.iter().all(|output| matches!(output.clone().unalias_nested().data, Expr::Column(_)))
    }
}

/// What a join with a query over a lookup table is: a join with the table, and what follows of it.
pub(super) struct JoinOfQuery {
    /// The join with the table itself.
    pub(super) join: Join,
    pub(super) outer: bool,
    kind: JoinType,
    /// The columns of the result.
    columns: Vec<(Option<TableReference>, String)>,
    query: LookupQuery,
}

impl JoinOfQuery {
    /// What `join` is, if its right side is a query over a lookup table that can be asked row by row.
    pub(super) fn of(join: &Join) -> Result<Option<Self>> {
        let kind = join.join_type;
        let picks = matches!(kind, JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark);
        if !picks && !matches!(kind, JoinType::Inner | JoinType::Left) {
            return Ok(None);
        }
        let Some(query) = LookupQuery::of(&join.right)? else { return Ok(None) };
        if kind == JoinType::Left && !query.has_plain_columns() {
            return Ok(None);
        }
        let equal = join.on.iter().map(|(left, right)| binary_expr(left.clone(), Operator::Eq, right.clone()));
        let conditions = equal.chain(join.filter.clone().map(split_conjunction_owned).unwrap_or_default());
        let (mut all, mut not_null) = (Vec::new(), Vec::new());
        for condition in conditions {
            let condition = query.over_table(&condition, join.right.schema())?;
            match not_in_key(&condition, join.left.schema()) {
                Some((value, equal)) => {
                    not_null.push(Expr::IsNotNull(Box::new(value.clone())));
                    all.push(equal.clone());
                }
                None => all.push(condition),
            }
        }
        all.extend(query.conditions.iter().cloned());
        let left = match conjunction(not_null) {
            Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, Arc::clone(&join.left))?).into(),
            None => Arc::clone(&join.left),
        };
        let outer = !matches!(kind, JoinType::Inner | JoinType::LeftSemi);
        let columns = join.schema.iter().map(|(table, field)| (table.cloned(), field.name().clone())).collect();
        let join = Join {
            left,
            right: Arc::new(query.table.clone()),
            on: Vec::new(),
            filter: conjunction(all),
            join_type: if outer { JoinType::Left } else { JoinType::Inner },
            ..join.clone()
        };
        Ok(Some(Self { join, outer, kind, columns, query }))
    }

    /// The table that is asked.
    pub(super) fn scan(&self) -> &LookupScan {
        &self.query.scan
    }

    /// The result of the whole, from that of the join with the table.
    pub(super) fn result(self, joined: LogicalPlan) -> Result<LogicalPlan> {
        let left = || self.join.left.schema().columns().into_iter().map(Expr::Column);
        let key = self.query.scan.table.primary_key.first().map(String::as_str).unwrap_or_default();
        let key = self.query.table.schema().qualified_field_with_unqualified_name(key).map(Column::from)?;
        let has_match = || Expr::IsNotNull(Box::new(Expr::Column(key.clone())));
        let named = |expr: Expr, place: usize| match self.columns.get(place) {
            Some((table, name)) => expr.alias_qualified(table.clone(), name),
            None => expr,
        };
        let columns = left().count();
        let plan = LogicalPlanBuilder::from(joined);
        match self.kind {
            JoinType::LeftAnti => plan.filter(Expr::Not(Box::new(has_match())))?.project(left())?,
            JoinType::LeftMark => plan.project(left().chain([named(has_match(), columns)]))?,
            JoinType::LeftSemi => plan.project(left())?,
            _ => {
                let outputs = self.query.outputs.iter().cloned().zip(columns..);
                let outputs: Vec<Expr> =
                    outputs.map(|(output, place)| named(output.unalias_nested().data, place)).collect();
                plan.project(left().chain(outputs))?
            }
        }
        .build()
    }
}

/// The value and the comparison in `(value = key) IS NOT FALSE`, which `value NOT IN (SELECT key …)` is for an anti join: as no key is
/// NULL, a row without a value is not in the result, and others are if they have no match.
fn not_in_key<'a>(condition: &'a Expr, left: &DFSchema) -> Option<(&'a Expr, &'a Expr)> {
    let Expr::IsNotFalse(equal) = condition else { return None };
    let (a, b) = equality(equal)?;
    let is_left = |expr: &&Expr| expr.column_refs().iter().all(|column| left.maybe_index_of_column(column).is_some());
    [a, b].into_iter().find(is_left).map(|value| (value, equal.as_ref()))
}
