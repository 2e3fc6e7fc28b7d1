//! When all inputs' barriers have arrived.

use crate::message::Barrier;

/// Keeps track of the barriers of a task's inputs. An input that ended counts as aligned.
#[derive(Debug)]
pub(crate) struct Alignment {
    inputs: Vec<InputState>,
    current: Option<Barrier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InputState {
    Live,
    Arrived,
    Ended,
}

/// What a barrier or an end changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing to do.
    None,
    /// The first barrier of a checkpoint arrived; others are missing.
    Started(Barrier),
    /// All live inputs' barriers have arrived; every live input is to be read again.
    Aligned(Barrier),
    /// Every input has ended.
    AllEnded,
}

/// An input's barrier belongs to another checkpoint than those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) expected: Barrier,
    pub(crate) found: Barrier,
}

impl Alignment {
    pub(crate) fn new(inputs: usize) -> Self {
        Self { inputs: vec![InputState::Live; inputs], current: None }
    }

    /// An input's barrier arrived: the input must not be read until [`Step::Aligned`].
    pub(crate) fn barrier(&mut self, input: usize, barrier: Barrier) -> Result<Step, Mismatch> {
        let first = self.current.is_none();
        let expected = *self.current.get_or_insert(barrier);
        if expected != barrier {
            return Err(Mismatch { expected, found: barrier });
        }
        if let Some(state) = self.inputs.get_mut(input) {
            *state = InputState::Arrived;
        }
        Ok(match self.check() {
            Step::None if first => Step::Started(barrier),
            step => step,
        })
    }

    /// An input ended.
    pub(crate) fn end(&mut self, input: usize) -> Step {
        if let Some(state) = self.inputs.get_mut(input) {
            *state = InputState::Ended;
        }
        if self.inputs.iter().all(|state| *state == InputState::Ended) { Step::AllEnded } else { self.check() }
    }

    fn check(&mut self) -> Step {
        if self.inputs.contains(&InputState::Live) {
            return Step::None;
        }
        let Some(barrier) = self.current.take() else { return Step::None };
        for state in self.inputs.iter_mut().filter(|state| **state == InputState::Arrived) {
            *state = InputState::Live;
        }
        Step::Aligned(barrier)
    }
}

#[cfg(test)]
mod tests {
    use arroyo_types::Epoch;

    use super::*;

    fn barrier(epoch: u64) -> Barrier {
        Barrier { epoch: Epoch(epoch), then_stop: false }
    }

    #[test]
    fn all_live_inputs_must_arrive() {
        let mut alignment = Alignment::new(3);
        assert_eq!(alignment.barrier(0, barrier(1)), Ok(Step::Started(barrier(1))));
        assert_eq!(alignment.barrier(1, barrier(1)), Ok(Step::None));
        assert_eq!(alignment.barrier(2, barrier(1)), Ok(Step::Aligned(barrier(1))));
        assert_eq!(alignment.barrier(2, barrier(2)), Ok(Step::Started(barrier(2))));
    }

    #[test]
    fn ended_inputs_count_as_aligned() {
        let mut alignment = Alignment::new(2);
        assert_eq!(alignment.end(0), Step::None);
        assert_eq!(alignment.barrier(1, barrier(1)), Ok(Step::Aligned(barrier(1))));
        assert_eq!(alignment.end(1), Step::AllEnded);
    }

    #[test]
    fn an_end_can_complete_an_alignment() {
        let mut alignment = Alignment::new(2);
        assert_eq!(alignment.barrier(0, barrier(1)), Ok(Step::Started(barrier(1))));
        assert_eq!(alignment.end(1), Step::Aligned(barrier(1)));
        assert_eq!(alignment.end(0), Step::AllEnded);
    }

    #[test]
    fn another_epoch_is_refused() {
        let mut alignment = Alignment::new(2);
        assert!(alignment.barrier(0, barrier(1)).is_ok());
        assert_eq!(alignment.barrier(1, barrier(2)), Err(Mismatch { expected: barrier(1), found: barrier(2) }));
    }
}
