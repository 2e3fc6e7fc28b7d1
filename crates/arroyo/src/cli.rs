//! What can be typed.

pub(crate) mod state;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Stream processing in SQL: one binary on a laptop, a cluster in production, the same code.
#[derive(Debug, Parser)]
#[command(name = "arroyo", version, propagate_version = true)]
pub(crate) struct Cli {
    /// A configuration file (TOML, or YAML or JSON by its extension).
    #[arg(short, long, global = true, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,

    /// A directory whose *.toml and *.yaml files are merged over the configuration file.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) config_dir: Option<PathBuf>,

    /// Sets one key of the configuration, over files and environment (can be repeated).
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub(crate) set: Vec<(String, String)>,

    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Subcommands: one file each in `commands/`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a query in a local cluster inside this process, until it ends or Ctrl-C.
    Run(RunArgs),
    /// Check a query and print what is wrong with it.
    Check(QueryArgs),
    /// Run pipelines on given rows and compare what they write with what is expected.
    Test(TestArgs),
    /// Print how a query will be executed.
    Explain(ExplainArgs),
    /// Print the program of a query as a diagram.
    Visualize(VisualizeArgs),
    /// Start API and controller in one process.
    Cluster,
    /// Start the API.
    Api,
    /// Start the controller.
    Controller,
    /// Start a worker; schedulers do this, with a job's coordinates in the environment.
    Worker,
    /// Look at the state of pipelines, and move it between directories and clusters.
    State(state::StateArgs),
    /// Bring the metadata database's schema up to date.
    Migrate(MigrateArgs),
}

impl Command {
    /// Its name on the command line, and that of the service in logs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Run(_) => "run",
            Self::Check(_) => "check",
            Self::Test(_) => "test",
            Self::Explain(_) => "explain",
            Self::Visualize(_) => "visualize",
            Self::Cluster => "cluster",
            Self::Api => "api",
            Self::Controller => "controller",
            Self::Worker => "worker",
            Self::State(_) => "state",
            Self::Migrate(_) => "migrate",
        }
    }
}

/// Where a query comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct QueryArgs {
    /// A file with SQL, or `-` for standard input.
    #[arg(value_name = "QUERY")]
    pub(crate) file: Option<PathBuf>,

    /// The SQL itself.
    #[arg(short, long, value_name = "SQL", conflicts_with = "file", allow_hyphen_values = true)]
    pub(crate) execute: Option<String>,

    /// The value of a parameter `:NAME` of the query (can be repeated).
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub(crate) params: Vec<(String, String)>,
}

/// `arroyo run`.
#[derive(Debug, Clone, Args)]
pub(crate) struct RunArgs {
    /// The query; without one `run.query` of the configuration, else standard input.
    #[command(flatten)]
    pub(crate) query: QueryArgs,

    /// The pipeline's name.
    #[arg(short, long, default_value = "query")]
    pub(crate) name: String,

    /// Where metadata and checkpoints live; the same directory goes on where it was.
    #[arg(short, long, value_name = "DIR_OR_URL")]
    pub(crate) state_dir: Option<String>,

    /// How many subtasks each step has; when resuming, the number to go on with.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) parallelism: Option<u32>,

    /// What starts workers.
    #[arg(long, value_enum)]
    pub(crate) scheduler: Option<Scheduler>,

    /// Go on without asking: drop state that the query has no operator for, and savepoints of a finished run that begins anew; take
    /// the state directory over from a runner that may still live.
    #[arg(short, long)]
    pub(crate) force: bool,

    /// Only take the state directory over from a runner that may still live, without waiting for its lease to end; no state is lost.
    #[arg(long)]
    pub(crate) take_over: bool,

    /// Go back to this checkpoint of the state directory, or to a savepoint; it is kept from then on.
    #[arg(long, value_name = "EPOCH")]
    pub(crate) from_checkpoint: Option<u64>,

    /// How rows of a bare SELECT are printed.
    #[arg(short, long, value_enum)]
    pub(crate) output: Option<Output>,

    /// Run it in a cluster that is up already: the URL of its API, such as http://localhost:5115.
    #[arg(long, value_name = "URL", conflicts_with_all = ["state_dir", "scheduler", "force", "take_over", "output", "from_checkpoint"])]
    pub(crate) endpoint: Option<String>,

    /// What the first Ctrl-C means for a pipeline in another cluster; without it the terminal is asked, and where there is none
    /// the pipeline is left running.
    #[arg(long, value_enum, requires = "endpoint")]
    pub(crate) on_interrupt: Option<OnInterrupt>,
}

impl RunArgs {
    /// Whether a runner that may live is replaced.
    pub(crate) fn takes_over(&self) -> bool {
        self.take_over || self.force
    }
}

/// What Ctrl-C means for a pipeline in another cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnInterrupt {
    /// It is stopped with a final checkpoint.
    Stop,
    /// It runs on.
    Leave,
}

/// Schedulers of `arroyo run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheduler {
    /// Workers run inside this process.
    Embedded,
    /// Workers are child processes.
    Process,
}

/// Forms of printed rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// One JSON object a line.
    Json,
    /// Aligned columns with a header.
    Table,
    /// Comma-separated values with a header.
    Csv,
}

/// `arroyo test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Tests: files NAME.test.sql, folders with a query.sql, or folders with tests somewhere below.
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Write down what the pipelines write as what is expected of them.
    #[arg(long)]
    pub(crate) update: bool,

    /// How many subtasks each step has, instead of what a test says.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) parallelism: Option<u32>,

    /// Seconds after which a test has failed.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,

    /// Write the outcomes as JUnit XML, for CI.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

/// `arroyo explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The query.
    #[command(flatten)]
    pub(crate) query: QueryArgs,

    /// How many subtasks each step has.
    #[arg(short, long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) parallelism: u32,

    /// How the physical plan is drawn.
    #[arg(long, value_enum, default_value = "tree")]
    pub(crate) format: ExplainFormat,
}

/// Drawings of a physical plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// All three plans as indented text.
    Tree,
    /// The physical plan in Graphviz's language.
    Dot,
    /// The physical plan as a Mermaid flow chart.
    Mermaid,
}

/// `arroyo visualize`.
#[derive(Debug, Args)]
pub(crate) struct VisualizeArgs {
    /// The query.
    #[command(flatten)]
    pub(crate) query: QueryArgs,

    /// Open the diagram in a browser (needs `dot` of Graphviz).
    #[arg(short, long)]
    pub(crate) open: bool,
}

/// `arroyo migrate`.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// How long to wait for the database to come up.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_string(), value.trim().to_string())),
        _ => Err("write it as key=value, such as --set pipeline.source-batch-size=1000".to_string()),
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_string(), value.to_string())),
        _ => Err("write it as name=value, such as --param least=100".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_are_keys_and_values() {
        assert_eq!(key_and_value("a.b = c=d"), Ok(("a.b".into(), "c=d".into())));
        assert!(key_and_value("a.b").is_err() && key_and_value("=1").is_err());
    }
}
