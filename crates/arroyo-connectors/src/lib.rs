//! Connectors: a folder each, and one line each in [`connectors`].
//!
//! A connector's options are one struct: its fields' names are the keys of SQL `WITH` options, its doc comments the
//! reference (`docs/reference/connectors/<id>.md`), its JSON schema the REST API's and the web UI's form.

#[cfg(test)]
mod conformance;
mod files;
mod filesystem;
mod options;
mod registry;
mod single_file;

pub use options::{DataSize, DurationNanos, parse_options, reference_page, schema_of};
pub use registry::{connector, connectors};
