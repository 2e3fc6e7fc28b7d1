//! `arroyo-testing`.
