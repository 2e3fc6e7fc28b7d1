//! Hashes of keys: the encoding that [`arroyo_types::KeyHasher`] documents, for Arrow columns.
//!
//! Routing and key ranges of state share this one function, so its values are fixed forever; `hash/golden.rs` holds them.

mod encoder;
#[cfg(test)]
mod golden;

use arrow::array::{ArrayRef, UInt64Array};
use arroyo_types::KeyHasher;

pub use encoder::KeyEncoder;

use crate::ExprError;

/// The hash of each row over `columns`, which together are the key. Without columns there is nothing to hash: an empty array;
/// a caller that has no key columns routes everything to one place.
pub fn hash_columns(columns: &[ArrayRef]) -> Result<UInt64Array, ExprError> {
    let rows = columns.first().map_or(0, |column| column.len());
    let encoder = KeyEncoder::new(columns)?;
    let mut hasher = KeyHasher::default();
    let hashes = (0..rows).map(|row| {
        hasher.clear();
        encoder.encode(row, &mut hasher);
        hasher.finish()
    });
    Ok(UInt64Array::from_iter_values(hashes))
}
