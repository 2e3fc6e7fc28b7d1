//! Typed ids.

use rand::Rng;
use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH: usize = 10;

fn random_id(prefix: &str) -> String {
    let mut rng = rand::rng();
    let random = (0..RANDOM_LENGTH)
        .filter_map(|_| ALPHABET.get(rng.random_range(0..ALPHABET.len())))
        .map(|byte| char::from(*byte));
    std::iter::once('_').chain(random).fold(prefix.to_string(), |mut id, c| {
        id.push(c);
        id
    })
}

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_string())
            }
        }
    };
}

macro_rules! random_string_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        string_id!($(#[$doc])* $name);

        impl $name {
            /// A new random id.
            pub fn random() -> Self {
                Self(random_id($prefix))
            }
        }
    };
}

random_string_id!(
    /// A pipeline: `pl_` and ten letters or digits.
    PipelineId, "pl"
);
random_string_id!(
    /// A job, one execution of a pipeline: `job_…`.
    JobId, "job"
);
random_string_id!(
    /// A row of the checkpoint index: `chk_…`.
    CheckpointId, "chk"
);
random_string_id!(
    /// A stored connection profile: `cp_…`.
    ConnectionProfileId, "cp"
);
random_string_id!(
    /// A stored connection table: `ct_…`.
    ConnectionTableId, "ct"
);
random_string_id!(
    /// A message in a job's log: `jlm_…`.
    JobLogId, "jlm"
);
string_id!(
    /// A stable id of an operator: depends on what the operator does and reads, not on where it stands.
    OperatorId
);

/// A node (a chain of operators) within one program: its index there, so not stable across programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u32);

impl std::fmt::Display for NodeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A worker process (or in-process worker).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkerId(pub u64);

impl std::fmt::Display for WorkerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_prefix_and_differ() {
        let id = PipelineId::random();
        assert!(id.as_str().starts_with("pl_") && id.as_str().len() == 13, "{id}");
        assert_ne!(id, PipelineId::random());
    }
}
