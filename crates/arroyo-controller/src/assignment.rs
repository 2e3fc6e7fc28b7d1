//! Which worker runs which subtask.
//!
//! A slot runs one subtask of every node: subtask `i` of each node goes into slot `i`, so that rows of forward edges never
//! leave a process.

use std::collections::BTreeMap;

use arroyo_dataflow::Program;
use arroyo_types::{TaskId, WorkerId};

/// Deals the slots out in turn, to each worker at most as many as it has.
///
/// `None` if the workers have fewer slots than the program needs.
pub(crate) fn assign(program: &Program, slots: &BTreeMap<WorkerId, u32>) -> Option<BTreeMap<TaskId, WorkerId>> {
    let owners = deal(program.slots(), slots)?;
    let mut assignment = BTreeMap::new();
    for node in &program.nodes {
        for (subtask, worker) in (0..node.parallelism).zip(&owners) {
            assignment.insert(TaskId { node: node.id, subtask }, *worker);
        }
    }
    Some(assignment)
}

fn deal(needed: u32, slots: &BTreeMap<WorkerId, u32>) -> Option<Vec<WorkerId>> {
    let needed = needed as usize;
    let mut free = slots.clone();
    let mut owners = Vec::new();
    while owners.len() < needed {
        let before = owners.len();
        for (worker, slots) in &mut free {
            if *slots > 0 && owners.len() < needed {
                *slots -= 1;
                owners.push(*worker);
            }
        }
        if owners.len() == before {
            return None;
        }
    }
    Some(owners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_worker_gets_more_than_its_slots_and_turns_are_taken() {
        let slots = BTreeMap::from([(WorkerId(1), 1), (WorkerId(2), 3)]);
        assert_eq!(deal(4, &slots), Some([1, 2, 2, 2].map(WorkerId).to_vec()));
        assert_eq!(deal(2, &slots), Some([1, 2].map(WorkerId).to_vec()));
        assert_eq!(deal(5, &slots), None);
        assert_eq!(deal(1, &BTreeMap::new()), None);
    }
}
