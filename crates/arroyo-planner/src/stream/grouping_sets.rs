//! GROUPING SETS, CUBE and ROLLUP: which group expressions each set has.

use std::collections::HashMap;

use datafusion::logical_expr::utils::{enumerate_grouping_sets, grouping_set_to_exprlist};
use datafusion::logical_expr::{Expr, GroupingSet};

use crate::{Diagnostic, codes};

/// One of the sets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Set {
    /// For each group expression whether the set leaves it out.
    pub(crate) left_out: Vec<bool>,
    /// What `grouping()` reads: which expressions the set leaves out, one bit each, the first one highest, and in the bits above
    /// how many equal sets come before it.
    pub(crate) id: u64,
}

impl Set {
    /// The set without the group expression at `index`; its id stays.
    pub(crate) fn without(&self, index: usize) -> Self {
        let mut left_out = self.left_out.clone();
        if index < left_out.len() {
            left_out.remove(index);
        }
        Self { left_out, id: self.id }
    }
}

/// Why sets cannot be planned.
pub(crate) fn fault(message: &str) -> Diagnostic {
    Diagnostic::error(&codes::GROUPING_SETS, format!("the grouping sets cannot be planned: {message}"))
        .help("write one GROUP BY per set and combine them by UNION ALL")
}

/// All group expressions, and which of them each set has.
pub(crate) fn sets_of(group: &[Expr]) -> Result<(Vec<&Expr>, Vec<Set>), Diagnostic> {
    let failed = |error: datafusion::common::DataFusionError| fault(&error.strip_backtrace());
    let exprs = grouping_set_to_exprlist(group).map_err(failed)?;
    let sets = match enumerate_grouping_sets(group.to_vec()).map_err(failed)?.as_slice() {
        [Expr::GroupingSet(GroupingSet::GroupingSets(sets))] => sets.clone(),
        [Expr::GroupingSet(GroupingSet::Rollup(columns))] => {
            (0..=columns.len()).rev().map(|length| columns.iter().take(length).cloned().collect()).collect()
        }
        [Expr::GroupingSet(GroupingSet::Cube(columns))] if columns.len() < 16 => (0..1usize << columns.len())
            .map(|bits| {
                let has = |index: &usize| bits >> index & 1 == 0;
                columns.iter().enumerate().filter(|(index, _)| has(index)).map(|(_, expr)| expr.clone()).collect()
            })
            .collect(),
        _ => return Err(fault("there are too many")),
    };
    if exprs.len() > 32 {
        return Err(fault("there are more than 32 columns"));
    }
    let mut repetitions: HashMap<Vec<bool>, u64> = HashMap::new();
    let sets = sets.into_iter().map(|set: Vec<Expr>| {
        let left_out: Vec<bool> = exprs.iter().map(|expr| !set.contains(expr)).collect();
        let missing = left_out.iter().fold(0, |id: u64, left_out| id << 1 | u64::from(*left_out));
        let repetition = repetitions.entry(left_out.clone()).or_insert(0);
        let id = missing | *repetition << left_out.len();
        *repetition += 1;
        Set { left_out, id }
    });
    Ok((exprs.clone(), sets.collect()))
}
