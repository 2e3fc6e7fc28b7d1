//! What tests of the engine need: SQL run in one process, operators driven by hand, and the answers of batch SQL.
//!
//! [`simulation`] puts a job through everything that can go wrong, repeatable by a seed.
//! [`run_sql`] runs SQL through planner and engine, with checkpoints, kills and restores.
//! [`TcpProxy`] stands between real processes and services, and cuts, delays, limits or swallows what they say.
//! An [`OperatorStage`] is an operator at some parallelism without an engine around it: a test feeds it batches, watermarks and
//! barriers in the order it wants and restores it at another parallelism. [`AggregateQuery`] turns SQL into an operator's
//! configuration and, through [`windowed_answer`], into the answer that the operator must give (invariants I2 and I3).

mod aggregate_query;
mod hand_driven;
mod link;
mod operator_stage;
mod oracle;
mod proxy;
mod random_query;
pub mod simulation;
mod sql_run;

pub use aggregate_query::AggregateQuery;
pub use hand_driven::{HandDriven, Rows};
pub use link::LinkControl;
pub use operator_stage::OperatorStage;
pub use oracle::{WindowKind, block_on, rows_of, windowed_answer};
pub use proxy::TcpProxy;
pub use random_query::{Outcome, RandomCase, check_seeds};
pub use sql_run::{Ending, RunReport, Stage, plan, run_sql};
