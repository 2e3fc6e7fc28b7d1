//! Faults outside of the storage: sinks and a metadata database that fail.

use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Strikes by seed.
#[derive(Debug)]
pub(super) struct Faults(Mutex<State>);

#[derive(Debug)]
struct State {
    dice: StdRng,
    share: f64,
    struck: u64,
}

impl Faults {
    pub(super) fn new(seed: u64, share: f64) -> Self {
        Self(Mutex::new(State { dice: StdRng::seed_from_u64(seed), share, struck: 0 }))
    }

    /// Whether this step fails.
    pub(super) fn strikes(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let share = state.share;
        let strikes = share > 0.0 && state.dice.random_bool(share);
        state.struck += u64::from(strikes);
        strikes
    }

    pub(super) fn heal(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).share = 0.0;
    }

    pub(super) fn struck(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).struck
    }
}
