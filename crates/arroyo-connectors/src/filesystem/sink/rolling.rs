//! When files are closed.

use arroyo_types::EventTime;

use super::super::options::FileSystemOptions;
use super::file::{FileInfo, OpenFile};

/// The limits of a file.
#[derive(Debug)]
pub(super) struct Rolling {
    bytes_max: u64,
    parts_max: usize,
    age_nanos_max: i64,
    quiet_nanos_max: i64,
}

impl Rolling {
    pub(super) fn new(options: &FileSystemOptions) -> Self {
        let nanos = |limit: Option<crate::options::DurationNanos>| {
            limit.and_then(|limit| i64::try_from(limit.0).ok()).unwrap_or(i64::MAX)
        };
        Self {
            bytes_max: options.file_size.map_or(u64::MAX, |size| size.0),
            parts_max: usize::try_from(options.max_parts).unwrap_or(usize::MAX),
            age_nanos_max: nanos(options.interval),
            quiet_nanos_max: nanos(options.inactivity_interval),
        }
    }

    /// Whether a file has taken enough rows.
    pub(super) fn is_full(&self, file: &OpenFile) -> bool {
        // The end of the file is a part, too.
        file.length() >= self.bytes_max || file.info.parts() + 1 >= self.parts_max
    }

    /// Whether a file has been open or without rows for long enough.
    pub(super) fn is_old(&self, info: &FileInfo, now: EventTime) -> bool {
        now.nanos().saturating_sub(info.opened_nanos) >= self.age_nanos_max
            || now.nanos().saturating_sub(info.written_nanos) >= self.quiet_nanos_max
    }
}
