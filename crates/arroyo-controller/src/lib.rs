//! `arroyo-controller`.
