//! The lookup tables of an engine: one for each operator, which its subtasks share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arroyo_operator::{Lookup, OperatorError};
use arroyo_types::OperatorId;

/// Lookup tables by operator.
#[derive(Default)]
pub(crate) struct Lookups(Mutex<HashMap<OperatorId, Arc<dyn Lookup>>>);

impl std::fmt::Debug for Lookups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookups").finish_non_exhaustive()
    }
}

impl Lookups {
    /// The table of an operator, which `make` makes for the first of its subtasks.
    pub(super) fn of(
        &self,
        operator: &OperatorId,
        make: impl FnOnce() -> Result<Arc<dyn Lookup>, OperatorError>,
    ) -> Result<Arc<dyn Lookup>, OperatorError> {
        let mut lookups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lookup) = lookups.get(operator) {
            return Ok(lookup.clone());
        }
        let lookup = make()?;
        lookups.insert(operator.clone(), lookup.clone());
        Ok(lookup)
    }
}
