//! The controller over real gRPC, with workers that the tests play.

mod cluster;
mod coordination;
mod lifecycle;
mod mock_worker;
