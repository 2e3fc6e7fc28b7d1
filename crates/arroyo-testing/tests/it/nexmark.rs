//! Every query of `examples/nexmark/` over the events of the `nexmark` source: the rows that are left are those of DataFusion in
//! batch over the same events.
//!
//! What means something else in batch (windows) is written out in `tests/nexmark/`. `scripts/nexmark-against-batch` asks a release
//! build over more events: `ARROYO_BINARY` is run instead of the engine in this process, `ARROYO_EVENTS` is their number.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arroyo_dataflow::{decode_schema, names, operators};
use arroyo_formats::{Format, FormatOptions, JsonFormat, Serializer};
use arroyo_testing::{Ending, Stage, plan, run_sql};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use prost::Message;
use serde_json::Value;

/// How many events the tests look at.
const EVENTS: u64 = 6_000;

/// Queries whose ORDER BY leaves open which of several rows comes first, and the columns of the result that it does not leave open.
const DETERMINED: [(&str, &[&str]); 3] = [
    ("q9", &["id", "price", "bid_datetime", "category", "seller"]),
    ("q18", &["auction", "bidder", "datetime"]),
    ("q19", &["auction", "price", "place"]),
];

/// Queries whose windows depend on when rows were read: compared is how many bids of each person there are in all windows.
const IN_PROCESSING_TIME: [&str; 1] = ["q12"];

fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

fn events() -> u64 {
    std::env::var("ARROYO_EVENTS").ok().map_or(EVENTS, |text| text.parse().unwrap())
}

/// The script with so many events that begin shortly before a border of all windows.
fn bounded(script: &str) -> String {
    let options = format!("event_count = {}, start_time = '2024-01-01T08:59:59.700Z'", events());
    let bounded = script.replace("event_rate = 10000", &options);
    assert_ne!(bounded, script, "the query has another source");
    let examples = folder("../../examples/nexmark");
    bounded.replace("'examples/nexmark'", &format!("'{}'", examples.display()))
}

/// The script with its last statement, a SELECT, writing to a file.
fn into_file(script: &str, out: &Path) -> Result<String> {
    let (rest, query) = script.trim_end().trim_end_matches(';').rsplit_once("\nSELECT").context("it has no SELECT")?;
    let sink = format!(
        "CREATE TABLE written WITH (connector = 'single_file', type = 'sink', path = '{}', format = 'debezium_json', \
         'json.timestamp_format' = 'rfc3339', 'json.decimal_encoding' = 'number');",
        out.display()
    );
    Ok(format!("{rest}\n{sink}\nINSERT INTO written SELECT{query};"))
}

async fn run(script: &str, parallelism: u32) -> Result<()> {
    let Some(binary) = std::env::var_os("ARROYO_BINARY") else {
        run_sql(script, &[Stage { parallelism, ending: Ending::EndOfInput }]).await?;
        return Ok(());
    };
    let home = tempfile::tempdir()?;
    let query = home.path().join("query.sql");
    std::fs::write(&query, script)?;
    let state = home.path().join("state");
    let mut command = tokio::process::Command::new(binary);
    command.arg("run").arg(&query).arg("--state-dir").arg(&state).args(["--parallelism", &parallelism.to_string()]);
    let ran = command.output().await?;
    ensure!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Ok(())
}

/// How often each row is there, by its text in a form that is the same for rows that mean the same.
type Counts = HashMap<String, i64>;

fn count(counts: &mut Counts, row: &Value, wanted: Option<&[&str]>, sign: i64) {
    let row = match (row, wanted) {
        (Value::Object(fields), Some(wanted)) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| wanted.contains(&name.as_str()))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
        ),
        _ => row.clone(),
    };
    *counts.entry(canonical(row).to_string()).or_default() += sign;
}

/// Without the last digits of floats, which depend on the order of additions; whole ones as whole numbers.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key, canonical(value))).collect())
        }
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => Value::from(format!("{float:.9e}")),
            None => Value::Number(number),
        },
        other => other,
    }
}

/// The rows that are left when all changes of a file are applied.
fn left(file: &Path, wanted: Option<&[&str]>) -> Result<Counts> {
    let mut counts = Counts::new();
    for line in BufReader::new(File::open(file)?).lines() {
        let change: Value = serde_json::from_str(&line?)?;
        for (side, sign) in [("before", -1), ("after", 1)] {
            if let Some(row) = change.get(side).filter(|row| !row.is_null()) {
                count(&mut counts, row, wanted, sign);
            }
        }
    }
    counts.retain(|_, count| *count != 0);
    Ok(counts)
}

/// The bids of each person.
fn over_all_windows(counts: &Counts) -> Result<Counts> {
    let mut bids: HashMap<i64, i64> = HashMap::new();
    for (row, count) in counts {
        let row: Value = serde_json::from_str(row)?;
        let field = |name| row.get(name).and_then(Value::as_i64).context("a row without its numbers");
        *bids.entry(field("bidder")?).or_default() += count * field("bids")?;
    }
    let row = |(bidder, bids)| (serde_json::json!({ "bidder": bidder, "bids": bids }).to_string(), 1);
    Ok(bids.into_iter().map(row).collect())
}

/// The source's columns.
fn schema() -> Result<SchemaRef> {
    let program = plan("CREATE TABLE nexmark WITH (connector = 'nexmark'); SELECT * FROM nexmark;", 1)?;
    let mut operators = program.nodes.iter().flat_map(|node| &node.chain);
    let source = operators.find(|operator| operator.name == names::SOURCE).context("there is no source")?;
    let config = operators::Connector::decode(source.config.as_slice())?;
    let schema = decode_schema(&config.schema)?;
    let columns = schema.fields().iter().filter(|field| field.name() != "_timestamp").cloned();
    Ok(Arc::new(Schema::new(columns.collect::<Vec<_>>())))
}

/// The events as a table of batch SQL.
async fn batch(temp: &Path) -> Result<SessionContext> {
    let file = temp.join("events");
    let script = format!(
        "CREATE TABLE nexmark WITH (connector = 'nexmark', event_rate = 10000);
         CREATE TABLE events WITH (connector = 'single_file', type = 'sink', path = '{}', format = 'json');
         INSERT INTO events SELECT * FROM nexmark;",
        file.display()
    );
    run(&bounded(&script), 1).await?;
    let reader = arrow::json::ReaderBuilder::new(schema()?).build(BufReader::new(File::open(&file)?))?;
    let rows: Vec<RecordBatch> = reader.collect::<Result<_, _>>()?;
    let rows = arrow::compute::concat_batches(&schema()?, &rows)?;
    ensure!(rows.num_rows() as u64 == events(), "{} events", rows.num_rows());
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    context.register_batch("nexmark", rows)?;
    Ok(context)
}

/// The batch answer to a query.
async fn answer(context: &SessionContext, script: &str, wanted: Option<&[&str]>) -> Result<Counts> {
    let mut counts = Counts::new();
    let statements = script.split(";\n").map(without_comments);
    for statement in statements.filter(|statement| !statement.is_empty() && !statement.starts_with("CREATE TABLE")) {
        let mut rows =
            context.sql(&statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")).await?.execute_stream().await?;
        while let Some(batch) = rows.next().await {
            let batch = plain(&batch?)?;
            let mut text = Vec::new();
            let format = FormatOptions::new(Format::Json(JsonFormat::default()));
            Serializer::new(&format, batch.schema_ref())?.serialize(&batch, &mut text)?;
            for line in String::from_utf8(text)?.lines() {
                count(&mut counts, &serde_json::from_str(line)?, wanted, 1);
            }
        }
    }
    Ok(counts)
}

fn without_comments(statement: &str) -> String {
    let lines: Vec<&str> = statement.lines().filter(|line| !line.starts_with("--")).collect();
    lines.join("\n").trim().trim_end_matches(';').to_string()
}

/// Texts as our sinks know them.
fn plain(batch: &RecordBatch) -> Result<RecordBatch> {
    use arrow::datatypes::DataType;
    let schema = batch.schema();
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (named, column) in schema.fields().iter().zip(batch.columns()) {
        let data_type = match column.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
            other => other.clone(),
        };
        columns.push(arrow::compute::cast(column, &data_type)?);
        fields.push(Field::new(named.name(), data_type, true));
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

async fn check(context: &SessionContext, temp: &Path, path: &Path) -> Result<usize> {
    let name = path.file_stem().and_then(|stem| stem.to_str()).context("it has no name")?;
    let wanted = DETERMINED.iter().find(|(query, _)| *query == name).map(|(_, columns)| *columns);
    let script = std::fs::read_to_string(path)?;
    let out = temp.join(name);
    run(&into_file(&bounded(&script), &out)?, 3).await?;
    let streamed = left(&out, wanted)?;
    std::fs::remove_file(&out)?;
    let written_out = folder("tests/nexmark").join(format!("{name}.sql"));
    let asked = match std::fs::read_to_string(written_out) {
        Ok(instead) => {
            let (views, _) = script.trim_end().rsplit_once("\nSELECT").context("it has no SELECT")?;
            let views = views.split("\nCREATE VIEW counts").next().unwrap_or_default();
            format!("{views};\n{instead}")
        }
        Err(_) => script,
    };
    let expected = answer(context, &asked, wanted).await?;
    let streamed = if IN_PROCESSING_TIME.contains(&name) { over_all_windows(&streamed)? } else { streamed };
    let differs = |(row, count): (&String, &i64)| {
        let other = streamed.get(row).copied().unwrap_or_default();
        (other != *count).then(|| format!("{other} instead of {count}: {row}"))
    };
    let unexpected = streamed
        .iter()
        .filter(|(row, _)| !expected.contains_key(*row))
        .map(|(row, n)| format!("{n} unexpected: {row}"));
    let differences: Vec<String> = expected.iter().filter_map(differs).take(3).chain(unexpected.take(3)).collect();
    ensure!(
        differences.is_empty(),
        "{} different rows instead of {}:\n{}",
        streamed.len(),
        expected.len(),
        differences.join("\n")
    );
    Ok(expected.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nexmark_queries_give_the_answers_of_batch_sql() {
    let temp = tempfile::tempdir().unwrap();
    let context = batch(temp.path()).await.unwrap();
    let queries = std::fs::read_dir(folder("../../examples/nexmark")).unwrap().map(|entry| entry.unwrap().path());
    // A query's table is beside them.
    let mut queries: Vec<PathBuf> = queries.filter(|path| path.extension().is_some_and(|kind| kind == "sql")).collect();
    queries.sort();
    let (mut failures, mut without_rows) = (Vec::new(), Vec::new());
    for path in &queries {
        let began = std::time::Instant::now();
        match check(&context, temp.path(), path).await {
            Ok(rows) => {
                println!("{}: {rows} different rows in {:.1?}", path.display(), began.elapsed());
                if rows == 0 {
                    without_rows.push(path.display().to_string());
                }
            }
            Err(error) => failures.push(format!("{}: {error:#}", path.display())),
        }
    }
    assert!(failures.is_empty(), "{} of {} queries differ\n{}", failures.len(), queries.len(), failures.join("\n"));
    assert!(queries.len() >= 23 && without_rows.len() <= 1, "no rows of {without_rows:?}");
}
