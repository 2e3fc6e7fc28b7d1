//! DataFusion's optimizer with the rules that make sense for streams.
//!
//! **What is evaluated at plan time:** expressions of constants and immutable functions.
//! `now()` and its kin (`current_date`, `current_time`) are not: a stream runs for months, so they mean the moment at which
//! a row is processed, and are volatile (see `arroyo_expr`).
//! Volatile functions (these, `random()`, the windows' markers, `row_time()`) are never folded.
//!
//! Left out on purpose: rules that turn `WHERE false` into a plan without sources (its watermarks would stop), rules about
//! LIMIT and ORDER BY, the rewrite of DISTINCT aggregates into two groupings (windows aggregate once), and the extraction of
//! struct fields (it renames columns).

use std::sync::Arc;

use datafusion::common::DFSchema;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::common_subexpr_eliminate::CommonSubexprEliminate;
use datafusion::optimizer::decorrelate_lateral_join::DecorrelateLateralJoin;
use datafusion::optimizer::decorrelate_predicate_subquery::DecorrelatePredicateSubquery;
use datafusion::optimizer::eliminate_cross_join::EliminateCrossJoin;
use datafusion::optimizer::eliminate_outer_join::EliminateOuterJoin;
use datafusion::optimizer::extract_equijoin_predicate::ExtractEquijoinPredicate;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::optimize_unions::OptimizeUnions;
use datafusion::optimizer::push_down_filter::PushDownFilter;
use datafusion::optimizer::rewrite_set_comparison::RewriteSetComparison;
use datafusion::optimizer::scalar_subquery_to_join::ScalarSubqueryToJoin;
use datafusion::optimizer::simplify_expressions::{ExprSimplifier, SimplifyExpressions};
use datafusion::optimizer::{Optimizer, OptimizerContext, OptimizerRule};

use super::lookup_node::LookupNode;
use super::match_node::MatchRecognize;
use super::not_in::NotIn;
use super::row_time::asks_for_row_time;
use super::temporal_node::TemporalJoin;
use super::window_node::WindowedAggregate;

/// Simplifies expressions, moves filters towards the sources, and drops columns that nobody reads.
pub(crate) fn optimize(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut rules: Vec<Arc<dyn OptimizerRule + Send + Sync>> =
        vec![Arc::new(OptimizeUnions::new()), Arc::new(SimplifyExpressions::new())];
    if plan.exists(|plan| Ok(matches!(plan, LogicalPlan::Join(_))))? {
        rules.push(Arc::new(ExtractEquijoinPredicate::new()));
        rules.push(Arc::new(EliminateCrossJoin::new()));
        rules.push(Arc::new(EliminateOuterJoin::new()));
    }
    if !filters_by_nothing_of_below(&plan)? {
        rules.push(Arc::new(PushDownFilter::new()));
    }
    rules.push(Arc::new(CommonSubexprEliminate::new()));
    rules.push(Arc::new(OptimizeProjections::new()));
    let context = OptimizerContext::new().without_query_execution_start_time().with_skip_failing_rules(false);
    Optimizer::with_rules(rules).optimize(plan, &context, |_, _| {})
}

/// Turns subqueries in expressions, and lateral ones, into joins.
pub(crate) fn decorrelate(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rules: Vec<Arc<dyn OptimizerRule + Send + Sync>> = vec![
        Arc::new(RewriteSetComparison::new()),
        Arc::new(SimplifyExpressions::new()),
        Arc::new(DecorrelatePredicateSubquery::new()),
        Arc::new(NotIn),
        Arc::new(ScalarSubqueryToJoin::new()),
        Arc::new(DecorrelateLateralJoin::new()),
    ];
    let mut options = ConfigOptions::default();
    options.optimizer.enable_physical_uncorrelated_scalar_subquery = false;
    options.optimizer.skip_failed_rules = false;
    let context = OptimizerContext::new_with_config_options(Arc::new(options)).without_query_execution_start_time();
    Optimizer::with_rules(rules).optimize(plan, &context, |_, _| {})
}

/// Simplifies one expression over `schema`.
pub(crate) fn simplify(expr: Expr, schema: &DFSchema) -> Result<Expr> {
    let schema = Arc::new(schema.clone());
    let simplifier = ExprSimplifier::new(SimplifyContext::builder().with_schema(Arc::clone(&schema)).build());
    simplifier.simplify(simplifier.coerce(expr, &schema)?)
}

/// Whether a condition without columns (`random() < 0.5`, `1 > 2`), or on the time of its row, stands above an aggregate, a join or
/// matches of patterns.
///
/// DataFusion would move it below, where it chooses among rows and not among results, and the rows have another time.
fn filters_by_nothing_of_below(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply(|plan| {
        if let LogicalPlan::Filter(filter) = plan
            && split_conjunction(&filter.predicate)
                .iter()
                .any(|condition| condition.column_refs().is_empty() || asks_for_row_time(condition))
            && filter.input.exists(|below| {
                let makes_results = matches!(below, LogicalPlan::Aggregate(_) | LogicalPlan::Join(_));
                let is_join = TemporalJoin::of(below).is_some() || LookupNode::of(below).is_some();
                let makes_rows = WindowedAggregate::of(below).is_some() || MatchRecognize::of(below).is_some();
                Ok(makes_results || is_join || makes_rows)
            })?
        {
            found = true;
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}
