//! gRPC between controller, workers and API.

mod convert;
mod row_totals;
mod transport;
pub mod worker_process;

pub use row_totals::RowTotals;
pub use transport::{channel, incoming};

/// Generated messages, clients and servers (see `proto/rpc.proto` for what each one means).
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated code; the documentation is in the .proto file")]
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/arroyo.rpc.rs"));
}
