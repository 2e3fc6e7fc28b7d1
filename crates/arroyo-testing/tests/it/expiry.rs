//! What is forgotten after `updating_ttl` is never taken back wrongly: whatever comes when, no row is retracted that was not
//! there, and what expires leaves nothing behind.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use arrow::array::{ArrayRef, Int8Array, Int64Array, RecordBatch, TimestampNanosecondArray};
use arroyo_testing::HandDriven;
use arroyo_types::{EventTime, ManualClock};
use proptest::prelude::*;

const TABLES: &str = "SET updating_ttl = INTERVAL '10 seconds';
CREATE TABLE t (k BIGINT, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/t', type = 'source', format = 'json');
CREATE TABLE u (k BIGINT, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/u', type = 'source', format = 'json');
CREATE TABLE c (k BIGINT PRIMARY KEY, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/c', type = 'source', format = 'debezium_json', updating_ttl = INTERVAL '10 seconds');
";

/// Queries of which nothing is left when everything has expired.
const FORGOTTEN: [&str; 17] = [
    "SELECT k, count(*) AS n, sum(v) AS s, max(v) AS m FROM t GROUP BY k",
    "SELECT k, count(DISTINCT v) AS d FROM t GROUP BY k",
    "SELECT DISTINCT k FROM t",
    "SELECT n, count(*) AS c, min(k) AS low FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g GROUP BY n",
    "SELECT c, sum(n) AS s FROM (
         SELECT n, count(*) AS c FROM (SELECT k, max(v) AS n FROM t GROUP BY k) AS g GROUP BY n
     ) AS h GROUP BY c",
    "SELECT DISTINCT m FROM (SELECT k, max(v) AS m FROM t GROUP BY k) AS g",
    "SELECT k, n FROM (
         SELECT *, row_number() OVER (ORDER BY n DESC, k) AS place FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g
     ) AS r WHERE place <= 2",
    "SELECT k, n FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g ORDER BY n, k LIMIT 3",
    "SELECT k, v FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS place FROM t) AS r WHERE place = 1",
    "SELECT k, v, sum(v) OVER (PARTITION BY k ORDER BY v) AS s FROM t",
    "SELECT x.k, x.n, y.n AS o FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS x
     FULL JOIN (SELECT k, count(*) AS n FROM u GROUP BY k) AS y ON x.k = y.k",
    "SELECT x.k, x.n FROM (SELECT k, max(v) AS n FROM t GROUP BY k) AS x WHERE x.k IN (SELECT k FROM u)",
    "SELECT x.k, x.n FROM (SELECT k, max(v) AS n FROM t GROUP BY k) AS x
     WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.k = x.k)",
    "SELECT v, count(*) AS n FROM c GROUP BY v",
    "SELECT c.k, c.v, g.n FROM c LEFT JOIN (SELECT k, count(*) AS n FROM t GROUP BY k) AS g ON c.k = g.k",
    "SELECT k, v, rank() OVER (PARTITION BY v ORDER BY k) AS place FROM c",
    "SELECT w, count(*) AS n FROM (SELECT a.k, b.v AS w FROM t a LEFT JOIN u b ON a.k = b.k) AS j GROUP BY w",
];

/// Queries whose results stay: what a join has given is not taken back for its age.
const KEPT: [&str; 6] = [
    "SELECT a.k, a.v, b.v AS w FROM t a JOIN u b ON a.k = b.k",
    "SELECT a.k, a.v, b.v AS w FROM t a LEFT JOIN u b ON a.k = b.k",
    "SELECT a.k, a.v, b.v AS w FROM t a FULL JOIN u b ON a.k = b.k",
    "SELECT k, v FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.k = t.k)",
    "SELECT a.k, a.v, c.v AS w FROM t a LEFT JOIN c ON a.k = c.k",
    "SELECT k, n FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g EXCEPT ALL SELECT k, v FROM u",
];

#[derive(Debug, Clone)]
enum Action {
    Rows(&'static str, Vec<(i64, i64)>),
    Wait(u64),
}

fn action() -> impl Strategy<Value = Action> {
    let rows = || proptest::collection::vec((0i64..4, -2i64..3), 1..4);
    prop_oneof![
        3 => rows().prop_map(|rows| Action::Rows("t", rows)),
        2 => rows().prop_map(|rows| Action::Rows("u", rows)),
        2 => rows().prop_map(|rows| Action::Rows("c", rows)),
        3 => (0u64..8_000).prop_map(Action::Wait),
        1 => (8_000u64..25_000).prop_map(Action::Wait),
    ]
}

/// Rows of a table; of the table of changes, a row with a negative value deletes its key.
fn batch(rows: &[(i64, i64)], at: i64) -> RecordBatch {
    let times = || Arc::new(TimestampNanosecondArray::from_iter_values(rows.iter().map(|_| at)));
    let change = |row: &(i64, i64)| if row.1 < 0 { -1 } else { 1 };
    let columns: [(&str, ArrayRef); 5] = [
        ("k", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
        ("v", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
        ("at", times()),
        ("_change", Arc::new(Int8Array::from_iter_values(rows.iter().map(change)))),
        ("_timestamp", times()),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, name == "k" || name == "v")))
        .unwrap()
}

/// Carries the actions out; after each no row may be there less than not at all.
fn run(query: &str, actions: &[Action]) -> Result<HandDriven> {
    // A day: times before the epoch are no special case here.
    let mut now = 86_400_000_000_000;
    let mut driven = HandDriven::new(&format!("{TABLES}{query};"), ManualClock::new(EventTime::from_nanos(now)))?;
    for action in actions {
        match action {
            Action::Rows(table, rows) => {
                driven.rows(table, &batch(rows, now))?;
                driven.advance(Duration::ZERO)?;
            }
            Action::Wait(millis) => {
                driven.advance(Duration::from_millis(*millis))?;
                now += *millis as i64 * 1_000_000;
            }
        }
        // Operators flush one after the other: what one gives at this tick reaches all behind it with the next ones.
        for _ in 0..4 {
            driven.advance(Duration::ZERO)?;
        }
        let wrong: Vec<_> = driven.result().iter().filter(|(_, count)| **count < 0).collect();
        ensure!(wrong.is_empty(), "after {action:?} rows are taken back that were not there: {wrong:?}");
    }
    Ok(driven)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_taken_back_that_was_not_there(actions in proptest::collection::vec(action(), 1..20)) {
        for query in FORGOTTEN.iter().chain(&KEPT) {
            run(query, &actions).map_err(|error| TestCaseError::fail(format!("{query}: {error:#}")))?;
        }
    }

    #[test]
    fn what_expires_leaves_nothing_behind(actions in proptest::collection::vec(action(), 1..20)) {
        let end = vec![Action::Wait(6_000); 8];
        let actions = [actions, end].concat();
        for query in FORGOTTEN {
            let driven = run(query, &actions).map_err(|error| TestCaseError::fail(format!("{query}: {error:#}")))?;
            prop_assert!(driven.result().is_empty(), "{}: {:?}", query, driven.result());
        }
    }
}

#[test]
fn a_group_that_comes_again_after_its_expiry_begins_anew() {
    let actions = [
        Action::Rows("t", vec![(1, 5), (1, 6), (2, 7)]),
        Action::Wait(8_000),
        Action::Rows("t", vec![(2, 1)]),
        Action::Wait(6_000),
        Action::Rows("t", vec![(1, 2)]),
    ];
    let driven = run("SELECT k, count(*) AS n, sum(v) AS s FROM t GROUP BY k", &actions).unwrap();
    let rows: Vec<&str> = driven.result().keys().map(String::as_str).collect();
    assert_eq!(rows, ["1|1|2|", "2|2|8|"]);
}

/// The rows that are left when `actions` are carried out.
fn left(query: &str, actions: &[Action]) -> Vec<String> {
    run(query, actions).unwrap().result().keys().cloned().collect()
}

#[test]
fn what_a_group_is_made_of_is_not_forgotten_before_it_is_taken_back() {
    // Each row keeps its group, whose result stays the same.
    let again = |k: i64| [Action::Rows("t", vec![(k, 5)]), Action::Wait(8_000)];
    let actions: Vec<Action> = (0..6).flat_map(|_| again(1)).collect();
    let groups = "(SELECT k, max(v) AS m FROM t GROUP BY k) AS g";
    assert_eq!(left(&format!("SELECT m, count(*) AS n FROM {groups} GROUP BY m"), &actions), ["5|1|"]);
    assert_eq!(left(&format!("SELECT DISTINCT m FROM {groups}"), &actions), ["5|"]);
    let first = format!(
        "SELECT k FROM (SELECT *, row_number() OVER (PARTITION BY m ORDER BY k) AS r FROM {groups}) WHERE r = 1"
    );
    assert_eq!(left(&first, &actions), ["1|"]);
    let changed = [actions, vec![Action::Rows("t", vec![(1, 7)])]].concat();
    assert_eq!(left(&format!("SELECT m, count(*) AS n FROM {groups} GROUP BY m"), &changed), ["7|1|"]);
}

#[test]
fn a_retraction_of_a_forgotten_row_does_not_count_against_later_ones() {
    // The left row has no match, then its group is forgotten, then it has one.
    let actions = [
        Action::Rows("t", vec![(1, 5)]),
        Action::Wait(8_000),
        Action::Wait(8_000),
        Action::Rows("u", vec![(1, 9)]),
        Action::Rows("t", vec![(2, 5)]),
    ];
    let joined = "(SELECT a.k, b.v AS w FROM t a LEFT JOIN u b ON a.k = b.k) AS j";
    assert_eq!(left(&format!("SELECT w, count(*) AS n FROM {joined} GROUP BY w"), &actions), ["9|1|", "NULL|1|"]);
    let places = format!("SELECT k, w, row_number() OVER (PARTITION BY w ORDER BY k) AS place FROM {joined}");
    assert_eq!(left(&places, &actions), ["1|9|1|", "2|NULL|1|"]);
}

#[test]
fn first_rows_begin_anew_when_their_partition_was_forgotten() {
    let query = "SELECT k, v FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS place FROM t) AS r WHERE place = 1";
    let silent = [Action::Rows("t", vec![(1, 9), (2, 9)]), Action::Wait(8_000), Action::Rows("t", vec![(2, 1)])];
    let end = [Action::Wait(6_000), Action::Rows("t", vec![(1, 3)])];
    // A row that is none of the first keeps its partition, too.
    assert_eq!(left(query, &[silent.as_slice(), &end].concat()), ["1|3|", "2|9|"]);
}

#[test]
fn rows_of_a_table_of_changes_are_forgotten_where_they_are_held() {
    let query = "SELECT v, count(*) AS n FROM c GROUP BY v";
    let actions = [
        Action::Rows("c", vec![(1, 5), (2, 5)]),
        Action::Wait(8_000),
        Action::Rows("c", vec![(2, 5)]),
        Action::Wait(6_000),
    ];
    assert_eq!(left(query, &actions), ["5|1|"]);
    // The change of a forgotten row is that of a new one, and its deletion that of none.
    let change = [Action::Rows("c", vec![(1, 6)]), Action::Rows("c", vec![(1, -1), (3, -1), (2, 6)])];
    assert_eq!(left(query, &[actions.as_slice(), &change].concat()), ["6|1|"]);
}
