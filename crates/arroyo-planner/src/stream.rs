//! Logical plans → the streaming plan → the program.
//!
//! 1. [`lateral_unnest`]: a join with the elements of a row's own list becomes an unnest,
//!    and [`lateral_rows`]: one with rows that are computed from a row no join either.
//! 2. [`extract_temporal`]: joins with the latest version of a row become nodes of their own.
//! 3. [`extract_lookups`]: so do joins with lookup tables.
//! 4. [`distinct_on`]: DISTINCT ON becomes a ranking of which the first rows are wanted.
//! 5. [`subqueries`]: subqueries in expressions become joins.
//! 6. [`extract_windows`]: aggregates by `tumble`, `hop` and `session` become nodes of their own.
//! 7. [`late_sinks`]: late rows that are asked for become queries of their own.
//! 8. [`shared`]: what is read more than once is taken out, to be planned once.
//! 9. [`optimize`]: DataFusion's rules simplify, push filters down and prune columns.
//! 10. [`lowering`]: plan nodes become stream nodes; each table becomes a source with its watermark.
//! 11. [`rules`]: rewrites of the streaming plan.
//! 12. [`crate::program`]: the program.
//!
//! The logical plan does not know event time. Each stream has a column `_timestamp` behind the logical plan's columns, which
//! every operator carries along.

mod bind;
mod counted_subqueries;
mod distinct_on;
mod extract_lookups;
mod extract_temporal;
mod extract_windows;
mod graph;
mod grouping_sets;
pub(crate) mod join;
mod late_rows;
mod late_sinks;
mod lateral_rows;
mod lateral_unnest;
mod limited_subqueries;
pub(crate) mod lineage;
pub(crate) mod lookup_join;
mod lookup_key;
mod lookup_node;
mod lookup_query;
mod lookup_scan;
mod lookup_where;
mod lowering;
pub(crate) mod match_node;
mod named_subqueries;
pub(crate) mod node;
mod not_in;
mod one_row_subqueries;
mod optimize;
mod outer_values;
mod place;
mod plan_node;
mod row_time;
mod rules;
pub(crate) mod schema;
mod shared;
pub(crate) mod simple_filter;
mod source;
mod subqueries;
mod temporal_node;
mod trial;
mod warnings;
pub(crate) mod window;
mod window_node;
pub(crate) mod window_table;

use std::fmt::Write;

use arroyo_dataflow::Program;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;

use self::lowering::Lowering;
pub(crate) use self::place::span_of;
pub(crate) use self::subqueries::{has_subquery, subquery_of};
use crate::catalog::Raised;
use crate::query::plain_words;
use crate::script::Script;
use crate::{Diagnostic, PlanRequest, codes, explain, program};

/// A script as a program.
#[derive(Debug, Clone, Default)]
pub struct Lowered {
    /// What the engine runs.
    pub program: Program,
    /// The optimised logical plans, indented, one per sink, and then the parts that several of them share.
    pub logical: String,
    /// The streaming plan, indented.
    pub stream: String,
    /// Messages that do not keep it from running.
    pub warnings: Vec<Diagnostic>,
}

/// Turns a script into a program.
///
/// # Errors
///
/// What cannot run as a stream; as many faults as were found.
pub(crate) fn lower(script: &Script, request: &PlanRequest) -> Result<Lowered, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut plans: Vec<LogicalPlan> = Vec::with_capacity(script.sinks.len());
    let mut late = Vec::new();
    for query in &script.sinks {
        let before = faults.len();
        let unnested = lateral_unnest::rewrite_lateral_unnests(query.plan.clone())
            .and_then(lateral_rows::rewrite_lateral_rows)
            .and_then(extract_temporal::extract_temporal_joins)
            .and_then(extract_lookups::extract_lookups)
            .and_then(distinct_on::to_first_rows)
            .map_err(|error| plan_fault(&error));
        let of_subqueries = |plan| extract_lookups::extract_lookups(plan).map_err(|error| plan_fault(&error));
        let joined = unnested.and_then(row_time::refuse_in_joins).and_then(subqueries::to_joins);
        match joined.and_then(of_subqueries) {
            Ok(plan) => plans.push(extract_windows::extract_windows(plan, &mut faults, &mut late)),
            Err(fault) => faults.push(fault),
        }
        for fault in faults.iter_mut().skip(before) {
            fault.span = fault.span.or(query.span);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let script = &late_sinks::with_late_rows(script, &mut plans, late)?;
    let internal = |error: DataFusionError| vec![plan_fault(&error)];
    let shared = shared::share(&mut plans).map_err(internal)?;
    let mut optimised = Vec::with_capacity(plans.len());
    for (plan, query) in plans.into_iter().zip(&script.sinks) {
        let refused = |plan: &LogicalPlan, error: &DataFusionError| {
            trial::find_refused(plan).unwrap_or_else(|| plan_fault(error))
        };
        match optimize::optimize(plan.clone()).map_err(|error| refused(&plan, &error)) {
            Ok(plan) => optimised.push(plan),
            Err(fault) => faults.push(Diagnostic { span: fault.span.or(query.span), ..fault }),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }

    let mut lowering = Lowering::new(&optimised, shared).map_err(internal)?;
    let logical = print_logical(script, &optimised, lowering.shared_plans());
    let sinks: Vec<_> = optimised.iter().zip(&script.sinks).map(|(plan, query)| lowering.sink(plan, query)).collect();
    let (mut graph, mut faults) = lowering.finish();
    if faults.is_empty() && sinks.iter().any(Option::is_none) {
        let message = "a part of the query has no streaming operator";
        faults.push(Diagnostic::error(&codes::NOT_STREAMABLE, message).help("please report this query"));
    }
    let (Some(sinks), true) = (sinks.into_iter().collect::<Option<Vec<_>>>(), faults.is_empty()) else {
        return Err(faults);
    };
    let sinks = rules::apply(&mut graph, sinks).map_err(|fault| vec![fault])?;
    let program = program::build(&sinks, request.parallelism.max(1), request.chaining).map_err(|error| {
        vec![Diagnostic::error(&codes::NOT_STREAMABLE, error.to_string()).help("please report this query")]
    })?;
    let warnings = warnings::find(&sinks, request.parallelism);
    Ok(Lowered { program, logical, stream: explain::stream_tree(&sinks), warnings })
}

fn plan_fault(error: &DataFusionError) -> Diagnostic {
    if let DataFusionError::External(raised) = error.find_root()
        && let Some(diagnostic) = Raised::of(raised.as_ref())
    {
        return diagnostic.clone();
    }
    let words = plain_words(&error.strip_backtrace());
    let message = words.unwrap_or_else(|| "a part of this query cannot run as a stream".to_owned());
    Diagnostic::error(&codes::NOT_STREAMABLE, message)
        .help("write it in another way, and report it, please, if it is right as it stands")
}

fn print_logical<'a>(script: &Script, plans: &[LogicalPlan], shared: impl Iterator<Item = &'a LogicalPlan>) -> String {
    let mut text = String::new();
    for (query, plan) in script.sinks.iter().zip(plans) {
        let _ = writeln!(text, "{}:\n{}", query.sink.name, plan.display_indent());
    }
    for (index, plan) in shared.enumerate() {
        let _ = writeln!(text, "shared_{index}:\n{}", plan.display_indent());
    }
    text
}
