//! Connectors: a folder each, and one line each in [`connectors`].
//!
//! A connector's options are one struct: its fields' names are the keys of SQL `WITH` options, its doc comments the
//! reference (`docs/reference/connectors/<id>.md`), its JSON schema the REST API's and the web UI's form.

mod blackhole;
#[cfg(test)]
mod conformance;
mod files;
mod filesystem;
mod impulse;
mod nexmark;
mod one_role;
mod options;
mod pace;
mod preview;
mod registry;
mod single_file;
mod stdout;
#[cfg(test)]
mod test_context;
mod values;

pub use options::{DataSize, DurationNanos, parse_options, reference_page, schema_of};
pub use registry::{connector, connectors};
pub use values::{VALUES, values_table};
