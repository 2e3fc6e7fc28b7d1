//! What users get wrong: each a clear error and the right exit code.

use std::net::TcpListener;
use std::path::Path;

use crate::process::run;

/// Runs in `home` and gives exit code and stderr, with what differs from run to run replaced.
fn refused(home: &Path, args: &[&str]) -> String {
    let finished = run(home, args);
    finished.snapshot(&[(&home.to_string_lossy(), "<home>")])
}

fn table(home: &Path, records: &str, options: &str) -> String {
    let path = home.join("records.ndjson");
    std::fs::write(&path, records).unwrap();
    format!(
        "CREATE TABLE t (n BIGINT) WITH (connector = 'single_file', path = '{}', type = 'source', format = 'json'{options});\n",
        path.display()
    )
}

#[test]
fn a_missing_query_file() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(refused(home.path(), &["run", "no/such.sql"]), @"
    exit code Some(2)
    error: cannot open the query `no/such.sql`: No such file or directory (os error 2)
    ");
}

#[test]
fn an_unknown_argument_and_value() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(refused(home.path(), &["run", "--bogus"]), @"
    exit code Some(2)
    error: unexpected argument '--bogus' found

      tip: to pass '--bogus' as a value, use '-- --bogus'

    Usage: arroyo run [OPTIONS] [QUERY]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", "SELECT 1", "--output", "xml"]), @"
    exit code Some(2)
    error: invalid value 'xml' for '--output <OUTPUT>'
      [possible values: json, table, csv]

    For more information, try '--help'.
    ");
}

#[test]
fn malformed_sql_and_several_faults_at_once() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", "SELEC"]), @"
    exit code Some(1)
    error[SQL001]: expected a statement, found `SELEC`
      ┌─ <command line>:1:1
      │
    1 │ SELEC
      │ ^^^^^
      │
      = help: did you mean `SELECT` instead of `SELEC`?
    ");
    let sql = "CREATE TABLE t (n BIGINT) WITH (connector = 'impulse', event_rate = 'x');\nSELECT * FROM tt";
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", sql]), @"
    exit code Some(1)
    error[SQL012]: `event_rate` takes a number, not `x`
      ┌─ <command line>:1:69
      │
    1 │ CREATE TABLE t (n BIGINT) WITH (connector = 'impulse', event_rate = 'x');
      │                                                                     ^^^
      │
      = help: write `event_rate = 1`

    error[SQL101]: there is no table `tt`
      ┌─ <command line>:2:15
      │
    2 │ SELECT * FROM tt
      │               ^^
      │
      = help: create it with CREATE TABLE before this statement
    ");
}

#[test]
fn an_unknown_option_names_the_nearest_one() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE t (n BIGINT) WITH (connector = 'impulse', event_rat = 5);\nSELECT n FROM t";
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", sql]), @"
    exit code Some(1)
    error[SQL013]: the option `event_rate` is missing
      ┌─ <command line>:1:45
      │
    1 │ CREATE TABLE t (n BIGINT) WITH (connector = 'impulse', event_rat = 5);
      │                                             ^^^^^^^^^
      │
      = help: add `event_rate = 1` to the WITH clause

    error[SQL011]: unknown option `event_rat`
      ┌─ <command line>:1:56
      │
    1 │ CREATE TABLE t (n BIGINT) WITH (connector = 'impulse', event_rat = 5);
      │                                                        ^^^^^^^^^
      │
      = help: did you mean `event_rate`?
    ");
}

#[test]
fn a_wrong_type() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE t WITH (connector = 'impulse', event_rate = 5);\nSELECT sum(counter > 3) FROM t GROUP BY tumble(INTERVAL '1 second')";
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", sql]), @"
    exit code Some(1)
    error[SQL105]: no function is `sum(BOOLEAN)`
      ┌─ <command line>:2:8
      │
    2 │ SELECT sum(counter > 3) FROM t GROUP BY tumble(INTERVAL '1 second')
      │        ^^^
      │
      = help: it can be called as sum(DECIMAL), sum(BIGINT UNSIGNED), sum(BIGINT), sum(DOUBLE)
    ");
}

#[test]
fn a_broken_record_names_file_line_and_reason() {
    let home = tempfile::tempdir().unwrap();
    let records = "{\"n\": 1}\n{\"n\": \"many\"}\n{\"n\": 3}\n";
    let sql = table(home.path(), records, "") + "SELECT n FROM t";
    std::fs::write(home.path().join("q.sql"), sql).unwrap();
    let (query, state) = (home.path().join("q.sql"), home.path().join("s"));
    let args = ["run", &query.to_string_lossy(), "--state-dir", &state.to_string_lossy()];
    insta::assert_snapshot!(refused(home.path(), &args), @r#"
    exit code Some(1)
    error: t SingleFile<<home>/records.ndjson> (n): `<home>/records.ndjson`, line 2: column `n`: expected a BIGINT, found the text `many`; the record is `{"n": "many"}`
    hint: set `bad_data = 'drop'` to skip records that cannot be decoded
    Failed after <duration>. When it is mended, resume with:
      arroyo run <home>/q.sql --state-dir <home>/s
    "#);

    let sql = table(home.path(), records, ", bad_data = 'drop'") + "SELECT n FROM t";
    let dropped = run(home.path(), &["run", "-e", &sql]);
    assert_eq!((dropped.code, dropped.rows()), (Some(0), vec!["{\"n\":1}".to_string(), "{\"n\":3}".to_string()]));
}

#[test]
fn a_missing_input_file() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE t (n BIGINT) WITH (connector = 'single_file', path = '/no/such', type = 'source', format = 'json');
               SELECT n FROM t";
    std::fs::write(home.path().join("q.sql"), sql).unwrap();
    insta::assert_snapshot!(refused(home.path(), &["run", &home.path().join("q.sql").to_string_lossy()]), @"
    exit code Some(1)
    error: t SingleFile</no/such> (n): there is no file `/no/such`
    Failed after <duration>. When it is mended, resume with:
      arroyo run <home>/q.sql
    ");
}

#[test]
fn an_unwritable_state_directory() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("file"), "").unwrap();
    let below_a_file = home.path().join("file/state");
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", "SELECT 1", "--state-dir", &below_a_file.to_string_lossy()]), @"
    exit code Some(1)
    error: cannot make the state directory <home>/file/state: Not a directory (os error 20)
    ");
}

#[test]
fn a_port_in_use() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let told = refused(home.path(), &["run", "-e", "SELECT 1", "--set", &format!("api.http-port={port}")]);
    insta::assert_snapshot!(told.replace(&port, "<port>"), @"
    exit code Some(1)
    error: start the API: cannot listen on 127.0.0.1:<port> (`api.bind-address`, `api.http-port`): Address already in use (os error 98)
    ");
}

#[test]
fn an_unknown_configuration_key() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", "SELECT 1", "--set", "api.http-prot=1"]), @"
    exit code Some(1)
    Configuration is invalid!
      • `api.http-prot`: is not a known key (in --set api.http-prot); did you mean `http-port`?
    ");
}

#[test]
fn a_state_directory_of_another_query() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let state = state.to_string_lossy();
    let sql = |millis: u32| {
        format!(
            "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000, message_count = 3,
                                  event_time_interval = '{millis} milliseconds');
             SELECT counter FROM t"
        )
    };
    assert_eq!(run(home.path(), &["run", "-e", &sql(3), "--state-dir", &state]).rows().len(), 3);
    insta::assert_snapshot!(refused(home.path(), &["run", "-e", &sql(4), "--state-dir", &state]), @"
    exit code Some(1)
    The query is not the one that <home>/state holds. Of the state at checkpoint <epoch>:
      new      watermark: _timestamp - 1 s, idle after 5 min
      new      source: t BoundedImpulse<1000 eps> (counter)
      dropped  watermark: _timestamp - 1 s, idle after 5 min (<size>)
      dropped  source: t BoundedImpulse<1000 eps> (counter) (<size>)
    error: the query would drop state
    hint: agree with --force, or name another directory with --state-dir to start from nothing
    ");
    let again = run(home.path(), &["run", "-e", &sql(3), "--state-dir", &state]);
    insta::assert_snapshot!(again.snapshot(&[(&home.path().to_string_lossy(), "<home>")]), @"
    exit code Some(0)
    This query has already finished in <home>/state; name another state directory to run it again.
    ");
    assert_eq!(run(home.path(), &["run", "-e", &sql(4), "--state-dir", &state, "--force"]).rows().len(), 3);
}

#[test]
fn a_rejected_query_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(run(home.path(), &["run", "-e", "SELECT nothing"]).code, Some(1));
    let left: Vec<_> = std::fs::read_dir(home.path().join("checkpoints")).into_iter().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn state_that_outgrows_its_limit() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE events WITH (connector = 'impulse', event_rate = 1000000, message_count = 3000000);
               SELECT counter, count(*) AS events FROM events GROUP BY tumble(INTERVAL '1 hour'), counter;";
    let finished = run(home.path(), &["run", "-e", sql, "--set", "worker.state-memory-limit=4MiB"]);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    for part in [
        "the state of this worker's operators takes ",
        " MiB of memory, more than the limit of 4.0 MiB; the largest part is `",
        "raise `worker.state-memory-limit`",
    ] {
        assert!(finished.stderr.contains(part), "no `{part}` in: {}", finished.stderr);
    }
}
