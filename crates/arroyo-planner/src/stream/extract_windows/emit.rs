//! The mark of `EMIT EVERY`, `ALLOW LATENESS` and `LATE ROWS INTO` becomes a part of the windowed aggregate below it.
//!
//! Before:
//! ```text
//! Filter: count(1) > 2 AND _emit(10 s, 0, 'late', …)
//!   WindowedAggregate: window=tumble(10 s), groupBy=[[bids.item]], aggr=[[count(1)]]
//!     TableScan: bids
//! ```
//! After:
//! ```text
//! Filter: count(1) > 2                                             Projection: item         (into the table `late`)
//!   WindowedAggregate: …, every=10 s                                 Filter: _late
//!     Projection: bids.item                                            SubqueryAlias: late_rows
//!       Filter: NOT _late                                                LateRows: window=tumble(10 s)
//!         SubqueryAlias: late_rows                                         TableScan: bids
//!           LateRows: window=tumble(10 s)
//!             TableScan: bids
//! ```

use std::sync::Arc;

use arroyo_expr::EMIT;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Extension, Filter, LogicalPlan, Projection};

use crate::query::not_windowed;
use crate::stream::late_rows::{late_rows, rows_in_time};
use crate::stream::lineage::unaliased;
use crate::stream::window_node::{Emit, WindowedAggregate};
use crate::stream::window_table::Place;
use crate::{Diagnostic, Location, Span, codes};

/// Late rows of a windowed aggregate and the table that takes them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LateQuery {
    /// The table's name.
    pub(crate) table: String,
    /// The rows, with all columns that the aggregate has at hand.
    pub(crate) rows: LogicalPlan,
    /// Where it is asked for.
    pub(crate) place: Place,
}

/// The filter without its mark, if it has one, above the aggregate that knows what the mark says.
pub(super) fn attach(filter: Filter, late: &mut Vec<LateQuery>) -> Result<LogicalPlan, Diagnostic> {
    let conditions = split_conjunction(&filter.predicate);
    let Some(mark) = conditions.iter().find_map(|condition| Mark::of(condition)) else {
        return Ok(LogicalPlan::Filter(filter));
    };
    let rest = conjunction(conditions.into_iter().filter(|condition| Mark::of(condition).is_none()).cloned());
    let plan = mark.attach_to(&filter.input, late)?;
    match rest {
        None => Ok(plan),
        Some(rest) => Filter::try_new(rest, Arc::new(plan))
            .map(LogicalPlan::Filter)
            .map_err(|error| Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace())),
    }
}

/// What a mark says.
struct Mark {
    emit: Emit,
    table: Option<String>,
}

impl Mark {
    fn of(condition: &Expr) -> Option<Self> {
        let Expr::ScalarFunction(call) = unaliased(condition) else { return None };
        let [every, lateness, table, place @ ..] = call.args.as_slice() else { return None };
        if call.name() != EMIT {
            return None;
        }
        let table = match unaliased(table) {
            Expr::Literal(value, _) => value.try_as_str().flatten().filter(|name| !name.is_empty()),
            _ => None,
        };
        let place: Vec<u64> = place.iter().map(|number| u64::try_from(number_of(number)).unwrap_or(0)).collect();
        let span = match place.as_slice() {
            [line, column, end_line, end_column] if *line > 0 => Some(Span {
                start: Location { line: *line, column: *column },
                end: Location { line: *end_line, column: *end_column },
            }),
            _ => None,
        };
        let (every_nanos, lateness_nanos) = (number_of(every), number_of(lateness));
        Some(Self { emit: Emit { every_nanos, lateness_nanos, place: Place(span) }, table: table.map(str::to_owned) })
    }

    fn attach_to(&self, plan: &LogicalPlan, late: &mut Vec<LateQuery>) -> Result<LogicalPlan, Diagnostic> {
        if let Some(aggregate) = WindowedAggregate::of(plan) {
            let mut aggregate = WindowedAggregate { emit: self.emit, ..aggregate.clone() };
            if let Some(table) = &self.table {
                self.route(&mut aggregate, table, late)
                    .map_err(|error| Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace()))?;
            }
            return Ok(LogicalPlan::Extension(Extension { node: Arc::new(aggregate) }));
        }
        match plan {
            LogicalPlan::Projection(projection) => {
                let input = self.attach_to(&projection.input, late)?;
                let expr = projection.expr.clone();
                Projection::try_new_with_schema(expr, Arc::new(input), Arc::clone(&projection.schema))
                    .map(LogicalPlan::Projection)
                    .map_err(|error| Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace()))
            }
            _ => Err(not_windowed().at(self.emit.place.0)),
        }
    }

    fn route(
        &self,
        aggregate: &mut WindowedAggregate,
        table: &str,
        late: &mut Vec<LateQuery>,
    ) -> datafusion::error::Result<()> {
        let (window, lateness) = (aggregate.window, self.emit.lateness_nanos);
        let rows = late_rows(&aggregate.input, window, lateness, self.emit.place)?;
        aggregate.input = Arc::new(rows_in_time(&aggregate.input, window, lateness, self.emit.place)?);
        let query = LateQuery { table: table.to_owned(), rows, place: self.emit.place };
        // A view that is read twice has one set of late rows.
        if !late.contains(&query) {
            late.push(query);
        }
        Ok(())
    }
}

fn number_of(expr: &Expr) -> i64 {
    match unaliased(expr) {
        Expr::Literal(ScalarValue::Int64(Some(number)), _) => *number,
        Expr::Literal(value, _) => match value.cast_to(&arrow::datatypes::DataType::Int64) {
            Ok(ScalarValue::Int64(Some(number))) => number,
            _ => 0,
        },
        _ => 0,
    }
}
