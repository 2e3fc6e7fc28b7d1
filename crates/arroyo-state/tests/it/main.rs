//! State through its public interface: checkpoints, manifests and restores on a storage.

mod corruption;
mod format;
mod lifecycle;
mod model;
mod program;
