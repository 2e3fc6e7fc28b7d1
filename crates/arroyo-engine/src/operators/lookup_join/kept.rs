//! The answers that rows of a changelog got.
//!
//! A row that is taken back is joined with what it was joined with when it was inserted, and an equal row that is inserted while
//! it is there with the same. Rows are forgotten when the watermark has passed their event time by the time to live.
//!
//! State: a keyed table with a row for each row of an answer, and one for an answer without rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array, UInt64Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type, Schema, SchemaRef};
use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_state::TableSpec;
use foldhash::fast::FixedState;

use super::answers::Answer;
use super::spec::LookupSpec;
use crate::operators::aggregate::key_hashes;
use crate::operators::output::batch_of;

const TABLE: &str = "answers";

/// Behind the columns of the left row: which row of the answer it is, how many the answer has, how many equal left rows there
/// are, and their latest time.
const NUMBERS: [&str; 4] = ["_row", "_rows", "_count", "_time"];

/// What the indices take for a row, roughly.
const INDEX_BYTES: usize = 64;

type Bytes = Arc<[u8]>;

/// What a changed row is joined with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The answer that it brought.
    AsOffered,
    /// The answer that its equal got.
    With(Answer),
    /// The row that it takes back is not known any more.
    Forgotten,
}

#[derive(Debug)]
struct Kept {
    answer: Answer,
    /// How many equal rows there are; positive.
    count: i64,
    time: i64,
    is_stored: bool,
}

/// What a checkpoint has of a row.
struct Restored {
    /// The rows of its answer and their places.
    answer: Vec<(i64, Box<[u8]>)>,
    count: i64,
    time: i64,
}

/// Left rows and their answers.
pub(super) struct KeptAnswers {
    rows: HashMap<Bytes, Kept, FixedState>,
    /// By when they are forgotten, if they are.
    deadlines: BTreeSet<(i64, Bytes)>,
    ttl_nanos: Option<i64>,
    /// Rows that came or changed since the last barrier; some may be gone.
    changed: HashSet<Bytes, FixedState>,
    /// Stored rows that are gone since the last barrier, and how many rows their answers had.
    gone: Vec<(Bytes, usize)>,
    bytes: usize,
}

impl KeptAnswers {
    /// Rows are forgotten `ttl_nanos` after their event time; 0: never.
    pub(super) fn new(ttl_nanos: i64) -> Self {
        Self {
            rows: HashMap::default(),
            deadlines: BTreeSet::new(),
            ttl_nanos: (ttl_nanos > 0).then_some(ttl_nanos),
            changed: HashSet::default(),
            gone: Vec::new(),
            bytes: 0,
        }
    }

    /// Takes a change of `row`; `offered` is the answer for it, if it is an insertion.
    pub(super) fn apply(&mut self, row: &[u8], change: i8, time: i64, offered: Answer) -> Change {
        if change > 0 { self.insert(row, time, offered) } else { self.take_back(row) }
    }

    fn insert(&mut self, row: &[u8], time: i64, offered: Answer) -> Change {
        let Some((bytes, kept)) = self.rows.get_key_value(row) else {
            self.add(row.into(), Kept { answer: offered, count: 1, time, is_stored: false });
            return Change::AsOffered;
        };
        let (bytes, answer, before) = (Arc::clone(bytes), kept.answer.clone(), kept.time);
        let after = before.max(time);
        if let Some(kept) = self.rows.get_mut(row) {
            kept.count += 1;
            kept.time = after;
        }
        if let (true, Some(ttl)) = (after != before, self.ttl_nanos) {
            self.deadlines.remove(&(before.saturating_add(ttl), Arc::clone(&bytes)));
            self.deadlines.insert((after.saturating_add(ttl), Arc::clone(&bytes)));
        }
        self.changed.insert(bytes);
        Change::With(answer)
    }

    fn take_back(&mut self, row: &[u8]) -> Change {
        let Some(kept) = self.rows.get_mut(row) else { return Change::Forgotten };
        kept.count -= 1;
        let answer = kept.answer.clone();
        if kept.count > 0 {
            if let Some((bytes, _)) = self.rows.get_key_value(row) {
                self.changed.insert(Arc::clone(bytes));
            }
        } else {
            self.forget(row);
        }
        Change::With(answer)
    }

    fn add(&mut self, row: Bytes, kept: Kept) {
        self.bytes += bytes_of(&row, &kept.answer);
        if let Some(ttl) = self.ttl_nanos {
            self.deadlines.insert((kept.time.saturating_add(ttl), Arc::clone(&row)));
        }
        if !kept.is_stored {
            self.changed.insert(Arc::clone(&row));
        }
        self.rows.insert(row, kept);
    }

    fn forget(&mut self, row: &[u8]) {
        let Some((row, kept)) = self.rows.remove_entry(row) else { return };
        self.bytes = self.bytes.saturating_sub(bytes_of(&row, &kept.answer));
        if let Some(ttl) = self.ttl_nanos {
            self.deadlines.remove(&(kept.time.saturating_add(ttl), Arc::clone(&row)));
        }
        self.changed.remove(&row);
        if kept.is_stored {
            self.gone.push((row, kept.answer.len()));
        }
    }

    /// Forgets rows whose time is over.
    pub(super) fn expire(&mut self, watermark: i64) {
        while let Some((deadline, row)) = self.deadlines.first()
            && *deadline < watermark
        {
            let row = Arc::clone(row);
            self.forget(&row);
        }
    }

    /// Bytes of memory, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Hands over what changed since the last barrier.
    pub(super) fn store(&mut self, spec: &LookupSpec, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut deleted = Stored::default();
        let gone = std::mem::take(&mut self.gone);
        for (row, rows) in &gone {
            deleted.push(row, None, *rows, [0, 0]);
        }
        if !gone.is_empty() {
            let (rows, hashes) = deleted.into_batch(spec)?;
            ctx.state.delete(TABLE, rows, hashes)?;
        }
        let changed = std::mem::take(&mut self.changed);
        for row in &changed {
            if let Some(kept) = self.rows.get_mut(row) {
                kept.is_stored = true;
            }
        }
        let mut put = Stored::default();
        for row in &changed {
            let Some(kept) = self.rows.get(row) else { continue };
            put.push(row, Some(&kept.answer), kept.answer.len(), [kept.count, kept.time]);
        }
        if !changed.is_empty() {
            let (rows, hashes) = put.into_batch(spec)?;
            ctx.state.put(TABLE, rows, hashes)?;
        }
        Ok(())
    }

    /// Takes up what a checkpoint has.
    pub(super) fn restore(&mut self, spec: &LookupSpec, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut found: BTreeMap<Bytes, Restored> = BTreeMap::new();
        for batch in ctx.state.take_restored(TABLE) {
            let left = spec.left.fields().len();
            let [places, counts, times, of] = numbers(&batch, left)?;
            let identities = spec.identities(&batch)?;
            let answers = spec.encode_columns(batch.columns().get(left + NUMBERS.len()..).unwrap_or_default())?;
            for row in 0..batch.num_rows() {
                let bytes: Bytes = identities.row(row).data().into();
                let new = Restored { answer: Vec::new(), count: counts.value(row), time: times.value(row) };
                let entry = found.entry(bytes).or_insert(new);
                if of.value(row) > 0 {
                    entry.answer.push((places.value(row), answers.row(row).data().into()));
                }
            }
        }
        for (row, Restored { mut answer, count, time }) in found {
            answer.sort_unstable_by_key(|(place, _)| *place);
            let answer = Answer::new(answer.into_iter().map(|(_, row)| row).collect());
            self.add(row, Kept { answer, count, time, is_stored: true });
        }
        Ok(())
    }
}

fn bytes_of(row: &Bytes, answer: &Answer) -> usize {
    row.len() + answer.bytes() + size_of::<Kept>() + INDEX_BYTES
}

/// The table of the answers that are kept.
pub(super) fn table(spec: &LookupSpec) -> TableSpec {
    TableSpec::keyed(TABLE, schema(spec), spec.left.fields().len() + 1)
}

fn schema(spec: &LookupSpec) -> SchemaRef {
    let nullable = |field: &FieldRef| Arc::new(field.as_ref().clone().with_nullable(true));
    let mut fields: Vec<FieldRef> = spec.left.fields().iter().map(nullable).collect();
    fields.extend(NUMBERS.map(|name| Arc::new(Field::new(name, DataType::Int64, false))));
    let right = spec.right.fields().iter().enumerate();
    fields.extend(right.map(|(index, field)| {
        Arc::new(field.as_ref().clone().with_name(format!("_answer_{index}")).with_nullable(true))
    }));
    Arc::new(Schema::new(fields))
}

/// Rows of the table under construction.
#[derive(Default)]
struct Stored<'a> {
    left: Vec<&'a [u8]>,
    /// Answers without a row have a NULL in all columns.
    right: Vec<Option<&'a [u8]>>,
    numbers: [Vec<i64>; 4],
}

impl<'a> Stored<'a> {
    fn push(&mut self, row: &'a [u8], answer: Option<&'a Answer>, rows: usize, [count, time]: [i64; 2]) {
        let mut answers = answer.into_iter().flat_map(Answer::rows);
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        for place in 0..rows.max(1) {
            self.left.push(row);
            self.right.push(answers.next());
            for (column, number) in self.numbers.iter_mut().zip([place, rows, count, time]) {
                column.push(number);
            }
        }
    }

    fn into_batch(self, spec: &LookupSpec) -> Result<(RecordBatch, UInt64Array), OperatorError> {
        let count = self.left.len();
        let mut columns = spec.left_columns(self.left)?;
        let keys: Vec<ArrayRef> =
            spec.left_keys.iter().filter_map(|position| columns.get(*position).cloned()).collect();
        let hashes = key_hashes(&keys, count)?;
        columns.extend(self.numbers.map(|numbers| Arc::new(Int64Array::from(numbers)) as ArrayRef));
        let mut next = 0..;
        let places: UInt32Array = self.right.iter().map(|row| row.and_then(|_| next.next())).collect();
        for column in spec.columns_of(self.right.into_iter().flatten())? {
            columns.push(take(&column, &places, None)?);
        }
        Ok((batch_of(&schema(spec), columns, count)?, hashes))
    }
}

/// Place, count, time and number of rows.
fn numbers(batch: &RecordBatch, first: usize) -> Result<[Int64Array; 4], OperatorError> {
    let number = |offset: usize| {
        let column = batch.columns().get(first + offset).and_then(|column| column.as_primitive_opt::<Int64Type>());
        column
            .filter(|column| column.null_count() == 0)
            .cloned()
            .ok_or_else(|| OperatorError::bug("stored answers of a lookup join lack their counts"))
    };
    Ok([number(0)?, number(2)?, number(3)?, number(1)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer::new(vec![text.as_bytes().into()])
    }

    #[test]
    fn what_was_inserted_is_taken_back() {
        let mut kept = KeptAnswers::new(0);
        assert_eq!(kept.apply(b"row", 1, 1, answer("old")), Change::AsOffered);
        assert_eq!(kept.apply(b"row", 1, 2, answer("new")), Change::With(answer("old")), "equal rows have one answer");
        assert_eq!(kept.apply(b"row", -1, 2, Answer::none()), Change::With(answer("old")));
        assert_eq!(kept.apply(b"row", -1, 2, Answer::none()), Change::With(answer("old")));
        assert_eq!(kept.apply(b"row", -1, 2, Answer::none()), Change::Forgotten);
        assert_eq!(kept.apply(b"row", 1, 3, answer("new")), Change::AsOffered);
        assert!(kept.bytes() > 0);
        assert_eq!(kept.apply(b"row", -1, 3, Answer::none()), Change::With(answer("new")));
        assert_eq!(kept.bytes(), 0);
    }

    #[test]
    fn rows_are_forgotten_after_their_time() {
        let mut kept = KeptAnswers::new(10);
        kept.apply(b"early", 1, 1, answer("a"));
        kept.apply(b"late", 1, 1, answer("b"));
        kept.apply(b"late", 1, 5, answer("b"));
        kept.expire(11);
        assert_eq!(kept.rows.len(), 2);
        kept.expire(12);
        assert_eq!(kept.apply(b"early", -1, 1, Answer::none()), Change::Forgotten);
        assert_eq!(kept.apply(b"late", -1, 1, Answer::none()), Change::With(answer("b")));
        kept.expire(i64::MAX);
        assert!(kept.rows.is_empty() && kept.deadlines.is_empty() && kept.changed.is_empty());
        assert_eq!(kept.bytes(), 0);
    }
}
