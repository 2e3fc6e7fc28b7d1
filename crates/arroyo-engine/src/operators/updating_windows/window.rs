//! The groups of one window.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use arroyo_operator::OperatorError;

use crate::operators::aggregate::{AggregatePlan, GroupRows, Groups, Prepared};
use crate::operators::updating_aggregate::{ChangeColumns, Keeper, KeptGroups};

/// Groups of a window that are held at most beside those that are kept.
const MAX_CHANGED: usize = 100_000;

/// What all windows need.
pub(super) struct Kit {
    pub(super) keeper: Arc<Keeper>,
    pub(super) plan: Arc<AggregatePlan>,
    /// Groups without aggregates: a set of keys.
    keys: Arc<AggregatePlan>,
}

impl Kit {
    pub(super) fn new(keeper: Arc<Keeper>, plan: &Arc<AggregatePlan>) -> Self {
        Self { keeper, plan: Arc::clone(plan), keys: Arc::new(plan.only_keys()) }
    }

    pub(super) fn key_columns(&self) -> usize {
        self.plan.key_fields.len()
    }

    /// Rows that add nothing to the groups with these keys.
    fn nothing_for(&self, keys: Vec<ArrayRef>, rows: usize) -> Result<GroupRows, OperatorError> {
        let nothing = self.keeper.no_rows()?;
        let first = UInt32Array::from(vec![0; rows]);
        let repeated = |state: &Vec<ArrayRef>| state.iter().map(|column| take(column, &first, None)).collect();
        let columns = nothing.columns.iter().map(repeated).collect::<Result<_, _>>()?;
        Ok(GroupRows { rows, keys, columns })
    }
}

/// See the module's documentation.
pub(super) struct Window {
    kept: KeptGroups,
    /// What came since groups were last kept.
    delta: Groups,
    /// Kept groups whose results were not emitted since they changed.
    waiting: Groups,
}

impl Window {
    pub(super) fn new(kit: &Kit) -> Result<Self, OperatorError> {
        Ok(Self { kept: KeptGroups::new(&kit.keeper)?, delta: Groups::new(&kit.plan), waiting: Groups::new(&kit.keys) })
    }

    pub(super) fn add(&mut self, rows: &Prepared, now: i64) -> Result<(), OperatorError> {
        self.delta.add(rows)?;
        if self.delta.len() >= MAX_CHANGED { self.settle(now) } else { Ok(()) }
    }

    /// Keeps what came, without emitting it.
    pub(super) fn settle(&mut self, now: i64) -> Result<(), OperatorError> {
        let Some(delta) = self.delta.drain_states()? else { return Ok(()) };
        self.kept.add(&delta, now)?;
        self.wait(delta.keys, delta.rows)
    }

    fn wait(&mut self, keys: Vec<ArrayRef>, rows: usize) -> Result<(), OperatorError> {
        self.waiting.add(&GroupRows { rows, keys, columns: Vec::new() }.to_prepared())
    }

    /// The changes of results since this was last called.
    pub(super) fn emit(&mut self, kit: &Kit, now: i64) -> Result<ChangeColumns, OperatorError> {
        if let Some(waiting) = self.waiting.drain_states()? {
            self.delta.add(&kit.nothing_for(waiting.keys, waiting.rows)?.to_prepared())?;
        }
        match self.delta.drain_states()? {
            Some(delta) => self.kept.update(&delta, now),
            None => Ok((Vec::new(), 0)),
        }
    }

    /// Groups that changed since the last call, and groups that are gone.
    pub(super) fn take_changes(&mut self) -> Result<(RecordBatch, RecordBatch), OperatorError> {
        self.kept.take_changes()
    }

    /// Takes groups that the table has. Whether their results were emitted will be seen.
    pub(super) fn restore(&mut self, kit: &Kit, rows: RecordBatch, now: i64) -> Result<(), OperatorError> {
        let keys = rows.columns().get(..kit.key_columns()).unwrap_or_default().to_vec();
        self.wait(keys, rows.num_rows())?;
        self.kept.restore(rows, now)
    }

    /// The keys of the groups that the table has.
    pub(super) fn into_stored(self) -> Result<Option<RecordBatch>, OperatorError> {
        let gone = self.kept.into_stored()?;
        Ok(Some(gone).filter(|gone| gone.num_rows() > 0))
    }

    pub(super) fn bytes(&self) -> usize {
        self.kept.bytes() + self.delta.bytes() + self.waiting.bytes()
    }
}
