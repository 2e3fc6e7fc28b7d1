//! `arroyo-formats`.
