//! How a table is read: source, then computed columns and event time, then watermarks.
//!
//! Before:
//! ```text
//! TableScan: orders projection=[total]
//! ```
//! After, for `total` GENERATED ALWAYS AS (price * quantity) and WATERMARK FOR ordered_at AS ordered_at - INTERVAL '5 s':
//! ```text
//! Watermark: _timestamp - 5 s
//!   Project: total = price * quantity, _timestamp = ordered_at
//!     Source: orders (price, quantity, ordered_at)
//! ```
//! Debezium's records are upserts and deletions by key; an `Upsert` above the watermark makes a changelog of them.
//! Columns that only event time, watermark or computed columns need go no further.
//! A table is read once, however many queries read it, with the columns that any of them needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, TimeUnit};
use arroyo_types::TIMESTAMP_FIELD;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, cast, lit, when};

use super::graph::StreamGraph;
use super::node::StreamNode;
use super::optimize::simplify;
use super::schema::{EventTime, Origin, column, timestamp};
use crate::{ColumnDef, ColumnKind, Diagnostic, TableDef, WatermarkDef, codes};

/// How far the watermark is behind the largest event time where nothing else is said: one second.
const DEFAULT_DELAY_NANOS: i64 = 1_000_000_000;

/// Reads the columns of `table` at the positions `required`.
pub(crate) fn read_table(
    graph: &mut StreamGraph,
    table: &Arc<TableDef>,
    required: &BTreeSet<usize>,
) -> Result<Arc<StreamNode>, Diagnostic> {
    if table.lookup.is_some() {
        return Err(Diagnostic::error(
            &codes::LOOKUP_TABLE,
            format!("`{}` is a lookup table and cannot be read as a stream", table.name),
        )
        .help(format!(
            "join it with a table of rows: … JOIN {} ON … = {0}.{1}; or declare it without TEMPORARY and type = 'lookup'",
            table.name,
            table.primary_key.first().map_or("key", String::as_str)
        )));
    }
    if table.is_debezium() && table.primary_key.is_empty() {
        let message = format!("table `{}`: a Debezium source must have at least one PRIMARY KEY field", table.name);
        return Err(Diagnostic::error(&codes::DEBEZIUM_KEY, message)
            .at(table.span)
            .help("write PRIMARY KEY behind the column that tells rows apart"));
    }
    if table.columns.iter().any(|column| column.name == TIMESTAMP_FIELD) {
        let message =
            format!("table `{}` has a column `{TIMESTAMP_FIELD}`, which every stream has already", table.name);
        return Err(Diagnostic::error(&codes::NOT_STREAMABLE, message)
            .at(table.span)
            .help("give the column another name; `row_time()` is the event time of a row"));
    }
    Reader { table }.read(graph, required).map_err(|error| {
        let message = format!("table `{}` cannot be read: {}", table.name, error.strip_backtrace());
        Diagnostic::error(&codes::NOT_STREAMABLE, message).at(table.span)
    })
}

struct Reader<'a> {
    table: &'a Arc<TableDef>,
}

impl Reader<'_> {
    fn read(&self, graph: &mut StreamGraph, required: &BTreeSet<usize>) -> Result<Arc<StreamNode>> {
        let watermark = self.watermark()?;
        let mut kept = required.clone();
        kept.extend(self.positions_in(&watermark));
        if self.table.is_debezium() {
            kept.extend(self.table.primary_key.iter().filter_map(|name| self.find(name)).map(|(position, _)| position));
        }
        let event_column = self.table.watermark.as_ref().and_then(|definition| self.find(&definition.column));
        let source = graph.source(self.table, self.payload(&kept, event_column.map(|(position, _)| position)));
        let computed = match (event_column, &self.table.watermark) {
            (Some((_, definition)), Some(_)) => {
                let time = self.event_time(definition)?;
                let origin = Origin { event_time: EventTime::Given, ..source.schema.origin.clone() };
                graph.project_with_time(&source, self.outputs(&kept)?, time, origin)
            }
            _ => graph.project(&source, self.outputs(&kept)?),
        };
        let watermarked = graph.watermark(&computed, watermark, self.table.idle_nanos);
        let watermarked = if self.table.is_debezium() {
            let key = self.table.primary_key.iter().filter_map(|name| watermarked.schema.position(name));
            graph.upsert(&watermarked, key.collect(), self.table.updating_ttl_nanos.unwrap_or(0))
        } else {
            watermarked
        };
        let columns = required.iter().filter_map(|position| self.table.columns.get(*position));
        let columns = columns.map(|definition| (column(&definition.name), Arc::new(definition.field())));
        Ok(graph.project(&watermarked, columns.collect()))
    }

    fn find(&self, name: &str) -> Option<(usize, &ColumnDef)> {
        self.table.columns.iter().enumerate().find(|(_, column)| column.name == name)
    }

    fn positions_in(&self, expr: &Expr) -> BTreeSet<usize> {
        expr.column_refs().into_iter().filter_map(|column| self.find(&column.name)).map(|(index, _)| index).collect()
    }

    /// The columns that the connector must produce for the columns at `kept` and the event time.
    fn payload(&self, kept: &BTreeSet<usize>, event_column: Option<usize>) -> Vec<FieldRef> {
        let mut positions = BTreeSet::new();
        for position in kept.iter().copied().chain(event_column) {
            match self.table.columns.get(position).map(|column| &column.kind) {
                Some(ColumnKind::Generated { expr }) => positions.extend(self.positions_in(expr)),
                Some(ColumnKind::Physical | ColumnKind::Metadata { .. }) => {
                    positions.insert(position);
                }
                None => {}
            }
        }
        let columns = positions.into_iter().filter_map(|position| self.table.columns.get(position));
        columns.map(|column| Arc::new(column.field())).collect()
    }

    /// The columns at `kept` over the connector's columns.
    fn outputs(&self, kept: &BTreeSet<usize>) -> Result<Vec<(Expr, FieldRef)>> {
        let columns = kept.iter().filter_map(|position| self.table.columns.get(*position));
        columns.map(|definition| Ok((self.value_of(definition)?, Arc::new(definition.field())))).collect()
    }

    fn value_of(&self, definition: &ColumnDef) -> Result<Expr> {
        let ColumnKind::Generated { expr } = &definition.kind else { return Ok(column(&definition.name)) };
        let schema = DFSchema::try_from(self.table.schema())?;
        let expr = unqualified(simplify(expr.as_ref().clone(), &schema)?)?;
        let typed = datafusion::logical_expr::ExprSchemable::get_type(&expr, &schema)? == definition.data_type;
        Ok(if typed { expr } else { cast(expr, definition.data_type.clone()) })
    }

    /// `_timestamp` over the connector's columns: the event-time column, or the arrival where that is null.
    fn event_time(&self, definition: &ColumnDef) -> Result<Expr> {
        let time_type = DataType::Timestamp(TimeUnit::Nanosecond, None);
        let value = self.value_of(definition)?;
        let value = if definition.data_type == time_type { value } else { cast(value, time_type) };
        if !definition.nullable {
            return Ok(value);
        }
        when(value.clone().is_not_null(), value).otherwise(timestamp())
    }

    /// The watermark over the columns that are kept and `_timestamp`.
    fn watermark(&self) -> Result<Expr> {
        let delayed = || timestamp() - lit(ScalarValue::new_interval_mdn(0, 0, DEFAULT_DELAY_NANOS));
        let Some(WatermarkDef { column: event_column, expr }) = &self.table.watermark else { return Ok(delayed()) };
        let Some(expr) = expr else { return Ok(timestamp()) };
        let schema = DFSchema::try_from(self.table.schema())?;
        let expr = unqualified(simplify(expr.as_ref().clone(), &schema)?)?;
        let nanos = DataType::Timestamp(TimeUnit::Nanosecond, None);
        let is_event_time =
            self.find(event_column).is_some_and(|(_, column)| column.data_type == nanos && !column.nullable);
        if !is_event_time {
            return Ok(expr);
        }
        let replaced = expr.transform_up(|expr| {
            Ok(match expr {
                Expr::Column(column) if &column.name == event_column => Transformed::yes(timestamp()),
                other => Transformed::no(other),
            })
        })?;
        Ok(replaced.data)
    }
}

fn unqualified(expr: Expr) -> Result<Expr> {
    let replaced = expr.transform_up(|expr| {
        Ok(match expr {
            Expr::Column(reference) => Transformed::yes(Expr::Column(Column::new_unqualified(reference.name))),
            Expr::Alias(alias) => Transformed::yes(*alias.expr),
            other => Transformed::no(other),
        })
    })?;
    Ok(replaced.data)
}
