//! The values that columns of the query around a subquery have, as rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_expr::{CUMULATE, EMIT, HOP, ROW_TIME, SESSION, TUMBLE};
use datafusion::arrow::datatypes::FieldRef;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, DFSchemaRef, ScalarValue};
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Filter, LogicalPlan, LogicalPlanBuilder, Volatility, lit};

use super::references::{References, replace_own, replace_within};
use crate::stream::limited_subqueries::refers_outside;
use crate::stream::optimize::simplify;
use crate::stream::subqueries::has_subquery;

/// Every combination of values of some columns.
pub(super) struct Values {
    /// The query that has them.
    rows: LogicalPlan,
    name: String,
    columns: BTreeMap<Column, Value>,
}

/// One of the columns.
struct Value {
    /// As the query around it is referred to.
    outer: Expr,
    /// As a column of the values.
    column: Column,
    field: FieldRef,
    /// Whether NULL makes no difference: no row is there for it.
    drops_null: bool,
}

impl Values {
    /// The values of `referred` in `rows`; `number` makes their name.
    pub(super) fn new(rows: LogicalPlan, referred: References, number: usize) -> Self {
        let name = format!("outer_{number}");
        let value = |(place, (outer, field)): (usize, (Column, FieldRef))| {
            let column = Column::new(Some(name.clone()), format!("value_{place}"));
            let value = Value {
                outer: Expr::OuterReferenceColumn(Arc::clone(&field), outer.clone()),
                column,
                drops_null: !field.is_nullable(),
                field,
            };
            (outer, value)
        };
        Self { columns: referred.into_iter().enumerate().map(value).collect(), rows, name }
    }

    /// The expression, over rows of `scope`, with columns of these values where it, or a subquery in it, has references.
    pub(super) fn replace(&self, expr: Expr, scope: &DFSchemaRef) -> Result<Expr> {
        let mut column = |_: &FieldRef, outer: &Column| self.column(outer);
        let own = replace_own(expr, &mut column)?;
        replace_within(own, &mut vec![Arc::clone(scope)], &mut column)
    }

    /// The column with the values of a column of the query around.
    pub(super) fn column(&self, outer: &Column) -> Option<Column> {
        self.columns.get(outer).map(|value| value.column.clone())
    }

    /// Learns from conditions over rows of `schema`, which has these values, for which of them NULL drops every row.
    pub(super) fn learn_from(&mut self, conditions: &[Expr], schema: &DFSchema) {
        for value in self.columns.values_mut() {
            value.drops_null |= conditions.iter().any(|condition| value.drops_as_null(condition, schema));
        }
    }

    /// Each row of `input` with each of the values, and what holds where these are the row's of the query around.
    ///
    /// `None` if there is a type of which no value can stand for NULL.
    pub(super) fn beside(&self, input: LogicalPlan) -> Result<Option<(LogicalPlan, Vec<Expr>)>> {
        let (mut columns, mut equal) = (Vec::new(), Vec::new());
        for (source, value) in &self.columns {
            let source = Expr::Column(source.clone());
            let mut compare = |column: Column, of: &dyn Fn(Expr) -> Expr| {
                columns.push(of(source.clone()).alias(column.name.clone()));
                equal.push(Expr::Column(column).eq(of(value.outer.clone())));
            };
            if value.drops_null {
                compare(value.column.clone(), &|value| value);
                continue;
            }
            // `=` is never true of NULL.
            let Ok(default) = ScalarValue::new_default(value.field.data_type()) else { return Ok(None) };
            let named =
                |what: &str| Column::new(value.column.relation.clone(), format!("{}_{what}", value.column.name));
            compare(named("key"), &|value| coalesce(vec![value, lit(default.clone())]));
            compare(named("is_null"), &|value| value.is_null());
            columns.push(source.alias(value.column.name.clone()));
        }
        let values =
            LogicalPlanBuilder::from(self.rows.clone()).project(columns)?.distinct()?.alias(self.name.clone())?;
        let rows = LogicalPlanBuilder::from(input).cross_join(values.build()?)?.build()?;
        Ok(Some((rows, equal)))
    }
}

impl Value {
    /// Whether a condition is not true of any row where this value is NULL.
    fn drops_as_null(&self, condition: &Expr, schema: &DFSchema) -> bool {
        if has_subquery(condition) || !condition.column_refs().contains(&self.column) {
            return false;
        }
        let Ok(null) = ScalarValue::try_new_null(self.field.data_type()) else { return false };
        let of_null = condition.clone().transform_up(|expr| {
            Ok(match expr {
                Expr::Column(column) if column == self.column => Transformed::yes(lit(null.clone())),
                other => Transformed::no(other),
            })
        });
        let answer = of_null.and_then(|of_null| simplify(of_null.data, schema));
        matches!(answer, Ok(Expr::Literal(answer, _)) if answer.is_null() || answer == ScalarValue::from(false))
    }
}

/// The rows of the query around a subquery, or more than these, as they can be computed a second time; `None` if they cannot.
pub(super) fn listable(rows: &LogicalPlan) -> Result<Option<LogicalPlan>> {
    let mut can = true;
    let listed = without_conditions(rows.clone(), &mut can)?;
    Ok((can && !refers_outside(&listed)?).then_some(listed))
}

/// The plan without conditions that give another answer in another place. `can` becomes false if that is no help.
fn without_conditions(plan: LogicalPlan, can: &mut bool) -> Result<LogicalPlan> {
    if is_shared(&plan)? {
        return Ok(plan);
    }
    let plan = plan.map_children(|input| without_conditions(input, can).map(Transformed::yes))?.data;
    let LogicalPlan::Filter(Filter { predicate, input, .. }) = plan else {
        *can &= !matches!(plan, LogicalPlan::Limit(_)) && !plan.expressions().iter().any(is_momentary);
        return Ok(plan);
    };
    let can_stay =
        |condition: &&Expr| !condition.contains_outer() && !has_subquery(condition) && !is_momentary(condition);
    let kept = conjunction(split_conjunction(&predicate).into_iter().filter(can_stay).cloned());
    match kept {
        Some(kept) => Filter::try_new(kept, input).map(LogicalPlan::Filter),
        None => Ok(Arc::unwrap_or_clone(input)),
    }
}

/// Whether a plan is one that runs once however often it is read (see [`shared`](crate::stream::shared)), so that the rows that a
/// LIMIT takes and the values that are computed are the same.
fn is_shared(plan: &LogicalPlan) -> Result<bool> {
    let LogicalPlan::SubqueryAlias(alias) = plan else { return Ok(false) };
    // Each copy of a subquery becomes a join with another name.
    let is_subquery = |plan: &LogicalPlan| {
        let of_exprs = plan.expressions().iter().any(has_subquery);
        Ok(of_exprs || matches!(plan, LogicalPlan::Subquery(_)))
    };
    Ok(!refers_outside(&alias.input)? && !alias.input.exists(is_subquery)?)
}

/// The markers of windows and of the event time, which are volatile, so that nothing moves them.
const MARKERS: [&str; 6] = [TUMBLE, HOP, CUMULATE, SESSION, ROW_TIME, EMIT];

/// Whether an expression is a window or the event time of its row, or computed of one.
pub(super) fn asks_for_time(expr: &Expr) -> bool {
    let is_marker = |expr: &Expr| Ok(matches!(expr, Expr::ScalarFunction(call) if MARKERS.contains(&call.func.name())));
    expr.exists(is_marker).unwrap_or(true)
}

/// Whether an expression has another value each time it is computed.
fn is_momentary(expr: &Expr) -> bool {
    let found = expr.exists(|expr| {
        Ok(match expr {
            Expr::ScalarFunction(call) => {
                call.func.signature().volatility == Volatility::Volatile && !MARKERS.contains(&call.func.name())
            }
            _ => false,
        })
    });
    found.unwrap_or(true)
}
