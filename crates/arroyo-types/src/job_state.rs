//! States of a job and ways to stop it, as users see them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

macro_rules! named_enum {
    ($(#[$doc:meta])* $name:ident, $error:ident, $what:literal, { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in the REST API and the metastore.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[doc = concat!("The text does not name a ", $what, ".")]
        #[derive(Debug, Error)]
        #[error("unknown {} `{}`", $what, .0)]
        pub struct $error(pub String);

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err($error(other.to_string())),
                }
            }
        }
    };
}

named_enum!(
    /// Where a job is in its life.
    JobState, UnknownJobState, "job state", {
        /// Stored, not yet picked up by a controller.
        Created = "Created",
        /// Workers are being started and tasks assigned.
        Scheduling = "Scheduling",
        /// Data flows.
        Running = "Running",
        /// A final checkpoint before a start at another parallelism.
        Rescaling = "Rescaling",
        /// A final checkpoint before a stop.
        CheckpointStopping = "CheckpointStopping",
        /// Tasks and workers are being stopped.
        Stopping = "Stopping",
        /// Stopped on request; can be started again.
        Stopped = "Stopped",
        /// A source has ended; the rest is being drained.
        Finishing = "Finishing",
        /// All input was processed.
        Finished = "Finished",
        /// Being stopped in order to be started again on request.
        Restarting = "Restarting",
        /// Being torn down after a failure, to start again from the last checkpoint.
        Recovering = "Recovering",
        /// Being torn down after a failure that a restart cannot mend.
        Failing = "Failing",
        /// Ended by a failure.
        Failed = "Failed",
    }
);

impl JobState {
    /// Whether the job stays in this state until somebody asks for something.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Stopped | Self::Finished | Self::Failed)
    }
}

named_enum!(
    /// How a pipeline is asked to stop.
    StopMode, UnknownStopMode, "stop mode", {
        /// Not asked to stop: run.
        None = "none",
        /// Take a final checkpoint, then stop.
        Checkpoint = "checkpoint",
        /// Let sources end and drain what is in flight, without a checkpoint.
        Graceful = "graceful",
        /// Stop tasks at once, without a checkpoint.
        Immediate = "immediate",
        /// Kill the workers.
        Force = "force",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for state in JobState::ALL {
            assert_eq!(state.as_str().parse::<JobState>().ok(), Some(*state));
        }
        assert_eq!("nap".parse::<StopMode>().map_err(|e| e.to_string()), Err("unknown stop mode `nap`".into()));
    }
}
