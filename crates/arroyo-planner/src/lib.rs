//! `arroyo-planner`.
