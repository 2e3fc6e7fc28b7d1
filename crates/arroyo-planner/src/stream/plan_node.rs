//! What our own nodes of DataFusion's logical plan have in common.

use datafusion::logical_expr::LogicalPlan;

/// The node of our own that `plan` is.
pub(crate) fn node_of<T: 'static>(plan: &LogicalPlan) -> Option<&T> {
    match plan {
        LogicalPlan::Extension(extension) => extension.node.as_any().downcast_ref(),
        _ => None,
    }
}

/// The columns of `left` and of the right side of a join that make `output_columns`, which has those of `left` first.
/// What the join's expressions refer to is added by DataFusion.
pub(crate) fn columns_of_sides(output_columns: &[usize], left: &LogicalPlan) -> Vec<Vec<usize>> {
    let left = left.schema().fields().len();
    let (of_left, of_right): (Vec<usize>, Vec<usize>) = output_columns.iter().partition(|column| **column < left);
    vec![of_left, of_right.into_iter().map(|column| column - left).collect()]
}
