//! The real binary, as users run it.

mod bad_input;
mod examples;
mod plans;
mod process;
mod resume;
