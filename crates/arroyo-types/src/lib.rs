//! The vocabulary every other crate shares: ids, event time, epochs, key ranges, kinds of error.
//!
//! This crate has no heavy dependency and does no I/O, so that everything else can build on it.

mod clock;
mod epoch;
mod error_kind;
mod event_time;
mod hash;
mod ids;
mod job_state;
mod key_range;
mod random;
mod stream_fields;
mod task;

pub use clock::{Clock, ManualClock, SystemClock};
pub use epoch::{Epoch, Generation};
pub use error_kind::{ErrorDomain, ErrorKind};
pub use event_time::EventTime;
pub use hash::{HASH_VERSION, KeyHasher};
pub use ids::{
    CheckpointId, ConnectionProfileId, ConnectionTableId, JobId, JobLogId, NodeId, OperatorId, PipelineId, WorkerId,
};
pub use job_state::{JobState, StopMode, UnknownJobState, UnknownStopMode};
pub use key_range::KeyRange;
pub use random::Random;
pub use stream_fields::{CHANGE_FIELD, TIMESTAMP_FIELD};
pub use task::TaskId;
