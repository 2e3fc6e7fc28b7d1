//! Columns of the query around a subquery, as columns of the subquery's own rows.
//!
//! A subquery becomes a join by the equalities between its columns and those of the query around it, which can be moved out of an
//! aggregate. What cannot be moved is computed below, for every combination of values that the query around it has.
//! Before, for `SELECT (SELECT max(p.price) FROM p WHERE p.at < o.at) FROM o`:
//! ```text
//! Aggregate: max(p.price)
//!   Filter: p.at < outer_ref(o.at)
//!     TableScan: p
//! ```
//! After:
//! ```text
//! Aggregate: max(p.price)
//!   Filter: outer_1.value_0 = outer_ref(o.at)
//!     Filter: p.at < outer_1.value_0
//!       Cross Join:
//!         TableScan: p
//!         SubqueryAlias: outer_1
//!           Distinct:
//!             Projection: o.at AS value_0
//!               TableScan: o
//! ```
//! The same brings columns of a query two levels out to the next level, from where the inner subquery has them.
//!
//! The idea is that of T. Neumann and A. Kemper, *Unnesting Arbitrary Queries* (BTW 2015).

mod references;
mod values;

use std::sync::Arc;

use datafusion::arrow::datatypes::FieldRef;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchemaRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Filter, Join, LogicalPlan, LogicalPlanBuilder, Subquery, SubqueryAlias};

use self::references::{References, is_equality, replace_in_plan, replace_own, replace_within};
use self::values::{Values, asks_for_time, listable};
use super::limited_subqueries::refers_outside;
use super::place::span_of;
use super::subqueries::{subquery_of, with_plan, with_subquery};
use crate::catalog::Raised;
use crate::{Diagnostic, codes};

/// Rewrites all subqueries of a plan that need it.
pub(super) fn to_columns(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut made = 0;
    plan.transform_down_with_subqueries(|plan| in_node(plan, &mut made)).map(|rewritten| rewritten.data)
}

/// Rewrites the subqueries of one node.
fn in_node(plan: LogicalPlan, made: &mut usize) -> Result<Transformed<LogicalPlan>> {
    if let LogicalPlan::Join(join) = &plan {
        let mut around = Around { rows: &join.left, made };
        return around
            .in_lateral(&join.right)?
            .map_data(|right| Ok(LogicalPlan::Join(Join { right: Arc::new(right), ..join.clone() })));
    }
    let &[rows] = plan.inputs().as_slice() else { return Ok(Transformed::no(plan)) };
    let rows = rows.clone();
    let mut around = Around { rows: &rows, made };
    plan.map_expressions(|expr| {
        expr.transform_up(|expr| {
            let Some(subquery) = subquery_of(&expr) else { return Ok(Transformed::no(expr)) };
            let rewritten = around.in_subquery(subquery)?;
            Ok(if rewritten.transformed {
                Transformed::yes(with_subquery(expr, rewritten.data))
            } else {
                Transformed::no(expr)
            })
        })
    })
}

/// What the nodes above one do, up to the top of the subquery.
#[derive(Debug, Clone, Copy, Default)]
struct Above {
    /// One makes a result of several rows.
    gathers: bool,
    /// One computes with the event times of rows, which are others beside values of another query.
    asks_for_time: bool,
}

impl Above {
    /// The same with a node itself.
    fn with(self, plan: &LogicalPlan) -> Self {
        let gathers = matches!(
            plan,
            LogicalPlan::Aggregate(_) | LogicalPlan::Distinct(_) | LogicalPlan::Limit(_) | LogicalPlan::Window(_)
        );
        let asks_for_time = plan.expressions().iter().any(asks_for_time);
        Self { gathers: self.gathers || gathers, asks_for_time: self.asks_for_time || asks_for_time }
    }
}

/// The query around a subquery.
struct Around<'a> {
    /// Its rows; what the subquery refers to are columns of these.
    rows: &'a LogicalPlan,
    /// How many lists of values there are in the whole plan, for their names.
    made: &'a mut usize,
}

impl Around<'_> {
    fn in_subquery(&mut self, subquery: &Subquery) -> Result<Transformed<Subquery>> {
        let plan = self.in_plan(subquery.subquery.as_ref().clone(), Above::default())?;
        Ok(plan.update_data(|plan| with_plan(subquery, plan)))
    }

    /// The right input of a lateral join; other inputs refer to nothing.
    fn in_lateral(&mut self, right: &LogicalPlan) -> Result<Transformed<LogicalPlan>> {
        match right {
            LogicalPlan::Subquery(subquery) => {
                self.in_subquery(subquery).map(|lateral| lateral.update_data(LogicalPlan::Subquery))
            }
            LogicalPlan::SubqueryAlias(alias) => self.in_lateral(&alias.input)?.map_data(|input| {
                SubqueryAlias::try_new(Arc::new(input), alias.alias.clone()).map(LogicalPlan::SubqueryAlias)
            }),
            other => Ok(Transformed::no(other.clone())),
        }
    }

    fn in_plan(&mut self, plan: LogicalPlan, above: Above) -> Result<Transformed<LogicalPlan>> {
        if is_lateral(&plan) {
            return Ok(Transformed::no(plan));
        }
        let own = above.with(&plan);
        let below = plan.map_children(|input| self.in_plan(input, own))?;
        below.transform_data(|plan| {
            let with_values = match &plan {
                LogicalPlan::Filter(filter) => self.in_filter(filter, above.gathers)?,
                LogicalPlan::Projection(_)
                | LogicalPlan::Aggregate(_)
                | LogicalPlan::Window(_)
                | LogicalPlan::Sort(_) => self.in_expressions(&plan, own.gathers)?,
                LogicalPlan::Join(join) => self.in_lateral_below(join)?,
                LogicalPlan::SubqueryAlias(alias) if refers_outside(&alias.input)? => Some(renamed(alias)?),
                _ => None,
            };
            if own.asks_for_time && with_values.is_some() {
                return Err(DataFusionError::External(Box::new(Raised(of_other_times(&plan)))));
            }
            Ok(with_values.map_or_else(|| Transformed::no(plan), Transformed::yes))
        })
    }

    fn in_filter(&mut self, filter: &Filter, gathered: bool) -> Result<Option<LogicalPlan>> {
        let input = filter.input.as_ref();
        let (mut moved, mut kept) = (Vec::new(), Vec::new());
        let mut referred = References::new();
        let conditions = split_conjunction(&filter.predicate);
        // With the others, equalities are keys of the join with the values.
        let own_rows =
            gathered && conditions.iter().any(|condition| condition.contains_outer() && !is_equality(condition));
        for condition in conditions {
            if self.refer(condition, input.schema(), own_rows, &mut referred)? {
                moved.push(condition.clone());
            } else {
                kept.push(condition.clone());
            }
        }
        let Some(mut values) = self.values(referred)? else { return Ok(None) };
        for condition in &mut moved {
            *condition = values.replace(condition.clone(), input.schema())?;
        }
        if let Some((rows, _)) = values.beside(input.clone())? {
            values.learn_from(&moved, rows.schema());
        }
        let (Some((rows, equal)), Some(moved)) = (values.beside(input.clone())?, conjunction(moved)) else {
            return Ok(None);
        };
        let mut builder = LogicalPlanBuilder::from(rows).filter(moved)?;
        if let Some(kept) = conjunction(kept.into_iter().chain(equal)) {
            builder = builder.filter(kept)?;
        }
        with_columns(builder, input.schema()).map(Some)
    }

    fn in_expressions(&mut self, plan: &LogicalPlan, own_rows: bool) -> Result<Option<LogicalPlan>> {
        let Some(input) = plan.inputs().into_iter().next() else { return Ok(None) };
        let mut referred = References::new();
        for expr in plan.expressions() {
            self.refer(&expr, input.schema(), own_rows, &mut referred)?;
        }
        let Some(values) = self.values(referred)? else { return Ok(None) };
        let names = NamePreserver::new(plan);
        let mut exprs = Vec::new();
        for expr in plan.expressions() {
            let name = names.save(&expr);
            exprs.push(name.restore(values.replace(expr, input.schema())?));
        }
        let Some((rows, equal)) = values.beside(input.clone())? else { return Ok(None) };
        let mut builder = LogicalPlanBuilder::from(rows);
        if let Some(equal) = conjunction(equal) {
            builder = builder.filter(equal)?;
        }
        let plan_with_values = plan.with_new_exprs(exprs, vec![builder.build()?])?;
        if plan_with_values.schema().fields().len() == plan.schema().fields().len() {
            return Ok(Some(plan_with_values));
        }
        with_columns(LogicalPlanBuilder::from(plan_with_values), plan.schema()).map(Some)
    }

    /// A join within the subquery whose lateral right side refers to the query around, two levels out.
    fn in_lateral_below(&mut self, join: &Join) -> Result<Option<LogicalPlan>> {
        let scopes = || vec![Arc::clone(join.left.schema())];
        let mut found = References::new();
        replace_in_plan(join.right.as_ref().clone(), &mut scopes(), &mut |field, column| {
            found.insert(column.clone(), Arc::clone(field));
            None
        })?;
        found.retain(|column, _| self.rows.schema().has_column(column));
        let Some(values) = self.values(found)? else { return Ok(None) };
        let right =
            replace_in_plan(join.right.as_ref().clone(), &mut scopes(), &mut |_, column| values.column(column))?;
        let Some((left, equal)) = values.beside(join.left.as_ref().clone())? else { return Ok(None) };
        let mut builder = LogicalPlanBuilder::from(left);
        if let Some(equal) = conjunction(equal) {
            builder = builder.filter(equal)?;
        }
        let joined = Join::try_new(
            Arc::new(builder.build()?),
            Arc::new(right.data),
            join.on.clone(),
            join.filter.clone(),
            join.join_type,
            join.join_constraint,
            join.null_equality,
            join.null_aware,
        )?;
        with_columns(LogicalPlanBuilder::from(LogicalPlan::Join(joined)), &join.schema).map(Some)
    }

    /// Adds what has to be a column for an expression over rows of `scope`; whether there is anything.
    ///
    /// References of subqueries in the expression always have; its own have if it decides about `own_rows`.
    fn refer(&self, expr: &Expr, scope: &DFSchemaRef, own_rows: bool, referred: &mut References) -> Result<bool> {
        let mut found = References::new();
        let mut add = |field: &_, column: &_| {
            found.insert(Column::clone(column), FieldRef::clone(field));
            None
        };
        if own_rows {
            replace_own(expr.clone(), &mut add)?;
        }
        replace_within(expr.clone(), &mut vec![Arc::clone(scope)], &mut add)?;
        found.retain(|column, _| self.rows.schema().has_column(column));
        let any = !found.is_empty();
        referred.append(&mut found);
        Ok(any)
    }

    /// The values of these columns; `None` if there are none, or they cannot be listed.
    fn values(&mut self, referred: References) -> Result<Option<Values>> {
        if referred.is_empty() {
            return Ok(None);
        }
        let Some(rows) = listable(self.rows)? else { return Ok(None) };
        *self.made += 1;
        Ok(Some(Values::new(rows, referred, *self.made)))
    }
}

fn of_other_times(plan: &LogicalPlan) -> Diagnostic {
    let references = plan.expressions().iter().find_map(|expr| {
        let mut found = None;
        let looked = expr.apply(|expr| {
            if let Expr::OuterReferenceColumn(..) = expr {
                found = span_of(expr);
            }
            Ok(TreeNodeRecursion::Continue)
        });
        looked.ok().and(found)
    });
    Diagnostic::error(
        &codes::SUBQUERY,
        "below a window or `row_time()` a subquery can refer to the query around it by equalities only",
    )
    .at(references)
    .help(
        "compute the window, or take the time, in a query in FROM below the comparison, or join the two queries first",
    )
}

/// Whether a plan is the right input of a lateral join, which refers to the left one.
fn is_lateral(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Subquery(_) => true,
        LogicalPlan::SubqueryAlias(alias) => is_lateral(&alias.input),
        _ => false,
    }
}

/// The columns of a named subquery by an ordinary projection: DataFusion moves references out of those only.
fn renamed(alias: &SubqueryAlias) -> Result<LogicalPlan> {
    let columns = alias.input.schema().columns().into_iter().map(|column| {
        let name = column.name.clone();
        Expr::Column(column).alias_qualified(Some(alias.alias.clone()), name)
    });
    LogicalPlanBuilder::from(Arc::clone(&alias.input)).project(columns)?.build()
}

/// Only these columns of what is built.
fn with_columns(builder: LogicalPlanBuilder, schema: &DFSchemaRef) -> Result<LogicalPlan> {
    builder.project(schema.columns().into_iter().map(Expr::Column))?.build()
}
