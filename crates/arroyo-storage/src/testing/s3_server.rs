//! An S3 server that nobody here wrote, for tests.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::service::{Script, Service, Shared};

const SCRIPT: Script =
    Script { path: concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services/s3"), last_fact: "region" };

/// A running `scripts/services/s3`.
#[derive(Debug)]
pub struct S3Server(Service);

impl S3Server {
    /// The one server of this process.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn shared() -> io::Result<&'static Self> {
        static SERVER: Shared<S3Server> = Shared::new();
        SERVER.get_or_run(SCRIPT, Self)
    }

    /// A server whose data and logs are in `directory`; [`S3Server::kill`] and [`S3Server::start_again`] work on it.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_in(directory: &Path) -> io::Result<Self> {
        Service::start_in(SCRIPT, directory).map(Self)
    }

    /// Kills a server of [`S3Server::start_in`].
    ///
    /// # Errors
    ///
    /// The script cannot be run.
    pub fn kill(&self) -> io::Result<()> {
        self.0.kill()
    }

    /// Starts a killed server with its data at its address.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_again(&self) -> io::Result<()> {
        self.start_again_with(self.0.fact("secret_access_key"))
    }

    /// As [`S3Server::start_again`], with a secret key that clients do not know.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_again_with(&self, secret: &str) -> io::Result<()> {
        self.0.start_again(Some(("S3_SECRET", secret)))
    }

    /// The one bucket there is.
    pub fn bucket(&self) -> &str {
        self.0.fact("bucket")
    }

    /// The URL of a place in the bucket.
    pub fn url(&self, path: &str) -> String {
        format!("s3::{}/{}/{path}", self.0.fact("endpoint"), self.bucket())
    }

    /// Credentials for [`crate::Storage::open_with`].
    pub fn settings(&self) -> BTreeMap<String, String> {
        self.environment().into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect()
    }

    /// Credentials for the environment of a process.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("AWS_ACCESS_KEY_ID", self.0.fact("access_key_id").to_string()),
            ("AWS_SECRET_ACCESS_KEY", self.0.fact("secret_access_key").to_string()),
            ("AWS_REGION", self.0.fact("region").to_string()),
        ]
    }
}
