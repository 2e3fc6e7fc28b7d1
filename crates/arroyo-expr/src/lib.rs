//! `arroyo-expr`.
