//! Queries → analysed logical plans.

mod apply;
mod as_of;
mod emit;
mod empty_group;
mod errors;
mod fetch;
mod json;
mod late_rows;
mod letter_case;
mod match_recognize;
mod misplaced;
mod named_windows;
mod names;
mod other_subqueries;
mod outer_fields;
mod reject;
mod repeated_items;
mod row_values;
mod set_operations;
mod sink;
mod spellings;
mod struct_order;
mod subquery_columns;
mod template;
mod unnest;
mod unnest_items;
mod unnest_subqueries;
mod using;
mod visit;
mod window_tables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, DFSchemaRef};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast;

use crate::catalog::{Catalog, Context, Functions};
use crate::statement::{Spanned, Statement};
use crate::{Diagnostic, codes};

pub(crate) use emit::{late_tables, not_windowed};
pub(crate) use errors::plain_words;
pub(crate) use late_rows::fit_late_rows;
pub(crate) use letter_case::LetterCase;
pub(crate) use match_recognize::MatchRecognizes;
pub(crate) use sink::{aliased, columns_of, fit_to_sink, insert_columns, union_all};
pub(crate) use window_tables::WindowTables;

/// Plans a query and analyses the plan: names and types are resolved in the result.
pub(crate) fn plan_query(
    catalog: &Catalog,
    query: &ast::Query,
    statement: &Statement,
) -> Result<LogicalPlan, Vec<Diagnostic>> {
    let rejected = reject::check(query);
    if !rejected.is_empty() {
        return Err(rejected);
    }
    let context = Context { catalog, functions: Functions::get() };
    let query = catalog.sql_functions.query(query).map_err(|fault| vec![fault])?;
    let mut query = catalog.letter_case().query(&query);
    as_of::rewrite(&mut query)?;
    emit::rewrite(&mut query)?;
    named_windows::rewrite(&mut query)?;
    apply::rewrite(&mut query);
    fetch::rewrite(&mut query);
    empty_group::rewrite(&mut query);
    spellings::rewrite(&mut query);
    other_subqueries::rewrite(&mut query);
    repeated_items::rewrite(&mut query)?;
    unnest_items::rewrite(&mut query);
    unnest::rewrite(&mut query);
    unnest_subqueries::rewrite(&mut query);
    outer_fields::rewrite(&mut query);
    guarded(statement, || {
        let plan = |query| SqlToRel::new(&context).sql_statement_to_plan(ast::Statement::Query(Box::new(query)));
        using::rewrite(&mut query, &|query| {
            plan(query).ok().map(|plan| plan.schema().fields().iter().map(|field| field.name().clone()).collect())
        });
        let plan = plan(query)?;
        analyze(subquery_columns::take_out(set_operations::count_equal_rows(plan)?)?)
    })
    .map_err(|error| errors::diagnose(&error, statement))
}

/// Coerces types and applies function rewrites.
pub(crate) fn analyze(plan: LogicalPlan) -> DfResult<LogicalPlan> {
    let functions = Functions::get();
    let plan = struct_order::by_fields(json::unions_to_text(plan)?)?;
    functions.analyzer.execute_and_check(plan, &functions.options, |_, _| {})
}

/// Plans an expression over the columns of `schema`, coerces its types, and casts it to `target` if that is given.
pub(crate) fn plan_expr(
    catalog: &Catalog,
    expr: &Spanned<ast::Expr>,
    schema: &DFSchemaRef,
    target: Option<&DataType>,
    statement: &Statement,
) -> Result<Expr, Vec<Diagnostic>> {
    let functions = Functions::get();
    let context = Context { catalog, functions };
    let written_out = catalog.sql_functions.expr(&expr.node).map_err(|fault| vec![fault])?;
    guarded(statement, || {
        let planner = SqlToRel::new(&context);
        let case = LetterCase::of(schema.fields().iter().map(|field| (field.name().as_str(), field.data_type())));
        let planned = planner.sql_to_expr(case.expr(&written_out), schema, &mut PlannerContext::new())?;
        let rewritten = rewrite_functions(planned, schema, functions)?;
        let simplifier = ExprSimplifier::new(
            SimplifyContext::builder()
                .with_config_options(Arc::clone(&functions.options))
                .with_schema(Arc::clone(schema))
                .build(),
        );
        let coerced = simplifier.coerce(rewritten, schema)?;
        match target {
            Some(target) => sink::cast(coerced, target, schema),
            None => Ok(coerced),
        }
    })
    .map_err(|error| {
        let mut diagnostics = errors::diagnose(&error, statement);
        for diagnostic in &mut diagnostics {
            if diagnostic.span.is_none() || diagnostic.span == statement.span {
                diagnostic.span = expr.span;
            }
        }
        diagnostics
    })
}

/// Applies the rewrites of function calls.
pub(crate) fn rewrite_functions(expr: Expr, schema: &DFSchema, functions: &Functions) -> DfResult<Expr> {
    expr.transform_up(|mut expr| {
        let mut changed = false;
        for rewrite in &functions.rewrites {
            let rewritten = rewrite.rewrite(expr, schema, &functions.options)?;
            changed |= rewritten.transformed;
            expr = rewritten.data;
        }
        Ok(if changed { Transformed::yes(expr) } else { Transformed::no(expr) })
    })
    .map(|transformed| transformed.data)
}

/// The type of an expression, and whether it can be null.
pub(crate) fn type_of(expr: &Expr, schema: &DFSchema) -> Option<(DataType, bool)> {
    Some((expr.get_type(schema).ok()?, expr.nullable(schema).ok()?))
}

/// DataFusion panics on some input that nobody has thought of; a user gets a message instead of a dead process.
fn guarded<T>(statement: &Statement, plan: impl FnOnce() -> DfResult<T>) -> DfResult<T> {
    catch_unwind(AssertUnwindSafe(plan)).unwrap_or_else(|_| {
        let diagnostic = Diagnostic::error(&codes::INTERNAL, "the planner failed on this statement")
            .at(statement.span)
            .help("report it, please; writing the statement in another way may help until it is mended");
        Err(datafusion::common::DataFusionError::External(Box::new(crate::catalog::Raised(diagnostic))))
    })
}
