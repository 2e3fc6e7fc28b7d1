//! Chance comes from a [`Random`] that is handed in where it decides anything, so that a run can be replayed.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A source of chance; the default one is the machine's. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Random(Option<Arc<Mutex<StdRng>>>);

impl Random {
    /// The same numbers for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Any number.
    pub fn number(&self) -> u64 {
        match &self.0 {
            Some(seeded) => seeded.lock().unwrap_or_else(PoisonError::into_inner).random(),
            None => rand::rng().random(),
        }
    }

    /// A number from 0 up to, and without, 1.
    pub fn fraction(&self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_repeat_and_fractions_are_below_one() {
        let (first, second) = (Random::seeded(7), Random::seeded(7));
        let numbers = |random: &Random| [random.number(), random.number(), random.number()];
        assert_eq!(numbers(&first), numbers(&second));
        assert_ne!(numbers(&first), numbers(&first.clone()));
        let fractions: Vec<f64> = (0..100).map(|_| Random::default().fraction()).collect();
        assert!(fractions.iter().all(|fraction| (0.0..1.0).contains(fraction)));
        assert!(fractions.iter().any(|fraction| *fraction > 0.5) && fractions.iter().any(|fraction| *fraction < 0.5));
    }
}
