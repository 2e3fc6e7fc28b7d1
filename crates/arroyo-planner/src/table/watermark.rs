//! Where a table's event time and watermark come from.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, col, lit};

use super::options::Options;
use super::schema::df_schema;
use super::{Parts, unknown_column};
use crate::query::{plan_expr, type_of};
use crate::statement::Spanned;
use crate::types::type_name;
use crate::{ColumnDef, Diagnostic, WatermarkDef, codes};

/// How far the watermark is behind when nothing is said: a second.
const DEFAULT_LAG_NANOS: i64 = 1_000_000_000;

const TIMESTAMP: DataType = DataType::Timestamp(TimeUnit::Nanosecond, None);

/// The older way to say it, by options.
pub(super) struct Legacy {
    event_time: Option<Spanned<String>>,
    watermark: Option<Spanned<String>>,
}

impl Legacy {
    /// Takes the options.
    pub(super) fn take(options: &mut Options, diagnostics: &mut Vec<Diagnostic>) -> Self {
        Self {
            event_time: options.field("event_time_field", diagnostics),
            watermark: options.field("watermark_field", diagnostics),
        }
    }
}

/// The table's event time and watermark, if it declares them.
pub(super) fn watermark(
    parts: &Parts<'_>,
    columns: &[ColumnDef],
    legacy: &Legacy,
    diagnostics: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Option<WatermarkDef> {
    let [first, rest @ ..] = parts.table.watermarks.as_slice() else {
        return from_options(columns, legacy, diagnostics, warnings);
    };
    if let Some(second) = rest.first() {
        diagnostics.push(
            Diagnostic::error(&codes::WATERMARK, "a table has one watermark")
                .at(second.span)
                .help("leave out this one, or compute one event time from both columns in a generated column"),
        );
    }
    if let Some(option) = legacy.event_time.as_ref().or(legacy.watermark.as_ref()) {
        diagnostics.push(
            Diagnostic::error(&codes::WATERMARK, "event time is declared twice")
                .at(option.span)
                .help("leave out this option: WATERMARK FOR says it already"),
        );
    }
    timestamp_column(&first.column, columns, diagnostics)?;
    let expr = match &first.expr {
        None => None,
        Some(expr) => {
            let schema = df_schema(columns)?;
            let planned = match plan_expr(parts.catalog, expr, &schema, None, parts.statement) {
                Ok(planned) => planned,
                Err(found) => {
                    diagnostics.extend(found);
                    return None;
                }
            };
            let (data_type, nullable) = type_of(&planned, &schema)?;
            if !matches!(data_type, DataType::Timestamp(_, None)) {
                diagnostics.push(
                    Diagnostic::error(
                        &codes::WATERMARK,
                        format!("the watermark is {}, not TIMESTAMP", type_name(&data_type)),
                    )
                    .at(expr.span)
                    .help(format!("write `{} - INTERVAL '5 seconds'`, for example", first.column.node)),
                );
                return None;
            }
            if nullable {
                diagnostics.push(
                    Diagnostic::error(&codes::WATERMARK, "the watermark can be NULL")
                        .at(expr.span)
                        .help("declare its columns NOT NULL, or use coalesce(…)"),
                );
                return None;
            }
            Some(Box::new(if data_type == TIMESTAMP {
                planned
            } else {
                datafusion::logical_expr::cast(planned, TIMESTAMP)
            }))
        }
    };
    Some(WatermarkDef { column: first.column.node.clone(), expr })
}

fn timestamp_column<'a>(
    name: &Spanned<String>,
    columns: &'a [ColumnDef],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'a ColumnDef> {
    let Some(column) = columns.iter().find(|column| column.name == name.node) else {
        diagnostics.push(unknown_column(name, columns));
        return None;
    };
    if !matches!(column.data_type, DataType::Timestamp(_, None)) {
        diagnostics.push(
            Diagnostic::error(
                &codes::WATERMARK,
                format!("`{}` is {}: event time must be TIMESTAMP", column.name, type_name(&column.data_type)),
            )
            .at(name.span)
            .help("add a generated column that converts it, and use that one"),
        );
        return None;
    }
    Some(column)
}

fn from_options(
    columns: &[ColumnDef],
    legacy: &Legacy,
    diagnostics: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Option<WatermarkDef> {
    for option in [&legacy.event_time, &legacy.watermark].into_iter().flatten() {
        warnings.push(
            Diagnostic::warning(&codes::DEPRECATED_OPTION, "event time is declared by an old option")
                .at(option.span)
                .help("declare `WATERMARK FOR column AS expression` among the columns"),
        );
    }
    let Some(event_time) = &legacy.event_time else {
        if let Some(watermark) = &legacy.watermark {
            diagnostics.push(
                Diagnostic::error(&codes::WATERMARK, "`watermark_field` needs `event_time_field`")
                    .at(watermark.span)
                    .help("declare `WATERMARK FOR column AS expression` among the columns"),
            );
        }
        return None;
    };
    let column = timestamp_column(event_time, columns, diagnostics)?;
    let expr = match &legacy.watermark {
        Some(watermark) => col_of(timestamp_column(watermark, columns, diagnostics)?),
        None => {
            let second = ScalarValue::IntervalMonthDayNano(Some(arrow::datatypes::IntervalMonthDayNano::new(
                0,
                0,
                DEFAULT_LAG_NANOS,
            )));
            col_of(column) - lit(second)
        }
    };
    Some(WatermarkDef { column: column.name.clone(), expr: Some(Box::new(expr)) })
}

/// The column as a `Timestamp(ns)`.
fn col_of(column: &ColumnDef) -> Expr {
    let expr = col(datafusion::common::Column::new_unqualified(&column.name));
    if column.data_type == TIMESTAMP { expr } else { datafusion::logical_expr::cast(expr, TIMESTAMP) }
}
