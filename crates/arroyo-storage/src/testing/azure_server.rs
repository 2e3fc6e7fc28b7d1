//! A server of Azure's Blob Storage that nobody here wrote, for tests.

use std::collections::BTreeMap;
use std::io;

use super::service::{Script, Service, Shared};

const SCRIPT: Script =
    Script { path: concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services/azure"), last_fact: "container" };

/// A running `scripts/services/azure`.
#[derive(Debug)]
pub struct AzureServer(Service);

impl AzureServer {
    /// The one server of this process.
    ///
    /// # Errors
    ///
    /// The server did not start: what the script said.
    pub fn shared() -> io::Result<&'static Self> {
        static SERVER: Shared<AzureServer> = Shared::new();
        SERVER.get_or_run(SCRIPT, Self)
    }

    /// The one container there is.
    pub fn container(&self) -> &str {
        self.0.fact("container")
    }

    /// The URL of a place in the container, as it would be at Azure's own address.
    pub fn url(&self, path: &str) -> String {
        format!("abfss://{}@{}.dfs.core.windows.net/{path}", self.container(), self.0.fact("account"))
    }

    /// Credentials and address for [`crate::Storage::open_with`].
    pub fn settings(&self) -> BTreeMap<String, String> {
        self.environment().into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect()
    }

    /// Credentials and address for the environment of a process.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        let endpoint = format!("{}/{}", self.0.fact("endpoint"), self.0.fact("account"));
        [("AZURE_STORAGE_ACCOUNT_KEY", self.0.fact("account_key").to_string()), ("AZURE_STORAGE_ENDPOINT", endpoint)]
    }

    /// The same in the way of Microsoft's own tools for Azurite, for URLs `az://container/path`.
    pub fn emulator_environment(&self) -> [(&'static str, String); 4] {
        [
            ("AZURE_STORAGE_USE_EMULATOR", "true".to_string()),
            ("AZURITE_BLOB_STORAGE_URL", self.0.fact("endpoint").to_string()),
            ("AZURE_STORAGE_ACCOUNT_NAME", self.0.fact("account").to_string()),
            ("AZURE_STORAGE_ACCOUNT_KEY", self.0.fact("account_key").to_string()),
        ]
    }
}
