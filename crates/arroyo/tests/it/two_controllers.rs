//! Two controllers over one database: one runs the jobs, the other one stands by and takes them over.

use std::path::Path;

use crate::cluster::{Cluster, Database};
use crate::outages::{Undisturbed, long_sql, rows};
use crate::process::lines_of;

fn goes_on(cluster: &Cluster, home: &Path) {
    let before = rows(home);
    cluster.wait_until("more rows", || rows(home) > before);
}

#[test]
fn the_one_that_stands_by_takes_over_from_one_that_is_killed() {
    let undisturbed = Undisturbed::start(long_sql);
    let home = tempfile::tempdir().unwrap();
    let mut first = Cluster::start(home.path(), Database::Postgres);
    let pipeline = first.create(&long_sql(home.path()), 2);
    goes_on(&first, home.path());
    let mut second = first.another();
    second.wait_for("another controller runs the jobs of this cluster; standing by");
    goes_on(&second, home.path());
    assert_eq!(second.generation(&pipeline), 1, "it has left the job alone");
    first.kill();
    second.wait_until("the job's next start", || second.generation(&pipeline) == 2);
    goes_on(&second, home.path());
    first.start_again();
    first.wait_for("another controller runs the jobs of this cluster; standing by");
    second.kill();
    first.wait_until("the job's next start", || first.generation(&pipeline) == 3);
    first.wait_until("the end", || first.state_of(&pipeline) == "Finished");
    assert!(lines_of(&home.path().join("out.ndjson")) == undisturbed.rows());
}

#[test]
fn one_that_was_cut_off_lets_go_and_takes_over_again_when_the_other_one_dies() {
    let undisturbed = Undisturbed::start(long_sql);
    let home = tempfile::tempdir().unwrap();
    let first = Cluster::start(home.path(), Database::DistantPostgres);
    let pipeline = first.create(&long_sql(home.path()), 2);
    goes_on(&first, home.path());
    let mut second = first.another();
    first.way().blackhole(true);
    second.wait_until("the job's next start", || second.generation(&pipeline) == 2);
    first.way().heal();
    first.wait_for("another controller runs the jobs of this cluster; standing by");
    goes_on(&second, home.path());
    second.kill();
    first.wait_until("the job's next start", || first.generation(&pipeline) == 3);
    first.wait_until("the end", || first.state_of(&pipeline) == "Finished");
    assert!(lines_of(&home.path().join("out.ndjson")) == undisturbed.rows());
}
