//! What an attempt remembers of the rows that it has taken: what conditions ask for, and nothing else.

use std::sync::Arc;

use arroyo_operator::OperatorError;

use super::aggregates::{AggregateState, update};
use super::rows::Rows;
use super::spec::{Condition, MatchSpec, Term, Variable, VariableSet};

/// No row.
const NOTHING: Entry = Entry { row: u64::MAX, variable: 0 };

/// What the conditions of a pattern ask for.
#[derive(Default)]
pub(super) struct MemoryPlan {
    registers: Vec<Register>,
    /// Calls of aggregates and whose rows they are about.
    aggregates: Vec<(usize, VariableSet)>,
}

/// The first or the last rows of some variables.
struct Register {
    variables: VariableSet,
    first: bool,
    /// So many rows.
    rows: usize,
    /// The place of its first entry.
    start: usize,
}

/// A row and the variable that took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    pub(super) row: u64,
    pub(super) variable: usize,
}

/// Two ways to the same position that remember the same go on in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Memory {
    entries: Vec<Entry>,
    aggregates: Vec<Arc<AggregateState>>,
}

impl MemoryPlan {
    pub(super) fn new(variables: &[Variable], terms: &[Term]) -> Self {
        let mut plan = Self::default();
        for (number, variable) in variables.iter().enumerate() {
            let Some(Condition { terms: asked, .. }) = &variable.of_match else { continue };
            for term in asked.iter().filter_map(|term| terms.get(*term)) {
                plan.add(term, number);
            }
        }
        let mut start = 0;
        for register in &mut plan.registers {
            register.start = start;
            start += register.rows;
        }
        plan
    }

    fn add(&mut self, term: &Term, variable: usize) {
        match term {
            Term::Row(row) if row.is_of_row(variable) => {}
            Term::Row(row) => {
                let known = self
                    .registers
                    .iter_mut()
                    .find(|register| register.first == row.first && register.variables == row.variables);
                match known {
                    Some(register) => register.rows = register.rows.max(row.skip + 1),
                    None => self.registers.push(Register {
                        variables: row.variables.clone(),
                        first: row.first,
                        rows: row.skip + 1,
                        start: 0,
                    }),
                }
            }
            Term::Aggregate { call, variables, .. } => {
                if self.aggregate(*call, variables).is_none() {
                    self.aggregates.push((*call, variables.clone()));
                }
            }
            Term::MatchNumber | Term::MatchTime => {}
        }
    }

    fn aggregate(&self, call: usize, variables: &VariableSet) -> Option<usize> {
        self.aggregates.iter().position(|(known, of)| *known == call && of == variables)
    }

    /// Whether no condition asks for rows of the match.
    pub(super) fn is_empty(&self) -> bool {
        self.registers.is_empty() && self.aggregates.is_empty()
    }

    /// What is known before the first row.
    pub(super) fn initial(&self, spec: &MatchSpec) -> Result<Memory, OperatorError> {
        let entries = vec![NOTHING; self.registers.iter().map(|register| register.rows).sum()];
        let aggregates = self.aggregates.iter().map(|(call, _)| AggregateState::new(spec, *call).map(Arc::new));
        Ok(Memory { entries, aggregates: aggregates.collect::<Result<_, _>>()? })
    }

    /// The memory after a variable has taken a row.
    pub(super) fn after(
        &self,
        memory: &Memory,
        spec: &MatchSpec,
        rows: &Rows,
        taken: Entry,
    ) -> Result<Memory, OperatorError> {
        let mut after = memory.clone();
        for register in self.registers.iter().filter(|register| register.variables.contains(taken.variable)) {
            let entries = after.entries.get_mut(register.start..register.start + register.rows).unwrap_or_default();
            if !register.first {
                entries.rotate_right(1);
                entries.iter_mut().take(1).for_each(|entry| *entry = taken);
            } else if let Some(free) = entries.iter_mut().find(|entry| **entry == NOTHING) {
                *free = taken;
            }
        }
        for ((call, variables), state) in self.aggregates.iter().zip(&mut after.aggregates) {
            if variables.contains(taken.variable) {
                *state = Arc::new(update(spec, *call, state, rows, taken.row)?);
            }
        }
        Ok(after)
    }

    /// The row that a term is about while `current` is taken.
    pub(super) fn row(&self, memory: &Memory, term: &super::spec::RowTerm, current: Entry) -> Option<Entry> {
        if term.is_of_row(current.variable) {
            return Some(current);
        }
        let register = self
            .registers
            .iter()
            .find(|register| register.first == term.first && register.variables == term.variables)?;
        memory.entries.get(register.start + term.skip).copied().filter(|entry| *entry != NOTHING)
    }

    /// The state of an aggregate.
    pub(super) fn state<'a>(
        &self,
        memory: &'a Memory,
        call: usize,
        variables: &VariableSet,
    ) -> Option<&'a AggregateState> {
        memory.aggregates.get(self.aggregate(call, variables)?).map(AsRef::as_ref)
    }
}
