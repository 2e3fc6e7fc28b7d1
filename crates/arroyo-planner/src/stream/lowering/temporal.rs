//! Joins with the latest version of a row.
//!
//! ```text
//! TemporalJoin: LEFT a.k = b.k as of a.at   →  LeftJoin k = k, latest version
//!                                                Exchange: k
//!                                                Exchange: k
//! ```

use std::sync::Arc;

use arroyo_dataflow::operators::join::Kind;
use datafusion::logical_expr::{Expr, LogicalPlan};

use super::Lowering;
use super::join::Side;
use crate::stream::join::{Join, JoinTime};
use crate::stream::node::StreamNode;
use crate::stream::place::span_of;
use crate::stream::temporal_node::TemporalJoin;
use crate::{Diagnostic, codes};

impl Lowering {
    /// Each left row with the latest right row of its key.
    pub(super) fn temporal_join(&mut self, node: &TemporalJoin) -> Option<Arc<StreamNode>> {
        let (left, right) = (self.lower(&node.left), self.lower(&node.right));
        let (left, right) = (left?, right?);
        let span = span_of(&node.left_time);
        if left.schema.is_changelog() {
            self.fault(
                Diagnostic::error(
                    &codes::TEMPORAL_JOIN,
                    "rows of the left side may be taken back, so they have no one time",
                )
                .at(span)
                .help("join without a version, or read the left side from a table of rows"),
            );
            return None;
        }
        self.event_time(&node.left_time, &node.left, &left)?;
        if let Some(time) = &node.right_time {
            self.event_time(time, &node.right, &right)?;
        }
        let (left_on, right_on) = node.on.iter().map(|(left, right)| (left, right)).unzip();
        let values = [left.schema.values().len(), right.schema.values().len()];
        let sides =
            [Side { plan: &node.left, node: left, on: left_on }, Side { plan: &node.right, node: right, on: right_on }];
        let keys = self.keys(&sides, span)?;
        let join = Join {
            kind: if node.outer { Kind::Left } else { Kind::Inner },
            values,
            keys: [Vec::new(), Vec::new()],
            null_equals_null: false,
            filter: None,
            time: JoinTime::Latest { strict: node.strict },
        };
        self.build(join, sides, &keys, span)
    }

    /// A fault if `time` is not the event time of its side.
    fn event_time(&mut self, time: &Expr, plan: &LogicalPlan, node: &StreamNode) -> Option<()> {
        let bound = self.bind(time, plan.schema(), node)?;
        if !node.schema.is_event_time(&bound) {
            self.fault(
                Diagnostic::error(
                    &codes::TEMPORAL_JOIN,
                    "the time of a join with versions must be the event time of its table",
                )
                .at(span_of(time))
                .help("use the column of WATERMARK FOR, declared TIMESTAMP NOT NULL"),
            );
            return None;
        }
        Some(())
    }
}
