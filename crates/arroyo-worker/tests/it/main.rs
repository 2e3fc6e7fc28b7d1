//! Workers speak gRPC with a controller that a test plays.

#[cfg(test)]
mod components;
#[cfg(test)]
mod controller;
#[cfg(test)]
mod lifecycle;
