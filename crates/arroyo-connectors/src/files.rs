//! Files: places, decompression, and reading records from them without holding up the runtime.

mod background;
mod columns;
mod input;
mod parquet;
mod path;
mod place;
mod position;
mod read_all;
mod reader;
mod rows;
mod text;

pub(crate) use columns::filename_key;
pub(crate) use path::{Compression, local_path};
pub(crate) use place::{FilePlace, ObjectPlace};
pub(crate) use position::{FilePosition, FileProgress, decode_progress};
pub(crate) use read_all::AllRows;
pub(crate) use reader::FileTask;
pub(crate) use rows::{FileRows, Step};
