//! Going on with a query that is written otherwise, or is another one.

use std::path::Path;

use crate::process::{Finished, Running, arroyo, run, sorted_lines};

const EVENTS: u32 = 60_000;

/// Counts bids per channel into `out`.
fn sql(home: &Path, out: &str, aggregate: &str) -> String {
    format!(
        "CREATE TABLE bids WITH (connector = 'nexmark', event_rate = 20000, event_count = {EVENTS},
                                 start_time = '2024-01-01T00:00:00Z');
         CREATE TABLE out WITH (connector = 'single_file', path = '{}', format = 'json', type = 'sink');
         INSERT INTO out
         SELECT tumble(INTERVAL '100 milliseconds') AS window, bid.channel AS channel, {aggregate} AS n
         FROM bids WHERE bid IS NOT NULL GROUP BY 1, 2;",
        home.join(out).display()
    )
}

fn start(home: &Path, sql: &str, more: &[&str]) -> Running {
    let state = home.join("state");
    let mut args = vec!["run", "-e", sql, "--set", "default-checkpoint-interval=100ms"];
    let state = state.to_string_lossy();
    args.extend(["--state-dir", &state]);
    args.extend(more);
    Running::start(arroyo(home, &args))
}

/// Runs until there is state to speak of, and stops with a final checkpoint.
fn start_and_stop(home: &Path, sql: &str) {
    let mut running = start(home, sql, &[]);
    let output = home.join("first.ndjson");
    running.wait_until("some output", || std::fs::metadata(&output).is_ok_and(|output| output.len() > 0));
    running.signal("INT");
    let stopped = running.wait();
    assert_eq!(stopped.code, Some(0), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("Stopped after"), "it did not run to its end: {}", stopped.stderr);
}

/// Removes the metadata database and its log.
fn lose_database(home: &Path) {
    for entry in std::fs::read_dir(home.join("state")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("state.sqlite") {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
}

fn rows(home: &Path, files: &[&str]) -> Vec<String> {
    let texts: String = files.iter().map(|file| std::fs::read_to_string(home.join(file)).unwrap_or_default()).collect();
    sorted_lines(&texts)
}

fn undisturbed(aggregate: &str) -> Vec<String> {
    let home = tempfile::tempdir().unwrap();
    let finished = start(home.path(), &sql(home.path(), "first.ndjson", aggregate), &[]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    rows(home.path(), &["first.ndjson"])
}

/// What was said, without totals.
fn said(finished: &Finished, home: &Path) -> String {
    let text = finished.snapshot(&[(&home.to_string_lossy(), "<home>")]);
    let lines = text.lines().map(|line| match line.split_once(": ") {
        Some((took, _)) if line.starts_with("Finished") => took,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn formatting_does_not_make_another_query() {
    let home = tempfile::tempdir().unwrap();
    let once =
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000, message_count = 3);\nSELECT counter FROM t";
    let again = "-- three rows\ncreate table t with (connector='impulse', event_rate=1000, message_count=3);\n\n\nselect  counter\nfrom t;\n";
    let state = home.path().join("state");
    let state = state.to_string_lossy();
    assert_eq!(run(home.path(), &["run", "-e", once, "--state-dir", &state]).rows().len(), 3);
    insta::assert_snapshot!(said(&run(home.path(), &["run", "-e", again, "--state-dir", &state]), home.path()), @"
    exit code Some(0)
    This query has already finished in <home>/state; name another state directory to run it again.
    ");

    for text in [once, again] {
        assert_eq!(run(home.path(), &["run", "-e", text]).rows().len(), 3);
    }
    let directories = std::fs::read_dir(home.path().join("checkpoints")).unwrap().count();
    assert_eq!(directories, 1, "the default directory is that of the query, however it is formatted");
}

#[test]
fn another_sink_and_other_stateless_steps_keep_all_state() {
    let home = tempfile::tempdir().unwrap();
    let first = sql(home.path(), "first.ndjson", "count(*)");
    start_and_stop(home.path(), &first);
    let second = sql(home.path(), "second.ndjson", "count(*)");
    let finished = start(home.path(), &second, &["--parallelism", "2"]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    insta::assert_snapshot!(said(&finished, home.path()), @"
    exit code Some(0)
    The query is not the one that <home>/state holds. Of the state at checkpoint <epoch>:
      kept     watermark: _timestamp - 1 s, idle after 5 min (<size>)
      kept     source: bids BoundedNexmark<20000 eps> (bid{channel}) (<size>)
      kept     window_aggregate: tumble(100 ms) by get_field(bid, 'channel'): count(*) (<size>)
      new      sink: out SingleFile<<home>/second.ndjson>
      dropped  sink: out SingleFile<<home>/first.ndjson> (<size>); its output is complete
    Running, from where it was.
    Finished in <duration>
    ");
    assert!(!rows(home.path(), &["second.ndjson"]).is_empty());
    assert_eq!(rows(home.path(), &["first.ndjson", "second.ndjson"]), undisturbed("count(*)"));
}

#[test]
fn another_name_below_an_aggregate_keeps_its_state() {
    let home = tempfile::tempdir().unwrap();
    let named = |name: &str| {
        let select = format!("SELECT tumble(INTERVAL '100 milliseconds') AS window, {name} AS channel, count(*) AS n");
        let view = format!("CREATE VIEW v AS SELECT bid.channel AS {name} FROM bids WHERE bid IS NOT NULL;");
        let sql = sql(home.path(), "first.ndjson", "count(*)");
        let tables = sql.split("INSERT").next().unwrap();
        format!("{tables}{view} INSERT INTO out {select} FROM v GROUP BY 1, 2;")
    };
    start_and_stop(home.path(), &named("a"));
    let finished = start(home.path(), &named("b"), &["--parallelism", "2"]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(!finished.stderr.contains("  dropped  "), "{}", finished.stderr);
    assert_eq!(rows(home.path(), &["first.ndjson"]), undisturbed("count(*)"));
}

#[test]
fn without_its_database_the_state_of_another_query_is_compared_with_it() {
    let home = tempfile::tempdir().unwrap();
    start_and_stop(home.path(), &sql(home.path(), "first.ndjson", "count(*)"));
    lose_database(home.path());
    let other = start(home.path(), &sql(home.path(), "first.ndjson", "max(bid.price)"), &[]).wait();
    assert!(other.code == Some(1) && other.stderr.contains("the query would drop state"), "{}", other.stderr);
    let second = sql(home.path(), "second.ndjson", "count(*)");
    // What the lost database knew of the first sink's commits is not known any more.
    let refused = start(home.path(), &second, &[]).wait();
    assert!(refused.code == Some(1) && refused.stderr.contains("may not be committed yet"), "{}", refused.stderr);
    let finished = start(home.path(), &second, &["--force"]).wait();
    assert!(finished.code == Some(0) && finished.stderr.contains("  kept     window_agg"), "{}", finished.stderr);
    assert_eq!(rows(home.path(), &["first.ndjson", "second.ndjson"]), undisturbed("count(*)"));
}

#[test]
fn another_form_of_output_goes_on_without_the_database() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000, message_count = 2000);
               SELECT counter FROM t";
    let mut running = start(home.path(), sql, &["--output", "json"]);
    running.next_row();
    running.signal("INT");
    let stopped = running.wait();
    assert!(stopped.code == Some(0) && stopped.stderr.contains("Stopped after"), "{}", stopped.stderr);
    lose_database(home.path());
    let finished = start(home.path(), sql, &["--output", "csv"]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(finished.stdout.lines().last(), Some("1999"), "{}", finished.stderr);
    let rows = |finished: &Finished| finished.stdout.lines().filter(|line| line.contains(char::is_numeric)).count();
    assert_eq!(rows(&stopped) + rows(&finished), 2000 - 1, "{}", finished.stderr);
}

#[test]
fn a_source_goes_on_at_another_rate() {
    let home = tempfile::tempdir().unwrap();
    let counted = |options: &str| {
        format!(
            "CREATE TABLE numbers WITH (connector = 'impulse', {options});
             CREATE TABLE out (k BIGINT, n BIGINT)
             WITH (connector = 'single_file', path = '{}', format = 'json', type = 'sink');
             INSERT INTO out SELECT counter % 7, count(*) FROM numbers GROUP BY 1, tumble(INTERVAL '100 milliseconds');",
            home.path().join("first.ndjson").display()
        )
    };
    let clocked = "event_time_interval = '1 millisecond'";
    start_and_stop(home.path(), &counted(&format!("event_rate = 1000, message_count = 90000, {clocked}")));
    let faster = counted(&format!("event_rate = 1000000, message_count = 60000, {clocked}"));
    let finished = start(home.path(), &faster, &[]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    // Were the position lost, there would be more; were open windows lost, less.
    let rows = rows(home.path(), &["first.ndjson"]);
    let counts = rows.iter().map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap()["n"].as_u64().unwrap());
    assert_eq!(counts.sum::<u64>(), 60_000, "{}", finished.stderr);
}

#[test]
fn dropping_state_needs_consent() {
    let home = tempfile::tempdir().unwrap();
    let first = sql(home.path(), "first.ndjson", "count(*)");
    start_and_stop(home.path(), &first);
    let before = rows(home.path(), &["first.ndjson"]);

    let other = sql(home.path(), "first.ndjson", "max(bid.price)");
    let refused = start(home.path(), &other, &[]).wait();
    insta::assert_snapshot!(said(&refused, home.path()), @"
    exit code Some(1)
    The query is not the one that <home>/state holds. Of the state at checkpoint <epoch>:
      kept     watermark: _timestamp - 1 s, idle after 5 min (<size>)
      kept     source: bids BoundedNexmark<20000 eps> (bid{channel}) (<size>)
      kept     sink: out SingleFile<<home>/first.ndjson> (<size>)
      new      window_aggregate: tumble(100 ms) by get_field(bid, 'channel'): max(get_field(bid, 'price'))
      dropped  window_aggregate: tumble(100 ms) by get_field(bid, 'channel'): count(*) (<size>)
    Sources that are kept go on where they were: what is new behind them sees only rows from now on.
    error: the query would drop state
    hint: agree with --force, or name another directory with --state-dir to start from nothing
    ");
    assert_eq!(rows(home.path(), &["first.ndjson"]), before);

    let forced = start(home.path(), &other, &["--force"]).wait();
    assert_eq!(forced.code, Some(0), "{}", forced.stderr);
    let after = rows(home.path(), &["first.ndjson"]);
    assert!(before.iter().all(|row| after.contains(row)), "what was written stays");
    // The source goes on where it was: windows that begin later than the stop are as if nothing else had ever run.
    let added: Vec<&String> = after.iter().filter(|row| !before.contains(row)).collect();
    let whole = undisturbed("max(bid.price)");
    let (right, partial): (Vec<&String>, Vec<_>) = added.into_iter().partition(|row| whole.contains(row));
    assert!(!right.is_empty());
    let first_windows = |rows: &[&String]| {
        let mut windows: Vec<String> = rows.iter().map(|row| row.split("\"channel\"").next().unwrap().into()).collect();
        windows.dedup();
        windows.len()
    };
    assert!(first_windows(&partial) <= 2, "only windows that were open at the stop lack rows: {partial:?}");
}

/// Manifests and savepoints, by path.
fn checkpoints(home: &Path) -> Vec<String> {
    let home = home.to_string_lossy();
    let listed = run(Path::new(&*home), &["state", "list", &format!("{home}/state")]);
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    listed.stdout.lines().map(str::to_string).collect()
}

/// Numbers of the checkpoints that are still there.
fn epochs(home: &Path) -> Vec<u64> {
    let number = |line: &String| line.trim().strip_prefix("checkpoint ")?.split(' ').next()?.parse().ok();
    checkpoints(home).iter().filter_map(number).collect()
}

#[test]
fn a_query_that_does_not_run_goes_back_to_nothing() {
    let home = tempfile::tempdir().unwrap();
    let first = sql(home.path(), "first.ndjson", "count(*)");
    start_and_stop(home.path(), &first);
    let (before, oldest) = (checkpoints(home.path()), epochs(home.path())[0].to_string());
    let back = ["--from-checkpoint", oldest.as_str()];

    let wrong = start(home.path(), &sql(home.path(), "first.ndjson", "count(bid.nowhere)"), &back).wait();
    assert!(wrong.code == Some(1) && wrong.stderr.contains("error[SQL"), "{}", wrong.stderr);
    let other = start(home.path(), &sql(home.path(), "first.ndjson", "max(bid.price)"), &back).wait();
    assert!(other.code == Some(1) && other.stderr.contains("the query would drop state"), "{}", other.stderr);
    assert!(other.stderr.contains(&format!("Of the state at checkpoint {oldest}:")), "{}", other.stderr);
    let missing = start(home.path(), &first, &["--from-checkpoint", "99999"]).wait();
    assert!(missing.stderr.contains("there is no checkpoint of epoch 99999"), "{}", missing.stderr);
    assert_eq!(checkpoints(home.path()), before);

    let finished = start(home.path(), &first, &back).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(rows(home.path(), &["first.ndjson"]), undisturbed("count(*)"));
}

#[test]
fn a_finished_run_goes_back_to_a_checkpoint() {
    let home = tempfile::tempdir().unwrap();
    let first = sql(home.path(), "first.ndjson", "count(*)");
    start_and_stop(home.path(), &first);
    let oldest = epochs(home.path())[0].to_string();
    for _ in 0..2 {
        let finished = start(home.path(), &first, &["--from-checkpoint", &oldest]).wait();
        assert!(finished.code == Some(0) && finished.stderr.contains("Finished in"), "{}", finished.stderr);
        assert_eq!(rows(home.path(), &["first.ndjson"]), undisturbed("count(*)"));
    }
}

#[test]
fn a_directory_without_a_pipeline_has_nothing_to_go_back_to() {
    let home = tempfile::tempdir().unwrap();
    let refused = start(home.path(), &sql(home.path(), "first.ndjson", "count(*)"), &["--from-checkpoint", "3"]).wait();
    insta::assert_snapshot!(said(&refused, home.path()), @"
    exit code Some(1)
    error: --from-checkpoint 3: the state directory holds no pipeline of this query
    ");
}

#[test]
fn savepoints_of_a_finished_run_are_not_lost_without_consent() {
    let home = tempfile::tempdir().unwrap();
    let sql =
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000, message_count = 3); SELECT counter FROM t";
    let again = |more: &[&str]| run(home.path(), &[&["run", "-e", sql], more].concat());
    assert_eq!(again(&[]).rows().len(), 3);
    let directory = std::fs::read_dir(home.path().join("checkpoints")).unwrap().flatten().next().unwrap().path();
    let directory = directory.to_string_lossy();
    let listed = run(home.path(), &["state", "list", "-o", "json", &directory]);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let epoch = listed[0]["checkpoints"][0]["epoch"].to_string();
    assert_eq!(again(&["--from-checkpoint", &epoch]).code, Some(0));

    let refused = again(&[]);
    let told = refused.snapshot(&[(&format!("savepoints ({epoch})"), "savepoints (<epoch>)")]);
    insta::assert_snapshot!(told, @"
    exit code Some(1)
    error: the run that has finished has savepoints (<epoch>), which another run would lose
    hint: agree with --force, go back to one with --from-checkpoint, let go of them with `arroyo state release`, or name another directory with --state-dir
    ");
    let unknown = run(home.path(), &["state", "release", &directory, "777"]);
    assert!(unknown.code == Some(1) && unknown.stderr.contains("has no savepoint of epoch 777"), "{}", unknown.stderr);
    let released = run(home.path(), &["state", "release", &directory, &epoch]);
    assert!(released.code == Some(0) && released.stderr.contains("is let go of"), "{}", released.stderr);
    assert_eq!(again(&[]).rows().len(), 3);

    let listed = run(home.path(), &["state", "list", "-o", "json", &directory]);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let epoch = listed[0]["checkpoints"][0]["epoch"].to_string();
    assert_eq!(again(&["--from-checkpoint", &epoch]).code, Some(0));
    assert_eq!(again(&["--force"]).rows().len(), 3);
}

#[test]
fn a_sink_that_may_not_have_committed_is_not_dropped_silently() {
    let home = tempfile::tempdir().unwrap();
    let first = sql(home.path(), "first.ndjson", "count(*)");
    let mut running = start(home.path(), &first, &[]);
    let output = home.path().join("first.ndjson");
    running.wait_until("some output", || std::fs::metadata(&output).is_ok_and(|output| output.len() > 0));
    running.kill();
    let second = sql(home.path(), "second.ndjson", "count(*)");
    let refused = start(home.path(), &second, &[]).wait();
    insta::assert_snapshot!(said(&refused, home.path()), @"
    exit code Some(1)
    The query is not the one that <home>/state holds. Of the state at checkpoint <epoch>:
      kept     watermark: _timestamp - 1 s, idle after 5 min (<size>)
      kept     source: bids BoundedNexmark<20000 eps> (bid{channel}) (<size>)
      kept     window_aggregate: tumble(100 ms) by get_field(bid, 'channel'): count(*) (<size>)
      new      sink: out SingleFile<<home>/second.ndjson>
      dropped  sink: out SingleFile<<home>/first.ndjson> (<size>); its last rows may not be committed yet: run the query as it was once more and stop it with a final checkpoint, or lose them
    error: the query would drop state
    hint: agree with --force, or name another directory with --state-dir to start from nothing
    ");
    // The query as it was goes on as if nothing had been asked.
    let finished = start(home.path(), &first, &[]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(rows(home.path(), &["first.ndjson"]), undisturbed("count(*)"));
}
