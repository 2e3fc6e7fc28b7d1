//! Records → columns.

use super::record::Fields;
use crate::CsvFormat;
use crate::column::{Columns, Fault, Values};
use crate::json::decode_nested;

/// Decodes records, knowing which field belongs to which column.
#[derive(Debug)]
pub(crate) struct CsvDecoder {
    format: CsvFormat,
    /// The names of the fields; `None` until the header was read.
    names: Option<Vec<String>>,
    /// For each field its column, if it has one.
    targets: Vec<Option<usize>>,
    scratch: String,
}

impl CsvDecoder {
    pub(crate) fn new(format: &CsvFormat, columns: &Columns) -> Self {
        let mut decoder = Self { format: format.clone(), names: None, targets: Vec::new(), scratch: String::new() };
        if !format.header {
            decoder.set_names(format.columns.clone(), columns);
        }
        decoder
    }

    /// Forgets the header: another file begins.
    pub(crate) fn restart(&mut self) {
        if self.format.header {
            self.names = None;
        }
    }

    fn set_names(&mut self, names: Vec<String>, columns: &Columns) {
        let mut taken = vec![false; columns.columns.len()];
        // Of two fields with one name, the first counts.
        let mut unique = |column: &usize| taken.get_mut(*column).is_some_and(|taken| !std::mem::replace(taken, true));
        self.targets = names.iter().map(|name| columns.find(name, 0).filter(&mut unique)).collect();
        self.names = Some(names);
    }

    /// Whether the header was not read yet.
    pub(crate) fn awaits_header(&self) -> bool {
        self.names.is_none()
    }

    /// Whether a record is a single field: then an empty line is a record.
    pub(crate) fn has_one_field(&self) -> bool {
        self.targets.len() == 1
    }

    /// Appends the record as the row `row`; `false` if it was the header.
    pub(crate) fn record(&mut self, record: &str, columns: &mut Columns, row: usize) -> Result<bool, Fault> {
        if self.names.is_none() {
            let record = record.strip_prefix('\u{feff}').unwrap_or(record);
            let mut names = Vec::new();
            for field in Fields::new(record, self.format.delimiter) {
                names.push(field?.raw.replace("\"\"", "\"").trim().to_string());
            }
            self.set_names(names, columns);
            return Ok(false);
        }
        let mut count = 0;
        for field in Fields::new(record, self.format.delimiter) {
            let field = field?;
            let target = self.targets.get(count).copied().flatten();
            count += 1;
            let Some(column) = target.and_then(|target| columns.columns.get_mut(target)) else { continue };
            if !field.quoted && field.raw == self.format.null_string {
                column.push_null()?;
                continue;
            }
            let text = if field.quoted && field.raw.contains('"') {
                self.scratch.clear();
                self.scratch.push_str(&field.raw.replace("\"\"", "\""));
                self.scratch.as_str()
            } else {
                field.raw
            };
            match &column.values {
                Values::List { .. } | Values::Struct(_) | Values::Json(_) => decode_nested(text, column)?,
                _ => column.push_text(text)?,
            }
        }
        if count != self.targets.len() {
            return Err(format!("the record has {count} fields, expected {}", self.targets.len()));
        }
        columns.fill_missing(row)?;
        Ok(true)
    }
}
