//! Structured data and large pieces of bytes in one value.
//!
//! The form in checkpoints: the header's length (four bytes, little-endian), the header in JSON, the pieces. The header is the
//! pieces' lengths and the structured data.

use arroyo_operator::OperatorError;
use arroyo_types::ErrorKind;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Puts `data` and pieces into one value.
pub(super) fn pack<T: Serialize>(data: &T, pieces: &[&[u8]]) -> Result<Vec<u8>, OperatorError> {
    let lengths: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
    let failed = |error: &dyn std::fmt::Display| OperatorError::bug(format!("state cannot be written: {error}"));
    let header = serde_json::to_vec(&(lengths, data)).map_err(|error| failed(&error))?;
    let length = u32::try_from(header.len()).map_err(|error| failed(&error))?;
    let mut packed = length.to_le_bytes().to_vec();
    packed.extend_from_slice(&header);
    pieces.iter().for_each(|piece| packed.extend_from_slice(piece));
    Ok(packed)
}

/// The inverse of [`pack`]; `what` is named when it fails.
pub(super) fn unpack<T: DeserializeOwned>(packed: &[u8], what: &str) -> Result<(T, Vec<Vec<u8>>), OperatorError> {
    let corrupt = |reason: &str| {
        OperatorError::new(ErrorKind::Corrupt, format!("the checkpoint's record of {what} is damaged: {reason}"))
    };
    let short = || corrupt("it ends too early");
    let (length, rest) = packed.split_first_chunk::<4>().ok_or_else(short)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (header, mut rest) = rest.split_at_checked(length).ok_or_else(short)?;
    let (lengths, data): (Vec<usize>, T) =
        serde_json::from_slice(header).map_err(|error| corrupt(&error.to_string()))?;
    let mut pieces = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (piece, behind) = rest.split_at_checked(length).ok_or_else(short)?;
        pieces.push(piece.to_vec());
        rest = behind;
    }
    if rest.is_empty() { Ok((data, pieces)) } else { Err(corrupt("it has more bytes than it should")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_damage_is_named() {
        let packed = pack(&("text", 7), &[b"one", b"", b"three"]).unwrap();
        let (data, pieces): ((String, i32), _) = unpack(&packed, "x").unwrap();
        assert_eq!(data, ("text".to_string(), 7));
        assert_eq!(pieces, [b"one".to_vec(), Vec::new(), b"three".to_vec()]);
        for end in 0..packed.len() {
            let error = unpack::<(String, i32)>(&packed[..end], "x").unwrap_err();
            assert_eq!(error.kind, ErrorKind::Corrupt, "{end}");
        }
        let mut longer = packed;
        longer.push(0);
        assert!(unpack::<(String, i32)>(&longer, "x").is_err());
    }
}
