//! The metadata database.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Secret;

/// The metadata database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Database {
    /// Which one is used.
    #[serde(rename = "type")]
    pub kind: DatabaseType,
    /// SQLite.
    pub sqlite: Sqlite,
    /// PostgreSQL.
    pub postgres: Postgres,
}

/// Which database is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatabaseType {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// SQLite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sqlite {
    /// The file; made if it is not there.
    pub path: PathBuf,
}

/// PostgreSQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Postgres {
    /// The database.
    pub database_name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The user's password.
    pub password: Secret,
    /// The schema that holds our tables: letters, digits and `_`.
    pub schema: String,
    /// TLS.
    pub tls: PostgresTls,
}

/// TLS to PostgreSQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PostgresTls {
    /// How the server is trusted.
    pub mode: PostgresTlsMode,
    /// The authority's certificates, for `ca-cert`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
}

/// How the PostgreSQL server is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostgresTlsMode {
    /// No TLS.
    NoTls,
    /// TLS without looking at the certificate.
    SkipVerification,
    /// The system's authorities.
    SystemRoots,
    /// The authority in `path`.
    CaCert,
}
