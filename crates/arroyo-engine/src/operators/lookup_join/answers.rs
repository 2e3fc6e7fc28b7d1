//! Answers, and those that are remembered.

use std::sync::Arc;

use foldhash::fast::FixedState;
use moka::sync::Cache;

/// What a remembered answer takes besides its bytes, roughly.
const ENTRY_BYTES: usize = 160;

/// The rows of a key as comparable bytes; often one, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer(Arc<[Box<[u8]>]>);

impl Answer {
    pub(super) fn new(rows: Vec<Box<[u8]>>) -> Self {
        Self(rows.into())
    }

    /// The key has no row.
    pub(super) fn none() -> Self {
        Self(Arc::new([]))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|row| row.len() + size_of::<Box<[u8]>>()).sum()
    }
}

/// Answers by key, within a limit of bytes; the ones that are used least are given up.
pub(super) struct AnswerCache {
    /// `None`: nothing is remembered.
    answers: Option<Cache<Arc<[u8]>, Remembered, FixedState>>,
    ttl_micros: Option<i64>,
}

#[derive(Debug, Clone)]
struct Remembered {
    answer: Answer,
    /// When it was asked for, in microseconds.
    since: i64,
}

impl AnswerCache {
    /// At most `bytes_max` (0: nothing), none older than `ttl_nanos` (0: any age).
    pub(super) fn new(bytes_max: u64, ttl_nanos: i64) -> Self {
        let weight = |key: &Arc<[u8]>, remembered: &Remembered| {
            u32::try_from(key.len() + remembered.answer.bytes() + ENTRY_BYTES).unwrap_or(u32::MAX)
        };
        let answers = (bytes_max > 0)
            .then(|| Cache::builder().max_capacity(bytes_max).weigher(weight).build_with_hasher(FixedState::default()));
        Self { answers, ttl_micros: (ttl_nanos > 0).then_some(ttl_nanos / 1000) }
    }

    /// The answer for a key, if it is there and not too old.
    pub(super) fn get(&self, key: &[u8], now: i64) -> Option<Answer> {
        let remembered = self.answers.as_ref()?.get(key)?;
        let is_fresh = self.ttl_micros.is_none_or(|ttl| now.saturating_sub(remembered.since) < ttl);
        is_fresh.then_some(remembered.answer)
    }

    pub(super) fn put(&self, key: &[u8], answer: Answer, since: i64) {
        if let Some(answers) = &self.answers {
            answers.insert(key.into(), Remembered { answer, since });
        }
    }

    /// Gives up what is too much.
    pub(super) fn keep_limit(&self) {
        if let Some(answers) = &self.answers {
            answers.run_pending_tasks();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer::new(vec![text.as_bytes().into()])
    }

    #[test]
    fn answers_age() {
        let cache = AnswerCache::new(1 << 20, 5_000);
        cache.put(b"k", answer("x"), 100);
        cache.put(b"none", Answer::none(), 100);
        assert_eq!(cache.get(b"k", 104), Some(answer("x")));
        assert_eq!(cache.get(b"none", 104), Some(Answer::none()), "that there is no row is an answer");
        assert_eq!(cache.get(b"k", 105), None);
        cache.put(b"k", answer("y"), 105);
        assert_eq!(cache.get(b"k", 109), Some(answer("y")));
        assert_eq!(AnswerCache::new(1 << 20, 0).get(b"k", 0), None);
    }

    #[test]
    fn the_limit_holds() {
        let cache = AnswerCache::new(10_000, 0);
        for number in 0..1000u32 {
            cache.put(&number.to_le_bytes(), answer("0123456789"), 0);
        }
        cache.keep_limit();
        let answers = cache.answers.as_ref().unwrap();
        assert!(answers.weighted_size() <= 10_000, "{}", answers.weighted_size());
        assert!(answers.entry_count() > 10, "{}", answers.entry_count());
    }

    #[test]
    fn nothing_is_remembered_without_room() {
        let cache = AnswerCache::new(0, 0);
        cache.put(b"k", answer("x"), 0);
        assert_eq!(cache.get(b"k", 0), None);
    }
}
