//! One `.sql` per case, with what is expected beside it.

use arroyo_planner::{DefaultSink, PlanRequest, SinkMode, StdoutFormat, logical_plans, plan, render};

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

#[test]
fn bare_queries_go_to_the_default_sink() {
    for format in [StdoutFormat::Json, StdoutFormat::Csv, StdoutFormat::Table] {
        let request =
            PlanRequest { default_sink: DefaultSink::Stdout { format }, ..request("SELECT 1 AS a; SELECT 2 AS b") };
        let plan = logical_plans(&request).unwrap();
        let sinks: Vec<_> = plan.lines().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(sinks, ["stdout (stdout)", "stdout_2 (stdout)"], "{format:?}");
    }
}

#[test]
fn a_generator_is_counted_by_the_minute() {
    let sql = "
        CREATE TABLE impulse WITH (connector = 'impulse', event_rate = 10);
        SELECT tumble(INTERVAL '1 minute') AS w, count(*) AS n FROM impulse WHERE counter % 2 = 0 GROUP BY w;";
    let plan = plan(&request(sql)).unwrap();
    assert!(plan.program.nodes.first().is_some_and(|node| node.is_source()));
    assert!(plan.program.nodes.last().is_some_and(|node| node.is_sink()));
    assert!(plan.warnings.is_empty(), "{:?}", plan.warnings);
}

#[test]
fn stored_tables_are_used_by_name() {
    let mut request = request("SELECT id, name FROM People");
    request.stored_tables.push(arroyo_planner::StoredTable {
        name: "people".to_owned(),
        connector: "single_file".to_owned(),
        profile: None,
        table_type: "source".to_owned(),
        config: serde_json::json!({"path": "/data/people.json", "type": "source"}),
        schema: serde_json::json!({
            "format": {"type": "json"},
            "fields": [{"name": "id", "type": "int64", "required": true}, {"name": "name", "type": "string"}],
        }),
    });
    let planned = plan(&request).unwrap();
    assert_eq!(planned.used_tables, ["people"]);
    assert!(planned.logical.contains("people"), "{}", planned.logical);
}
