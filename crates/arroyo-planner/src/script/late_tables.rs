//! The tables that `LATE ROWS INTO` names.

use std::sync::Arc;

use datafusion::sql::sqlparser::ast;

use super::LateTable;
use super::builder::{Builder, Target, only_written_columns};
use super::default_sink::preview;
use crate::query::late_tables;
use crate::request::SinkMode;
use crate::statement::Spanned;
use crate::{Diagnostic, codes};

impl Builder<'_> {
    /// Remembers the tables that take late rows of `query`, and where they write.
    pub(super) fn note_late_tables(&mut self, query: &ast::Query) -> Result<(), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        for table in late_tables(query) {
            if self.catalog.is_broken(&table.node) {
                continue;
            }
            match self.late_table(&table) {
                Ok(found) => {
                    self.catalog.mark_used(&table.node);
                    self.script.late_tables.push(found);
                }
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn late_table(&self, table: &Spanned<String>) -> Result<LateTable, Vec<Diagnostic>> {
        let Target::Table(def) = self.target(table).map_err(|fault| vec![fault])? else {
            let message = format!("`{}` is a memory table, which cannot take late rows", table.node);
            return Err(vec![
                Diagnostic::error(&codes::LATE_ROWS, message).at(table.span).help("use a table with a connector"),
            ]);
        };
        if def.columns.is_empty() {
            let message = format!("`{}` lists no columns, so it is not known what of late rows it takes", table.node);
            return Err(vec![
                Diagnostic::error(&codes::LATE_ROWS, message)
                    .at(table.span)
                    .help("list those columns of the aggregated rows in CREATE TABLE that are wanted"),
            ]);
        }
        only_written_columns(table, &def)?;
        let mut sinks = Vec::new();
        if self.request.sinks != SinkMode::PreviewOnly {
            sinks.push(Arc::clone(&def));
        }
        if self.request.sinks != SinkMode::AsWritten {
            sinks.push(preview(&def.name, def.columns.clone())?);
        }
        Ok(LateTable { name: def.name.clone(), sinks, updating_ttl_nanos: self.updating_ttl_nanos })
    }
}
