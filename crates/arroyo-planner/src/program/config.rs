//! The configuration of each operator.

use arrow::datatypes::Schema;
use arroyo_dataflow::{encode_schema, names, operators as config};
use arroyo_expr::encode as encode_expr;
use arroyo_formats::SimpleFilter;
use datafusion::logical_expr::{Expr, SortExpr};
use prost::Message;
use serde_json::Value;

use super::{BuildError, matches};
use crate::explain::describe_op;
use crate::stream::join::{Join, JoinFilter, JoinTime};
use crate::stream::lookup_join::LookupJoin;
use crate::stream::node::{Aggregate, Over, OverKind, Part, Ranking, StreamNode, StreamOp, UpdatedWindows};
use crate::stream::simple_filter::simple_filter;
use crate::stream::window::Window;
use crate::{ColumnKind, TableDef};

/// The name and the encoded configuration of an operator.
pub(super) fn encode(node: &StreamNode) -> Result<(&'static str, Vec<u8>), BuildError> {
    let output = node.schema.arrow();
    Ok(match &node.op {
        StreamOp::Source { table, filter } => {
            let filter = filter.as_ref().and_then(|filter| simple_filter(filter, table));
            (names::SOURCE, connector(table, output, filter.as_ref())?.encode_to_vec())
        }
        StreamOp::Sink { table } => (names::SINK, connector(table, output, None)?.encode_to_vec()),
        StreamOp::Watermark { expr, idle_nanos } => {
            let message = config::Watermark { expr: encode_expr(expr)?, idle_nanos: *idle_nanos };
            (names::WATERMARK, message.encode_to_vec())
        }
        StreamOp::Project { exprs } => {
            let message = config::Projection { exprs: encode_exprs(exprs)?, schema: encode_schema(output)? };
            (names::PROJECTION, message.encode_to_vec())
        }
        StreamOp::Filter { predicate } => {
            (names::FILTER, config::Filter { expr: encode_expr(predicate)? }.encode_to_vec())
        }
        StreamOp::WindowAggregate { window, window_index, aggregate, part } => {
            let window_index = u32::try_from(*window_index).ok();
            match *window {
                Window::Session { gap } => {
                    (names::SESSION_AGGREGATE, session(aggregate, output, gap, window_index)?.encode_to_vec())
                }
                window => (window_name(node, *part)?, windows(aggregate, output, *part, window, window_index)?),
            }
        }
        StreamOp::InstantAggregate { aggregate } => {
            let message = config::InstantAggregate {
                group_exprs: encode_exprs(&aggregate.group)?,
                group_names: aggregate.group_names.clone(),
                aggregate_exprs: encode_exprs(&aggregate.functions)?,
                aggregate_names: aggregate.function_names.clone(),
                input_schema: encode_schema(&aggregate.input)?,
                schema: encode_schema(output)?,
            };
            (names::INSTANT_AGGREGATE, message.encode_to_vec())
        }
        StreamOp::UpdatingAggregate { aggregate, ttl_nanos, windows, part } => {
            let message = updating(aggregate, output, *ttl_nanos)?;
            match (part, windows) {
                (Part::Partial, _) => (names::UPDATING_PARTIAL, message.encode_to_vec()),
                (Part::Final, None) => (names::UPDATING_AGGREGATE, message.encode_to_vec()),
                (Part::Final, Some(windows)) => updated_windows(message, *windows),
                (Part::Whole, _) => return Err(BuildError::Unfinished(describe_op(node))),
            }
        }
        StreamOp::LateRows { window, lateness_nanos, mark } => {
            let (slide_nanos, offset_nanos) = window.slide_and_offset();
            let message = config::LateRows {
                width_nanos: window.width(),
                slide_nanos,
                offset_nanos,
                cumulate: matches!(window, Window::Cumulate { .. }),
                session: matches!(window, Window::Session { .. }),
                lateness_nanos: *lateness_nanos,
                mark: *mark,
                schema: encode_schema(output)?,
            };
            (names::LATE_ROWS, message.encode_to_vec())
        }
        StreamOp::Upsert { keys, ttl_nanos } => {
            let key_columns = keys.iter().filter_map(|column| u32::try_from(*column).ok()).collect();
            (names::UPSERT, config::Upsert { key_columns, ttl_nanos: *ttl_nanos }.encode_to_vec())
        }
        StreamOp::Unnest { columns, outer } => {
            let columns = columns.iter().filter_map(|column| u32::try_from(*column).ok()).collect();
            (names::UNNEST, config::Unnest { columns, schema: encode_schema(output)?, outer: *outer }.encode_to_vec())
        }
        StreamOp::Join { join } => (names::JOIN, joined(join, node)?.encode_to_vec()),
        StreamOp::LookupJoin { join } => (names::LOOKUP_JOIN, looked_up(join, output)?.encode_to_vec()),
        StreamOp::Limit { skip, fetch } => (names::LIMIT, config::Limit { skip: *skip, fetch: *fetch }.encode_to_vec()),
        StreamOp::Sort { keys } => (names::SORT, config::Sort { keys: sort_keys(keys)? }.encode_to_vec()),
        StreamOp::Over(call) => (over_name(call.kind), over(call, output)?.encode_to_vec()),
        StreamOp::Matches(call) => (names::MATCH_RECOGNIZE, matches::encode(call, output)?.encode_to_vec()),
        StreamOp::Union | StreamOp::Exchange { .. } => return Err(BuildError::Unfinished(describe_op(node))),
    })
}

fn window_name(node: &StreamNode, part: Part) -> Result<&'static str, BuildError> {
    match part {
        Part::Partial => Ok(names::WINDOW_PARTIAL),
        Part::Final => Ok(names::WINDOW_AGGREGATE),
        Part::Whole => Err(BuildError::Unfinished(describe_op(node))),
    }
}

fn windows(
    aggregate: &Aggregate,
    output: &Schema,
    part: Part,
    window: Window,
    window_index: Option<u32>,
) -> Result<Vec<u8>, BuildError> {
    let (slide_nanos, offset_nanos) = window.slide_and_offset();
    let message = config::WindowAggregate {
        group_exprs: encode_exprs(&aggregate.group)?,
        group_names: aggregate.group_names.clone(),
        aggregate_exprs: encode_exprs(&aggregate.functions)?,
        aggregate_names: aggregate.function_names.clone(),
        input_schema: encode_schema(&aggregate.input)?,
        schema: encode_schema(output)?,
        width_nanos: window.width(),
        slide_nanos,
        window_index,
        input_is_partial: part == Part::Final,
        offset_nanos,
        cumulate: matches!(window, Window::Cumulate { .. }),
    };
    Ok(message.encode_to_vec())
}

fn updating(aggregate: &Aggregate, output: &Schema, ttl_nanos: i64) -> Result<config::UpdatingAggregate, BuildError> {
    Ok(config::UpdatingAggregate {
        group_exprs: encode_exprs(&aggregate.group)?,
        group_names: aggregate.group_names.clone(),
        aggregate_exprs: encode_exprs(&aggregate.functions)?,
        aggregate_names: aggregate.function_names.clone(),
        input_schema: encode_schema(&aggregate.input)?,
        schema: encode_schema(output)?,
        ttl_nanos,
    })
}

fn updated_windows(aggregate: config::UpdatingAggregate, windows: UpdatedWindows) -> (&'static str, Vec<u8>) {
    let UpdatedWindows { key, session_gap, every_nanos, lateness_nanos } = windows;
    let (aggregate, key) = (Some(aggregate), u32::try_from(key).unwrap_or(u32::MAX));
    match session_gap {
        None => {
            let message = config::UpdatingWindows { aggregate, window_key: key, every_nanos, lateness_nanos };
            (names::UPDATING_WINDOWS, message.encode_to_vec())
        }
        Some(gap_nanos) => {
            let message = config::UpdatingSessions { aggregate, time_key: key, gap_nanos, every_nanos, lateness_nanos };
            (names::UPDATING_SESSIONS, message.encode_to_vec())
        }
    }
}

fn session(
    aggregate: &Aggregate,
    output: &Schema,
    gap_nanos: i64,
    window_index: Option<u32>,
) -> Result<config::SessionAggregate, BuildError> {
    Ok(config::SessionAggregate {
        group_exprs: encode_exprs(&aggregate.group)?,
        group_names: aggregate.group_names.clone(),
        aggregate_exprs: encode_exprs(&aggregate.functions)?,
        aggregate_names: aggregate.function_names.clone(),
        input_schema: encode_schema(&aggregate.input)?,
        schema: encode_schema(output)?,
        gap_nanos,
        window_index,
    })
}

fn positions(positions: &[usize]) -> Vec<u32> {
    positions.iter().filter_map(|place| u32::try_from(*place).ok()).collect()
}

/// A join's further condition; empty without one.
#[derive(Default)]
struct Filtered {
    predicate: Vec<u8>,
    columns: Vec<u32>,
    schema: Vec<u8>,
}

fn filtered(filter: Option<&JoinFilter>) -> Result<Filtered, BuildError> {
    let Some(filter) = filter else { return Ok(Filtered::default()) };
    let predicate = encode_expr(&filter.predicate)?;
    Ok(Filtered { predicate, columns: positions(&filter.columns), schema: encode_schema(&filter.schema)? })
}

fn looked_up(join: &LookupJoin, output: &Schema) -> Result<config::LookupJoin, BuildError> {
    let filter = filtered(join.filter.as_ref())?;
    let cache = join.table.lookup.unwrap_or_default();
    Ok(config::LookupJoin {
        kind: join.kind.into(),
        connector: Some(connector(&join.table, &join.asked_schema(), None)?),
        key_columns: positions(&join.key),
        left_values: u32::try_from(join.left_values).unwrap_or(u32::MAX),
        left_keys: positions(&join.left_keys),
        right_values: positions(&join.right_values),
        filter: filter.predicate,
        filter_columns: filter.columns,
        filter_schema: filter.schema,
        schema: encode_schema(output)?,
        cache_bytes_max: cache.bytes_max,
        cache_ttl_nanos: cache.ttl_nanos,
        ttl_nanos: join.ttl_nanos,
    })
}

fn joined(join: &Join, node: &StreamNode) -> Result<config::Join, BuildError> {
    let [left, right] = node.inputs.as_slice() else { return Err(BuildError::Unfinished(describe_op(node))) };
    let [left_values, right_values] = join.values.map(|values| u32::try_from(values).unwrap_or(u32::MAX));
    let [left_keys, right_keys] = &join.keys;
    let (interval, [left_ttl_nanos, right_ttl_nanos]) = match join.time {
        JoinTime::Interval { lower, upper } => (Some(config::join::Interval { lower, upper }), [0, 0]),
        JoinTime::Window => (Some(config::join::Interval { lower: 0, upper: 0 }), [0, 0]),
        JoinTime::Latest { .. } => (None, [0, 0]),
        JoinTime::Ttl { nanos } => (None, nanos),
    };
    let filter = filtered(join.filter.as_ref())?;
    Ok(config::Join {
        kind: join.kind.into(),
        left_schema: encode_schema(left.schema.arrow())?,
        right_schema: encode_schema(right.schema.arrow())?,
        left_values,
        right_values,
        left_keys: positions(left_keys),
        right_keys: positions(right_keys),
        null_equals_null: join.null_equals_null,
        filter: filter.predicate,
        filter_columns: filter.columns,
        filter_schema: filter.schema,
        schema: encode_schema(node.schema.arrow())?,
        interval,
        left_ttl_nanos,
        right_ttl_nanos,
        latest: match join.time {
            JoinTime::Latest { strict } => Some(config::join::Latest { strict }),
            _ => None,
        },
    })
}

fn over_name(kind: OverKind) -> &'static str {
    match kind {
        OverKind::Window => names::OVER_WINDOW,
        OverKind::Time => names::OVER_TIME,
        OverKind::Updating => names::OVER_UPDATING,
    }
}

fn over(over: &Over, output: &Schema) -> Result<config::Over, BuildError> {
    let top = over.top.map(|top| {
        let rank = match top.rank {
            Ranking::RowNumber => config::top::Rank::RowNumber,
            Ranking::Rank => config::top::Rank::Rank,
            Ranking::DenseRank => config::top::Rank::DenseRank,
        };
        config::Top { rank: rank.into(), last: top.last }
    });
    Ok(config::Over {
        functions: encode_exprs(&over.functions)?,
        partition: over.partition.iter().filter_map(|column| u32::try_from(*column).ok()).collect(),
        order: sort_keys(&over.order)?,
        schema: encode_schema(output)?,
        top,
        skip: over.skip,
        only_rows: over.only_rows,
        ttl_nanos: over.ttl_nanos,
    })
}

pub(super) fn sort_keys(keys: &[SortExpr]) -> Result<Vec<config::SortKey>, BuildError> {
    let key = |key: &SortExpr| {
        Ok(config::SortKey { expr: encode_expr(&key.expr)?, descending: !key.asc, nulls_first: key.nulls_first })
    };
    keys.iter().map(key).collect()
}

fn connector(
    table: &TableDef,
    schema: &Schema,
    filter: Option<&SimpleFilter>,
) -> Result<config::Connector, BuildError> {
    let metadata = table.columns.iter().filter_map(|column| match &column.kind {
        ColumnKind::Metadata { key } if schema.column_with_name(&column.name).is_some() => {
            Some(config::MetadataColumn { column: column.name.clone(), key: key.clone() })
        }
        _ => None,
    });
    Ok(config::Connector {
        connector: table.connector.clone(),
        table: table.name.clone(),
        options_json: table.options.json.to_string(),
        format_json: if table.format == Value::Null { String::new() } else { table.format.to_string() },
        schema: encode_schema(schema)?,
        metadata: metadata.collect(),
        filter_json: match filter {
            Some(filter) => filter.to_json()?.to_string(),
            None => String::new(),
        },
    })
}

pub(super) fn encode_exprs(exprs: &[Expr]) -> Result<Vec<Vec<u8>>, BuildError> {
    Ok(exprs.iter().map(encode_expr).collect::<Result<_, _>>()?)
}
