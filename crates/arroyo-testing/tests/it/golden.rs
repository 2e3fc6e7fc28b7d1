//! Every case in `tests/golden/`: run whole, then with checkpoints, kills and restores at other parallelisms; the same rows each
//! time. Cases of some areas are asked of DataFusion in batch, too ([`batch`]).
//!
//! A case is a file of the format that `arroyo test` reads, and `arroyo test` runs it, too. A folder is an area; what its cases
//! have in common is in its `tables.sql`. A case writes to `out`, which takes rows, or to `changes`, which takes a changelog.
//! `ARROYO_CASE=text` runs the cases whose path contains the text; `UPDATE_GOLDEN=1` writes down what they write.

mod batch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use arroyo_cases::{Case, Rows};
use arroyo_testing::{Ending, Stage, run_sql};
use futures::StreamExt;

/// Cases that run at once.
const AT_ONCE: usize = 3;

/// A test for each area, and one that finds areas without.
macro_rules! areas {
    ($($area:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $area() {
                check_area(stringify!($area)).await;
            }
        )*

        #[test]
        fn every_folder_is_an_area() {
            let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
            for path in entries.filter(|path| path.is_dir()) {
                let name = path.file_name().unwrap().to_str().unwrap();
                assert!([$(stringify!($area)),*].contains(&name), "{name} is not listed");
            }
        }
    };
}

areas! { basics changelogs emit grouping joins lookups matches over sessions windows }

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The cases of an area that are wanted.
fn cases_of(area: &str) -> Vec<PathBuf> {
    let mut cases = arroyo_cases::cases(&folder().join(area)).unwrap();
    if let Ok(wanted) = std::env::var("ARROYO_CASE") {
        cases.retain(|path| path.to_string_lossy().contains(&wanted));
    }
    cases
}

async fn check_area(area: &str) {
    let checks = futures::stream::iter(cases_of(area)).map(|path| async move {
        let name = path.strip_prefix(folder()).unwrap_or(&path).display().to_string();
        check(&path).await.err().map(|error| format!("{name}: {error:#}"))
    });
    let failures: Vec<String> = checks.buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await;
    assert!(failures.is_empty(), "{} cases fail\n{}", failures.len(), failures.join("\n"));
}

/// The case's SQL, reading the shipped data and writing to `out`.
fn script(case: &Case, out: &Path, one_row_per_checkpoint: bool) -> String {
    let sql = case.sql.replace("$data", &folder().to_string_lossy()).replace("$out", &out.to_string_lossy());
    if one_row_per_checkpoint { sql.replace("wait_for_control = false", "wait_for_control = true") } else { sql }
}

/// What was written; nothing where no file was made.
fn written(case: &Case, out: &Path) -> Result<BTreeMap<String, Rows>> {
    let table = case.expected.keys().next().context("it expects nothing")?;
    let rows = Rows::of_lines(&std::fs::read_to_string(out).unwrap_or_default())?;
    Ok(BTreeMap::from([(table.clone(), rows)]))
}

async fn check(path: &Path) -> Result<()> {
    let case = Case::read(path)?;
    let temp = tempfile::tempdir()?;
    let stage = |parallelism, ending| Stage { parallelism, ending };

    let whole = temp.path().join("whole");
    run_sql(&script(&case, &whole, false), &[stage(1, Ending::EndOfInput)]).await?;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        arroyo_cases::rewrite(&case, &written(&case, &whole)?)?;
        return Ok(());
    }
    compare(&case, &whole, "whole")?;

    let parallel = temp.path().join("parallel");
    run_sql(&script(&case, &parallel, false), &[stage(3, Ending::EndOfInput)]).await?;
    compare(&case, &parallel, "at parallelism 3")?;

    let resumed = temp.path().join("resumed");
    let stages = [
        stage(1, Ending::Kill(9)),
        stage(3, Ending::StopWithCheckpoint(11)),
        stage(2, Ending::Kill(5)),
        stage(2, Ending::EndOfInputWithCheckpoints),
    ];
    let report = run_sql(&script(&case, &resumed, true), &stages).await?;
    ensure!(report.checkpoints > 25 && report.restores == 3, "{report:?}");
    compare(&case, &resumed, "with checkpoints and restores")
}

fn compare(case: &Case, out: &Path, how: &str) -> Result<()> {
    let differences = arroyo_cases::differences(case, &written(case, out)?).context(how.to_string())?;
    let lines = differences.iter().flat_map(|difference| &difference.lines).filter(|(sign, _)| *sign != ' ');
    let lines: Vec<String> = lines.map(|(sign, row)| format!("{sign} {row}")).collect();
    ensure!(differences.is_empty(), "{how}, - is expected and missing, + was written instead:\n{}", lines.join("\n"));
    Ok(())
}
