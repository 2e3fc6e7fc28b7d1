//! Asks a lookup table.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arrow::array::{Array, RecordBatch};
use arroyo_operator::{Lookup, LookupAnswer, LookupContext, OperatorError};
use arroyo_types::ErrorKind;

use super::answers::Answer;
use super::spec::LookupSpec;

/// How often a call that fails in passing is made.
const ATTEMPTS_MAX: u32 = 6;

/// How long is waited before the second attempt; twice as long before each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The answers of one call, in the order of its keys, once they are there.
#[derive(Debug, Clone, Default)]
pub(super) struct Fetched(Arc<OnceLock<Vec<Answer>>>);

impl Fetched {
    /// One of the answers.
    pub(super) fn answer(&self, place: usize) -> Result<Answer, OperatorError> {
        let answer = self.0.get().and_then(|answers| answers.get(place));
        answer.cloned().ok_or_else(|| OperatorError::bug("rows of a lookup join did not wait for their answers"))
    }
}

/// Asks for keys until there is an answer.
pub(super) struct Fetcher {
    spec: Arc<LookupSpec>,
    lookup: Arc<dyn Lookup>,
}

impl Fetcher {
    pub(super) fn new(spec: Arc<LookupSpec>, lookup: Arc<dyn Lookup>) -> Self {
        Self { spec, lookup }
    }

    /// Asks for `keys` and leaves the answers in `call`.
    pub(super) async fn fetch(
        &self,
        keys: RecordBatch,
        call: &Fetched,
        ctx: &LookupContext,
    ) -> Result<(), OperatorError> {
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            match self.lookup.lookup(&keys, ctx).await {
                Ok(answer) => {
                    // Nobody else sets it.
                    let _ = call.0.set(self.answers(keys.num_rows(), &answer)?);
                    break;
                }
                Err(error) if error.kind == ErrorKind::Retry && attempt < ATTEMPTS_MAX => {
                    tracing::debug!(table = %self.spec.table, attempt, "a lookup failed: {error}");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                Err(error) => return Err(self.failed(keys.num_rows(), attempt, error)),
            }
        }
        Ok(())
    }

    fn failed(&self, keys: usize, attempts: u32, error: OperatorError) -> OperatorError {
        let LookupSpec { table, connector, .. } = self.spec.as_ref();
        let times = if attempts == 1 { String::new() } else { format!(", {attempts} times") };
        let keys = if keys == 1 { "1 key".to_string() } else { format!("{keys} keys") };
        let message = format!(
            "the lookup of {keys} in table `{table}` (connector `{connector}`) failed{times}: {}",
            error.message
        );
        OperatorError { message, ..error }
    }

    /// The answer of each key.
    fn answers(&self, keys: usize, answer: &LookupAnswer) -> Result<Vec<Answer>, OperatorError> {
        let LookupSpec { table, connector, .. } = self.spec.as_ref();
        let broken = |what: &str| {
            OperatorError::bug(format!("the connector `{connector}` answers a lookup in table `{table}` {what}"))
        };
        if answer.keys.len() != answer.rows.num_rows() || answer.keys.null_count() > 0 {
            return Err(broken("without saying which row belongs to which key"));
        }
        let rows = self.spec.encode(&answer.rows).ok_or_else(|| broken("with other columns than were asked for"))?;
        let mut found: Vec<Vec<Box<[u8]>>> = vec![Vec::new(); keys];
        for (row, key) in answer.keys.values().iter().enumerate() {
            let of_key = found.get_mut(*key as usize).ok_or_else(|| broken("with a key that was not asked for"))?;
            if !of_key.is_empty() && !self.lookup.has_many_rows_per_key() {
                return Err(broken("with two rows of one key"));
            }
            of_key.push(rows.row(row).data().into());
        }
        Ok(found.into_iter().map(Answer::new).collect())
    }
}
