//! Rows as an aligned table that grows downwards: the header comes once, columns widen when a value needs it.
//!
//! Of changes the first column says whether the row comes (`+`) or goes (`-`).

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int8Type, Schema};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};

/// The column that says what happens to a row.
const OP_COLUMN: &str = "op";

/// Writes batches below one another.
#[derive(Debug)]
pub(super) struct TableWriter {
    columns: Vec<Column>,
    /// Where `_change` is, if rows are changes.
    change: Option<usize>,
    has_header: bool,
}

#[derive(Debug)]
struct Column {
    index: usize,
    name: String,
    is_number: bool,
    width: usize,
}

impl TableWriter {
    pub(super) fn new(schema: &Schema) -> Self {
        let change = schema.index_of(CHANGE_FIELD).ok();
        let is_hidden = |name: &str| [TIMESTAMP_FIELD, CHANGE_FIELD].contains(&name);
        let fields = schema.fields().iter().enumerate().filter(|(_, field)| !is_hidden(field.name()));
        let op =
            change.map(|index| Column { index, name: OP_COLUMN.to_string(), is_number: false, width: OP_COLUMN.len() });
        let columns = fields.map(|(index, field)| Column {
            index,
            name: field.name().clone(),
            is_number: field.data_type().is_numeric(),
            width: field.name().chars().count(),
        });
        Self { columns: op.into_iter().chain(columns).collect(), change, has_header: false }
    }

    pub(super) fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        let format = FormatOptions::new().with_null("NULL");
        let mut cells: Vec<Vec<String>> = Vec::with_capacity(self.columns.len());
        for column in &mut self.columns {
            let Some(array) = batch.columns().get(column.index) else { continue };
            if self.change == Some(column.index) {
                let signs = array.as_primitive_opt::<Int8Type>().map(|signs| signs.values().iter());
                let letter = |sign: &i8| if *sign > 0 { "+" } else { "-" };
                cells.push(signs.into_iter().flatten().map(|sign| letter(sign).to_string()).collect());
                continue;
            }
            let formatter = ArrayFormatter::try_new(array.as_ref(), &format)?;
            let mut texts = Vec::with_capacity(batch.num_rows());
            for row in 0..batch.num_rows() {
                let text = on_one_line(formatter.value(row).try_to_string()?);
                column.width = column.width.max(text.chars().count());
                texts.push(text);
            }
            cells.push(texts);
        }
        if !std::mem::replace(&mut self.has_header, true) {
            self.line(self.columns.iter().map(|column| column.name.as_str()), out);
            let rules: Vec<String> = self.columns.iter().map(|column| "─".repeat(column.width)).collect();
            self.line(rules.iter().map(String::as_str), out);
        }
        for row in 0..batch.num_rows() {
            self.line(cells.iter().filter_map(|texts| texts.get(row)).map(String::as_str), out);
        }
        Ok(())
    }

    fn line<'a>(&self, cells: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
        let mut line = String::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let padding = " ".repeat(column.width.saturating_sub(cell.chars().count()));
            if column.is_number {
                line.push_str(&padding);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&padding);
            }
        }
        out.extend_from_slice(line.trim_end().as_bytes());
        out.push(b'\n');
    }
}

/// Line ends would break the table, and other control characters the terminal.
fn on_one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}
