//! What all aggregating operators share: the plan of an aggregation, and groups of rows being aggregated.

mod groups;
mod plan;

pub(super) use groups::{GroupRows, Groups};
pub(super) use plan::{AggregatePlan, PlanConfig, Prepared, key_hashes};
