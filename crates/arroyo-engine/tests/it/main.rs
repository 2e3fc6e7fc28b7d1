//! Programs run as they should: within one engine, and over TCP between two.

#[cfg(test)]
mod checkpoints;
#[cfg(test)]
mod components;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod prefetches;
