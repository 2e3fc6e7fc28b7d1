//! `arroyo test`.

use std::path::Path;

use crate::process::run;

const SQL: &str = "CREATE TABLE t (n BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'filesystem', path = '/nowhere', type = 'source', format = 'json');
";

const INPUT: &str = "--- input t
{\"n\": 1, \"at\": \"2024-01-01T00:00:01Z\"}
{\"n\": 2, \"at\": \"2024-01-01T00:00:02Z\"}
";

fn case(folder: &Path, name: &str, rest: &str) {
    std::fs::write(folder.join(name), format!("{SQL}{rest}")).unwrap();
}

#[test]
fn the_examples_pass() {
    let home = tempfile::tempdir().unwrap();
    let ran = run(home.path(), &["test", "examples/tests"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("3 passed in"), "{}", ran.stdout);
}

#[test]
fn differences_are_shown_and_reported() {
    let home = tempfile::tempdir().unwrap();
    let rest = format!("SELECT n FROM t;\n{INPUT}--- expect\n{{\"n\": 1}}\n{{\"n\": 3}}\n");
    case(home.path(), "differs.test.sql", &rest);
    let junit = home.path().join("junit.xml");
    let path = home.path().join("differs.test.sql");
    let ran = run(home.path(), &["test", path.to_str().unwrap(), "--junit", junit.to_str().unwrap()]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("preview: 1 row missing, 1 row unexpected"), "{}", ran.stdout);
    assert!(ran.stdout.contains("- {\"n\": 3}") && ran.stdout.contains("+ {\"n\":2}"), "{}", ran.stdout);
    assert!(ran.stdout.contains("0 passed, 1 failed"), "{}", ran.stdout);
    let report = std::fs::read_to_string(junit).unwrap();
    assert!(report.contains("failures=\"1\"") && report.contains("the rows differ"), "{report}");
}

#[test]
fn update_writes_what_is_then_expected() {
    let home = tempfile::tempdir().unwrap();
    case(
        home.path(),
        "new.test.sql",
        &format!("SELECT n, at FROM t;\nSELECT sum(n) AS s FROM t GROUP BY tumble(INTERVAL '1 minute');\n{INPUT}"),
    );
    let path = home.path().join("new.test.sql");
    let update = run(home.path(), &["test", "--update", path.to_str().unwrap()]);
    assert_eq!(update.code, Some(0), "{}{}", update.stdout, update.stderr);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains("--- expect preview_2\n{\"s\":3}"), "{written}");
    let again = run(home.path(), &["test", "--parallelism", "3", home.path().to_str().unwrap()]);
    assert_eq!(again.code, Some(0), "{}{}", again.stdout, again.stderr);
    let unchanged = run(home.path(), &["test", "--update", path.to_str().unwrap()]);
    assert!(unchanged.stdout.contains("1 passed"), "{}", unchanged.stdout);
}

#[test]
fn a_lookup_table_without_rows_is_read_from_its_files() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TEMPORARY TABLE names (n BIGINT PRIMARY KEY, name TEXT)
WITH (connector = 'filesystem', path = '/nowhere', format = 'csv');
SELECT t.n, name FROM t JOIN names ON t.n = names.n;
";
    case(home.path(), "without.test.sql", &format!("{sql}{INPUT}--- expect\n"));
    let ran = run(home.path(), &["test", home.path().join("without.test.sql").to_str().unwrap()]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("there is no file or directory `/nowhere`"), "{}", ran.stdout);
}

#[test]
fn errors_can_be_expected() {
    let home = tempfile::tempdir().unwrap();
    case(home.path(), "refused.test.sql", "SELECT nothing FROM t;\n--- error\nSQL\nnothing\n");
    case(home.path(), "no_rows.test.sql", "SELECT n FROM t;\n--- input elsewhere\n--- expect\n");
    let refused = run(home.path(), &["test", home.path().join("refused.test.sql").to_str().unwrap()]);
    assert_eq!(refused.code, Some(0), "{}{}", refused.stdout, refused.stderr);
    let no_rows = run(home.path(), &["test", home.path().join("no_rows.test.sql").to_str().unwrap()]);
    assert_eq!(no_rows.code, Some(1));
    assert!(no_rows.stdout.contains("rows for `elsewhere`, which the script does not create"), "{}", no_rows.stdout);
    let none = run(home.path(), &["test", home.path().join("nowhere.test.sql").to_str().unwrap()]);
    assert_eq!(none.code, Some(2), "{}", none.stderr);
}

#[test]
fn the_engines_golden_cases_are_tests_of_pipelines() {
    let home = tempfile::tempdir().unwrap();
    let ran = run(home.path(), &["test", "crates/arroyo-testing/tests/golden"]);
    let failed: Vec<&str> = ran.stdout.lines().skip_while(|line| line.starts_with("ok ")).take(20).collect();
    assert_eq!(ran.code, Some(0), "{}{}", failed.join("\n"), ran.stderr);
}

#[test]
fn lookup_tables_are_filled_too() {
    let home = tempfile::tempdir().unwrap();
    let names = "CREATE TEMPORARY TABLE names (n BIGINT PRIMARY KEY, name TEXT)
WITH (connector = 'filesystem', path = '/nowhere', format = 'csv');
SELECT t.n, m.name FROM t LEFT JOIN names AS m ON t.n = m.n;
--- input names
{\"n\": 1, \"name\": \"one\"}
--- expect
{\"n\": 1, \"name\": \"one\"}
{\"n\": 2, \"name\": null}
";
    case(home.path(), "lookup.test.sql", &format!("{names}{INPUT}"));
    let ran = run(home.path(), &["test", home.path().join("lookup.test.sql").to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}
