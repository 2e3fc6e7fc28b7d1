//! `arroyo-config`.
