//! Rows that come too late are dropped, each window's the same whatever is killed: exactly those whose window the watermark had
//! closed before they came.
//!
//! The source gives one row between two checkpoints, so that the watermark follows each row; what is late is then defined by the
//! rows alone, and a few plain loops know the answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use arroyo_testing::{Ending, Stage, block_on, run_sql};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
struct Case {
    /// Seconds, key, value.
    rows: Vec<(i64, u8, i64)>,
    delay: i64,
    slide: i64,
    width: i64,
    kills: Vec<u32>,
}

fn case() -> impl Strategy<Value = Case> {
    let row = (0i64..60, 0u8..3, -5i64..6);
    let kills = proptest::collection::vec(1u32..6, 0..3);
    (proptest::collection::vec(row, 1..25), 0i64..12, 1i64..12, 1i64..4, any::<bool>(), kills).prop_map(
        |(rows, delay, slide, times, tumbles, kills)| {
            // Time goes on, and each row is up to a minute off.
            let rows =
                rows.into_iter().enumerate().map(|(place, (time, key, value))| (3 * place as i64 + time, key, value));
            Case { rows: rows.collect(), delay, slide, width: if tumbles { slide } else { slide * times }, kills }
        },
    )
}

fn time(seconds: i64) -> String {
    format!("2024-01-01T00:{:02}:{:02}", seconds / 60, seconds % 60)
}

impl Case {
    fn script(&self, folder: &std::path::Path) -> String {
        let Self { delay, slide, width, .. } = self;
        let window = if slide == width {
            format!("tumble(INTERVAL '{width} seconds')")
        } else {
            format!("hop(INTERVAL '{slide} seconds', INTERVAL '{width} seconds')")
        };
        let folder = folder.display();
        format!(
            "CREATE TABLE t (k BIGINT, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at AS at - INTERVAL '{delay} seconds')
             WITH (connector = 'single_file', path = '{folder}/t', type = 'source', format = 'json', wait_for_control = true);
             CREATE TABLE out WITH (connector = 'single_file', path = '{folder}/out', type = 'sink', format = 'json');
             INSERT INTO out SELECT w.win.start AS since, k, n, s
             FROM (SELECT {window} AS win, k, count(*) AS n, sum(v) AS s FROM t GROUP BY win, k) AS w;"
        )
    }

    /// By the loops: the rows of each window and key that were not late for it.
    fn expected(&self) -> Vec<String> {
        // The origin of time is a multiple of a minute away only for some widths: seconds since the epoch count.
        const START: i64 = 1_704_067_200;
        let mut windows: BTreeMap<(i64, u8), (i64, i64)> = BTreeMap::new();
        let mut watermark = i64::MIN;
        for (at, key, value) in &self.rows {
            let second = START + at;
            let mut start = second - second.rem_euclid(self.slide);
            while start + self.width > second {
                if start + self.width > watermark {
                    let (count, sum) = windows.entry((start, *key)).or_default();
                    *count += 1;
                    *sum += value;
                }
                start -= self.slide;
            }
            watermark = watermark.max(second - self.delay);
        }
        let rows = windows.into_iter().map(|((start, key), (count, sum))| {
            let since = chrono_time(start - START);
            json!({"since": since, "k": key, "n": count, "s": sum}).to_string()
        });
        let mut rows: Vec<String> = rows.collect();
        rows.sort();
        rows
    }

    fn actual(&self) -> Result<Vec<String>> {
        let folder = tempfile::tempdir()?;
        let mut text = String::new();
        for (at, key, value) in &self.rows {
            writeln!(text, "{}", json!({"k": key, "v": value, "at": time(*at)}))?;
        }
        std::fs::write(folder.path().join("t"), text)?;
        let kills = self.kills.iter().map(|checkpoints| Stage { parallelism: 1, ending: Ending::Kill(*checkpoints) });
        let last = Stage { parallelism: 1, ending: Ending::EndOfInputWithCheckpoints };
        let stages: Vec<Stage> = kills.chain([last]).collect();
        block_on(run_sql(&self.script(folder.path()), &stages))??;
        let written = std::fs::read_to_string(folder.path().join("out")).unwrap_or_default();
        let rows = written.lines().map(|line| Ok(serde_json::from_str::<Value>(line)?.to_string()));
        let mut rows: Vec<String> = rows.collect::<Result<_>>()?;
        rows.sort();
        Ok(rows)
    }
}

/// A time of the first day of 2024, or of the last of 2023 for windows that begin before the first row.
fn chrono_time(seconds: i64) -> String {
    if seconds >= 0 {
        return time(seconds);
    }
    let left = 86_400 + seconds;
    format!("2023-12-31T{:02}:{:02}:{:02}", left / 3600, left / 60 % 60, left % 60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn late_rows_are_dropped_the_same_every_time(case in case()) {
        let actual = case.actual().map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        prop_assert_eq!(actual, case.expected());
    }
}
