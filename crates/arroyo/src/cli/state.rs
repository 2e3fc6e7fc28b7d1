//! What can be typed after `arroyo state`.

use clap::{Args, Subcommand, ValueEnum};

/// `arroyo state`.
#[derive(Debug, Args)]
pub(crate) struct StateArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: StateCommand,
}

/// Subcommands: one file each in `commands/state/`.
#[derive(Debug, Subcommand)]
pub(crate) enum StateCommand {
    /// List the jobs and checkpoints in a directory.
    List(ListArgs),
    /// Show the operators and tables of a checkpoint: sizes, rows, ranges of keys and times.
    Inspect(InspectArgs),
    /// Read every file of every checkpoint and check it against its checksum; exit code 1 if one is damaged.
    Verify(VerifyArgs),
    /// Query a table of the state with SQL.
    Query(QueryArgs),
    /// Let go of a savepoint: it is collected as any checkpoint.
    Release(ReleaseArgs),
    /// Copy a pipeline with its state from the configured cluster into a directory for `arroyo run`.
    Export(ExportArgs),
    /// Copy a pipeline with its state from a directory of `arroyo run` into the configured cluster.
    Import(ImportArgs),
}

/// A directory with state.
#[derive(Debug, Args)]
pub(crate) struct DirArgs {
    /// A state directory, a checkpoint directory of a cluster, or one job's directory in them; a path or a URL.
    #[arg(value_name = "DIR_OR_URL")]
    pub(crate) dir: String,

    /// Only this job.
    #[arg(long, value_name = "ID")]
    pub(crate) job: Option<String>,
}

/// `arroyo state list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Where.
    #[command(flatten)]
    pub(crate) dir: DirArgs,

    /// How it is printed.
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Form,
}

/// `arroyo state inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Where.
    #[command(flatten)]
    pub(crate) dir: DirArgs,

    /// Which checkpoint; without it the newest.
    #[arg(long, value_name = "N")]
    pub(crate) epoch: Option<u64>,

    /// How it is printed.
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Form,
}

/// `arroyo state verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Where.
    #[command(flatten)]
    pub(crate) dir: DirArgs,
}

/// `arroyo state query`.
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// Where.
    #[command(flatten)]
    pub(crate) dir: DirArgs,

    /// OPERATOR.TABLE, where OPERATOR is an operator's id or a part of its description; or only the table's name.
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,

    /// The query, in which the table is named `state`.
    #[arg(value_name = "SQL", default_value = "SELECT * FROM state")]
    pub(crate) sql: String,

    /// Which checkpoint; without it the newest.
    #[arg(long, value_name = "N")]
    pub(crate) epoch: Option<u64>,
}

/// `arroyo state release`.
#[derive(Debug, Args)]
pub(crate) struct ReleaseArgs {
    /// Where.
    #[command(flatten)]
    pub(crate) dir: DirArgs,

    /// The savepoint.
    #[arg(value_name = "EPOCH")]
    pub(crate) epoch: u64,
}

/// `arroyo state export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The pipeline's id or name; it must be Stopped, Finished or Failed.
    #[arg(value_name = "PIPELINE")]
    pub(crate) pipeline: String,

    /// A new or empty directory.
    #[arg(value_name = "DIR")]
    pub(crate) dir: String,
}

/// `arroyo state import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// A state directory of `arroyo run` that nobody runs.
    #[arg(value_name = "DIR")]
    pub(crate) dir: String,

    /// The pipeline's name in the cluster, if not the one it has.
    #[arg(short, long)]
    pub(crate) name: Option<String>,
}

/// Forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}
