//! `arroyo-api`.
