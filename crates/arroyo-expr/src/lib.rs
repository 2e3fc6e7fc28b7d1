//! Expressions: how they travel, which functions they know, and how they are evaluated.
//!
//! The planner encodes logical expressions ([`encode`]); the engine decodes them ([`decode`]), binds them to an input schema
//! ([`Compiled`], [`CompiledAggregate`]) and evaluates them batch by batch.
//! Both sides see the same functions, because both get them from here.
//! Keys are hashed here too ([`hash_columns`]): one function routes rows and cuts state into key ranges.

mod aggregate;
mod canonical;
mod codec;
mod compiled;
mod error;
mod functions;
mod hash;
mod over;
mod partial;
mod updating;

pub use aggregate::{CompiledAggregate, GroupKey, KeptValues, ValueBytes, ValueChanges};
pub use canonical::canonical;
pub use codec::{decode, encode};
pub use compiled::{Compiled, Predicate};
pub use error::ExprError;
pub use functions::{
    AS_OF, CUMULATE, EMIT, HOP, LIKE_ESCAPE, ROW_TIME, SESSION, SIMILAR_TO_ESCAPE, TUMBLE, aggregate_functions,
    expr_planners, function_rewrites, higher_order_functions, row_time, scalar_functions, task_context,
    window_functions, window_of, window_type, windows_of_time,
};
pub use hash::{KeyEncoder, hash_columns};
pub use over::{CompiledOver, Extent, FrameEnd, NotIncremental, OverPlan};
pub use partial::{PANE_FIELD, partial_schema};
pub use updating::UpdatingAggregates;
