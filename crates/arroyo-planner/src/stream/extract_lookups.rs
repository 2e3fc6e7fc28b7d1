//! Rewrites joins with lookup tables.
//!
//! Before:
//! ```text
//! Left Join: Filter: o.customer = CAST(c.id AS BIGINT) AND c.active
//!   TableScan: orders
//!   SubqueryAlias: c
//!     TableScan: customers
//! ```
//! After:
//! ```text
//! LookupJoin: LEFT TRY_CAST(o.customer AS INT) = c.id, o.customer = CAST(c.id AS BIGINT) AND c.active
//! ```
//! Conditions that need the left side only choose among its rows before they are looked up, where that gives the same.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, DataFusionError, JoinType, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    BinaryExpr, Expr, Extension, Filter, Join, LogicalPlan, LogicalPlanBuilder, Operator, binary_expr,
};

use super::lookup_key::{KeyOf, key_of};
use super::lookup_node::LookupNode;
use super::lookup_query::JoinOfQuery;
use super::lookup_scan::{LookupScan, streamed_lookup};
use super::lookup_where::conditions_into_joins;
use super::place::span_of;
use super::row_time::asks_for_row_time;
use crate::catalog::Raised;
use crate::{Diagnostic, Span, TableDef, codes};

/// Rewrites all of a plan.
pub(crate) fn extract_lookups(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = conditions_into_joins(plan)?.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Join(join) => rewrite(join),
        LogicalPlan::Filter(filter) => below_lookups(filter),
        other => Ok(Transformed::no(other)),
    })?;
    Ok(rewritten.data)
}

fn raised(fault: Diagnostic) -> DataFusionError {
    DataFusionError::External(Box::new(Raised(fault)))
}

fn rewrite(join: Join) -> Result<Transformed<LogicalPlan>> {
    let sides = [LookupScan::of(&join.left), LookupScan::of(&join.right)];
    let (outer, swapped, scan) = match (sides, join.join_type) {
        ([None, _], JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark) => return over_query(join),
        ([None, Some(scan)], JoinType::Inner) => (false, false, scan),
        ([None, Some(scan)], JoinType::Left) => (true, false, scan),
        ([Some(scan), None], JoinType::Inner) => (false, true, scan),
        ([Some(scan), None], JoinType::Right) => (true, true, scan),
        ([None, Some(scan)] | [Some(scan), _], kind) => return Err(raised(other_kind(&scan.table, kind, &join))),
        ([None, None], _) => return over_query(join),
    };
    let columns = join.schema.columns();
    let node = LogicalPlan::Extension(Extension { node: Arc::new(lookup(join, outer, swapped, &scan)?) });
    if !swapped {
        return Ok(Transformed::yes(node));
    }
    let ordered = LogicalPlanBuilder::from(node).project(columns.into_iter().map(Expr::Column))?.build()?;
    Ok(Transformed::yes(ordered))
}

/// A join with a query over a lookup table, or with none.
fn over_query(join: Join) -> Result<Transformed<LogicalPlan>> {
    if let Some(of_query) = JoinOfQuery::of(&join)? {
        let node = lookup(of_query.join.clone(), of_query.outer, false, of_query.scan())?;
        let node = LogicalPlan::Extension(Extension { node: Arc::new(node) });
        return Ok(Transformed::yes(of_query.result(node)?));
    }
    match streamed_lookup(&join.right) {
        Some(table) => Err(raised(not_direct(&table, &join))),
        None => Ok(Transformed::no(LogicalPlan::Join(join))),
    }
}

fn lookup(join: Join, outer: bool, swapped: bool, scan: &LookupScan) -> Result<LookupNode> {
    let span = span_of_join(&join);
    if join.null_equality == NullEquality::NullEqualsNull {
        let fault = fault("a lookup join compares keys by `=`, for which no NULL is equal to another").at(span);
        return Err(raised(fault.help("replace IS NOT DISTINCT FROM by =")));
    }
    let Join { left, right, on, filter, schema, .. } = join;
    let (left, right) = if swapped { (right, left) } else { (left, right) };
    let equal = on.into_iter().map(|(a, b)| binary_expr(a, Operator::Eq, b));
    let conditions = equal.chain(filter.map(split_conjunction_owned).unwrap_or_default());
    let mut keys: Vec<Option<(Expr, Expr)>> = vec![None; scan.table.primary_key.len()];
    let (mut of_left, mut rest) = (Vec::new(), Vec::new());
    for condition in conditions {
        if asks_for_row_time(&condition) {
            return Err(raised(super::row_time::refusal(&condition)));
        }
        match key_of(&condition, left.schema(), right.schema(), scan).map_err(raised)? {
            Some(KeyOf { place, left, right, is_exact }) if keys.get(place).is_some_and(Option::is_none) => {
                if let Some(key) = keys.get_mut(place) {
                    *key = Some((left, right));
                }
                if !is_exact {
                    rest.push(condition);
                }
            }
            _ if !outer && is_of(&condition, left.schema()) => of_left.push(condition),
            _ => rest.push(condition),
        }
    }
    let missing = keys.iter().zip(&scan.table.primary_key).find(|(key, _)| key.is_none()).map(|(_, name)| name);
    if let Some(name) = missing {
        return Err(raised(missing_key(&scan.table, name, span)));
    }
    let left = with_filter(left, of_left)?;
    let node = LookupNode {
        left: Arc::clone(&left),
        right: Arc::clone(&right),
        outer,
        on: keys.into_iter().flatten().collect(),
        filter: conjunction(rest),
        schema,
    };
    node.with_inputs(left.as_ref().clone(), right.as_ref().clone())
}

/// Moves the conditions of a filter above lookup joins, as far as they need the stream only, below them.
fn below_lookups(filter: Filter) -> Result<Transformed<LogicalPlan>> {
    let Some(node) = LookupNode::of(&filter.input) else {
        return Ok(Transformed::no(LogicalPlan::Filter(filter)));
    };
    let (moved, kept): (Vec<Expr>, Vec<Expr>) = split_conjunction_owned(filter.predicate)
        .into_iter()
        .partition(|condition| is_of(condition, node.left.schema()) && !asks_for_row_time(condition));
    let left = below_lookups_of(Arc::clone(&node.left), moved)?;
    let node = node.clone().with_inputs(left, node.right.as_ref().clone())?;
    let node = Arc::new(LogicalPlan::Extension(Extension { node: Arc::new(node) }));
    Ok(Transformed::yes(Arc::unwrap_or_clone(with_filter(node, kept)?)))
}

fn below_lookups_of(plan: Arc<LogicalPlan>, conditions: Vec<Expr>) -> Result<LogicalPlan> {
    match Arc::unwrap_or_clone(with_filter(plan, conditions)?) {
        LogicalPlan::Filter(filter) => Ok(below_lookups(filter)?.data),
        other => Ok(other),
    }
}

fn with_filter(plan: Arc<LogicalPlan>, conditions: Vec<Expr>) -> Result<Arc<LogicalPlan>> {
    match conjunction(conditions) {
        Some(predicate) => Ok(Arc::new(LogicalPlan::Filter(Filter::try_new(predicate, plan)?))),
        None => Ok(plan),
    }
}

/// Whether a condition is about rows of one side: it has columns, all are of it, and it gives the same each time.
pub(super) fn is_of(condition: &Expr, schema: &DFSchema) -> bool {
    let columns = condition.column_refs();
    !columns.is_empty()
        && !condition.is_volatile()
        && columns.into_iter().all(|column| schema.maybe_index_of_column(column).is_some())
}

fn span_of_join(join: &Join) -> Option<Span> {
    let keys = join.on.iter().flat_map(|(left, right)| [span_of(left), span_of(right)]).flatten();
    keys.chain(join.filter.as_ref().and_then(span_of)).reduce(Span::union)
}

fn fault(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(&codes::LOOKUP_JOIN, message)
}

fn missing_key(table: &TableDef, name: &str, span: Option<Span>) -> Diagnostic {
    let table = &table.name;
    fault(format!("the join does not say what `{name}` is, a column of the primary key of the lookup table `{table}`"))
        .at(span)
        .help(format!("compare each column of the primary key with a value: ON … = {table}.{name}"))
}

fn other_kind(table: &TableDef, kind: JoinType, join: &Join) -> Diagnostic {
    let (name, kind) = (&table.name, kind.to_string().to_uppercase());
    let both = LookupScan::of(&join.left).is_some() && LookupScan::of(&join.right).is_some();
    let diagnostic = if both {
        fault("a join of two lookup tables has no stream whose rows could be looked up")
            .help("start with a table of rows, and join both lookup tables with it")
    } else {
        fault(format!(
            "the lookup table `{name}` cannot be on this side of a {kind} join, as its rows are not all known"
        ))
        .help(format!("use JOIN {name}, or LEFT JOIN {name} with the stream on the left"))
    };
    diagnostic.at(span_of_join(join))
}

fn not_direct(table: &TableDef, join: &Join) -> Diagnostic {
    let name = &table.name;
    fault(format!("the lookup table `{name}` can only be joined as it is, not as a query over it"))
        .at(span_of_join(join))
        .help(format!("JOIN {name}, with its conditions in ON and what is computed of it in SELECT"))
}

/// Whether an expression compares two values for equality.
pub(super) fn equality(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match super::lineage::unaliased(expr) {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => Some((left, right)),
        _ => None,
    }
}
