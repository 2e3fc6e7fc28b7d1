//! The `arroyo` command: composes the services of the other crates and holds no logic of theirs.

mod admin;
mod cli;
mod commands;
mod logging;
mod run;
mod services;
mod signals;
mod terminal;
mod test;

use std::process::ExitCode;

use clap::Parser;

// Gives back what is freed, from a thread of its own; glibc keeps it, in an arena for each thread.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("arroyo").build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::error(&format!("cannot start threads: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(commands::execute(cli));
    // Whatever still runs (a second Ctrl-C ended the wait for it) must not hold the process.
    runtime.shutdown_background();
    code
}
