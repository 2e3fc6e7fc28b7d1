//! The REST API, and what other HTTP servers share with it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Secret;

/// The REST API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Api {
    /// The address it listens on.
    pub bind_address: String,
    /// Its port; 0: any free one.
    pub http_port: u16,
    /// Its port in `arroyo run`; any free one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_http_port: Option<u16>,
    /// Who may call it.
    pub auth_mode: AuthMode,
    /// Which web pages may call it.
    pub cors: Cors,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// Who may call an HTTP server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum AuthMode {
    /// Everybody who can reach it.
    None,
    /// Who has a certificate of this authority.
    Mtls {
        /// The authority's certificates.
        #[serde(skip_serializing_if = "Option::is_none")]
        ca_cert_file: Option<PathBuf>,
    },
    /// Who sends `Authorization: Bearer <key>`.
    StaticApiKey {
        /// The key.
        api_key: Secret,
    },
}

/// Which web pages may call the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cors {
    /// Every page, or those listed.
    pub origin_policy: OriginPolicy,
    /// `scheme://host[:port]` of pages.
    pub allowed_origins: Vec<String>,
    /// Whether pages may send credentials.
    pub allow_credentials: bool,
}

/// Every page, or those listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OriginPolicy {
    /// Every page.
    Any,
    /// Pages in `allowed-origins`.
    AllowList,
}

/// TLS of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tls {
    /// Whether it is used.
    #[serde(default)]
    pub enabled: bool,
    /// The service's certificate (PEM).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_file: Option<PathBuf>,
    /// The service's key (PEM).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// The authority whose certificates clients must have (PEM).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mtls_ca_file: Option<PathBuf>,
}
