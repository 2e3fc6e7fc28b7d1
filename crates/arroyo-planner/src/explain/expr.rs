//! Expressions as a reader of SQL expects them: `price > 100`, not `price > Int64(100)`.

use arrow::util::display::array_value_to_string;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::AggregateFunction;

use crate::stream::window::Length;

/// One expression.
pub(crate) fn describe(expr: &Expr) -> String {
    let text = |text: String| Expr::Column(Column::new_unqualified(text));
    let replaced = expr.clone().transform_down(|expr| {
        Ok(match expr {
            Expr::Literal(value, _) => Transformed::yes(text(literal(&value))),
            Expr::Alias(alias) => Transformed::yes(*alias.expr),
            Expr::AggregateFunction(mut call) if counts_rows(&call) => {
                call.params.args = vec![text("*".to_owned())];
                Transformed::yes(Expr::AggregateFunction(call))
            }
            other => Transformed::no(other),
        })
    });
    replaced.map_or_else(|_| expr.to_string(), |replaced| replaced.data.to_string())
}

/// Whether it is what `count(*)` has become.
fn counts_rows(call: &AggregateFunction) -> bool {
    call.func.name() == "count"
        && matches!(call.params.args.as_slice(), [Expr::Literal(ScalarValue::Int64(Some(1)), _)])
}

/// Several expressions with the names of their columns: `a, b * 2 AS c`.
pub(crate) fn describe_exprs<'a>(exprs: impl IntoIterator<Item = (&'a Expr, &'a str)>) -> String {
    let one = |(expr, name): (&Expr, &str)| {
        let text = describe(expr);
        if text == name { text } else { format!("{text} AS {name}") }
    };
    exprs.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

fn literal(value: &ScalarValue) -> String {
    match value {
        ScalarValue::Utf8(Some(text)) | ScalarValue::LargeUtf8(Some(text)) | ScalarValue::Utf8View(Some(text)) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        ScalarValue::IntervalMonthDayNano(Some(interval)) if interval.months == 0 && interval.days == 0 => {
            Length(interval.nanoseconds).to_string()
        }
        ScalarValue::TimestampSecond(Some(_), _)
        | ScalarValue::TimestampMillisecond(Some(_), _)
        | ScalarValue::TimestampMicrosecond(Some(_), _)
        | ScalarValue::TimestampNanosecond(Some(_), _)
        | ScalarValue::Date32(Some(_))
        | ScalarValue::Time64Nanosecond(Some(_)) => {
            let text = value.to_array().and_then(|array| Ok(array_value_to_string(&array, 0)?));
            text.map_or_else(|_| value.to_string(), |text| format!("'{text}'"))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{col, lit};

    use super::*;

    #[test]
    fn literals_have_no_types_and_texts_have_quotes() {
        let expr = (col("a") + lit(1i64)) * lit(2i64);
        assert_eq!(describe(&expr), "(a + 1) * 2");
        assert_eq!(describe(&col("name").eq(lit("O'Neill"))), "name = 'O''Neill'");
        assert_eq!(describe(&(col("t") - lit(ScalarValue::new_interval_mdn(0, 0, 5_000_000_000)))), "t - 5 s");
        let epoch = lit(ScalarValue::TimestampNanosecond(Some(0), None));
        assert_eq!(describe(&col("t").gt(epoch)), "t > '1970-01-01T00:00:00'");
        assert_eq!(describe(&datafusion::functions_aggregate::expr_fn::count(lit(1i64))), "count(*)");
        assert_eq!(describe_exprs([(&col("a"), "a"), (&lit(1i64), "one")]), "a, 1 AS one");
    }
}
