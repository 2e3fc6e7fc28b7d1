//! A query under construction.

use super::data::Column;

/// A `SELECT` in both dialects.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// In streaming SQL.
    pub(super) stream: String,
    /// In batch SQL.
    pub(super) batch: String,
    /// What it gives.
    pub(super) columns: Vec<Column>,
    /// The column that holds the event time of each row, of streams that are never taken back.
    pub(super) time: Option<String>,
    /// The column that holds the start of the window that each row is a result of.
    pub(super) window_start: Option<String>,
}

impl Relation {
    /// The same text in both dialects, over the relations that `{0}`, `{1}` … stand for.
    pub(super) fn derived(template: &str, inputs: &[&Relation], columns: Vec<Column>) -> Self {
        let fill = |text: fn(&Relation) -> &str| {
            inputs.iter().enumerate().fold(template.to_string(), |filled, (index, input)| {
                filled.replace(&format!("{{{index}}}"), &format!("({})", text(input)))
            })
        };
        Self {
            stream: fill(|relation| &relation.stream),
            batch: fill(|relation| &relation.batch),
            columns,
            time: None,
            window_start: None,
        }
    }
}
