//! `arroyo-openapi`.
