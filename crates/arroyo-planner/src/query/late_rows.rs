//! Late rows and the columns of the table that takes them.

use datafusion::common::Column;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::sink::cast;
use crate::suggest::list;
use crate::types::type_name;
use crate::{Diagnostic, TableDef, codes};

/// The columns of `rows` that are called like those of `sink`, as its columns.
pub(crate) fn fit_late_rows(rows: LogicalPlan, sink: &TableDef) -> Result<LogicalPlan, Diagnostic> {
    let schema = rows.schema();
    let mut exprs = Vec::with_capacity(sink.columns.len());
    for column in &sink.columns {
        let named = |exact: bool| {
            schema.iter().filter(move |(_, field)| match exact {
                true => field.name() == &column.name,
                false => field.name().eq_ignore_ascii_case(&column.name),
            })
        };
        let found: Vec<_> = if named(true).next().is_some() { named(true).collect() } else { named(false).collect() };
        let [found] = found.as_slice() else {
            let how = if found.is_empty() { "have no column" } else { "have several columns" };
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let message = format!("`{}` takes late rows, and they {how} `{}`", sink.name, column.name);
            return Err(Diagnostic::error(&codes::LATE_ROWS, message)
                .help(format!("columns are matched by name, and the rows have {}", list(&names, 12))));
        };
        let value = Expr::Column(Column::from(*found));
        let cast = cast(value, &column.data_type, schema).map_err(|_| {
            let message = format!(
                "`{}` of the late rows is {}, `{}` of `{}` is {}",
                found.1.name(),
                type_name(found.1.data_type()),
                column.name,
                sink.name,
                type_name(&column.data_type)
            );
            Diagnostic::error(&codes::LATE_ROWS, message).help("give the column the type of the rows")
        })?;
        exprs.push(cast.alias(&column.name));
    }
    LogicalPlanBuilder::from(rows)
        .project(exprs)
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| Diagnostic::error(&codes::LATE_ROWS, error.strip_backtrace()))
}
