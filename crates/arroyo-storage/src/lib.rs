//! `arroyo-storage`.
