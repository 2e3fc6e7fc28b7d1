//! LATERAL without FROM: rows that are computed from each row, without a join.
//!
//! Before, for `FROM t, LATERAL (SELECT t.v * 2 AS twice WHERE t.v > 1) AS d`:
//! ```text
//! Cross Join:
//!   TableScan: t
//!   SubqueryAlias: d
//!     Subquery:
//!       Projection: outer_ref(t.v) * 2 AS twice
//!         Filter: outer_ref(t.v) > 1
//!           EmptyRelation: rows=1
//! ```
//! After:
//! ```text
//! Projection: t.*, t.v * 2 AS d.twice
//!   Filter: t.v > 1
//!     TableScan: t
//! ```
//! Several rows (`VALUES (t.a), (t.b)`, or UNION ALL) are elements of lists, which are unnested:
//! ```text
//! Filter: there
//!   Unnest: lists[twice, there]
//!     Projection: t.*, make_array(t.v * 2, t.w) AS twice, make_array(t.v > 1, true) AS there
//!       TableScan: t
//! ```

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, NullHandling, UnnestOptions};
use datafusion::error::Result;
use datafusion::functions_nested::expr_fn::make_array;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, ExprSchemable, Join, JoinType, LogicalPlan, LogicalPlanBuilder, lit, when};

use super::lateral_unnest::{replace, without_outer};
use super::limited_subqueries::refers_outside;
use super::subqueries::has_subquery;

/// Rewrites all such joins of a plan.
pub(super) fn rewrite_lateral_rows(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        Ok(match &plan {
            LogicalPlan::Join(join) => rewrite(join)?.map_or_else(|| Transformed::no(plan.clone()), Transformed::yes),
            _ => Transformed::no(plan),
        })
    })?;
    Ok(rewritten.data)
}

/// A row, over the row that it is computed from, and the conditions under which it is there.
#[derive(Default)]
struct Row {
    conditions: Vec<Expr>,
    values: Vec<Expr>,
}

impl Row {
    fn is_always_there(&self) -> bool {
        self.conditions.is_empty()
    }

    fn there(&self) -> Expr {
        conjunction(self.conditions.clone()).unwrap_or_else(|| lit(true))
    }
}

fn rewrite(join: &Join) -> Result<Option<LogicalPlan>> {
    let is_outer = join.join_type == JoinType::Left;
    let may_be = (is_outer || join.join_type == JoinType::Inner) && join.on.is_empty() && refers_outside(&join.right)?;
    let Some(mut rows) = may_be.then(|| rows_of(&join.right)).transpose()?.flatten() else { return Ok(None) };
    if let Some(condition) = join.filter.clone().filter(|condition| *condition != lit(true)) {
        for row in &mut rows {
            row.conditions.extend(replace(vec![condition.clone()], join.right.schema(), &row.values)?);
        }
    }
    if !rows.iter().all(|row| can_be_computed(row, &join.left)) {
        return Ok(None);
    }
    match rows.as_slice() {
        [row] => one(join, row, is_outer).map(Some),
        [] => Ok(None),
        rows if is_outer && !rows.iter().any(Row::is_always_there) => Ok(None),
        rows => several(join, rows).map(Some),
    }
}

/// Whether a row can be computed from one of `left` alone. What is written out here several times, as a condition is, must give
/// the same each time.
fn can_be_computed(row: &Row, left: &LogicalPlan) -> bool {
    let mut exprs = row.conditions.iter().chain(&row.values);
    let mut can = exprs.clone().all(|expr| {
        !has_subquery(expr)
            && !expr.contains_outer()
            && expr.column_refs().iter().all(|column| left.schema().has_column(column))
    });
    if !row.is_always_there() {
        can &= !exprs.any(Expr::is_volatile);
    }
    can
}

/// The rows that `plan` computes; `None` if it reads anything.
fn rows_of(plan: &LogicalPlan) -> Result<Option<Vec<Row>>> {
    match plan {
        LogicalPlan::EmptyRelation(relation) if relation.produce_one_row => Ok(Some(vec![Row::default()])),
        LogicalPlan::Subquery(subquery) => rows_of(&subquery.subquery),
        LogicalPlan::SubqueryAlias(alias) => rows_of(&alias.input),
        LogicalPlan::Values(values) => {
            let rows = values.values.iter().map(|row| {
                let values = row.iter().cloned().map(without_outer).collect::<Result<_>>()?;
                Ok(Row { conditions: Vec::new(), values })
            });
            rows.collect::<Result<_>>().map(Some)
        }
        LogicalPlan::Union(union) => {
            let inputs = union.inputs.iter().map(|input| rows_of(input)).collect::<Result<Option<Vec<_>>>>()?;
            Ok(inputs.map(|rows| rows.into_iter().flatten().collect()))
        }
        LogicalPlan::Projection(projection) => {
            let Some(mut rows) = rows_of(&projection.input)? else { return Ok(None) };
            for row in &mut rows {
                // What is written out here once or twice must be the same.
                if row.values.iter().any(Expr::is_volatile) {
                    return Ok(None);
                }
                row.values = over(row, projection.expr.clone(), &projection.input)?;
            }
            Ok(Some(rows))
        }
        LogicalPlan::Filter(filter) => {
            let Some(mut rows) = rows_of(&filter.input)? else { return Ok(None) };
            for row in &mut rows {
                let condition = over(row, vec![filter.predicate.clone()], &filter.input)?;
                row.conditions.extend(condition);
            }
            Ok(Some(rows))
        }
        _ => Ok(None),
    }
}

/// `exprs` over `input`, over the row that `row` is computed from.
fn over(row: &Row, exprs: Vec<Expr>, input: &LogicalPlan) -> Result<Vec<Expr>> {
    let exprs = replace(exprs, input.schema(), &row.values)?.into_iter();
    exprs.map(|expr| without_outer(expr.unalias())).collect()
}

fn one(join: &Join, row: &Row, is_outer: bool) -> Result<LogicalPlan> {
    let builder = LogicalPlanBuilder::from(join.left.as_ref().clone());
    if row.is_always_there() {
        return named(join, builder, row.values.clone());
    }
    if !is_outer {
        return named(join, builder.filter(row.there())?, row.values.clone());
    }
    let values = row.values.iter().map(|value| when(row.there(), value.clone()).end());
    named(join, builder, values.collect::<Result<_>>()?)
}

fn several(join: &Join, rows: &[Row]) -> Result<LogicalPlan> {
    let mut lists = Vec::new();
    for (place, field) in join.right.schema().fields().iter().enumerate() {
        let values = rows.iter().filter_map(|row| row.values.get(place));
        let values = values.map(|value| value.clone().cast_to(field.data_type(), join.left.schema()));
        lists.push(make_array(values.collect::<Result<_>>()?).alias(format!("__lateral_{place}")));
    }
    let columns: Vec<Expr> = (0..lists.len()).map(|place| column(&format!("__lateral_{place}"))).collect();
    let has_conditions = !rows.iter().all(Row::is_always_there);
    if has_conditions {
        lists.push(make_array(rows.iter().map(Row::there).collect()).alias("__lateral_there"));
    }
    let names = lists.iter().map(|list| Column::new_unqualified(list.schema_name().to_string())).collect();
    let all = join.left.schema().columns().into_iter().map(Expr::Column).chain(lists);
    let mut options = UnnestOptions::new();
    options.null_handling = NullHandling::Drop;
    let mut unnested = LogicalPlanBuilder::from(join.left.as_ref().clone())
        .project(all.collect::<Vec<_>>())?
        .unnest_columns_with_options(names, options)?;
    if has_conditions {
        unnested = unnested.filter(column("__lateral_there"))?;
    }
    named(join, unnested, columns)
}

fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// The columns of the left side, and `values` as those of the right one.
fn named(join: &Join, plan: LogicalPlanBuilder, values: Vec<Expr>) -> Result<LogicalPlan> {
    let left = join.left.schema().columns().into_iter().map(Expr::Column);
    let right = values.into_iter().zip(join.right.schema().iter());
    let right = right.map(|(value, (table, field))| value.alias_qualified(table.cloned(), field.name()));
    plan.project(left.chain(right).collect::<Vec<_>>())?.build()
}
