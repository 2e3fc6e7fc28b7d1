//! What is forgotten after `updating_ttl` is never taken back wrongly: whatever comes when, no row is retracted that was not
//! there, and what expires leaves nothing behind.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, TimestampNanosecondArray};
use arroyo_testing::HandDriven;
use arroyo_types::{EventTime, ManualClock};
use proptest::prelude::*;

const TABLES: &str = "SET updating_ttl = INTERVAL '10 seconds';
CREATE TABLE t (k BIGINT, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/t', type = 'source', format = 'json');
CREATE TABLE u (k BIGINT, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/u', type = 'source', format = 'json');
";

/// Queries of which nothing is left when everything has expired.
const FORGOTTEN: [&str; 6] = [
    "SELECT k, count(*) AS n, sum(v) AS s, max(v) AS m FROM t GROUP BY k",
    "SELECT k, count(DISTINCT v) AS d FROM t GROUP BY k",
    "SELECT DISTINCT k FROM t",
    "SELECT n, count(*) AS c, min(k) AS low FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g GROUP BY n",
    "SELECT k, n FROM (
         SELECT *, row_number() OVER (ORDER BY n DESC, k) AS place FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g
     ) AS r WHERE place <= 2",
    "SELECT k, n FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS g ORDER BY n, k LIMIT 3",
];

/// Queries whose results stay: what a join or a first row has given is not taken back for its age.
const KEPT: [&str; 7] = [
    "SELECT a.k, a.v, b.v AS w FROM t a JOIN u b ON a.k = b.k",
    "SELECT a.k, a.v, b.v AS w FROM t a LEFT JOIN u b ON a.k = b.k",
    "SELECT a.k, a.v, b.v AS w FROM t a FULL JOIN u b ON a.k = b.k",
    "SELECT k, v FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.k = t.k)",
    "SELECT x.k, x.n, y.n AS o FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS x
     FULL JOIN (SELECT k, count(*) AS n FROM u GROUP BY k) AS y ON x.k = y.k",
    "SELECT k, v FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS place FROM t) AS r WHERE place = 1",
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
        3 => (0u64..8_000).prop_map(Action::Wait),
        1 => (8_000u64..25_000).prop_map(Action::Wait),
    ]
}

fn batch(rows: &[(i64, i64)], at: i64) -> RecordBatch {
    let times = || Arc::new(TimestampNanosecondArray::from_iter_values(rows.iter().map(|_| at)));
    let columns: [(&str, ArrayRef); 4] = [
        ("k", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
        ("v", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
        ("at", times()),
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
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

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
