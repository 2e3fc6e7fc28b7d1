//! Tools for tests: SQL run through planner and engine in one process, with checkpoints, kills and restores.

mod sql_run;

pub use sql_run::{Ending, RunReport, Stage, plan, run_sql};
