//! Joins each row with what a lookup table has for its key.
//!
//! `SELECT … FROM orders o LEFT JOIN customers c ON o.customer = c.id`:
//!
//! ```text
//! in:  customer=7 _timestamp=1     asked: 7, 8     out: customer=7 name=ann  _timestamp=1
//!      customer=8 _timestamp=2     answer: 7=ann        customer=8 name=NULL _timestamp=2
//!      customer=7 _timestamp=2                          customer=7 name=ann  _timestamp=2
//! ```
//!
//! All keys of a batch that are not remembered are asked for in one call ([`fetch`]); several batches wait for their answers at
//! once, and leave in the order in which they came. Answers are remembered within a limit of bytes and of age, also those that say
//! that a key has no row ([`answers`]).
//!
//! Rows have no state, as all of them leave before a barrier. Of a changelog, the answer that each row got is kept ([`kept`]), so
//! that the same joined row is taken back that was inserted, whatever the table has become since.

mod answers;
mod fetch;
mod joined;
mod kept;
mod spec;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use arrow::array::{AsArray, Int8Array, RecordBatch, UInt32Array};
use arrow::datatypes::{Int8Type, SchemaRef};
use arrow::row::Rows;
use arroyo_dataflow::operators as config;
use arroyo_operator::{
    Collector, Lookup, LookupContext, Operator, OperatorContext, OperatorError, Prefetch, Watermark,
};
use arroyo_state::TableSpec;
use foldhash::fast::FixedState;

use self::answers::{Answer, AnswerCache};
use self::fetch::{Fetched, Fetcher};
use self::kept::{Change, KeptAnswers};
use self::spec::LookupSpec;
use super::output::{collect, event_times};

pub(crate) use self::spec::lookup_config;

/// How many batches wait for their answers at once.
const BATCHES_IN_FLIGHT_MAX: usize = 8;

/// The number of the answer for rows that match nothing.
const NOTHING: usize = 0;

/// The number of the answer for rows that are in no result.
const NO_ROW: usize = usize::MAX;

/// See the module's documentation.
pub(crate) struct LookupJoin {
    spec: Arc<LookupSpec>,
    fetcher: Arc<Fetcher>,
    cache: AnswerCache,
    /// Batches that were prefetched and not processed.
    waiting: VecDeque<Waiting>,
    /// Keys that are asked for at the moment: by which call, and their place in it.
    asked: HashMap<Box<[u8]>, (Fetched, usize), FixedState>,
    /// The answers that rows of a changelog got.
    kept: Option<KeptAnswers>,
}

/// What is known of a batch before it is processed.
struct Waiting {
    /// For each row the number of its answer, or [`NOTHING`].
    answer_of_row: Vec<usize>,
    /// Answers from number 1 on.
    answers: Vec<Awaited>,
    /// The keys that this batch asked for itself.
    asked: Vec<Box<[u8]>>,
    /// When it asked, in microseconds.
    since: i64,
}

enum Awaited {
    /// It was remembered.
    Known(Answer),
    /// It is this one of a call's answers.
    Asked(Fetched, usize),
}

impl LookupJoin {
    /// A join with the table that `lookup` answers for.
    pub(crate) fn new(
        config: &config::LookupJoin,
        input: &SchemaRef,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, OperatorError> {
        let spec = Arc::new(LookupSpec::new(config, input)?);
        let cache_bytes = if lookup.is_in_memory() { 0 } else { config.cache_bytes_max };
        Ok(Self {
            fetcher: Arc::new(Fetcher::new(spec.clone(), lookup)),
            cache: AnswerCache::new(cache_bytes, config.cache_ttl_nanos),
            waiting: VecDeque::new(),
            asked: HashMap::default(),
            kept: spec.change.is_some().then(|| KeptAnswers::new(config.ttl_nanos)),
            spec,
        })
    }

    /// Numbers the distinct keys of a batch. Rows that take something back find their answer among those that are kept.
    fn prepare(&self, batch: &RecordBatch, now: i64) -> Result<(Waiting, Rows, Vec<u32>), OperatorError> {
        let keys = self.spec.key_columns(batch)?;
        let valid = spec::not_null(&keys);
        let encoded = self.spec.keys.convert_columns(&keys)?;
        let changes = self.changes(batch)?;
        let is_asked = |row: usize| {
            valid.as_ref().is_none_or(|valid| valid.is_valid(row))
                && changes.as_ref().is_none_or(|changes| changes.value(row) > 0)
        };
        let mut waiting = Waiting {
            answer_of_row: vec![NOTHING; batch.num_rows()],
            answers: Vec::new(),
            asked: Vec::new(),
            since: now,
        };
        let mut numbers: HashMap<&[u8], usize, FixedState> = HashMap::default();
        let mut unknown = Vec::new();
        for row in (0..batch.num_rows()).filter(|row| is_asked(*row)) {
            let key = encoded.row(row).data();
            let number = *numbers.entry(key).or_insert_with(|| {
                let awaited = match (self.cache.get(key, now), self.asked.get(key)) {
                    (Some(known), _) => Awaited::Known(known),
                    (None, Some((call, place))) => Awaited::Asked(call.clone(), *place),
                    (None, None) => {
                        unknown.push(row as u32);
                        // Its call and place are set when the call is made.
                        Awaited::Known(Answer::none())
                    }
                };
                waiting.answers.push(awaited);
                waiting.answers.len()
            });
            if let Some(answer) = waiting.answer_of_row.get_mut(row) {
                *answer = number;
            }
        }
        Ok((waiting, encoded, unknown))
    }

    /// Asks for the keys of the rows `unknown`.
    fn ask(
        &mut self,
        batch: &RecordBatch,
        waiting: &mut Waiting,
        encoded: &Rows,
        unknown: Vec<u32>,
        ctx: &OperatorContext,
    ) -> Result<Prefetch, OperatorError> {
        let call = Fetched::default();
        for (place, row) in unknown.iter().enumerate() {
            let number = waiting.answer_of_row.get(*row as usize).copied().unwrap_or(NOTHING);
            if let Some(awaited) = number.checked_sub(1).and_then(|index| waiting.answers.get_mut(index)) {
                *awaited = Awaited::Asked(call.clone(), place);
            }
            let key: Box<[u8]> = encoded.row(*row as usize).data().into();
            self.asked.insert(key.clone(), (call.clone(), place));
            waiting.asked.push(key);
        }
        let keys = self.spec.keys_of(batch, UInt32Array::from(unknown))?;
        let fetcher = self.fetcher.clone();
        let ctx = LookupContext::of(ctx);
        Ok(Box::pin(async move { fetcher.fetch(keys, &call, &ctx).await }))
    }

    /// The answers of a batch from number 0 on. What it asked for is remembered.
    fn arrived(&mut self, waiting: &Waiting) -> Result<Vec<Answer>, OperatorError> {
        let mut answers = vec![Answer::none()];
        for awaited in &waiting.answers {
            answers.push(match awaited {
                Awaited::Known(answer) => answer.clone(),
                Awaited::Asked(call, place) => call.answer(*place)?,
            });
        }
        for key in &waiting.asked {
            if let Some((call, place)) = self.asked.remove(key) {
                self.cache.put(key, call.answer(place)?, waiting.since);
            }
        }
        if !waiting.asked.is_empty() {
            self.cache.keep_limit();
        }
        Ok(answers)
    }

    fn changes(&self, batch: &RecordBatch) -> Result<Option<Int8Array>, OperatorError> {
        let Some(position) = self.spec.change else { return Ok(None) };
        let changes = batch.columns().get(position).and_then(|column| column.as_primitive_opt::<Int8Type>()).cloned();
        changes.map(Some).ok_or_else(|| OperatorError::bug("a changelog's rows do not say what changed"))
    }

    /// Which answer each row of a changelog has: that of the row that it takes back, or of its equal.
    fn remember(
        &mut self,
        batch: &RecordBatch,
        answer_of_row: &mut [usize],
        answers: &mut Vec<Answer>,
    ) -> Result<(), OperatorError> {
        let (Some(changes), Some(kept)) = (self.changes(batch)?, &mut self.kept) else { return Ok(()) };
        let valid = spec::not_null(&self.spec.key_columns(batch)?);
        let rows = self.spec.identities(batch)?;
        let times = event_times(batch)?;
        for (row, number) in answer_of_row.iter_mut().enumerate() {
            if valid.as_ref().is_some_and(|valid| valid.is_null(row)) {
                continue;
            }
            let offered = answers.get(*number).cloned().unwrap_or_else(Answer::none);
            match kept.apply(rows.row(row).data(), changes.value(row), times.value(row), offered) {
                Change::AsOffered => {}
                Change::With(answer) => {
                    *number = answers.len();
                    answers.push(answer);
                }
                Change::Forgotten => *number = NO_ROW,
            }
        }
        Ok(())
    }
}

impl Operator for LookupJoin {
    fn tables(&self) -> Vec<TableSpec> {
        self.kept.is_some().then(|| kept::table(&self.spec)).into_iter().collect()
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        match &mut self.kept {
            Some(kept) => kept.restore(&self.spec, ctx),
            None => Ok(()),
        }
    }

    fn prefetches_max(&self) -> usize {
        BATCHES_IN_FLIGHT_MAX
    }

    fn prefetch(
        &mut self,
        _input: u32,
        batch: &RecordBatch,
        ctx: &mut OperatorContext,
    ) -> Result<Option<Prefetch>, OperatorError> {
        let (mut waiting, encoded, unknown) = self.prepare(batch, ctx.clock.now_micros())?;
        let (misses, keys) = (unknown.len() as u64, waiting.answers.len() as u64);
        ctx.counters.add_lookups(keys - misses, misses);
        let call =
            if unknown.is_empty() { None } else { Some(self.ask(batch, &mut waiting, &encoded, unknown, ctx)?) };
        self.waiting.push_back(waiting);
        Ok(call)
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let mut waiting = self
            .waiting
            .pop_front()
            .filter(|waiting| waiting.answer_of_row.len() == batch.num_rows())
            .ok_or_else(|| OperatorError::bug("a lookup join got rows that it did not ask for"))?;
        let mut answers = self.arrived(&waiting)?;
        self.remember(&batch, &mut waiting.answer_of_row, &mut answers)?;
        let joined = self.spec.join(&batch, &waiting.answer_of_row, &answers)?;
        if joined.num_rows() == 0 { Ok(()) } else { collect(joined, out) }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let (Some(kept), Watermark::At(time)) = (&mut self.kept, watermark) {
            kept.expire(time.nanos());
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        if !self.waiting.is_empty() {
            return Err(OperatorError::bug("a barrier came while rows waited for their answers"));
        }
        match &mut self.kept {
            Some(kept) => kept.store(&self.spec, ctx),
            None => Ok(()),
        }
    }

    fn state_bytes(&self) -> usize {
        self.kept.as_ref().map_or(0, KeptAnswers::bytes)
    }
}
