//! The one hash that routes keys and cuts key ranges.
//!
//! xxh3-64 with seed 0 over a documented encoding, the same on every CPU and in every release: state files depend on it.
//! A key's encoding is the concatenation of its columns' encodings, in column order; `arroyo-expr` encodes Arrow columns.
//! Changing anything here needs a new [`HASH_VERSION`] and a migration of state.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Written into every checkpoint manifest; a reader refuses a version that it does not know.
pub const HASH_VERSION: u32 = 1;

/// Builds the encoding of one key and hashes it.
///
/// Encodings: null is `0x00`; a value is `0x01` and then: booleans one byte; integers, dates, times and timestamps as
/// little-endian 64-bit two's complement (so that equal numbers of different widths are equal); decimals as
/// little-endian 128-bit; floats as the little-endian bits of an `f64`, with `-0.0` as `0.0` and one NaN; strings and
/// binaries as a little-endian `u64` length and the bytes; structs as their fields one after the other; lists as a
/// little-endian `u64` number of elements and the elements.
#[derive(Debug, Default)]
pub struct KeyHasher {
    bytes: Vec<u8>,
}

impl KeyHasher {
    /// Forgets the key so far and keeps the buffer.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds a null.
    pub fn null(&mut self) {
        self.bytes.push(0);
    }

    /// Adds an integer, date, time or timestamp.
    pub fn int(&mut self, value: i64) {
        self.bytes.push(1);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Adds a decimal or another 128-bit number.
    pub fn int128(&mut self, value: i128) {
        self.bytes.push(1);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Adds a boolean.
    pub fn bool(&mut self, value: bool) {
        self.bytes.extend_from_slice(&[1, u8::from(value)]);
    }

    /// Adds a floating-point number.
    pub fn float(&mut self, value: f64) {
        let canonical = if value == 0.0 {
            0.0
        } else if value.is_nan() {
            f64::NAN
        } else {
            value
        };
        self.bytes.push(1);
        self.bytes.extend_from_slice(&canonical.to_bits().to_le_bytes());
    }

    /// Adds a string or a binary.
    pub fn bytes(&mut self, value: &[u8]) {
        self.bytes.push(1);
        self.bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(value);
    }

    /// Begins a struct that is not null: its fields follow.
    pub fn begin_struct(&mut self) {
        self.bytes.push(1);
    }

    /// Begins a list that is not null: its `len` elements follow.
    pub fn begin_list(&mut self, len: usize) {
        self.bytes.push(1);
        self.bytes.extend_from_slice(&(len as u64).to_le_bytes());
    }

    /// A hash of 128 bits of the key so far, for ids.
    pub fn finish_wide(&self) -> u128 {
        xxh3_128(&self.bytes)
    }

    /// The hash of the key so far.
    pub fn finish(&self) -> u64 {
        xxh3_64(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(build: impl FnOnce(&mut KeyHasher)) -> u64 {
        let mut hasher = KeyHasher::default();
        build(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn values_are_fixed_forever() {
        assert_eq!(hash(|_| ()), 0x2d06_8005_38d3_94c2);
        assert_eq!(hash(|h| h.int(42)), hash(|h| h.int(42)));
        assert_ne!(hash(|h| h.null()), hash(|h| h.int(0)));
        assert_eq!(hash(|h| h.float(-0.0)), hash(|h| h.float(0.0)));
        assert_ne!(
            hash(|h| {
                h.bytes(b"ab");
                h.bytes(b"c");
            }),
            hash(|h| {
                h.bytes(b"a");
                h.bytes(b"bc");
            })
        );
    }
}
