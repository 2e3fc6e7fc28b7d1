//! An S3 server that nobody here wrote, for tests.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services/s3");

/// A running `scripts/services/s3`.
#[derive(Debug)]
pub struct S3Server {
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

impl S3Server {
    /// The one server of this process.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn shared() -> io::Result<&'static Self> {
        static SERVER: OnceLock<S3Server> = OnceLock::new();
        static STARTING: Mutex<()> = Mutex::new(());
        let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        match SERVER.get() {
            Some(server) => Ok(server),
            None => {
                let mut child = Command::new(SCRIPT)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::inherit())
                    .spawn()?;
                let stdout = child.stdout.take().ok_or_else(|| io::Error::other("its output is not piped"))?;
                let facts = facts(stdout)?;
                Ok(SERVER.get_or_init(|| Self { facts, place: Place::Child(child) }))
            }
        }
    }

    /// A server whose data and logs are in `directory`; [`S3Server::kill`] and [`S3Server::start_again`] work on it.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_in(directory: &Path) -> io::Result<Self> {
        Ok(Self { facts: start(directory, None)?, place: Place::Directory(directory.to_path_buf()) })
    }

    /// Kills a server of [`S3Server::start_in`].
    ///
    /// # Errors
    ///
    /// The script cannot be run.
    pub fn kill(&self) -> io::Result<()> {
        match &self.place {
            Place::Child(_) => Err(io::Error::other("the shared server is not killed")),
            Place::Directory(directory) => Command::new(SCRIPT).arg("stop").arg(directory).status().map(drop),
        }
    }

    /// Starts a killed server with its data at its address.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_again(&self) -> io::Result<()> {
        self.start_again_with(self.fact("secret_access_key"))
    }

    /// As [`S3Server::start_again`], with a secret key that clients do not know.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_again_with(&self, secret: &str) -> io::Result<()> {
        match &self.place {
            Place::Child(_) => Err(io::Error::other("the shared server runs")),
            Place::Directory(directory) => start(directory, Some(secret)).map(drop),
        }
    }

    fn fact(&self, key: &str) -> &str {
        self.facts.get(key).map(String::as_str).unwrap_or_default()
    }

    /// The one bucket there is.
    pub fn bucket(&self) -> &str {
        self.fact("bucket")
    }

    /// The URL of a place in the bucket.
    pub fn url(&self, path: &str) -> String {
        format!("s3::{}/{}/{path}", self.fact("endpoint"), self.bucket())
    }

    /// Credentials for [`crate::Storage::open_with`].
    pub fn settings(&self) -> BTreeMap<String, String> {
        self.environment().into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect()
    }

    /// Credentials for the environment of a process.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("AWS_ACCESS_KEY_ID", self.fact("access_key_id").to_string()),
            ("AWS_SECRET_ACCESS_KEY", self.fact("secret_access_key").to_string()),
            ("AWS_REGION", self.fact("region").to_string()),
        ]
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Runs `start` to its end. The server's own outputs go to its log, so the pipe closes.
fn start(directory: &Path, secret: Option<&str>) -> io::Result<BTreeMap<String, String>> {
    let mut command = Command::new(SCRIPT);
    command.arg("start").arg(directory).stdin(Stdio::null()).stderr(Stdio::inherit());
    command.envs(secret.map(|secret| ("S3_SECRET", secret)));
    facts(command.output()?.stdout.as_slice())
}

/// Lines of `key=value`, up to the last one that the script prints.
fn facts(output: impl Read) -> io::Result<BTreeMap<String, String>> {
    let mut facts = BTreeMap::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some((key, value)) = line.split_once('=') {
            facts.insert(key.to_string(), value.to_string());
        }
        if line.starts_with("region=") {
            return Ok(facts);
        }
    }
    Err(io::Error::other(format!("{SCRIPT} did not start a server")))
}
