//! How far a file was read: the values of the state tables of file sources.

use arroyo_operator::OperatorError;
use arroyo_types::ErrorKind;
use serde::{Deserialize, Serialize};

/// A place between two records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FilePosition {
    /// Text: bytes before it (after decompression).
    pub(crate) bytes: u64,
    /// Text: lines before it. Parquet: rows before it.
    pub(crate) records: u64,
}

/// How far a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileProgress {
    /// Up to here.
    At(FilePosition),
    /// To its end.
    Finished,
}

/// The form in checkpoints: JSON.
pub(crate) fn encode_progress(progress: FileProgress) -> Vec<u8> {
    // Numbers and names can always be written.
    serde_json::to_vec(&progress).unwrap_or_default()
}

/// The inverse of [`encode_progress`], for the file called `name`.
pub(crate) fn decode_progress(name: &str, bytes: &[u8]) -> Result<FileProgress, OperatorError> {
    serde_json::from_slice(bytes).map_err(|error| {
        OperatorError::new(ErrorKind::Corrupt, format!("the state of the file `{name}` cannot be read: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_in_checkpoints_is_fixed() {
        let at = FileProgress::At(FilePosition { bytes: 12, records: 3 });
        assert_eq!(encode_progress(at), b"{\"at\":{\"bytes\":12,\"records\":3}}");
        assert_eq!(encode_progress(FileProgress::Finished), b"\"finished\"");
        assert_eq!(decode_progress("x", &encode_progress(at)), Ok(at));
        assert_eq!(decode_progress("x", b"\"finished\""), Ok(FileProgress::Finished));
        let error = decode_progress("x", b"12").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt);
        assert!(error.message.starts_with("the state of the file `x` cannot be read"), "{error}");
    }
}
