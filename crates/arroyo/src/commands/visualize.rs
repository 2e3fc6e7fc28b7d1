//! `arroyo visualize`: the program of a query as a diagram.

use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use arroyo_config::Config;

use super::{EXIT_FAILURE, check};
use crate::cli::VisualizeArgs;
use crate::terminal;

/// Prints the program in Graphviz's language, or draws it with `dot` and opens the picture.
pub(crate) async fn execute(args: &VisualizeArgs, config: &Config) -> ExitCode {
    let plan = match check::plan(&args.query, config, 1) {
        Ok(plan) => plan,
        Err(code) => return code,
    };
    let diagram = arroyo_dataflow::to_dot(&plan.program);
    let outcome =
        if args.open { open(&diagram) } else { terminal::print(&diagram).context("write to standard output") };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::failure(&error);
            ExitCode::from(EXIT_FAILURE)
        }
    }
}

fn open(diagram: &str) -> anyhow::Result<()> {
    let directory = std::env::temp_dir();
    let source = directory.join(format!("arroyo-plan-{}.dot", std::process::id()));
    let picture = source.with_extension("svg");
    std::fs::write(&source, diagram).with_context(|| format!("cannot write {}", source.display()))?;
    let drawn = Command::new("dot")
        .arg("-Tsvg")
        .arg(&source)
        .arg("-o")
        .arg(&picture)
        .status()
        .context("cannot run `dot`; install Graphviz, or leave --open out and paste the diagram elsewhere")?;
    if !drawn.success() {
        bail!("`dot` could not draw {}", source.display());
    }
    terminal::line(&format!("Wrote svg to {}", picture.display()));
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    Command::new(opener).arg(&picture).spawn().with_context(|| format!("cannot run `{opener}`"))?;
    Ok(())
}
