//! Test cases of pipelines: SQL, rows for the tables that it reads, and the rows that it must write.
//!
//! `arroyo test` runs the cases of users, and the engine's golden tests are cases of the same format. This crate finds and reads
//! them, compares what a pipeline wrote with what was expected, and writes down what it wrote; who runs it is another matter.

mod case;
mod compare;
mod discover;
mod rows;
mod update;

pub use case::{Case, DEFAULT_OUTPUT, Expected, Input, Place};
pub use compare::{Difference, differences};
pub use discover::cases;
pub use rows::{Row, Rows};
pub use update::rewrite;
