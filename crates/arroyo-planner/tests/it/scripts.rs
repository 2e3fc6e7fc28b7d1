//! One `.sql` per case, with what is expected beside it.

use arroyo_planner::{PlanRequest, SinkMode, logical_plans, render};

use crate::golden::{cases, check, name, report};

fn request(sql: &str) -> PlanRequest {
    PlanRequest::new(sql)
}

#[test]
fn rejected_scripts_are_explained() {
    let mut differences = Vec::new();
    for (path, sql) in cases("errors") {
        let found = match logical_plans(&request(&sql)) {
            Ok(plan) => format!("accepted:\n{plan}"),
            Err(diagnostics) => render(&diagnostics.0, &sql, &name(&path)),
        };
        if found.starts_with("accepted") {
            differences.push(format!("{} is accepted", path.display()));
        }
        check(&path.with_extension("txt"), &found, &mut differences);
    }
    report(&differences);
}

#[test]
fn accepted_scripts_have_plans() {
    let mut differences = Vec::new();
    for (path, sql) in cases("plans") {
        let found = match logical_plans(&request(&sql)) {
            Ok(plan) => plan,
            Err(diagnostics) => {
                let rendered = render(&diagnostics.0, &sql, &name(&path));
                differences.push(format!("{} is rejected:\n{rendered}", path.display()));
                continue;
            }
        };
        check(&path.with_extension("txt"), &found, &mut differences);
    }
    report(&differences);
}

const INSERT: &str = "
    CREATE TABLE s (a BIGINT) WITH (connector = 'single_file', path = '/a', type = 'sink', format = 'json');
    INSERT INTO s SELECT 1;";

fn sinks(mode: SinkMode) -> Vec<String> {
    let request = PlanRequest { sinks: mode, ..request(INSERT) };
    let plan = logical_plans(&request).unwrap();
    plan.lines().filter(|line| !line.starts_with(' ')).map(str::to_owned).collect()
}

#[test]
fn previews_replace_or_accompany_sinks() {
    assert_eq!(sinks(SinkMode::AsWritten), ["s (single_file)"]);
    assert_eq!(sinks(SinkMode::PreviewOnly), ["s (preview)"]);
    assert_eq!(sinks(SinkMode::PreviewToo), ["s (single_file)", "s (preview)"]);
}

#[test]
fn old_options_are_warned_about() {
    let sql = "
        CREATE TABLE t (ts TIMESTAMP NOT NULL)
        WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json', event_time_field = ts);
        SELECT nothing FROM t;";
    let diagnostics = logical_plans(&request(sql)).unwrap_err();
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["SQL018", "SQL102"]);
}
