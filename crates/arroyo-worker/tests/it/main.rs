//! Workers speak gRPC with a controller that a test plays.

mod components;
mod controller;
mod lifecycle;
