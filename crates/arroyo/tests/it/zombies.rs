//! Workers that everybody takes for dead, and that go on.

use crate::process::Worker;
use crate::resume::{Pipeline, SINGLE_FILE, undisturbed};

/// Ends with the test, whatever becomes of it.
struct Zombie(Worker);

impl Drop for Zombie {
    fn drop(&mut self) {
        self.0.kill();
    }
}

#[test]
fn what_a_replaced_worker_writes_when_it_goes_on_is_not_in_the_file() {
    let pipeline = Pipeline::new("process", 20_000, SINGLE_FILE);
    let mut running = pipeline.start(2);
    pipeline.wait_for_checkpoints(&mut running, 2);
    let zombies: Vec<Zombie> = running.workers().into_iter().map(Zombie).collect();
    assert!(!zombies.is_empty() && zombies.iter().all(|zombie| zombie.0.signal("STOP")));
    // They do not hear of their parent's end.
    assert!(running.kill());
    let mut running = pipeline.start(3);
    pipeline.wait_for_checkpoints(&mut running, 2);
    assert!(zombies.iter().all(|zombie| zombie.0.is_stopped()), "somebody has killed them");
    for zombie in &zombies {
        zombie.0.signal("CONT");
    }
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(zombies.iter().all(|zombie| zombie.0.has_ended()), "they find out that they were replaced");
    assert!(crate::process::lines_of(&pipeline.output()) == undisturbed());
}
