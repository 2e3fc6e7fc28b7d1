//! `TUMBLE`, `HOP`, `CUMULATE` and `SESSION` in FROM.
//!
//! ```text
//! TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))
//! HOP(DATA => TABLE bids, TIMECOL => DESCRIPTOR(at), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '5' MINUTE)
//! ```

use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::error::Result;
use datafusion::logical_expr::planner::{PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan};
use datafusion::sql::sqlparser::ast::{
    Expr as SqlExpr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName, ObjectNamePart,
    Spanned, TableAlias, TableFactor,
};

use crate::catalog::Raised;
use crate::statement::{PARTITION_BY, sql_span};
use crate::stream::window::Window;
use crate::stream::window_table::{Place, WindowTable};
use crate::{Diagnostic, Span, codes};

/// Plans them.
#[derive(Debug)]
pub(crate) struct WindowTables;

/// What a function is called with, in the order of its arguments, and how they are called.
struct Signature {
    name: &'static str,
    /// The intervals in their order here, and whether each can be left out.
    intervals: &'static [(&'static str, bool)],
    usage: &'static str,
}

/// `HOP` takes its slide first, as in GROUP BY.
static SIGNATURES: [Signature; 4] = [
    Signature {
        name: "tumble",
        intervals: &[("SIZE", false), ("OFFSET", true)],
        usage: "TUMBLE(TABLE t, DESCRIPTOR(time), INTERVAL '1' MINUTE)",
    },
    Signature {
        name: "hop",
        intervals: &[("SLIDE", false), ("SIZE", false), ("OFFSET", true)],
        usage: "HOP(TABLE t, DESCRIPTOR(time), INTERVAL '1' MINUTE, INTERVAL '1' HOUR): the slide and the size",
    },
    Signature {
        name: "cumulate",
        intervals: &[("STEP", false), ("SIZE", false), ("OFFSET", true)],
        usage: "CUMULATE(TABLE t, DESCRIPTOR(time), INTERVAL '1' HOUR, INTERVAL '1' DAY): the step and the size",
    },
    Signature {
        name: "session",
        intervals: &[("GAP", false)],
        usage: "SESSION(TABLE t PARTITION BY k, DESCRIPTOR(time), INTERVAL '1' MINUTE)",
    },
];

impl RelationPlanner for WindowTables {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let found = match &relation {
            TableFactor::TableFunction { expr: SqlExpr::Function(function), alias } => {
                arguments_of(function).and_then(|args| call(&function.name, args, alias.as_ref()))
            }
            TableFactor::Table { name, args: Some(args), alias, .. } => call(name, &args.args, alias.as_ref()),
            TableFactor::TableFunction { expr, .. } => {
                let message = format!("`TABLE({expr})` is not a table");
                return raise(
                    Diagnostic::error(&codes::UNSUPPORTED_QUERY, message)
                        .at(sql_span(expr.span()))
                        .help("TABLE(…) takes TUMBLE, HOP, CUMULATE or SESSION; a query stands in parentheses alone"),
                );
            }
            _ => None,
        };
        let Some(call) = found else { return Ok(RelationPlanning::Original(Box::new(relation))) };
        let plan = call.plan(context)?;
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, call.alias.cloned()))))
    }
}

struct Call<'a> {
    signature: &'static Signature,
    args: &'a [FunctionArg],
    alias: Option<&'a TableAlias>,
    span: Option<Span>,
}

fn arguments_of(function: &Function) -> Option<&[FunctionArg]> {
    match &function.args {
        FunctionArguments::List(list) => Some(&list.args),
        _ => None,
    }
}

fn call<'a>(name: &ObjectName, args: &'a [FunctionArg], alias: Option<&'a TableAlias>) -> Option<Call<'a>> {
    let text = name.to_string().to_ascii_lowercase();
    let signature = SIGNATURES.iter().find(|signature| signature.name == text)?;
    Some(Call { signature, args, alias, span: sql_span(name.span()) })
}

/// The arguments by what they are for.
#[derive(Default)]
struct Arguments<'a> {
    data: Option<&'a SqlExpr>,
    time: Option<&'a SqlExpr>,
    partition: Vec<&'a SqlExpr>,
    intervals: Vec<Option<&'a SqlExpr>>,
}

impl Call<'_> {
    fn wrong(&self, what: &str, span: Option<Span>) -> Diagnostic {
        let message = format!("`{}` {what}", self.signature.name.to_ascii_uppercase());
        let help = format!("write {}", self.signature.usage);
        Diagnostic::error(&codes::TIME_WINDOW, message).at(span.or(self.span)).help(help)
    }

    fn plan(&self, context: &mut dyn RelationPlannerContext) -> Result<LogicalPlan> {
        let arguments = match self.arguments() {
            Ok(arguments) => arguments,
            Err(diagnostic) => return raise(diagnostic),
        };
        let (Some(data), Some(time)) = (arguments.data, arguments.time) else {
            return raise(self.wrong("needs a table and the column of its event time", None));
        };
        let Some(table) = table_of(data) else {
            return raise(self.wrong("needs a table", sql_span(data.span())));
        };
        let input = context.plan(table)?;
        let Some(column) = descriptor(time) else {
            return raise(self.wrong("needs one column in DESCRIPTOR", sql_span(time.span())));
        };
        let time = context.sql_to_expr(column.clone(), input.schema())?;
        let mut partition = Vec::with_capacity(arguments.partition.len());
        for column in &arguments.partition {
            match context.sql_to_expr((*column).clone(), input.schema())? {
                planned @ Expr::Column(_) => partition.push(planned),
                _ => return raise(self.wrong("is partitioned by columns only", sql_span(column.span()))),
            }
        }
        let mut intervals = Vec::new();
        for interval in arguments.intervals.iter().flatten() {
            intervals.push(context.sql_to_expr((*interval).clone(), &datafusion::common::DFSchema::empty())?);
        }
        let window = match Window::of_call(self.signature.name, &intervals) {
            Ok(window) => window,
            Err(diagnostic) => {
                let span = diagnostic.span.or(self.span);
                return raise(diagnostic.at(span));
            }
        };
        let node = WindowTable::new(Arc::new(input), window, time, partition, Place(self.span))?;
        Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
    }

    /// Sorts the arguments, which are given in order or by name.
    fn arguments(&self) -> Result<Arguments<'_>, Diagnostic> {
        let intervals = self.signature.intervals;
        let mut found = Arguments { intervals: vec![None; intervals.len()], ..Arguments::default() };
        let mut place = 0;
        for arg in self.args {
            let (name, value) = match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => {
                    place += 1;
                    (positional(place, intervals), value)
                }
                FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => (Some(name.value.clone()), value),
                FunctionArg::ExprNamed { name, arg: FunctionArgExpr::Expr(value), .. } => {
                    (Some(name.to_string()), value)
                }
                other => return Err(self.wrong("has a wrong argument", sql_span(other.span()))),
            };
            let span = sql_span(value.span());
            let Some(name) = name.map(|name| name.to_ascii_uppercase()) else {
                return Err(self.wrong("has too many arguments", span));
            };
            let slot = match name.as_str() {
                "DATA" => &mut found.data,
                "TIMECOL" => &mut found.time,
                PARTITION_BY if self.signature.name == "session" => {
                    found.partition = columns(value);
                    continue;
                }
                PARTITION_BY => return Err(self.wrong("takes no PARTITION BY: only SESSION does", span)),
                other => {
                    let place = intervals.iter().position(|(interval, _)| *interval == other);
                    match place.and_then(|place| found.intervals.get_mut(place)) {
                        Some(slot) => slot,
                        None => return Err(self.wrong(&format!("has no argument `{other}`"), span)),
                    }
                }
            };
            if slot.replace(value).is_some() {
                return Err(self.wrong(&format!("has the argument `{name}` twice"), span));
            }
        }
        let missing =
            intervals.iter().zip(&found.intervals).find(|((_, optional), value)| !optional && value.is_none());
        match missing {
            Some(((name, _), _)) => Err(self.wrong(&format!("needs an interval `{name}`"), None)),
            None => Ok(found),
        }
    }
}

fn positional(place: usize, intervals: &[(&str, bool)]) -> Option<String> {
    match place {
        1 => Some("DATA".to_owned()),
        2 => Some("TIMECOL".to_owned()),
        place => intervals.get(place - 3).map(|(name, _)| (*name).to_owned()),
    }
}

/// `a` or `(a, b)`.
fn columns(expr: &SqlExpr) -> Vec<&SqlExpr> {
    match expr {
        SqlExpr::Tuple(columns) => columns.iter().collect(),
        SqlExpr::Nested(column) => columns(column),
        column => vec![column],
    }
}

/// The column in `DESCRIPTOR(column)`.
fn descriptor(expr: &SqlExpr) -> Option<&SqlExpr> {
    let SqlExpr::Function(function) = expr else { return None };
    if !function.name.to_string().eq_ignore_ascii_case("descriptor") {
        return None;
    }
    match arguments_of(function)? {
        [
            FunctionArg::Unnamed(FunctionArgExpr::Expr(
                column @ (SqlExpr::Identifier(_) | SqlExpr::CompoundIdentifier(_)),
            )),
        ] => Some(column),
        _ => None,
    }
}

/// A name or a query in parentheses as something that FROM takes.
fn table_of(expr: &SqlExpr) -> Option<TableFactor> {
    let named = |parts: Vec<Ident>| TableFactor::Table {
        name: ObjectName(parts.into_iter().map(ObjectNamePart::Identifier).collect()),
        alias: None,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    };
    match expr {
        SqlExpr::Identifier(name) => Some(named(vec![name.clone()])),
        SqlExpr::CompoundIdentifier(parts) => Some(named(parts.clone())),
        SqlExpr::Subquery(query) => {
            Some(TableFactor::Derived { lateral: false, subquery: query.clone(), alias: None, sample: None })
        }
        _ => None,
    }
}

fn raise<T>(diagnostic: Diagnostic) -> Result<T> {
    Err(DataFusionError::External(Box::new(Raised(diagnostic))))
}
