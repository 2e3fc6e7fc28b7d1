//! Groups with the results that were last emitted of them.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, UInt32Array};
use arrow::compute::{filter, filter_record_batch, not, take};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use arroyo_expr::UpdatingAggregates;
use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_state::TableSpec;

use super::changes::{self, Changes};
use super::combine::{Combined, Combiner};
use super::values::Values;
use crate::operators::aggregate::{AggregatePlan, GroupRows};
use crate::operators::output::batch_of;
use crate::operators::row_store::RowStore;

/// The column of the state that holds the event time of the emitted result; NULL if none is emitted.
const EMITTED_FIELD: &str = "_emitted";

/// The columns of changes, without the schema of a stream, and how many there are.
pub(in crate::operators) type ChangeColumns = (Vec<ArrayRef>, usize);

/// How groups are kept.
pub(in crate::operators) struct Keeper {
    plan: Arc<AggregatePlan>,
    combiner: Combiner,
    state_schema: SchemaRef,
    /// Whether values that aggregates keep have rows of their own.
    values_apart: bool,
    /// Whether groups are forgotten after a while, so that what is taken back may not be there any more.
    forgets: bool,
}

impl Keeper {
    /// Groups by `plan`, which has the aggregates of `updating`, with all that they are made of.
    pub(in crate::operators) fn new(plan: &Arc<AggregatePlan>, updating: UpdatingAggregates) -> Self {
        Self::with_states(plan, updating, plan.state_fields().collect())
    }

    /// The same, but values that aggregates keep are not in the groups' rows, but apart; `forgets` says whether groups without
    /// new rows are forgotten.
    pub(in crate::operators) fn with_values_apart(
        plan: &Arc<AggregatePlan>,
        updating: UpdatingAggregates,
        forgets: bool,
    ) -> Self {
        let keeper = Self::with_states(plan, updating, plan.own_state_fields().collect());
        Self { values_apart: true, forgets, ..keeper }
    }

    fn with_states(plan: &Arc<AggregatePlan>, updating: UpdatingAggregates, states: Vec<FieldRef>) -> Self {
        let time = DataType::Timestamp(TimeUnit::Nanosecond, None);
        let results = updating.all.iter().take(updating.calls).enumerate().map(|(index, call)| {
            Arc::new(Field::new(format!("_result_{index}"), call.result_field().data_type().clone(), true))
        });
        let mut fields = plan.key_fields.clone();
        fields.extend(results);
        fields.push(Arc::new(Field::new(EMITTED_FIELD, time, true)));
        fields.extend(states);
        Self {
            plan: Arc::clone(plan),
            combiner: Combiner::new(plan, updating),
            state_schema: Arc::new(Schema::new(fields)),
            values_apart: false,
            forgets: false,
        }
    }

    /// The columns of a group in a state table: keys, results, the event time of the emitted one, states.
    pub(in crate::operators) fn state_schema(&self) -> &SchemaRef {
        &self.state_schema
    }

    /// The columns of results.
    pub(in crate::operators) fn result_fields(&self) -> impl Iterator<Item = FieldRef> {
        let results = self.state_schema.fields().iter().skip(self.combiner.keys()).take(self.combiner.calls());
        results.cloned()
    }

    /// The results of groups that are made of kept ones: `groups` are their places, one for each of `rows`.
    pub(in crate::operators) fn results(
        &self,
        rows: &RecordBatch,
        groups: &[usize],
        count: usize,
    ) -> Result<Vec<ArrayRef>, OperatorError> {
        self.combiner.results(rows, groups, count)
    }

    /// Whether kept groups have rows.
    pub(in crate::operators) fn live(&self, rows: &RecordBatch) -> Result<BooleanArray, OperatorError> {
        self.combiner.live(rows)
    }

    /// One group that got no rows, without its keys.
    pub(in crate::operators) fn no_rows(&self) -> Result<GroupRows, OperatorError> {
        self.combiner.no_rows()
    }
}

/// Groups of one subtask, or of one window in it.
pub(in crate::operators) struct KeptGroups {
    keeper: Arc<Keeper>,
    store: RowStore,
    values: Values,
}

/// Groups of a delta and what was kept of them.
struct Merged {
    slots: Vec<usize>,
    /// The places, in the delta, of the groups that were there already.
    known: Vec<usize>,
    old: RecordBatch,
    combined: Combined,
}

impl KeptGroups {
    pub(in crate::operators) fn new(keeper: &Arc<Keeper>) -> Result<Self, OperatorError> {
        let store = RowStore::new(Arc::clone(&keeper.state_schema), keeper.plan.key_fields.clone())?;
        let values = if keeper.values_apart { Values::new(&keeper.plan)? } else { Values::none(&keeper.plan)? };
        Ok(Self { keeper: Arc::clone(keeper), store, values })
    }

    /// Adds `delta` (each group once) and answers which results it changes; they count as emitted.
    pub(in crate::operators) fn update(&mut self, delta: &GroupRows, now: i64) -> Result<ChangeColumns, OperatorError> {
        let merged = self.merged(delta)?;
        let combiner = &self.keeper.combiner;
        let changes = Changes::between(&merged.combined, &merged.old, &merged.known, combiner)?;
        let columns = changes.interleaved(&merged.combined, &merged.old, combiner)?;
        let stored = merged.combined.stored(&merged.combined.results, Arc::new(changes.emitted().clone()));
        self.keep(&merged, stored, now)?;
        Ok(columns)
    }

    /// Adds `delta` (each group once), whose results are not emitted yet; answers which groups have rows now.
    pub(in crate::operators) fn add(&mut self, delta: &GroupRows, now: i64) -> Result<BooleanArray, OperatorError> {
        let merged = self.merged(delta)?;
        let mut places: Vec<Option<u32>> = vec![None; merged.combined.rows];
        for (row, place) in merged.known.iter().enumerate() {
            if let Some(found) = places.get_mut(*place) {
                *found = Some(row as u32);
            }
        }
        let places = UInt32Array::from(places);
        let (keys, calls) = (self.keeper.combiner.keys(), self.keeper.combiner.calls());
        let emitted = merged.old.columns().iter().skip(keys).take(calls + 1);
        let mut emitted: Vec<ArrayRef> = emitted.map(|column| take(column, &places, None)).collect::<Result<_, _>>()?;
        let time = emitted.pop().ok_or_else(|| OperatorError::bug("stored groups have no event time"))?;
        let stored = merged.combined.stored(&emitted, time);
        self.keep(&merged, stored, now)?;
        Ok(merged.combined.is_live)
    }

    /// The groups with these keys, which are there, as rows of the state.
    pub(in crate::operators) fn rows_of(
        &mut self,
        keys: &[ArrayRef],
        rows: usize,
    ) -> Result<RecordBatch, OperatorError> {
        let slots = self.store.intern(keys, rows)?;
        self.store.rows(&slots)
    }

    /// Forgets the groups with these keys.
    pub(in crate::operators) fn remove(&mut self, keys: &[ArrayRef], rows: usize) -> Result<(), OperatorError> {
        let slots = self.store.intern(keys, rows)?;
        self.store.remove(&slots);
        self.store.tidy()
    }

    /// The groups that got no rows since `before`, as rows of the state.
    pub(in crate::operators) fn unchanged_since(&self, before: i64) -> Result<RecordBatch, OperatorError> {
        self.store.rows(&self.store.unchanged_since(before))
    }

    fn merged(&mut self, delta: &GroupRows) -> Result<Merged, OperatorError> {
        let slots = self.store.intern(&delta.keys, delta.rows)?;
        let known: Vec<usize> =
            slots.iter().enumerate().filter(|(_, slot)| self.store.is_live(**slot)).map(|(index, _)| index).collect();
        let known_slots: Vec<usize> = known.iter().filter_map(|index| slots.get(*index)).copied().collect();
        let old = self.store.rows(&known_slots)?;
        let combined = self.keeper.combiner.combine(delta, &old, &known, &mut self.values)?;
        Ok(Merged { slots, known, old, combined })
    }

    fn keep(&mut self, merged: &Merged, stored: Vec<ArrayRef>, now: i64) -> Result<(), OperatorError> {
        let kept = merged.combined.kept(self.keeper.forgets);
        let slots = merged.slots.iter().copied().zip(kept.values());
        let (stays, gone): (Vec<_>, Vec<_>) = slots.partition(|(_, kept)| *kept);
        let slots_of = |slots: Vec<(usize, bool)>| slots.into_iter().map(|(slot, _)| slot).collect::<Vec<_>>();
        let rows = batch_of(&self.keeper.state_schema, stored, merged.slots.len())?;
        if !gone.is_empty() {
            let keys = rows.columns().get(..self.keeper.plan.key_fields.len()).unwrap_or_default();
            let gone = not(&kept)?;
            let keys = keys.iter().map(|key| filter(key, &gone)).collect::<Result<Vec<_>, _>>()?;
            self.values.forget(&keys, gone.true_count())?;
        }
        self.store.put(&slots_of(stays), filter_record_batch(&rows, &kept)?, now)?;
        self.store.remove(&slots_of(gone));
        self.store.tidy()
    }

    /// Forgets groups that got no rows since `before`; the answer takes back their results.
    pub(in crate::operators) fn forget_unchanged_since(&mut self, before: i64) -> Result<ChangeColumns, OperatorError> {
        let expired = self.store.unchanged_since(before);
        let old = self.store.rows(&expired)?;
        let retractions = changes::retractions(&old, &self.keeper.combiner)?;
        let keys = old.columns().get(..self.keeper.plan.key_fields.len()).unwrap_or_default();
        self.values.forget(keys, old.num_rows())?;
        self.store.remove(&expired);
        self.store.tidy()?;
        Ok(retractions)
    }

    /// Forgets all groups; the answer has those that the table has, of which only the keys count.
    pub(in crate::operators) fn into_stored(mut self) -> Result<RecordBatch, OperatorError> {
        self.store.remove(&self.store.unchanged_since(i64::MAX));
        Ok(self.store.take_changes()?.1)
    }

    /// What changed since the last call: groups that are there now, and groups that are gone, of which only the keys count.
    pub(in crate::operators) fn take_changes(&mut self) -> Result<(RecordBatch, RecordBatch), OperatorError> {
        self.store.take_changes()
    }

    /// Takes groups that the table has.
    pub(in crate::operators) fn restore(&mut self, rows: RecordBatch, now: i64) -> Result<(), OperatorError> {
        self.store.restore(rows, now)
    }

    /// The table of values that are kept apart, if there are some.
    pub(in crate::operators) fn values_table(&self) -> Option<TableSpec> {
        self.values.table()
    }

    /// Hands over the values that changed since the last barrier.
    pub(in crate::operators) fn store_values(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.values.store(ctx)
    }

    /// Takes up the values that a checkpoint has.
    pub(in crate::operators) fn restore_values(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.values.restore(ctx)
    }

    /// Whether no group was ever seen.
    pub(in crate::operators) fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// Bytes held, roughly.
    pub(in crate::operators) fn bytes(&self) -> usize {
        self.store.bytes() + self.values.bytes()
    }
}
