//! Bodies of requests and answers. Times are microseconds since the Unix epoch.

mod checkpoint;
mod connection;
mod job;
mod listing;
mod metric;
mod output;
mod pipeline;
mod plan;
mod progress;
mod query_comparison;
mod sql;

pub(crate) use checkpoint::*;
pub(crate) use connection::*;
pub(crate) use job::*;
pub(crate) use listing::*;
pub(crate) use metric::*;
pub(crate) use output::*;
pub(crate) use pipeline::*;
pub(crate) use plan::*;
pub(crate) use progress::*;
pub(crate) use query_comparison::*;
pub(crate) use sql::*;

/// A time of the metastore as the API writes it.
pub(crate) fn micros(time: i64) -> u64 {
    u64::try_from(time).unwrap_or(0)
}
