//! Servers of `scripts/services`, for tests.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A running script of `scripts/services`.
#[derive(Debug)]
pub(super) struct Service {
    script: Script,
    facts: BTreeMap<String, String>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// It ends when its standard input is closed, so with this process at the latest.
    Child(#[expect(dead_code, reason = "holds the pipe open")] Child),
    /// Its data outlast it.
    Directory(PathBuf),
}

/// A script that starts and stops a server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Script {
    pub(super) path: &'static str,
    /// The last of the facts that it prints.
    pub(super) last_fact: &'static str,
}

/// The one server of its kind in this process, started when it is first wanted.
pub(super) struct Shared<T> {
    server: OnceLock<T>,
    starting: Mutex<()>,
}

impl<T> Shared<T> {
    pub(super) const fn new() -> Self {
        Self { server: OnceLock::new(), starting: Mutex::new(()) }
    }

    pub(super) fn get_or_run(&self, script: Script, server: impl FnOnce(Service) -> T) -> io::Result<&T> {
        let _starting = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = self.server.get() {
            return Ok(server);
        }
        let service = Service::run(script)?;
        Ok(self.server.get_or_init(|| server(service)))
    }
}

impl Service {
    /// A server that ends with this process.
    fn run(script: Script) -> io::Result<Self> {
        let mut command = Command::new(script.path);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("its output is not piped"))?;
        let facts = script.facts(stdout)?;
        Ok(Self { script, facts, place: Place::Child(child) })
    }

    /// A server whose data and logs are in `directory`.
    pub(super) fn start_in(script: Script, directory: &Path) -> io::Result<Self> {
        let facts = script.start(directory, None)?;
        Ok(Self { script, facts, place: Place::Directory(directory.to_path_buf()) })
    }

    pub(super) fn kill(&self) -> io::Result<()> {
        match &self.place {
            Place::Child(_) => Err(io::Error::other("the shared server is not killed")),
            Place::Directory(directory) => Command::new(self.script.path).arg("stop").arg(directory).status().map(drop),
        }
    }

    /// Starts a killed server with its data at its address; `variable` is for the script's environment.
    pub(super) fn start_again(&self, variable: Option<(&str, &str)>) -> io::Result<()> {
        match &self.place {
            Place::Child(_) => Err(io::Error::other("the shared server runs")),
            Place::Directory(directory) => self.script.start(directory, variable).map(drop),
        }
    }

    pub(super) fn fact(&self, key: &str) -> &str {
        self.facts.get(key).map(String::as_str).unwrap_or_default()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

impl Script {
    /// Runs `start` to its end. The server's own outputs go to its log, so the pipe closes.
    fn start(self, directory: &Path, variable: Option<(&str, &str)>) -> io::Result<BTreeMap<String, String>> {
        let mut command = Command::new(self.path);
        command.arg("start").arg(directory).stdin(Stdio::null()).stderr(Stdio::inherit()).envs(variable);
        self.facts(command.output()?.stdout.as_slice())
    }

    /// Lines of `key=value`, up to the last one that the script prints.
    fn facts(self, output: impl Read) -> io::Result<BTreeMap<String, String>> {
        let mut facts = BTreeMap::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            let Some((key, value)) = line.split_once('=') else { continue };
            facts.insert(key.to_string(), value.to_string());
            if key == self.last_fact {
                return Ok(facts);
            }
        }
        Err(io::Error::other(format!("{} did not start a server", self.path)))
    }
}
