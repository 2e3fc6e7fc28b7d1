//! `arroyo-connectors`.
