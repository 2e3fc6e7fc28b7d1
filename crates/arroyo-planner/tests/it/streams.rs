//! Scripts and the streaming plans and programs that become of them; one `.sql` per case.

use arroyo_dataflow::{Program, to_tree};
use arroyo_planner::{Plan, PlanRequest, plan, render};

use crate::golden::{cases, check, name, report};
use crate::typed::check_types;

fn request(sql: &str) -> PlanRequest {
    PlanRequest { parallelism: 2, ..PlanRequest::new(sql) }
}

fn show(plan: &Plan, sql: &str, name: &str) -> String {
    let mut text = format!("{}\n{}", plan.stream, to_tree(&plan.program));
    if !plan.warnings.is_empty() {
        text.push('\n');
        text.push_str(&render(&plan.warnings, sql, name));
    }
    text
}

#[test]
fn scripts_become_programs() {
    let mut differences = Vec::new();
    for (path, sql) in cases("streams") {
        let found = match plan(&request(&sql)) {
            Ok(plan) => show(&plan, &sql, &name(&path)),
            Err(diagnostics) => {
                let rendered = render(&diagnostics.0, &sql, &name(&path));
                differences.push(format!("{} is refused:\n{rendered}", path.display()));
                continue;
            }
        };
        check(&path.with_extension("txt"), &found, &mut differences);
    }
    report(&differences);
}

#[test]
fn what_cannot_run_is_refused_with_advice() {
    let mut differences = Vec::new();
    for (path, sql) in cases("refused") {
        match plan(&request(&sql)) {
            Ok(_) => differences.push(format!("{} is accepted", path.display())),
            Err(diagnostics) => {
                let found = render(&diagnostics.0, &sql, &name(&path));
                check(&path.with_extension("txt"), &found, &mut differences);
            }
        }
    }
    report(&differences);
}

#[test]
fn programs_survive_their_encoding() {
    for (path, sql) in cases("streams") {
        let Ok(plan) = plan(&request(&sql)) else { continue };
        let decoded = Program::decode(&plan.program.encode().unwrap()).unwrap();
        assert_eq!(decoded, plan.program, "{}", path.display());
    }
}

#[test]
fn expressions_have_the_types_that_the_program_says() {
    let mut faults = Vec::new();
    for (path, sql) in cases("streams") {
        let Ok(plan) = plan(&request(&sql)) else { continue };
        faults.extend(check_types(&plan.program).into_iter().map(|fault| format!("{}: {fault}", name(&path))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn planning_is_deterministic() {
    for (path, sql) in cases("streams") {
        let Ok(first) = plan(&request(&sql)) else { continue };
        let second = plan(&request(&sql)).unwrap();
        assert_eq!(first.program.encode().unwrap(), second.program.encode().unwrap(), "{}", path.display());
        assert_eq!(first.stream, second.stream, "{}", path.display());
    }
}

#[test]
fn parallelism_is_capped_by_connectors_and_can_be_changed_later() {
    for (path, sql) in cases("streams") {
        let Ok(one) = plan(&PlanRequest { parallelism: 1, ..request(&sql) }) else { continue };
        let mut rescaled = one.program.clone();
        rescaled.set_parallelism(3);
        let three = plan(&PlanRequest { parallelism: 3, ..request(&sql) }).unwrap();
        assert_eq!(rescaled, three.program, "{}", path.display());
    }
}

#[test]
fn every_script_is_planned_or_explained() {
    for (path, sql) in ["plans", "errors", "streams", "refused"].into_iter().flat_map(cases) {
        match plan(&PlanRequest { parallelism: 3, ..request(&sql) }) {
            Ok(plan) => assert_eq!(check_types(&plan.program), Vec::<String>::new(), "{}", path.display()),
            Err(diagnostics) => {
                assert!(!diagnostics.0.is_empty(), "{} is refused without a reason", path.display());
                assert!(!diagnostics.to_string().contains("the planner failed"), "{}: {diagnostics}", path.display());
            }
        }
    }
}
