//! Comparisons of row values, column by column, with NULLs as SQL has them.
//!
//! ```text
//! (a, b) = (c, d)                     →  a = c AND b = d
//! (a, b) <> (c, d)                    →  a <> c OR b <> d
//! (a, b) < (c, d)                     →  a < c OR a = c AND b < d
//! (a, b) IS NOT DISTINCT FROM (c, d)  →  a IS NOT DISTINCT FROM c AND b IS NOT DISTINCT FROM d
//! (a, b) BETWEEN (c, d) AND (e, f)    →  (a, b) >= (c, d) AND (a, b) <= (e, f)
//! (a, b) IN ((c, d), (e, f))          →  (a, b) = (c, d) OR (a, b) = (e, f)
//! ```
//! DataFusion would compare structs, which are equal or not whatever NULLs are in them.

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

/// The comparison that `expr` is, written out; `None` if it compares no row values, or such of other lengths.
pub(super) fn written_out(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::BinaryOp { left, op, right } => compared(left, op, right),
        Expr::IsNotDistinctFrom(left, right) => columns(left, right, Expr::IsNotDistinctFrom, BinaryOperator::And),
        Expr::IsDistinctFrom(left, right) => columns(left, right, Expr::IsDistinctFrom, BinaryOperator::Or),
        Expr::Between { expr, negated, low, high } => {
            let from = compared(expr, &BinaryOperator::GtEq, low)?;
            let to = compared(expr, &BinaryOperator::LtEq, high)?;
            Some(unless(*negated, binary(from, BinaryOperator::And, to)))
        }
        Expr::InList { expr, list, negated } => {
            let equal = list.iter().map(|element| compared(expr, &BinaryOperator::Eq, element));
            let any = equal.collect::<Option<Vec<_>>>()?.into_iter().reduce(|a, b| binary(a, BinaryOperator::Or, b))?;
            Some(unless(*negated, any))
        }
        _ => None,
    }
}

fn compared(left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<Expr> {
    let each = |op: &BinaryOperator| {
        let op = op.clone();
        move |left: Box<Expr>, right: Box<Expr>| Expr::BinaryOp { left, op: op.clone(), right }
    };
    match op {
        BinaryOperator::Eq => columns(left, right, each(op), BinaryOperator::And),
        BinaryOperator::NotEq => columns(left, right, each(op), BinaryOperator::Or),
        BinaryOperator::Lt | BinaryOperator::LtEq => in_order(left, right, &BinaryOperator::Lt, op),
        BinaryOperator::Gt | BinaryOperator::GtEq => in_order(left, right, &BinaryOperator::Gt, op),
        _ => None,
    }
}

/// `compare` of each pair of values, and `connect` between them.
fn columns(
    left: &Expr,
    right: &Expr,
    compare: impl Fn(Box<Expr>, Box<Expr>) -> Expr,
    connect: BinaryOperator,
) -> Option<Expr> {
    let compared = pairs(left, right)?.map(|(left, right)| nested(compare(nested_box(left), nested_box(right))));
    compared.reduce(|all, next| binary(all, connect.clone(), next)).map(nested)
}

/// The first columns that differ say which row is less (or greater, with that `strict`); the last ones are compared by `last`.
fn in_order(left: &Expr, right: &Expr, strict: &BinaryOperator, last: &BinaryOperator) -> Option<Expr> {
    let mut pairs = pairs(left, right)?.rev();
    let (left, right) = pairs.next()?;
    let last = binary(nested(left.clone()), last.clone(), nested(right.clone()));
    Some(nested(pairs.fold(last, |rest, (left, right)| {
        let compare = |op| nested(binary(nested(left.clone()), op, nested(right.clone())));
        let equal = binary(compare(BinaryOperator::Eq), BinaryOperator::And, nested(rest));
        binary(compare(strict.clone()), BinaryOperator::Or, nested(equal))
    })))
}

fn pairs<'a>(left: &'a Expr, right: &'a Expr) -> Option<impl DoubleEndedIterator<Item = (&'a Expr, &'a Expr)>> {
    let (Expr::Tuple(left), Expr::Tuple(right)) = (left, right) else { return None };
    (left.len() == right.len()).then(|| left.iter().zip(right))
}

fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

fn nested(expr: Expr) -> Expr {
    match expr {
        Expr::BinaryOp { .. } | Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => Expr::Nested(Box::new(expr)),
        other => other,
    }
}

fn nested_box(expr: &Expr) -> Box<Expr> {
    Box::new(nested(expr.clone()))
}

fn unless(negated: bool, expr: Expr) -> Expr {
    if negated { Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(nested(expr)) } } else { nested(expr) }
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
    use datafusion::sql::sqlparser::parser::Parser;

    use super::*;

    #[test]
    fn each_column_is_compared() {
        for (before, after) in [
            ("(a, b) = (c, 1)", Some("((a = c) AND (b = 1))")),
            ("(a, b) <> (c, d)", Some("((a <> c) OR (b <> d))")),
            ("(a, b) < (c, d)", Some("((a < c) OR ((a = c) AND (b < d)))")),
            ("(a, b, c) >= (1, 2, 3)", Some("((a > 1) OR ((a = 1) AND ((b > 2) OR ((b = 2) AND (c >= 3)))))")),
            ("(a, b) IS DISTINCT FROM (c, d)", Some("((a IS DISTINCT FROM c) OR (b IS DISTINCT FROM d))")),
            ("(a, b) NOT IN ((1, 2), (3, 4))", Some("NOT (((a = 1) AND (b = 2)) OR ((a = 3) AND (b = 4)))")),
            ("(a, b) = (1, 2, 3)", None),
            ("(a, b) = c", None),
            ("a = c", None),
        ] {
            let expr = Parser::new(&PostgreSqlDialect {}).try_with_sql(before).unwrap().parse_expr().unwrap();
            assert_eq!(written_out(&expr).map(|expr| expr.to_string()).as_deref(), after, "{before}");
        }
    }
}
