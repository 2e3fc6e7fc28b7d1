//! Rows in order: functions with OVER, and ORDER BY.

mod buffer;
mod order;
mod sort;
mod spec;
mod time;
mod top;
mod updating;
mod windowed;

pub(super) use sort::Sort;
pub(super) use time::TimeOver;
pub(super) use updating::UpdatingOver;
pub(super) use windowed::WindowedOver;
