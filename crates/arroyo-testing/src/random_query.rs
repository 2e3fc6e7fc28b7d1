//! Random schemas, data and queries, and the comparison of the stream's answer with that of batch SQL (invariants I2 and I3).
//!
//! A case is made from its seed alone: [`RandomCase::new`] gives tables with their rows, a query in both dialects, and the stages
//! of its run. [`RandomCase::check`] runs it. The query is built bottom up from relations that know their text in streaming and in
//! batch SQL; nearly always these are the same, only windows are spelt out in batch, and a lookup table is the table of the same rows.

mod answer;
mod data;
mod expression;
mod relation;
mod shapes;
mod stages;

use std::convert::Infallible;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use arroyo_runtime::{Shutdown, TaskKind};
use futures::{StreamExt, TryStreamExt};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use self::data::Table;
use self::relation::Relation;
use crate::{RunReport, Stage, run_sql};

/// The code of a changelog that goes to a sink of rows.
const TAKES_ROWS: &str = "SQL213";

/// What a seed stands for.
#[derive(Debug)]
pub struct RandomCase {
    seed: u64,
    tables: Vec<Table>,
    query: Relation,
    /// So many of the rows are wanted, whichever.
    limit: Option<usize>,
    stages: Vec<Stage>,
}

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Both answers are the same.
    Same {
        /// The rows of the answer.
        rows: usize,
        /// What happened on the way.
        report: RunReport,
    },
    /// Batch SQL fails by a mistake of its own, so there is nothing to compare with.
    WithoutBatch,
    /// The planner does not take the query, and says so.
    Refused {
        /// The codes of its diagnostics.
        codes: Vec<String>,
    },
}

impl RandomCase {
    /// The case of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let tables: Vec<Table> = ["a", "b"].into_iter().map(|name| Table::random(name, &mut random)).collect();
        let query = shapes::random_query(&tables, &mut random);
        let stages = stages::random_stages(&mut random);
        let limit = random.random_bool(0.06).then(|| random.random_range(0..12));
        Self { seed, tables, query, limit, stages }
    }

    /// The streaming query, without its tables.
    pub fn query(&self) -> &str {
        &self.query.stream
    }

    /// Runs the case in both engines.
    ///
    /// # Errors
    ///
    /// The answers differ, or one of the engines fails: with everything that is needed to see why.
    pub async fn check(&self) -> Result<Outcome> {
        let folder = tempfile::tempdir()?;
        self.compare(folder.path()).await.with_context(|| self.describe())
    }

    async fn compare(&self, folder: &Path) -> Result<Outcome> {
        for table in &self.tables {
            table.write(folder)?;
        }
        let out = folder.join("out");
        let mut script = self.script(folder, &out, "json");
        if let Some(codes) = refusal(&script) {
            if codes != [TAKES_ROWS] {
                return Ok(Outcome::Refused { codes });
            }
            script = self.script(folder, &out, "debezium_json");
            if let Some(codes) = refusal(&script) {
                return Ok(Outcome::Refused { codes });
            }
        }
        let Some(expected) = answer::of_batch(&self.tables, &self.query.batch).await? else {
            return Ok(Outcome::WithoutBatch);
        };
        let report = run_sql(&script, &self.stages).await?;
        let actual = answer::of_file(&out)?;
        match self.limit {
            Some(limit) => {
                let wanted = limit.min(expected.len());
                ensure!(actual.len() == wanted, "{} rows instead of {wanted}", actual.len());
                let surplus = answer::surplus(&expected, &actual);
                ensure!(surplus.is_empty(), "rows that are not of the answer:\n{surplus}");
            }
            None => {
                ensure!(actual == expected, "the answers differ:\n{}", answer::difference(&expected, &actual));
            }
        }
        Ok(Outcome::Same { rows: actual.len(), report })
    }

    fn script(&self, folder: &Path, out: &Path, format: &str) -> String {
        let control = stages::are_controlled(&self.stages);
        let tables: String = self.tables.iter().map(|table| table.declaration(folder, control)).collect();
        let lookups: String = self.tables.iter().map(|table| table.lookup_declaration(folder)).collect();
        format!(
            "{tables}{lookups}CREATE TABLE out WITH (connector = 'single_file', path = '{}', type = 'sink', format = '{format}', json.timestamp_format = 'rfc3339');\n\
             INSERT INTO out {};\n",
            out.display(),
            self.limited()
        )
    }

    /// The query in streaming SQL, with its limit.
    fn limited(&self) -> String {
        match self.limit {
            Some(limit) => format!("SELECT * FROM ({}) AS limited LIMIT {limit}", self.query.stream),
            None => self.query.stream.clone(),
        }
    }

    fn describe(&self) -> String {
        let Self { seed, tables, query, stages, .. } = self;
        let tables: String = tables.iter().map(Table::describe).collect();
        format!(
            "seed {seed}\n{tables}stream: {}\n{}stages: {stages:?}\n",
            self.limited(),
            if query.batch == query.stream { String::new() } else { format!("batch: {}\n", query.batch) },
        )
    }
}

/// The codes of the planner's diagnostics, if it does not take the script.
fn refusal(script: &str) -> Option<Vec<String>> {
    let faults = arroyo_planner::plan(&arroyo_planner::PlanRequest::new(script)).err()?;
    Some(faults.0.iter().map(|fault| fault.code.to_string()).collect())
}

/// Checks the cases of seeds from `first` on, `count` of them, several at a time, and gives their outcomes in order.
///
/// # Errors
///
/// The first case that fails.
pub async fn check_seeds(first: u64, count: u64) -> Result<Vec<Outcome>> {
    let shutdown = Shutdown::new("random-queries");
    let guard = shutdown.guard();
    let cases = futures::stream::iter(first..first + count).map(|seed| {
        let work = async move { Ok::<_, Infallible>(RandomCase::new(seed).check().await) };
        let work = guard.spawn(&format!("seed-{seed}"), TaskKind::BACKGROUND, work);
        async move { work.await?.with_context(|| format!("seed {seed} panicked"))? }
    });
    cases.buffered(4).try_collect().await
}
