//! `arroyo state query`: a table of the state as a table of SQL.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use arrow::util::pretty::pretty_format_batches;
use arroyo_state::{Manifest, OperatorManifest, TableManifest, read_table};
use arroyo_types::OperatorId;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::SessionContext;

use super::jobs;
use crate::cli::state::QueryArgs;
use crate::terminal;

/// What the table is called in the query, besides its own name.
const TABLE: &str = "state";

/// Runs the query over the table's live rows and prints its result.
pub(super) async fn execute(args: &QueryArgs) -> anyhow::Result<ExitCode> {
    let job = jobs::only(&args.dir).await?;
    let manifest = job.manifest(args.epoch).await?;
    let found = find(&manifest, &args.table)?;
    let (schema, rows) = read_table(&job.storage, &manifest, found.id, found.name, found.table).await?;
    let context = SessionContext::new();
    context.register_table(TABLE, Arc::new(MemTable::try_new(schema, vec![rows])?))?;
    let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let result = context.sql_with_options(&args.sql, reading).await;
    let result = result.map_err(|error| anyhow!("the query cannot be planned: {}", said(&error)))?;
    let batches = result.collect().await.map_err(|error| anyhow!("the query failed: {}", said(&error)))?;
    terminal::print(&format!("{}\n", pretty_format_batches(&batches)?))?;
    Ok(ExitCode::SUCCESS)
}

/// What is wrong, once.
fn said(error: &DataFusionError) -> String {
    match error.find_root() {
        DataFusionError::SQL(error, _) => error.to_string(),
        other => other.strip_backtrace(),
    }
}

/// A table and whose it is.
#[derive(Clone, Copy)]
struct Found<'a> {
    id: &'a OperatorId,
    operator: &'a OperatorManifest,
    name: &'a str,
    table: &'a TableManifest,
}

impl Found<'_> {
    /// Whether `text` names it: `TABLE`, `OPERATOR.TABLE`, with the operator's id or a part of its description.
    fn is_named(&self, text: &str) -> bool {
        let operator = text.strip_suffix(self.name).and_then(|rest| rest.strip_suffix('.'));
        let description = self.operator.description.to_lowercase();
        text == self.name
            || operator
                .is_some_and(|operator| operator == self.id.as_str() || description.contains(&operator.to_lowercase()))
    }
}

/// The one table with this name.
fn find<'a>(manifest: &'a Manifest, text: &str) -> anyhow::Result<Found<'a>> {
    let all: Vec<Found<'_>> = manifest
        .operators
        .iter()
        .flat_map(|(id, operator)| operator.tables.iter().map(move |(name, table)| Found { id, operator, name, table }))
        .collect();
    // An id is never a part of another one's meaning.
    let exact = all.iter().find(|found| text == format!("{}.{}", found.id, found.name));
    if let Some(exact) = exact {
        return Ok(*exact);
    }
    let named: Vec<&Found<'_>> = all.iter().filter(|found| found.is_named(text)).collect();
    let lines = |tables: &[&Found<'_>]| {
        let line = |found: &&Found<'_>| {
            let rows: u64 = found.table.files.iter().map(|file| file.rows).sum();
            format!("\n  {}.{} ({rows} rows): {}", found.id, found.name, found.operator.description)
        };
        tables.iter().map(line).collect::<String>()
    };
    match named.as_slice() {
        [one] => Ok(**one),
        [] if all.is_empty() => bail!("checkpoint {} holds no tables", manifest.epoch),
        [] => bail!(
            "there is no table `{text}` in checkpoint {}; there are{}",
            manifest.epoch,
            lines(&all.iter().collect::<Vec<_>>())
        ),
        several => bail!("`{text}` names several tables: write more of one of{}", lines(several)),
    }
}
