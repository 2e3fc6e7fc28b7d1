//! `arroyo-engine`.
