//! The command that goes on with a run.

use arroyo_config::{Config, Sources};
use clap::ValueEnum;

use super::state_dir::StateDir;
use crate::cli::RunArgs;
use crate::commands::query::{Query, shell_quoted};

/// The same command line without what was meant for one start only. The number of subtasks is remembered with the state; secrets
/// are typed again, not shown.
pub(crate) fn command(
    args: &RunArgs,
    query: &Query,
    (sources, config): (&Sources, &Config),
    state_dir: &StateDir,
) -> String {
    let mut words = vec!["arroyo".to_string(), "run".to_string()];
    let mut option = |name: &str, value: &str| words.extend([name.to_string(), shell_quoted(value)]);
    if let Some(file) = &sources.config_file {
        option("--config", &file.to_string_lossy());
    }
    if let Some(dir) = &sources.config_dir {
        option("--config-dir", &dir.to_string_lossy());
    }
    for (key, value) in &sources.set {
        option("--set", &format!("{key}={}", if config.is_secret(key) { "*********" } else { value }));
    }
    if let Some(scheduler) = args.scheduler.and_then(|scheduler| scheduler.to_possible_value()) {
        option("--scheduler", scheduler.get_name());
    }
    if let Some(output) = args.output.and_then(|output| output.to_possible_value()) {
        option("--output", output.get_name());
    }
    if args.name != "query" {
        option("--name", &args.name);
    }
    let argument = query.argument.clone().unwrap_or_else(|| "< the-same-query.sql".to_string());
    if !argument.is_empty() {
        // Before the options, where people write it.
        words.insert(2, argument);
    }
    words.join(" ") + &state_dir.option()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn resumed(line: &[&str]) -> String {
        let cli = Cli::parse_from(line);
        let Command::Run(args) = cli.command else { panic!("it runs") };
        let sources =
            Sources { config_file: cli.config, config_dir: cli.config_dir, set: cli.set, ..Sources::default() };
        let query = Query::read(&args.query, None).unwrap();
        let state_dir =
            StateDir::resolve(args.state_dir.as_deref(), None, "/tmp/checkpoints", &args.name, &query.sql).unwrap();
        let set = Sources { set: sources.set.clone(), ..Sources::default() };
        let config = arroyo_config::load(&set).unwrap();
        command(&args, &query, (&sources, &config), &state_dir)
    }

    #[test]
    fn what_the_run_depends_on_is_said_again() {
        let line = [
            "arroyo",
            "--config",
            "my conf.toml",
            "run",
            "-e",
            "SELECT 'it''s'",
            "--set",
            "checkpoint-url=/data/x y",
            "--set",
            "api.auth-mode={type=\"static-api-key\", api-key=\"hush\"}",
            "-n",
            "a b",
            "-s",
            "./my state",
            "-p",
            "3",
            "--scheduler",
            "process",
            "-o",
            "table",
            "--force",
            "--take-over",
        ];
        insta::assert_snapshot!(resumed(&line), @r"arroyo run -e 'SELECT '\''it'\'''\''s'\''' --config 'my conf.toml' --set 'checkpoint-url=/data/x y' --set 'api.auth-mode=*********' --scheduler process --output table --name 'a b' --state-dir './my state'");
        insta::assert_snapshot!(resumed(&["arroyo", "run", "-e", "SELECT 1"]), @"arroyo run -e 'SELECT 1'");
    }
}
