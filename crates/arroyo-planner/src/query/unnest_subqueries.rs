//! Subqueries over the elements of a row's own list, as calls that look at each element.
//!
//! ```text
//! EXISTS (SELECT … FROM UNNEST(tags) AS u(t) WHERE t LIKE 'a%')
//!     →  (array_any_match(tags, element_1 -> element_1 LIKE 'a%') IS TRUE)
//! x < ANY (SELECT t FROM UNNEST(tags) AS u(t))
//!     →  CASE WHEN (array_any_match(tags, element_1 -> x < element_1) IS TRUE) THEN true
//!             WHEN (array_any_match(tags, element_1 -> (x < element_1) IS NULL) IS TRUE) THEN NULL
//!             ELSE false END
//! x IN (SELECT …)      →  x = ANY (SELECT …)
//! x < ALL (SELECT …)   →  NOT x >= ANY (SELECT …)
//! ```
//! They read no table, so no join can be made of them.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, BinaryOperator, Expr, GroupByExpr, Ident, LambdaFunction, LambdaFunctionParameter, LambdaSyntax,
    OneOrManyWithParens, Query, Select, SelectItem, SetExpr, Subscript, TableAlias, TableFactor, Value, VisitorMut,
};

use super::names::key_of;
use super::template::filled;
use super::visit::{is_of_rows, visit_all};

/// Rewrites such subqueries of a query, whose UNNESTs are [rewritten](super::unnest).
pub(super) fn rewrite(query: &mut Query) {
    visit_all(query, &mut Rewriter { elements: 0 });
}

struct Rewriter {
    /// How many names elements have got.
    elements: usize,
}

impl VisitorMut for Rewriter {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let written = match expr {
            Expr::Exists { subquery, negated } => self.exists(subquery, *negated),
            Expr::InSubquery { expr: value, subquery, negated } => {
                self.any(value, &BinaryOperator::Eq, subquery, *negated)
            }
            Expr::AnyOp { left, compare_op, right, .. } => {
                of_subquery(right).and_then(|subquery| self.any(left, compare_op, subquery, false))
            }
            Expr::AllOp { left, compare_op, right } => of_subquery(right)
                .zip(opposite(compare_op))
                .and_then(|(subquery, op)| self.any(left, &op, subquery, true)),
            _ => None,
        };
        if let Some(written) = written {
            *expr = written;
        }
        ControlFlow::Continue(())
    }
}

impl Rewriter {
    fn exists(&mut self, subquery: &Query, negated: bool) -> Option<Expr> {
        let Elements { list, name, select } = self.elements_of(subquery)?;
        let found = match &select.selection {
            Some(condition) => has(&list, &name, condition.clone())?,
            None => filled("(coalesce(array_length(part_0), 0) > 0)", &[list])?,
        };
        if negated { filled("NOT part_0", &[found]) } else { Some(found) }
    }

    /// Whether the comparison is true for any element, or, if it is negated, not so.
    fn any(&mut self, value: &Expr, op: &BinaryOperator, subquery: &Query, negated: bool) -> Option<Expr> {
        let Elements { list, name, select } = self.elements_of(subquery)?;
        let element = match select.projection.as_slice() {
            [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] => expr.clone(),
            [SelectItem::Wildcard(_)] => Expr::Identifier(name.clone()),
            _ => return None,
        };
        let compared = Expr::BinaryOp { left: Box::new(value.clone()), op: op.clone(), right: Box::new(element) };
        let compared = Expr::Nested(Box::new(compared));
        let with_condition = |compared: Expr| match &select.selection {
            Some(condition) => filled("(part_0) AND part_1", &[condition.clone(), compared]),
            None => Some(compared),
        };
        let unknown = Expr::IsNull(Box::new(compared.clone()));
        let is_true = has(&list, &name, with_condition(compared)?)?;
        let is_null = has(&list, &name, with_condition(unknown)?)?;
        let not = if negated { "NOT " } else { "" };
        filled(&format!("{not}CASE WHEN part_0 THEN true WHEN part_1 THEN NULL ELSE false END"), &[is_true, is_null])
    }

    /// What a query reads, if it reads nothing but one list.
    fn elements_of(&mut self, query: &Query) -> Option<Elements> {
        let SetExpr::Select(select) = query.body.as_ref() else { return None };
        let [tables] = select.from.as_slice() else { return None };
        let TableFactor::UNNEST { alias: Some(alias), array_exprs, .. } = &tables.relation else { return None };
        let ([list], [column]) = (array_exprs.as_slice(), alias.columns.as_slice()) else { return None };
        let is_plain = matches!(&select.group_by, GroupByExpr::Expressions(groups, _) if groups.is_empty())
            && tables.joins.is_empty()
            && query.with.is_none()
            && query.limit_clause.is_none()
            && query.fetch.is_none()
            && select.having.is_none()
            && select.qualify.is_none()
            && !is_of_rows(&select.projection)
            && !is_of_rows(&select.selection);
        if !is_plain {
            return None;
        }
        self.elements += 1;
        let name = Ident::new(format!("element_{}", self.elements));
        let mut select = select.as_ref().clone();
        let mut names = Names { table: alias, column: key_of(&column.name), element: &name };
        visit_all(&mut select.projection, &mut names);
        visit_all(&mut select.selection, &mut names);
        Some(Elements { list: list.clone(), name, select })
    }
}

/// The elements of a list, and what is done with each.
struct Elements {
    list: Expr,
    /// What the SELECT calls an element.
    name: Ident,
    select: Select,
}

fn of_subquery(expr: &Expr) -> Option<&Query> {
    match expr {
        Expr::Subquery(query) => Some(query),
        Expr::Nested(inner) => of_subquery(inner),
        _ => None,
    }
}

/// The comparison that is true where `op` is false.
fn opposite(op: &BinaryOperator) -> Option<BinaryOperator> {
    Some(match op {
        BinaryOperator::Eq => BinaryOperator::NotEq,
        BinaryOperator::NotEq => BinaryOperator::Eq,
        BinaryOperator::Lt => BinaryOperator::GtEq,
        BinaryOperator::LtEq => BinaryOperator::Gt,
        BinaryOperator::Gt => BinaryOperator::LtEq,
        BinaryOperator::GtEq => BinaryOperator::Lt,
        _ => return None,
    })
}

/// Whether a condition is true for any element.
fn has(list: &Expr, element: &Ident, condition: Expr) -> Option<Expr> {
    let lambda = Expr::Lambda(LambdaFunction {
        params: OneOrManyWithParens::One(LambdaFunctionParameter { name: element.clone(), data_type: None }),
        body: Box::new(condition),
        syntax: LambdaSyntax::Arrow,
    });
    filled("(array_any_match(part_0, part_1) IS TRUE)", &[list.clone(), lambda])
}

/// Gives elements the name that they have in the call.
struct Names<'a> {
    table: &'a TableAlias,
    column: String,
    element: &'a Ident,
}

impl Names<'_> {
    /// The fields of an element that a name of several parts means; none: the element itself.
    fn fields<'b>(&self, parts: &'b [Ident]) -> Option<&'b [Ident]> {
        let is_column = |name: &Ident| key_of(name) == self.column;
        match parts {
            [table, column, fields @ ..] if key_of(table) == key_of(&self.table.name) && is_column(column) => {
                Some(fields)
            }
            [column, fields @ ..] if is_column(column) => Some(fields),
            _ => None,
        }
    }
}

impl VisitorMut for Names<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let fields = match &*expr {
            Expr::Identifier(name) => self.fields(std::slice::from_ref(name)),
            Expr::CompoundIdentifier(parts) => self.fields(parts),
            _ => None,
        };
        let Some(fields) = fields else { return ControlFlow::Continue(()) };
        let root = Expr::Identifier(self.element.clone());
        let field = |name: &Ident| {
            let index = Expr::Value(Value::SingleQuotedString(key_of(name)).with_span(name.span));
            AccessExpr::Subscript(Subscript::Index { index })
        };
        *expr = match fields {
            [] => root,
            fields => {
                let access_chain = fields.iter().map(field).collect();
                Expr::CompoundFieldAccess { root: Box::new(root), access_chain }
            }
        };
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    fn rewritten(condition: &str) -> String {
        let text = format!("SELECT 1 FROM t WHERE {condition}");
        let mut query = parsed(&text);
        rewrite(&mut query);
        query.to_string().split_once("WHERE ").unwrap().1.to_owned()
    }

    #[test]
    fn elements_are_looked_at() {
        for (before, after) in [
            (
                "NOT EXISTS (SELECT 1 FROM UNNEST(t.a) AS u (x) WHERE x > t.b AND u.x.y = 1)",
                "NOT (array_any_match(t.a, element_1 -> element_1 > t.b AND element_1['y'] = 1) IS TRUE)",
            ),
            ("EXISTS (SELECT 1 FROM UNNEST(a) AS u (x))", "(coalesce(array_length(a), 0) > 0)"),
            (
                "b NOT IN (SELECT x + 1 FROM UNNEST(a) AS u (x) WHERE x > 1 OR x < 0)",
                "NOT CASE WHEN (array_any_match(a, element_1 -> (element_1 > 1 OR element_1 < 0) AND (b = element_1 + 1)) IS TRUE) THEN true WHEN (array_any_match(a, element_1 -> (element_1 > 1 OR element_1 < 0) AND (b = element_1 + 1) IS NULL) IS TRUE) THEN NULL ELSE false END",
            ),
            (
                "b <= ALL (SELECT * FROM UNNEST(a) AS u (x))",
                "NOT CASE WHEN (array_any_match(a, element_1 -> (b > element_1)) IS TRUE) THEN true WHEN (array_any_match(a, element_1 -> (b > element_1) IS NULL) IS TRUE) THEN NULL ELSE false END",
            ),
        ] {
            assert_eq!(rewritten(before), after);
        }
    }

    #[test]
    fn others_stay() {
        for condition in [
            "EXISTS (SELECT 1 FROM UNNEST(a) AS u (x), v WHERE x = v.y)",
            "EXISTS (SELECT 1 FROM UNNEST(a) AS u (x) LIMIT 0)",
            "b IN (SELECT max(x) FROM UNNEST(a) AS u (x))",
            "b < ANY(a)",
        ] {
            assert_eq!(rewritten(condition), condition);
        }
    }
}
