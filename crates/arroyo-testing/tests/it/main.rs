//! The engine's answers: golden cases.

mod golden_sql;
