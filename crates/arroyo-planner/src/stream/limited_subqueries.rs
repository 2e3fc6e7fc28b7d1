//! ORDER BY … LIMIT in a subquery that refers to the query around it: the first rows of each of its groups.
//!
//! Before, in `FROM auctions AS a CROSS JOIN LATERAL (SELECT … LIMIT 3) AS top`:
//! ```text
//! Limit: fetch=3
//!   Sort: b.price DESC
//!     Projection: b.bidder, b.price
//!       Filter: b.auction = outer_ref(a.id)
//!         TableScan: bids AS b
//! ```
//! After:
//! ```text
//! Projection: b.bidder, b.price
//!   Filter: limit_key_0 = outer_ref(a.id)
//!     Filter: row_number() … <= 3
//!       WindowAggr: row_number() PARTITION BY [limit_key_0] ORDER BY [b.price DESC]
//!         Projection: b.bidder, b.price, b.auction AS limit_key_0
//!           TableScan: bids AS b
//! ```
//! The reference to the query around it is on top then, where it becomes the condition of a join. Without ORDER BY the earliest
//! rows by event time are taken. `LIMIT 1` in a subquery that stands for a value makes an aggregate of one row of it.
//!
//! Only equalities can be moved: other conditions would choose other rows than those that were counted.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::expr_fn::ExprFunctionExt;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{
    Aggregate, BinaryExpr, Distinct, Expr, FetchType, Filter, Limit, LogicalPlan, LogicalPlanBuilder, Operator,
    SkipType, SortExpr, Subquery, lit,
};

/// Rewrites every such LIMIT of a plan.
pub(crate) fn to_first_of_each(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_down_with_subqueries(|plan| {
        let plan = plan.map_expressions(|expr| expr.transform_up(value_of_one_row))?;
        let of_each = match &plan.data {
            LogicalPlan::Limit(limit) => FirstOfEach::of(limit)?,
            _ => None,
        };
        Ok(match of_each {
            Some(of_each) => Transformed::yes(of_each),
            None => plan,
        })
    });
    rewritten.map(|rewritten| rewritten.data)
}

/// The value of a subquery with `LIMIT 1`, as an aggregate: only those can become joins.
fn value_of_one_row(expr: Expr) -> Result<Transformed<Expr>> {
    let Expr::ScalarSubquery(subquery) = expr else { return Ok(Transformed::no(expr)) };
    let is_one = matches!(subquery.subquery.as_ref(), LogicalPlan::Limit(limit) if fetched(limit) == Some((0, 1)));
    let value = subquery.subquery.schema().columns().into_iter().next();
    let (false, true, Some(value)) = (subquery.outer_ref_columns.is_empty(), is_one, value) else {
        return Ok(Transformed::no(Expr::ScalarSubquery(subquery)));
    };
    let name = value.name.clone();
    let first = first_value(Expr::Column(value), Vec::new()).alias(name);
    let of_one = LogicalPlanBuilder::from(subquery.subquery.as_ref().clone()).aggregate(Vec::<Expr>::new(), [first])?;
    let subquery = Subquery { subquery: Arc::new(of_one.build()?), ..subquery };
    Ok(Transformed::yes(Expr::ScalarSubquery(subquery)))
}

/// How many rows a LIMIT leaves out and lets through, if that is known; a negative number is refused where LIMIT is lowered.
fn fetched(limit: &Limit) -> Option<(usize, usize)> {
    match (limit.get_skip_type(), limit.get_fetch_type()) {
        (Ok(SkipType::Literal(skip)), Ok(FetchType::Literal(Some(fetch)))) => Some((skip, fetch)),
        _ => None,
    }
}

/// What is taken out from under a LIMIT.
struct FirstOfEach {
    skip: usize,
    fetch: usize,
    /// What is equal in all rows of a group, over the columns of the subquery, and what it must be equal to.
    keys: Vec<(Expr, Expr)>,
    /// Conditions on nothing but the query around it.
    outer: Vec<Expr>,
    is_counted: bool,
}

impl FirstOfEach {
    /// The plan without this LIMIT; `None` if nothing below refers to the query around it in a way that can be moved.
    fn of(limit: &Limit) -> Result<Option<LogicalPlan>> {
        let Some((skip, fetch)) = fetched(limit) else { return Ok(None) };
        let mut this = Self { skip, fetch, keys: Vec::new(), outer: Vec::new(), is_counted: false };
        let Some(mut plan) = this.without_outer(&limit.input)? else { return Ok(None) };
        if !this.is_counted {
            plan = this.counted(plan, vec![arroyo_expr::row_time().sort(true, false)])?;
        }
        let keys = this.key_columns(&plan)?.into_iter().zip(&this.keys);
        let equal = keys.map(|(column, (_, outer))| column.eq(outer.clone()));
        // Of several filters, one above the other, DataFusion keeps the columns of the first only.
        let conditions = conjunction(equal.chain(this.outer.clone()));
        let mut builder = LogicalPlanBuilder::from(plan);
        if let Some(conditions) = conditions {
            builder = builder.filter(conditions)?;
        }
        let columns = limit.input.schema().columns().into_iter().map(Expr::Column);
        builder.project(columns.collect::<Vec<_>>())?.build().map(Some)
    }

    /// `plan` with the keys as columns, and without the conditions on them.
    fn without_outer(&mut self, plan: &LogicalPlan) -> Result<Option<LogicalPlan>> {
        if let LogicalPlan::Filter(filter) = plan
            && !refers_outside(&filter.input)?
        {
            return self.take_keys(filter);
        }
        let Some(input) = plan.inputs().into_iter().next() else { return Ok(None) };
        if !matches!(
            plan,
            LogicalPlan::Projection(_)
                | LogicalPlan::Filter(_)
                | LogicalPlan::Sort(_)
                | LogicalPlan::Aggregate(_)
                | LogicalPlan::Distinct(Distinct::All(_))
                | LogicalPlan::SubqueryAlias(_)
        ) || refers_outside_itself(plan)?
        {
            return Ok(None);
        }
        let Some(input) = self.without_outer(input)? else { return Ok(None) };
        let keys = self.key_columns(&input)?;
        let builder = LogicalPlanBuilder::from(input.clone());
        Ok(Some(match plan {
            LogicalPlan::Projection(projection) => {
                builder.project(projection.expr.iter().cloned().chain(keys))?.build()?
            }
            LogicalPlan::Filter(filter) => builder.filter(filter.predicate.clone())?.build()?,
            LogicalPlan::SubqueryAlias(alias) => builder.alias(alias.alias.clone())?.build()?,
            LogicalPlan::Distinct(_) => builder.distinct()?.build()?,
            LogicalPlan::Sort(sort) => self.counted(input, sort.expr.clone())?,
            LogicalPlan::Aggregate(aggregate) if is_grouped(aggregate) => {
                let group = aggregate.group_expr.iter().cloned().chain(keys);
                builder.aggregate(group, aggregate.aggr_expr.iter().cloned())?.build()?
            }
            _ => return Ok(None),
        }))
    }

    /// Takes the equalities with the query around it from the conditions of a filter.
    fn take_keys(&mut self, filter: &Filter) -> Result<Option<LogicalPlan>> {
        let mut own = Vec::new();
        for condition in split_conjunction(&filter.predicate) {
            if !condition.contains_outer() {
                own.push(condition.clone());
            } else if condition.column_refs().is_empty() {
                self.outer.push(condition.clone());
            } else if let Some(key) = key_of(condition) {
                self.keys.push(key);
            } else {
                return Ok(None);
            }
        }
        if self.keys.is_empty() {
            return Ok(None);
        }
        let mut builder = LogicalPlanBuilder::from(filter.input.as_ref().clone());
        for condition in own {
            builder = builder.filter(condition)?;
        }
        let columns = filter.input.schema().columns().into_iter().map(Expr::Column);
        let keys = self.keys.iter().enumerate().map(|(place, (key, _))| key.clone().alias(key_name(place)));
        builder.project(columns.chain(keys).collect::<Vec<_>>())?.build().map(Some)
    }

    /// The rows of `plan` that the LIMIT lets through.
    fn counted(&mut self, plan: LogicalPlan, order: Vec<SortExpr>) -> Result<LogicalPlan> {
        self.is_counted = true;
        let place = row_number().partition_by(self.key_columns(&plan)?).order_by(order).build()?;
        let numbered = LogicalPlanBuilder::from(plan).window(vec![place])?.build()?;
        let Some(place) = numbered.schema().iter().last().map(|field| Expr::Column(Column::from(field))) else {
            return Ok(numbered);
        };
        let last = self.skip.saturating_add(self.fetch) as u64;
        let mut builder = LogicalPlanBuilder::from(numbered).filter(place.clone().lt_eq(lit(last)))?;
        if self.skip > 0 {
            builder = builder.filter(place.gt(lit(self.skip as u64)))?;
        }
        builder.build()
    }

    fn key_columns(&self, plan: &LogicalPlan) -> Result<Vec<Expr>> {
        let column = |place| {
            let field = plan.schema().qualified_field_with_unqualified_name(&key_name(place))?;
            Ok(Expr::Column(Column::from(field)))
        };
        (0..self.keys.len()).map(column).collect()
    }
}

fn key_name(place: usize) -> String {
    format!("limit_key_{place}")
}

/// Both sides of an equality: that of the subquery, and that of the query around it.
fn key_of(condition: &Expr) -> Option<(Expr, Expr)> {
    let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = condition else { return None };
    let is_outer = |expr: &Expr| expr.contains_outer() && expr.column_refs().is_empty();
    match (left.contains_outer(), right.contains_outer()) {
        (false, true) if is_outer(right) => Some((left.as_ref().clone(), right.as_ref().clone())),
        (true, false) if is_outer(left) => Some((right.as_ref().clone(), left.as_ref().clone())),
        _ => None,
    }
}

/// Whether each group of an aggregate has a row only if it has members.
fn is_grouped(aggregate: &Aggregate) -> bool {
    !aggregate.group_expr.is_empty() && !aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)))
}

pub(super) fn refers_outside(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(refers_outside_itself)
}

fn refers_outside_itself(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_expressions(|expr| {
        found |= expr.contains_outer();
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}
