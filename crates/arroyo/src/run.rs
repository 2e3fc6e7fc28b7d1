//! The local cluster of `arroyo run`: the services of a production cluster in one process, around one state directory.
//!
//! [`cluster::LocalCluster::start`] is the sequence; each step is a function of its own in the file of its name.

pub(crate) mod analysis;
pub(crate) mod backups;
pub(crate) mod cluster;
pub(crate) mod durability;
pub(crate) mod follow;
pub(crate) mod lease;
mod local_settings;
pub(crate) mod maybe_local_db;
pub(crate) mod private_dir;
pub(crate) mod progress;
pub(crate) mod query_change;
pub(crate) mod reconcile;
pub(crate) mod remote;
pub(crate) mod reports;
pub(crate) mod resume;
pub(crate) mod rows;
pub(crate) mod session;
pub(crate) mod state_dir;
pub(crate) mod status_line;
pub(crate) mod submission;
pub(crate) mod warnings;
