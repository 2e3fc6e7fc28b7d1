//! State is found again by operator ids: edits that do not concern an operator must not change its id.

use std::collections::BTreeSet;

use arroyo_dataflow::names;
use arroyo_planner::{PlanRequest, plan};

const TABLES: &str = "
    CREATE TABLE bids (
      auction BIGINT NOT NULL, bidder BIGINT, price BIGINT NOT NULL, channel TEXT, at TIMESTAMP NOT NULL,
      WATERMARK FOR at AS at - INTERVAL '5 seconds'
    ) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
    CREATE TABLE arrivals (k TEXT, v BIGINT)
    WITH (connector = 'filesystem', path = '/data/arrivals', type = 'source', format = 'json');
    CREATE TABLE out (k BIGINT, n BIGINT)
    WITH (connector = 'single_file', path = '/data/out', type = 'sink', format = 'json');
    CREATE TABLE other (k TEXT, n BIGINT)
    WITH (connector = 'single_file', path = '/data/other', type = 'sink', format = 'json');";

const QUERY: &str = "INSERT INTO out SELECT auction, count(*) FROM bids WHERE price > 10 AND bidder > 3
    GROUP BY auction, tumble(INTERVAL '10 seconds');";

const STATEFUL: &[&str] = &[
    names::SOURCE,
    names::WATERMARK,
    names::WINDOW_PARTIAL,
    names::WINDOW_AGGREGATE,
    names::SESSION_AGGREGATE,
    names::INSTANT_AGGREGATE,
    names::SINK,
];

/// Ids of the operators that keep state.
fn ids(sql: &str) -> BTreeSet<String> {
    ids_of(sql, STATEFUL)
}

fn ids_of(sql: &str, operators: &[&str]) -> BTreeSet<String> {
    let plan = plan(&PlanRequest::new(sql)).map_err(|diagnostics| format!("{diagnostics}\n{sql}")).unwrap();
    let operators =
        plan.program.nodes.iter().flat_map(|node| &node.chain).filter(|op| operators.contains(&op.name.as_str()));
    operators.map(|operator| format!("{} {}", operator.name, operator.id)).collect()
}

fn with_query(query: &str) -> BTreeSet<String> {
    ids(&format!("{TABLES}{query}"))
}

#[test]
fn text_and_names_do_not_matter() {
    let expected = with_query(QUERY);
    assert_eq!(expected.len(), 5, "{expected:?}");
    let same = [
        "-- a comment\n insert into OUT select auction,count(*) from bids where price>10 and bidder>3 group by auction,tumble(interval '10 seconds');",
        "INSERT INTO out SELECT b.auction, count(*) AS n FROM bids AS b WHERE b.bidder > 3 AND b.price > 10
           GROUP BY b.auction, tumble(INTERVAL '10' SECOND);",
        "INSERT INTO out SELECT auction, n FROM (
           SELECT auction, tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM bids WHERE price > 5 + 5 AND bidder > 3 GROUP BY 1, 2
         ) AS x;",
        "CREATE VIEW good AS SELECT auction AS a, price AS p, bidder FROM bids WHERE bidder > 3 AND price > 10;
         INSERT INTO out SELECT a, count(*) FROM good GROUP BY a, tumble(INTERVAL '10 seconds');",
    ];
    for query in same {
        assert_eq!(with_query(query), expected, "{query}");
    }
}

#[test]
fn other_statements_do_not_matter() {
    let expected = with_query(QUERY);
    let other = "INSERT INTO other SELECT channel, price FROM bids WHERE auction > 3;";
    for query in [format!("{QUERY}{other}"), format!("{other}{QUERY}")] {
        let found = with_query(&query);
        assert!(found.is_superset(&expected), "{query}: {found:?} lacks some of {expected:?}");
    }
    let more = "INSERT INTO other SELECT k, v FROM arrivals;";
    assert_eq!(with_query(&format!("{QUERY}{more}")), with_query(&format!("{more}{QUERY}")));
}

#[test]
fn what_others_read_of_a_shared_view_does_not_matter() {
    let view = "CREATE VIEW totals AS SELECT auction, max(channel) AS channel, sum(price) AS total, count(*) AS n
                FROM bids GROUP BY auction, tumble(INTERVAL '10 seconds');";
    let aggregates = [names::WINDOW_PARTIAL, names::WINDOW_AGGREGATE];
    let ids = |inserts: &str| ids_of(&format!("{TABLES}{view}{inserts}"), &aggregates);
    let one = ids("INSERT INTO out SELECT auction, n FROM totals;");
    assert_eq!(one.len(), 2);
    assert_eq!(
        ids("INSERT INTO out SELECT auction, n FROM totals; INSERT INTO other SELECT channel, total FROM totals;"),
        one
    );
    assert_eq!(ids("INSERT INTO out SELECT auction, total FROM totals;"), one);
}

#[test]
fn parallelism_does_not_matter() {
    let sql = format!("{TABLES}{QUERY}");
    let at = |parallelism| plan(&PlanRequest { parallelism, ..PlanRequest::new(&sql) }).unwrap().program;
    assert_eq!(at(1).operator_ids(), at(8).operator_ids());
}

#[test]
fn a_later_watermark_keeps_windows() {
    let later = TABLES.replace("5 seconds", "9 seconds");
    let aggregates = [names::SOURCE, names::WINDOW_PARTIAL, names::WINDOW_AGGREGATE, names::SINK];
    assert_eq!(ids_of(&format!("{TABLES}{QUERY}"), &aggregates), ids_of(&format!("{later}{QUERY}"), &aggregates));
}

#[test]
fn a_new_column_keeps_sources_and_windows() {
    let wider = TABLES.replace("channel TEXT,", "channel TEXT, country TEXT,");
    assert_eq!(ids(&format!("{TABLES}{QUERY}")), ids(&format!("{wider}{QUERY}")));
}

#[test]
fn how_fast_a_table_is_read_and_when_files_end_does_not_matter() {
    let generated = "CREATE TABLE i WITH (connector = 'impulse', event_rate = 10, message_count = 50);
                     INSERT INTO out SELECT counter, count(*) FROM i GROUP BY 1, tumble(INTERVAL '1 second');";
    let file =
        "CREATE TABLE f (k BIGINT) WITH (connector = 'single_file', path = '/f', type = 'source', format = 'json');
                INSERT INTO out SELECT k, count(*) FROM f GROUP BY 1, tumble(INTERVAL '1 second');";
    let bucket = "CREATE TABLE f (k BIGINT)
                  WITH (connector = 'filesystem', path = 's3://b/in', type = 'source', format = 'json', storage.aws_region = 'a');
                  CREATE TABLE t (k BIGINT)
                  WITH (connector = 'filesystem', path = 's3://b/out', type = 'sink', format = 'json', rolling_policy.interval = '9s');
                  INSERT INTO t SELECT k FROM f;";
    let auction = "CREATE TABLE n WITH (connector = 'nexmark', event_rate = 10, event_count = 50);
                   INSERT INTO out SELECT bid.auction, bid.price FROM n;";
    for (query, edits) in [
        (generated, vec![("event_rate = 10", "event_rate = 20"), ("message_count = 50", "message_count = 60")]),
        (file, vec![("path =", "wait_for_control = true, path ="), ("format =", "bad_data = 'drop', format =")]),
        (bucket, vec![("interval = '9s'", "file_size = '9MB'")]),
        (auction, vec![("event_count = 50", "event_count = 60")]),
    ] {
        let known = with_query(query);
        for (from, to) in edits {
            let edited = query.replace(from, to);
            assert_ne!(edited, query);
            assert_eq!(with_query(&edited), known, "{edited}");
        }
    }
    let sources = |query: &str| ids_of(&format!("{TABLES}{query}"), &[names::SOURCE]);
    let faster = auction.replace("event_rate = 10", "event_rate = 20");
    assert!(sources(auction).is_disjoint(&sources(&faster)), "the times of its events follow from it");
    for (from, to) in [("b/in", "b/other"), ("'a'", "'b'")] {
        assert!(sources(bucket).is_disjoint(&sources(&bucket.replace(from, to))), "{to}");
    }
}

/// Operators that keep rows as they came.
const ROW_KEEPING: &[&str] = &[names::JOIN, names::OVER_TIME];

#[test]
fn columns_that_are_kept_matter_and_their_names_do_not() {
    let of = |query: &str| ids_of(&format!("{TABLES}SET updating_ttl = '1 day'; {query}"), ROW_KEEPING);
    let over = "INSERT INTO out SELECT x.c, x.n FROM (
                  SELECT auction AS c, count(*) OVER (PARTITION BY bidder ORDER BY at) AS n FROM bids) AS x";
    let join = "INSERT INTO out SELECT x.c, n.v FROM (SELECT auction AS c, bidder AS b FROM bids) AS x
                JOIN arrivals AS n ON x.b = n.v";
    for query in [over, join] {
        let known = of(query);
        assert_eq!(known.len(), 1, "{query}: {known:?}");
        let renamed = query.replace("auction AS c", "auction AS d").replace("x.c", "x.d");
        assert_eq!(of(&renamed), known, "{renamed}");
        // Of the same type, but another column.
        let other = query.replace("auction AS c", "price AS c");
        assert!(of(&other).is_disjoint(&known), "{other}");
    }
}

#[test]
fn meaning_matters() {
    let aggregates = [names::WINDOW_AGGREGATE];
    let of = |query: &str| ids_of(&format!("{TABLES}{query}"), &aggregates);
    let known = of(QUERY);
    for (from, to) in [
        ("price > 10", "price > 11"),
        ("count(*)", "count(bidder)"),
        ("count(*)", "sum(price)"),
        ("10 seconds", "20 seconds"),
        ("tumble(INTERVAL", "hop(INTERVAL '1 second', INTERVAL"),
        ("auction, tumble", "auction, bidder, tumble"),
    ] {
        let changed = QUERY.replace(from, to);
        assert_ne!(changed, QUERY);
        assert!(of(&changed).is_disjoint(&known), "{changed}");
    }
}

#[test]
fn ids_are_unique_within_a_program() {
    let query =
        "INSERT INTO other SELECT k, v FROM (SELECT k, v FROM arrivals UNION ALL SELECT k, v FROM arrivals) AS u;";
    let plan = plan(&PlanRequest::new(format!("{TABLES}{query}"))).unwrap();
    let operators = plan.program.nodes.iter().map(|node| node.chain.len()).sum::<usize>();
    assert_eq!(plan.program.operator_ids().len(), operators);
}
