//! A server of Google Cloud Storage's XML interface, for tests.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::service::{Script, Service, Shared};

const SCRIPT: Script =
    Script { path: concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services/gcs"), last_fact: "bucket" };

/// A key with which the client asks nobody for a token.
const NO_OAUTH: &str = r#"{"disable_oauth": true, "client_email": "", "private_key": "", "private_key_id": ""}"#;

/// A running `scripts/services/gcs`.
#[derive(Debug)]
pub struct GcsServer(Service);

impl GcsServer {
    /// The one server of this process.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn shared() -> io::Result<&'static Self> {
        static SERVER: Shared<GcsServer> = Shared::new();
        SERVER.get_or_run(SCRIPT, Self)
    }

    /// A server whose data and logs are in `directory`; [`GcsServer::kill`] and [`GcsServer::start_again_with`] work on it.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_in(directory: &Path) -> io::Result<Self> {
        Service::start_in(SCRIPT, directory).map(Self)
    }

    /// Kills a server of [`GcsServer::start_in`].
    ///
    /// # Errors
    ///
    /// The script cannot be run.
    pub fn kill(&self) -> io::Result<()> {
        self.0.kill()
    }

    /// Starts a killed server with its data at its address; it hands out `token` and refuses the ones of before.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn start_again_with(&self, token: &str) -> io::Result<()> {
        self.0.start_again(Some(("GCS_TOKEN", token)))
    }

    /// The one bucket there is.
    pub fn bucket(&self) -> &str {
        self.0.fact("bucket")
    }

    /// The URL of a place in the bucket.
    pub fn url(&self, path: &str) -> String {
        format!("gs://{}/{path}", self.bucket())
    }

    /// The address for [`crate::Storage::open_with`], without credentials.
    pub fn settings(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("google_base_url".to_string(), self.0.fact("endpoint").to_string()),
            ("google_service_account_key".to_string(), NO_OAUTH.to_string()),
        ])
    }

    /// The address for the environment of a process, and where it gets tokens as machines of Google do.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("GOOGLE_BASE_URL", self.0.fact("endpoint").to_string()),
            ("GCE_METADATA_HOST", self.0.fact("metadata").to_string()),
        ]
    }
}
