//! Late rows that are asked for become queries of their own, beside those of the script.

use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};

use super::extract_windows::LateQuery;
use crate::query::fit_late_rows;
use crate::script::{LateTable, Script};
use crate::{Diagnostic, SinkQuery, codes};

/// The script with the queries of late rows, whose plans are added to `plans`, the plans of the script's sinks.
pub(super) fn with_late_rows(
    script: &Script,
    plans: &mut Vec<LogicalPlan>,
    late: Vec<LateQuery>,
) -> Result<Script, Vec<Diagnostic>> {
    let mut script = script.clone();
    let mut faults = Vec::new();
    for LateQuery { table, rows, place } in late {
        let found = script.late_tables.iter().find(|found| found.name.eq_ignore_ascii_case(&table)).cloned();
        let Some(LateTable { sinks, updating_ttl_nanos, .. }) = found else {
            let message = format!("`{table}` is not known as a table for late rows");
            faults.push(Diagnostic::error(&codes::LATE_ROWS, message).at(place.0).help("please report this query"));
            continue;
        };
        for sink in sinks {
            let plan = match fit_late_rows(rows.clone(), &sink) {
                Ok(plan) => plan,
                Err(fault) => {
                    faults.push(fault.at(place.0));
                    continue;
                }
            };
            let is_it = |query: &SinkQuery| query.sink.name == sink.name && query.sink.connector == sink.connector;
            match script.sinks.iter().position(is_it).and_then(|place| plans.get_mut(place)) {
                Some(others) => {
                    match LogicalPlanBuilder::from(others.clone()).union(plan).and_then(|plan| plan.build()) {
                        Ok(both) => *others = both,
                        Err(error) => {
                            faults.push(Diagnostic::error(&codes::LATE_ROWS, error.strip_backtrace()).at(place.0));
                        }
                    }
                }
                None => {
                    plans.push(plan.clone());
                    script.sinks.push(SinkQuery { sink, plan, updating_ttl_nanos, span: place.0 });
                }
            }
        }
    }
    if faults.is_empty() { Ok(script) } else { Err(faults) }
}
