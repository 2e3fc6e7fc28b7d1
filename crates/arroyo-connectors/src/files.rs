//! Local files: paths, decompression, and reading records from them.

mod path;

pub(crate) use path::local_path;
