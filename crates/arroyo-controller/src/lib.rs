//! The controller: owns every job's life, coordinates its checkpoints, and has schedulers start its workers.
//!
//! [`ControllerServer`] serves the `Controller` gRPC service and runs one *driver* per job. A driver wakes when the metastore
//! announces a change or a worker reports something, asks the pure state machine (`machine`) what follows, and does it.
//! The manifests in a job's state directory decide where a job resumes; the metastore only indexes them.
//!
//! What users can expect of a job that has ended: a *Stopped* one starts again when its pipeline's `stop` becomes `none`;
//! a *Failed* or *Finished* one starts again on a restart, or when `stop` becomes `none` after having been something else.
//! A restart of a pipeline that is asked to stop has no effect until `stop` is `none` again.

mod assignment;
mod checkpoint;
mod driver;
mod error;
mod fence;
mod jobs;
mod machine;
mod metrics;
mod options;
mod output;
mod removals;
mod rpc;
mod schedulers;
mod service;
mod supervisor;

pub use error::ControllerError;
pub use fence::{Fence, FenceError, NoFence};
pub use metrics::ControllerMetrics;
pub use schedulers::{EmbeddedWorkers, WorkerHandle, WorkerOptions};
pub use service::{ControllerServer, ControllerServices};
