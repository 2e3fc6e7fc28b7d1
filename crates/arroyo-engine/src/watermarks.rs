//! The watermark of an operator: the minimum over its inputs.

use arroyo_operator::Watermark;
use arroyo_types::EventTime;

/// Keeps the watermark of each input and tells when the operator's own changes.
///
/// Nothing comes out until each input has spoken; idle inputs hold nobody up; when all are idle, so is the operator.
/// The result never goes backwards, not even when an idle input comes back with an old watermark.
/// An input that has ended (its watermark is [`EventTime::MAX`]) counts only once all have: otherwise an idle input that comes
/// back would find all its rows late.
#[derive(Debug)]
pub(crate) struct Watermarks {
    inputs: Vec<Option<Watermark>>,
    time: Option<EventTime>,
    idle: bool,
}

impl Watermarks {
    pub(crate) fn new(inputs: usize) -> Self {
        Self { inputs: vec![None; inputs], time: None, idle: false }
    }

    /// Takes an input's watermark; returns the operator's if it changed.
    pub(crate) fn update(&mut self, input: usize, watermark: Watermark) -> Option<Watermark> {
        let slot = self.inputs.get_mut(input)?;
        *slot = Some(match (*slot, watermark) {
            (Some(Watermark::At(before)), Watermark::At(now)) => Watermark::At(before.max(now)),
            (_, watermark) => watermark,
        });
        let mut minimum: Option<EventTime> = None;
        let mut all_ended = true;
        for input in &self.inputs {
            all_ended &= *input == Some(Watermark::At(EventTime::MAX));
            match input {
                None => return None,
                Some(Watermark::Idle | Watermark::At(EventTime::MAX)) => {}
                Some(Watermark::At(time)) => minimum = Some(minimum.map_or(*time, |least| least.min(*time))),
            }
        }
        if all_ended {
            minimum = Some(EventTime::MAX);
        }
        let Some(minimum) = minimum else {
            return (!std::mem::replace(&mut self.idle, true)).then_some(Watermark::Idle);
        };
        let was_idle = std::mem::replace(&mut self.idle, false);
        let advanced = self.time.is_none_or(|time| minimum > time);
        if advanced {
            self.time = Some(minimum);
        }
        (advanced || was_idle).then(|| Watermark::At(self.time.unwrap_or(minimum)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: i64) -> Watermark {
        Watermark::At(EventTime::from_nanos(nanos))
    }

    #[test]
    fn the_minimum_over_inputs_that_have_all_spoken() {
        let mut marks = Watermarks::new(2);
        assert_eq!(marks.update(0, at(10)), None);
        assert_eq!(marks.update(1, at(5)), Some(at(5)));
        assert_eq!(marks.update(0, at(20)), None);
        assert_eq!(marks.update(1, at(15)), Some(at(15)));
    }

    #[test]
    fn it_never_goes_back() {
        let mut marks = Watermarks::new(1);
        assert_eq!(marks.update(0, at(10)), Some(at(10)));
        assert_eq!(marks.update(0, at(3)), None);
    }

    #[test]
    fn ended_inputs_count_when_all_have_ended() {
        let end = Watermark::At(EventTime::MAX);
        let mut marks = Watermarks::new(2);
        assert_eq!(marks.update(0, end), None);
        assert_eq!(marks.update(1, at(5)), Some(at(5)));
        assert_eq!(marks.update(1, Watermark::Idle), Some(Watermark::Idle), "the idle input may come back");
        assert_eq!(marks.update(1, at(7)), Some(at(7)));
        assert_eq!(marks.update(1, end), Some(end));
    }

    #[test]
    fn idle_inputs_hold_nobody_up() {
        let mut marks = Watermarks::new(2);
        assert_eq!(marks.update(0, Watermark::Idle), None);
        assert_eq!(marks.update(1, at(5)), Some(at(5)));
        assert_eq!(marks.update(1, Watermark::Idle), Some(Watermark::Idle));
        assert_eq!(marks.update(1, Watermark::Idle), None);
        assert_eq!(marks.update(0, at(2)), Some(at(5)), "back from idle, not back in time");
        assert_eq!(marks.update(0, at(8)), Some(at(8)));
    }
}
