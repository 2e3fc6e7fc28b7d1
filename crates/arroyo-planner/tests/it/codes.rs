//! Codes are stable and documented.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use arroyo_planner::{PlanRequest, codes, plan, render};

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
        let rendered = Some(shown_by(code.example)).filter(|shown| shown.contains(&format!("[{}]", code.code)));
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

/// What no script can show by itself: stored tables, values of parameters, mistakes of ours.
const WITHOUT_SCRIPT: [&str; 4] = ["SQL019", "SQL060", "SQL199", "SQL211"];

#[test]
fn examples_show_their_code() {
    for code in codes::all().filter(|code| !WITHOUT_SCRIPT.contains(&code.code)) {
        let found = shown_by(code.example);
        // Connectors may be left out of a build.
        if found.contains("[SQL010]") {
            continue;
        }
        assert!(found.contains(&format!("[{}]", code.code)), "the example of {} gives {found}", code.code);
    }
}

/// The errors or warnings of a script that runs as two subtasks.
fn shown_by(script: &str) -> String {
    let found = match plan(&PlanRequest { parallelism: 2, ..PlanRequest::new(script) }) {
        Ok(plan) => plan.warnings,
        Err(diagnostics) => diagnostics.0,
    };
    render(&found, script, "query.sql")
}

#[test]
fn every_code_has_a_golden_case() {
    let folders = ["errors", "refused", "streams"];
    let texts = folders.into_iter().flat_map(cases).map(|(path, _)| path.with_extension("txt"));
    let texts: Vec<String> = texts.map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect();
    let mut missing = Vec::new();
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    for code in codes::all().filter(|code| !WITHOUT_SCRIPT.contains(&code.code)) {
        let shown = texts.iter().filter(|text| text.contains(&format!("[{}]", code.code))).count();
        by_kind.insert(code.code, shown);
        if shown == 0 {
            missing.push(code.code);
        }
    }
    println!("{by_kind:?}");
    assert!(missing.is_empty(), "no case shows {missing:?}");
    let errors = texts.iter().filter(|text| text.starts_with("error[")).count();
    assert!(errors >= 160, "there are {errors} cases of errors");
}
