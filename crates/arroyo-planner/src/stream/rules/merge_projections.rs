//! Computes in one projection what two in a row compute.
//!
//! Before:
//! ```text
//! Project: k, total AS n
//!   Project: channel AS k, sum(price) AS total
//! ```
//! After:
//! ```text
//! Project: channel AS k, sum(price) AS n
//! ```
//! They stay two where that saves work: the lower one is read by others, too, or computes something that the upper one uses
//! more than once.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::Expr;

use crate::stream::graph::StreamGraph;
use crate::stream::node::{StreamNode, StreamOp};

/// The rule for one plan.
pub(super) struct MergeProjections {
    /// Projections that several operators read, in the plan before the rule.
    shared: Vec<Arc<StreamNode>>,
}

impl MergeProjections {
    /// The rule for the plan below `sinks`.
    pub(super) fn of(sinks: &[Arc<StreamNode>]) -> Self {
        let nodes = StreamNode::topological(sinks);
        let readers = |of: &Arc<StreamNode>| {
            nodes.iter().flat_map(|node| &node.inputs).filter(|input| Arc::ptr_eq(input, of)).count()
        };
        let shared = nodes
            .iter()
            .filter(|node| matches!(node.op, StreamOp::Project { .. }) && readers(node) > 1)
            .cloned()
            .collect();
        Self { shared }
    }

    /// `node` over its rebuilt `inputs`.
    pub(super) fn apply(
        &self,
        graph: &mut StreamGraph,
        node: &Arc<StreamNode>,
        inputs: Vec<Arc<StreamNode>>,
    ) -> Arc<StreamNode> {
        self.merged(graph, node, &inputs)
            .unwrap_or_else(|| graph.derived(node.op.clone(), inputs, Arc::clone(&node.schema), node.id))
    }

    fn merged(
        &self,
        graph: &mut StreamGraph,
        node: &Arc<StreamNode>,
        inputs: &[Arc<StreamNode>],
    ) -> Option<Arc<StreamNode>> {
        let (StreamOp::Project { exprs }, [before], [lower]) = (&node.op, node.inputs.as_slice(), inputs) else {
            return None;
        };
        let StreamOp::Project { exprs: lower_exprs } = &lower.op else { return None };
        if self.shared.iter().any(|shared| Arc::ptr_eq(shared, before)) {
            return None;
        }
        let definitions: HashMap<&str, &Expr> =
            lower.schema.columns().iter().map(|column| column.field.name().as_str()).zip(lower_exprs).collect();
        if !is_worth_it(exprs, &definitions) {
            return None;
        }
        let merged: Option<Vec<Expr>> = exprs.iter().map(|expr| substitute(expr, &definitions)).collect();
        let op = StreamOp::Project { exprs: merged? };
        Some(graph.derived(op, lower.inputs.clone(), Arc::clone(&node.schema), node.id))
    }
}

/// Whether nothing would be computed twice, or at another moment.
fn is_worth_it(exprs: &[Expr], definitions: &HashMap<&str, &Expr>) -> bool {
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for expr in exprs {
        let visited = expr.apply(|expr| {
            if let Expr::Column(column) = expr
                && let Some((name, _)) = definitions.get_key_value(column.name.as_str())
            {
                *uses.entry(name).or_insert(0) += 1;
            }
            Ok(TreeNodeRecursion::Continue)
        });
        if visited.is_err() {
            return false;
        }
    }
    definitions.iter().all(|(name, definition)| {
        let is_free = matches!(definition, Expr::Column(_) | Expr::Literal(..));
        is_free || (!definition.is_volatile() && uses.get(name).copied().unwrap_or(0) <= 1)
    })
}

fn substitute(expr: &Expr, definitions: &HashMap<&str, &Expr>) -> Option<Expr> {
    let substituted = expr.clone().transform_down(|expr| {
        Ok(match &expr {
            Expr::Column(column) => match definitions.get(column.name.as_str()) {
                Some(definition) => Transformed::new((*definition).clone(), true, TreeNodeRecursion::Jump),
                None => Transformed::no(expr),
            },
            _ => Transformed::no(expr),
        })
    });
    substituted.ok().map(|substituted| substituted.data)
}
