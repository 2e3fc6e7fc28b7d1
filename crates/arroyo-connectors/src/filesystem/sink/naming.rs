//! What files are called.

use arroyo_formats::{Format, JsonCompression, JsonFormat};
use uuid::Uuid;

use super::super::options::{FileSystemOptions, NameStrategy};

/// The digits of ULIDs (Crockford's base 32).
const BASE32: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes the names of one subtask's files.
#[derive(Debug)]
pub(super) struct FileNames {
    prefix: String,
    suffix: String,
    strategy: NameStrategy,
    subtask: u32,
    /// The next number of the strategy `serial`.
    pub(super) next: u64,
}

impl FileNames {
    pub(super) fn new(options: &FileSystemOptions, format: &Format, subtask: u32) -> Self {
        let prefix = options.prefix.as_ref().filter(|prefix| !prefix.is_empty());
        let suffix = match options.suffix.as_deref() {
            Some(suffix) => suffix.trim_start_matches('.').to_string(),
            None => default_suffix(format).to_string(),
        };
        Self {
            prefix: prefix.map(|prefix| format!("{prefix}-")).unwrap_or_default(),
            suffix: if suffix.is_empty() { suffix } else { format!(".{suffix}") },
            strategy: options.strategy,
            subtask,
            next: 0,
        }
    }

    /// Whether names are numbered.
    pub(super) fn is_serial(&self) -> bool {
        self.strategy == NameStrategy::Serial
    }

    /// The next name; `now_millis` is the time since the Unix epoch.
    pub(super) fn next(&mut self, now_millis: u64) -> String {
        let base = match self.strategy {
            NameStrategy::Serial => {
                let number = self.next;
                self.next += 1;
                format!("{number:05}-{:03}", self.subtask)
            }
            NameStrategy::Uuid => Uuid::new_v4().to_string(),
            NameStrategy::UuidV7 => timed_uuid(now_millis).to_string(),
            NameStrategy::Ulid => ulid(now_millis),
        };
        format!("{}{base}{}", self.prefix, self.suffix)
    }

    /// The number behind `name`'s, if it is a name of the strategy `serial`.
    pub(super) fn number_after(&self, name: &str) -> Option<u64> {
        let base = name.strip_prefix(&self.prefix)?.strip_suffix(&self.suffix)?;
        let (number, subtask) = base.split_once('-')?;
        subtask.parse::<u32>().ok()?;
        number.parse::<u64>().ok()?.checked_add(1)
    }
}

fn default_suffix(format: &Format) -> &'static str {
    match format {
        Format::Json(JsonFormat { compression: JsonCompression::Gzip, .. }) => "json.gz",
        Format::DebeziumJson(_) => "json",
        Format::RawString(_) => "txt",
        Format::RawBytes(_) => "bin",
        other => other.name(),
    }
}

/// A UUID of version 7.
pub(super) fn timed_uuid(now_millis: u64) -> Uuid {
    let nanos = u32::try_from(now_millis % 1000).unwrap_or_default() * 1_000_000;
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, now_millis / 1000, nanos))
}

/// 48 bits of milliseconds and 80 random ones in base 32 (<https://github.com/ulid/spec>).
fn ulid(now_millis: u64) -> String {
    let random = Uuid::new_v4().as_u128();
    // A random UUID has six fixed bits at 64..66 and 76..80: the 80 bits are taken around them.
    let bits = (random & 0x3fff_ffff_ffff_ffff) | ((random >> 80) << 62);
    let value = (u128::from(now_millis & 0xffff_ffff_ffff) << 80) | (bits & ((1 << 80) - 1));
    let digit = |place: u32| usize::try_from((value >> (5 * place)) & 31).unwrap_or_default();
    (0..26).rev().map(|place| char::from(BASE32.get(digit(place)).copied().unwrap_or(b'0'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(strategy: &str, more: &str) -> FileNames {
        let json = format!(r#"{{"path":"/x","filename.strategy":"{strategy}"{more}}}"#);
        let options: FileSystemOptions = serde_json::from_str(&json).unwrap();
        FileNames::new(&options, &Format::Json(JsonFormat::default()), 7)
    }

    #[test]
    fn numbers_go_on_behind_what_is_there() {
        let mut names = names("serial", r#","filename.prefix":"part","filename.suffix":".ndjson""#);
        assert_eq!(names.next(0), "part-00000-007.ndjson");
        assert_eq!(names.next(0), "part-00001-007.ndjson");
        assert_eq!(names.number_after("part-00041-002.ndjson"), Some(42));
        assert_eq!(names.number_after("part-00041-002.json"), None);
        assert_eq!(names.number_after("other-00041-002.ndjson"), None);
        assert_eq!(names.number_after("part-x-002.ndjson"), None);
    }

    #[test]
    fn unique_names_differ_and_timed_ones_are_in_order() {
        for (strategy, length) in [("uuid", 36), ("uuid_v7", 36), ("ulid", 26)] {
            let mut names = names(strategy, "");
            let made: Vec<String> = (0..3).map(|i| names.next(1_700_000_000_000 + i * 1000)).collect();
            assert!(made.iter().all(|name| name.len() == length + ".json".len()), "{made:?}");
            assert!(made[0] != made[1] && made[1] != made[2]);
            if strategy != "uuid" {
                assert!(made.is_sorted(), "{made:?}");
            }
        }
        assert!(ulid(1_469_918_176_385).starts_with("01ARYZ6S41"), "the specification's example");
    }
}
