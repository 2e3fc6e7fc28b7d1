//! Rows in order: functions with OVER, ORDER BY, and matches of patterns.

mod buffer;
mod in_time;
mod matches;
mod order;
mod sort;
mod spec;
mod time;
mod top;
mod updating;
mod waiting;
mod windowed;

pub(super) use matches::Matches;
pub(super) use sort::Sort;
pub(super) use time::TimeOver;
pub(super) use updating::UpdatingOver;
pub(super) use windowed::WindowedOver;
