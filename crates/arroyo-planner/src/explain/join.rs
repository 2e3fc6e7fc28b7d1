//! Joins in words: `LeftJoin: k = k, x > y, within -5 s to 0 ns`.

use std::sync::Arc;

use arroyo_dataflow::operators::join::Kind;
use arroyo_dataflow::operators::lookup_join;

use super::describe;
use crate::stream::join::{Join, JoinTime};
use crate::stream::lookup_join::LookupJoin;
use crate::stream::node::StreamNode;
use crate::stream::window::Length;

/// What kind of join it is.
pub(crate) fn kind_of_join(join: &Join) -> &'static str {
    match join.kind {
        Kind::Inner => "InnerJoin",
        Kind::Left => "LeftJoin",
        Kind::Right => "RightJoin",
        Kind::Full => "FullJoin",
        Kind::LeftSemi => "SemiJoin",
        Kind::LeftAnti => "AntiJoin",
        Kind::LeftMark => "MarkJoin",
    }
}

/// Which rows match.
pub(crate) fn describe_join(join: &Join, inputs: &[Arc<StreamNode>]) -> String {
    let name = |side: usize, position: usize| {
        let column = inputs.get(side).and_then(|input| input.schema.column(position));
        column.map_or_else(|| position.to_string(), |column| column.field.name().clone())
    };
    let [left, right] = &join.keys;
    let equal = if join.null_equals_null { "is" } else { "=" };
    let keys = left.iter().zip(right).map(|(left, right)| format!("{} {equal} {}", name(0, *left), name(1, *right)));
    let filter = join.filter.as_ref().map(|filter| describe(&filter.predicate));
    let time = match join.time {
        JoinTime::Interval { lower, upper } => Some(format!("within {} to {}", Length(lower), Length(upper))),
        JoinTime::Window => Some("in one window".to_owned()),
        JoinTime::Latest { strict: false } => Some("latest version".to_owned()),
        JoinTime::Latest { strict: true } => Some("latest version before".to_owned()),
        JoinTime::Ttl { nanos: [0, 0] } => None,
        JoinTime::Ttl { nanos: [left, right] } if left == right => Some(format!("kept {}", Length(left))),
        JoinTime::Ttl { nanos: [left, right] } => Some(format!("left kept {}, right kept {}", kept(left), kept(right))),
    };
    keys.chain(filter).chain(time).collect::<Vec<_>>().join(", ")
}

fn kept(nanos: i64) -> String {
    if nanos == 0 { "for ever".to_owned() } else { Length(nanos).to_string() }
}

/// What kind of lookup join it is.
pub(crate) fn kind_of_lookup(join: &LookupJoin) -> &'static str {
    match join.kind {
        lookup_join::Kind::Inner => "LookupJoin",
        lookup_join::Kind::Left => "LeftLookupJoin",
    }
}

/// Which table is asked, for which keys and columns, and what is remembered.
pub(crate) fn describe_lookup(join: &LookupJoin, inputs: &[Arc<StreamNode>]) -> String {
    let asked: Vec<&str> = join.asked_columns().map(|column| column.name.as_str()).collect();
    let left = |position: &usize| {
        let column = inputs.first().and_then(|input| input.schema.column(*position));
        column.map_or_else(|| position.to_string(), |column| column.field.name().clone())
    };
    let keys = join.left_keys.iter().zip(&join.key);
    let keys = keys.map(|(own, key)| format!("{} = {}", left(own), asked.get(*key).copied().unwrap_or_default()));
    let filter = join.filter.as_ref().map(|filter| describe(&filter.predicate));
    let conditions: Vec<String> = keys.chain(filter).collect();
    let table = &join.table;
    format!("{} {} ({}), {}", table.name, table.options.description, asked.join(", "), conditions.join(", "))
}
