//! Expressions as bytes: DataFusion's protobuf form, without extensions.
//!
//! Functions are encoded by name and looked up among all functions of [`crate::task_context`].
//! The form is readable by the same version only; what is kept longer is the SQL text.

use datafusion::logical_expr::Expr;
use datafusion_proto::bytes::Serializeable;

use crate::{ExprError, task_context};

/// The expression as bytes, to be read by [`decode`] in a process of the same version.
pub fn encode(expr: &Expr) -> Result<Vec<u8>, ExprError> {
    match expr.to_bytes() {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(source) => Err(ExprError::Encode { expr: expr.to_string(), source: Box::new(source) }),
    }
}

/// The inverse of [`encode`].
pub fn decode(bytes: &[u8]) -> Result<Expr, ExprError> {
    Expr::from_bytes_with_ctx(bytes, &task_context()).map_err(|source| ExprError::Decode(Box::new(source)))
}

#[cfg(test)]
mod tests {
    use datafusion::functions_aggregate::expr_fn::{count_distinct, sum};
    use datafusion::logical_expr::{ExprFunctionExt, col, lit};

    use super::*;

    #[test]
    fn expressions_survive_a_round_trip() {
        let function = crate::scalar_functions().into_iter().find(|f| f.name() == "extract_json_string");
        let function = function.expect("it is registered");
        let exprs = [
            (col("a") + lit(1i64)).alias("b"),
            function.call(vec![col("text"), lit("$.a")]),
            count_distinct(col("a")),
            sum(col("a")).filter(col("a").gt(lit(3))).build().expect("a filter is allowed"),
        ];
        for expr in exprs {
            assert_eq!(decode(&encode(&expr).expect("it encodes")).expect("it decodes"), expr);
        }
    }

    #[test]
    fn every_function_can_be_found_again() {
        let context = task_context();
        for function in crate::scalar_functions() {
            assert!(context.scalar_functions().contains_key(function.name()), "{}", function.name());
        }
        for function in crate::aggregate_functions() {
            assert!(context.aggregate_functions().contains_key(function.name()), "{}", function.name());
        }
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(matches!(decode(&[0xff; 7]), Err(ExprError::Decode(_))));
    }
}
