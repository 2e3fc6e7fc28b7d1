//! `arroyo-worker`.
