//! Codes are stable and documented.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use arroyo_planner::{PlanRequest, codes, logical_plans, render};

use crate::golden::{cases, check, report};

#[test]
fn codes_are_unique_and_in_order() {
    let all: Vec<&str> = codes::all().map(|code| code.code).collect();
    let sorted: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_code_has_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors");
    let mut differences = Vec::new();
    let mut index = String::from(
        "# Errors of queries\n\nThis page and those it links to are generated from the table of codes in the planner.\n\n",
    );
    for code in codes::all() {
        let mut page = format!("# {}: {}\n\n{}\n", code.code, code.title, code.explanation);
        let rendered = match logical_plans(&PlanRequest::new(code.example)) {
            Err(diagnostics) if diagnostics.iter().any(|diagnostic| diagnostic.code == code.code) => {
                Some(render(&diagnostics.0, code.example, "query.sql"))
            }
            _ => None,
        };
        if code.example != "SELECT 1;" {
            let _ = write!(page, "\n## Example\n\n```sql\n{}\n```\n", code.example);
        }
        if let Some(rendered) = rendered {
            let _ = write!(page, "\n```text\n{rendered}```\n");
        }
        check(&folder.join(format!("{}.md", code.code)), &page, &mut differences);
        let _ = writeln!(index, "- [{}]({}.md): {}", code.code, code.code, code.title);
    }
    check(&folder.join("README.md"), &index, &mut differences);
    report(&differences);
}

#[test]
fn examples_show_their_code() {
    // Warnings, stored tables, values of parameters and mistakes of ours have no script that shows them; 2xx belong to the streaming half.
    const WITHOUT: &[&str] = &["SQL018", "SQL019", "SQL060", "SQL199"];
    for code in codes::all().filter(|code| code.code < "SQL200" && !WITHOUT.contains(&code.code)) {
        let found = match logical_plans(&PlanRequest::new(code.example)) {
            Ok(plan) => format!("a plan: {plan}"),
            Err(diagnostics) => diagnostics.to_string(),
        };
        // Connectors may be left out of a build.
        if found.contains("[SQL010]") {
            continue;
        }
        assert!(found.contains(&format!("[{}]", code.code)), "the example of {} gives {found}", code.code);
    }
}

#[test]
fn cases_cover_most_codes() {
    let seen: String = cases("errors")
        .iter()
        .map(|(path, _)| std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default())
        .collect();
    let missing: Vec<&str> = codes::all()
        .map(|code| code.code)
        .filter(|code| *code < "SQL200" && !seen.contains(&format!("[{code}]")))
        .collect();
    assert!(missing.len() <= 6, "no case shows {missing:?}");
}
