//! Random ways through a run.

use rand::Rng;
use rand::rngs::StdRng;

use crate::{Ending, Stage};

/// Half of the cases run through at once; the others with checkpoints, kills, stops and restores at other parallelisms.
pub(super) fn random_stages(random: &mut StdRng) -> Vec<Stage> {
    let mut stage = |ending| Stage { parallelism: random.random_range(1..=4), ending };
    let last = stage(Ending::EndOfInput);
    if random.random_bool(0.5) {
        return vec![last];
    }
    let mut stages: Vec<Stage> = (0..random.random_range(1..4))
        .map(|_| {
            let checkpoints = random.random_range(1..8);
            let ending = if random.random_bool(0.7) {
                Ending::Kill(checkpoints)
            } else {
                Ending::StopWithCheckpoint(checkpoints)
            };
            Stage { parallelism: random.random_range(1..=4), ending }
        })
        .collect();
    stages.push(Stage { ending: Ending::EndOfInputWithCheckpoints, ..last });
    stages
}

/// Whether sources must wait for checkpoints, so that there are some before the input ends.
pub(super) fn are_controlled(stages: &[Stage]) -> bool {
    stages.len() > 1
}
