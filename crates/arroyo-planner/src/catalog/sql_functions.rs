//! Functions that a script defines as expressions: they are written out where they are called.
//!
//! ```text
//! CREATE FUNCTION net(price DOUBLE) RETURNS DOUBLE RETURN price / 1.19;
//! before:  SELECT net(total) FROM orders
//! after:   SELECT CAST((CAST((total) AS DOUBLE) / 1.19) AS DOUBLE) FROM orders
//! ```
//! A body can call functions before it, which are written out when it is defined: so no function can call itself.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, Select,
    SelectItem, Spanned as _, Visit, VisitMut, Visitor, VisitorMut,
};

use crate::statement::{CreateFunction, sql_span};
use crate::{Diagnostic, codes};

/// A written-out body has at most so many expressions.
const MAX_EXPRESSIONS: usize = 10_000;

/// All functions of a script so far, by name in lower case.
#[derive(Debug, Default)]
pub(crate) struct SqlFunctions(BTreeMap<String, SqlFunction>);

#[derive(Debug)]
struct SqlFunction {
    arguments: Vec<(String, DataType)>,
    returns: DataType,
    body: Expr,
}

impl SqlFunctions {
    /// Defines a function; `body` is its body with all calls written out.
    pub(crate) fn define(&mut self, function: &CreateFunction, body: Expr) {
        let arguments =
            function.arguments.iter().map(|(name, data_type)| (name.node.to_lowercase(), data_type.clone()));
        let defined = SqlFunction { arguments: arguments.collect(), returns: function.returns.clone(), body };
        self.0.insert(function.name.node.to_lowercase(), defined);
    }

    /// Whether there is a function of this name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(&name.to_lowercase())
    }

    /// The query with all calls written out.
    ///
    /// # Errors
    ///
    /// Calls with a wrong number of arguments, or with more than arguments.
    pub(crate) fn query(&self, query: &Query) -> Result<Query, Diagnostic> {
        let mut query = query.clone();
        if !self.0.is_empty() {
            let _: ControlFlow<()> = VisitMut::visit(&mut query, &mut Names(self));
        }
        self.write_out(&mut query)?;
        Ok(query)
    }

    /// The expression with all calls written out.
    ///
    /// # Errors
    ///
    /// As for a query.
    pub(crate) fn expr(&self, expr: &Expr) -> Result<Expr, Diagnostic> {
        let mut expr = expr.clone();
        self.write_out(&mut expr)?;
        Ok(expr)
    }

    fn write_out(&self, what: &mut impl VisitMut) -> Result<(), Diagnostic> {
        if self.0.is_empty() {
            return Ok(());
        }
        match what.visit(&mut Calls { functions: self, written: 0 }) {
            ControlFlow::Break(fault) => Err(fault),
            ControlFlow::Continue(()) => Ok(()),
        }
    }
}

/// What keeps an expression from being a function's body: names that are no arguments, and subqueries.
pub(crate) fn body_faults(function: &CreateFunction) -> Vec<Diagnostic> {
    let mut checker = Body { function, faults: Vec::new() };
    let _: ControlFlow<()> = function.body.node.visit(&mut checker);
    checker.faults
}

struct Body<'a> {
    function: &'a CreateFunction,
    faults: Vec<Diagnostic>,
}

impl Body<'_> {
    fn fault(&mut self, message: String, expr: &Expr, help: &str) {
        let span = sql_span(expr.span()).or(self.function.body.span);
        self.faults.push(Diagnostic::error(&codes::SQL_FUNCTION, message).at(span).help(help));
    }
}

impl Visitor for Body<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let name = &self.function.name.node;
        match expr {
            Expr::Identifier(ident) => {
                let known =
                    self.function.arguments.iter().any(|(name, _)| name.node.eq_ignore_ascii_case(&ident.value));
                if !known {
                    let message = format!("`{}` is not an argument of `{name}`", ident.value);
                    self.fault(message, expr, "a function can use its arguments only");
                }
            }
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
                self.fault(
                    format!("`{name}` has a query in its body"),
                    expr,
                    "a function is an expression over its arguments",
                );
            }
            Expr::Function(call) if call.name.to_string().eq_ignore_ascii_case(name) => {
                self.fault(format!("`{name}` calls itself"), expr, "write the recursion as a query over rows");
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Columns that are calls are called like the function.
struct Names<'a>(&'a SqlFunctions);

impl VisitorMut for Names<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(Expr::Function(call)) = item {
                let name = call.name.to_string().to_lowercase();
                if self.0.contains(&name) {
                    let expr = Expr::Function(call.clone());
                    *item = SelectItem::ExprWithAlias { expr, alias: Ident::new(name) };
                }
            }
        }
        ControlFlow::Continue(())
    }
}

struct Calls<'a> {
    functions: &'a SqlFunctions,
    written: usize,
}

impl VisitorMut for Calls<'_> {
    type Break = Diagnostic;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Diagnostic> {
        let Expr::Function(call) = expr else { return ControlFlow::Continue(()) };
        let name = call.name.to_string().to_lowercase();
        let Some(function) = self.functions.0.get(&name) else { return ControlFlow::Continue(()) };
        let arguments = match arguments(call, function, &name) {
            Ok(arguments) => arguments,
            Err(fault) => return ControlFlow::Break(fault),
        };
        let mut body = function.body.clone();
        let mut substitute = Substitute { function, arguments: &arguments, written: 0 };
        let _: ControlFlow<()> = VisitMut::visit(&mut body, &mut substitute);
        self.written += substitute.written;
        if self.written > MAX_EXPRESSIONS {
            let message = format!("`{name}` is too long when all calls in it are written out");
            let fault = Diagnostic::error(&codes::TOO_DEEP, message).at(sql_span(call.name.span()));
            return ControlFlow::Break(fault.help("call it less often, or compute a part in a view"));
        }
        *expr = cast(body, &function.returns);
        ControlFlow::Continue(())
    }
}

fn arguments(call: &Function, function: &SqlFunction, name: &str) -> Result<Vec<Expr>, Diagnostic> {
    let wrong = |message: String| {
        let shown: Vec<String> = function.arguments.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        Diagnostic::error(&codes::SQL_FUNCTION, message)
            .at(sql_span(call.name.span()))
            .help(format!("call it as {name}({})", shown.join(", ")))
    };
    if call.over.is_some() || call.filter.is_some() || !call.within_group.is_empty() {
        return Err(wrong(format!("`{name}` is an expression: it takes neither OVER nor FILTER")));
    }
    let given = match &call.args {
        FunctionArguments::List(list) if list.clauses.is_empty() && list.duplicate_treatment.is_none() => &list.args,
        _ => return Err(wrong(format!("`{name}` is called with more than arguments"))),
    };
    let values = given.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Ok(value.clone()),
        _ => Err(wrong(format!("`{name}` takes its arguments in order, without names"))),
    });
    let values = values.collect::<Result<Vec<Expr>, Diagnostic>>()?;
    if values.len() != function.arguments.len() {
        return Err(wrong(format!("`{name}` has {} arguments, not {}", function.arguments.len(), values.len())));
    }
    Ok(values)
}

struct Substitute<'a> {
    function: &'a SqlFunction,
    arguments: &'a [Expr],
    written: usize,
}

impl VisitorMut for Substitute<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.written += 1;
        if let Expr::Identifier(ident) = expr {
            let place = self.function.arguments.iter().position(|(name, _)| *name == ident.value.to_lowercase());
            let found = place.and_then(|place| self.function.arguments.get(place).zip(self.arguments.get(place)));
            if let Some(((_, data_type), value)) = found {
                *expr = cast(value.clone(), data_type);
            }
        }
        ControlFlow::Continue(())
    }
}

fn cast(expr: Expr, data_type: &DataType) -> Expr {
    Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(Expr::Nested(Box::new(expr))),
        data_type: data_type.clone(),
        array: false,
        format: None,
    }
}
