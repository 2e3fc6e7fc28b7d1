//! The `arroyo` command.
fn main() {}
