//! Plans the expressions of a clause.

use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{DFSchema, DFSchemaRef, DataFusionError};
use datafusion::error::Result;
use datafusion::logical_expr::planner::RelationPlannerContext;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, ExprSchemable};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::sql::sqlparser::ast::{Expr as SqlExpr, Spanned};

use crate::catalog::{Functions, Raised};
use crate::query::rewrite_functions;
use crate::statement::sql_span;
use crate::{Diagnostic, codes};

/// Plans expressions over the columns of one schema, with their types coerced and functions such as `coalesce` spelled out.
pub(super) struct Planner {
    pub(super) schema: DFSchemaRef,
}

impl Planner {
    pub(super) fn over_terms(schema: &SchemaRef) -> Result<Self> {
        Ok(Self { schema: Arc::new(DFSchema::try_from(Arc::clone(schema))?) })
    }

    pub(super) fn all(&self, exprs: Vec<SqlExpr>, context: &mut dyn RelationPlannerContext) -> Result<Vec<Expr>> {
        exprs.into_iter().map(|expr| self.one(expr, context)).collect()
    }

    pub(super) fn one(&self, expr: SqlExpr, context: &mut dyn RelationPlannerContext) -> Result<Expr> {
        let functions = Functions::get();
        let planned = context.sql_to_expr(expr, &self.schema)?;
        let rewritten = rewrite_functions(planned, &self.schema, functions)?;
        let simplifier = ExprSimplifier::new(
            SimplifyContext::builder()
                .with_config_options(Arc::clone(&functions.options))
                .with_schema(Arc::clone(&self.schema))
                .build(),
        )
        .with_canonicalize(false);
        simplifier.simplify(simplifier.coerce(rewritten, &self.schema)?)
    }

    /// The condition of a variable.
    pub(super) fn condition(
        &self,
        variable: &str,
        expr: SqlExpr,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<Expr> {
        let span = sql_span(expr.span());
        let planned = self.one(expr, context)?;
        let raise = |fault: Diagnostic| Err(DataFusionError::External(Box::new(Raised(fault.at(span)))));
        if planned.is_volatile() {
            let message = format!("the condition of `{variable}` gives another value each time it is asked");
            return raise(
                Diagnostic::error(&codes::PATTERN, message)
                    .help("use values of the rows, such as their event time, in place of now() and random()"),
            );
        }
        match self.type_of(&planned)?.0 {
            DataType::Boolean | DataType::Null => Ok(planned),
            _ => raise(
                Diagnostic::error(&codes::PATTERN, format!("the condition of `{variable}` is neither true nor false"))
                    .help("write a comparison, such as A.price > 10"),
            ),
        }
    }

    pub(super) fn type_of(&self, expr: &Expr) -> Result<(DataType, bool)> {
        Ok((expr.get_type(&self.schema)?, expr.nullable(&self.schema)?))
    }
}
