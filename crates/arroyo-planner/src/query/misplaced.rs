//! Calls and numbers that stand where they mean nothing.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Function, GroupByExpr, OrderByKind, Query, Select, SelectItem, SetExpr, Spanned, Value, Visit, Visitor,
};

use super::visit::is_aggregate;
use crate::statement::sql_span;
use crate::{Diagnostic, codes};

/// What is misplaced in the clauses of a SELECT.
pub(super) fn in_select(select: &Select) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(condition) = &select.selection {
        found.extend(call_in(condition).map(in_where));
    }
    if let GroupByExpr::Expressions(groups, _) = &select.group_by {
        for group in groups {
            let fault = match number_of(group) {
                Some(number) => group_by_position(number, group, select),
                None => call_in(group).map(in_group_by),
            };
            found.extend(fault);
        }
    }
    if select.top.is_some() {
        let fault = Diagnostic::error(&codes::UNSUPPORTED_QUERY, "TOP is not supported");
        found.push(fault.at(sql_span(select.select_token.0.span)).help("write LIMIT 3 at the end of the query"));
    }
    found
}

/// The positions of ORDER BY that the SELECT list does not have.
pub(super) fn in_order(query: &Query) -> Vec<Diagnostic> {
    let (Some(order), SetExpr::Select(select)) = (&query.order_by, query.body.as_ref()) else { return Vec::new() };
    let OrderByKind::Expressions(exprs) = &order.kind else { return Vec::new() };
    let positions = exprs.iter().filter_map(|order| Some((number_of(&order.expr)?, &order.expr)));
    positions.filter_map(|(number, expr)| unknown_position("ORDER BY", number, expr, select)).collect()
}

/// A call of an aggregate function, or one with OVER.
struct Call {
    function: Function,
    has_over: bool,
}

impl Call {
    fn name(&self) -> String {
        self.function.name.to_string().to_lowercase()
    }
}

/// The first such call of an expression, and not of its subqueries.
fn call_in(expr: &Expr) -> Option<Call> {
    #[derive(Default)]
    struct Finder {
        queries: usize,
    }
    impl Visitor for Finder {
        type Break = Call;

        fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<Call> {
            self.queries += 1;
            ControlFlow::Continue(())
        }

        fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<Call> {
            self.queries -= 1;
            ControlFlow::Continue(())
        }

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Call> {
            match expr {
                Expr::Function(call) if self.queries == 0 && (call.over.is_some() || is_aggregate(call)) => {
                    ControlFlow::Break(Call { function: call.clone(), has_over: call.over.is_some() })
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }
    expr.visit(&mut Finder::default()).break_value()
}

fn in_where(call: Call) -> Diagnostic {
    let name = call.name();
    let fault = if call.has_over {
        Diagnostic::error(
            &codes::OVER,
            format!("`{name}` with OVER stands in WHERE, which chooses rows before it is computed"),
        )
        .help("write the condition in QUALIFY instead, or give the result a name in a subquery and use it around that")
    } else {
        Diagnostic::error(
            &codes::QUERY,
            format!("`{name}` stands in WHERE, which chooses rows before they are aggregated"),
        )
        .help("write the condition in HAVING, behind GROUP BY")
    };
    fault.at(sql_span(call.function.name.span()))
}

fn in_group_by(call: Call) -> Diagnostic {
    let name = call.name();
    let (code, what) = if call.has_over {
        (&codes::OVER, format!("`{name}` with OVER stands in GROUP BY"))
    } else {
        (
            &codes::QUERY,
            format!("`{name}` stands in GROUP BY: an aggregate is computed of groups that are there already"),
        )
    };
    Diagnostic::error(code, what)
        .at(sql_span(call.function.name.span()))
        .help("group by columns, or compute it in a subquery and group by its result")
}

fn number_of(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn group_by_position(number: usize, group: &Expr, select: &Select) -> Option<Diagnostic> {
    if let Some(fault) = unknown_position("GROUP BY", number, group, select) {
        return Some(fault);
    }
    if has_all_columns(select) {
        return None;
    }
    let (SelectItem::UnnamedExpr(item) | SelectItem::ExprWithAlias { expr: item, .. }) =
        select.projection.get(number.checked_sub(1)?)?
    else {
        return None;
    };
    let name = call_in(item)?.name();
    let message =
        format!("position {number} of GROUP BY is `{name}`, which is computed of groups that are there already");
    let fault = Diagnostic::error(&codes::QUERY, message).at(sql_span(group.span()));
    Some(fault.help("positions count from 1 in the SELECT list: give those of columns that are no aggregates"))
}

fn unknown_position(clause: &str, number: usize, expr: &Expr, select: &Select) -> Option<Diagnostic> {
    let columns = select.projection.len();
    if has_all_columns(select) || (1..=columns).contains(&number) {
        return None;
    }
    let plural = if columns == 1 { "" } else { "s" };
    let message = format!("there is no position {number} for {clause}: the SELECT list has {columns} column{plural}");
    let fault = Diagnostic::error(&codes::QUERY, message).at(sql_span(expr.span()));
    Some(fault.help("positions count from 1; an expression can stand there itself"))
}

/// Whether the number of columns is known to the tables only.
fn has_all_columns(select: &Select) -> bool {
    !select.projection.iter().all(|item| matches!(item, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. }))
}
