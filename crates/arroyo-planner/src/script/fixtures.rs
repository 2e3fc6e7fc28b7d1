//! Tables that tests fill.
//!
//! ```text
//! before:  CREATE TABLE orders (id BIGINT, partition INT METADATA FROM 'partition') WITH (connector = 'kafka', …)
//! after:   CREATE TABLE orders (id BIGINT, partition INT)
//!          WITH (connector = 'single_file', type = 'source', path = 'orders.ndjson', format = 'json')
//! ```

use arroyo_operator::OptionValue;

use crate::Fixture;
use crate::catalog::Catalog;
use crate::statement::{ColumnSource, CreateTable, Spanned, TableOption};
use crate::{Diagnostic, codes};

/// Options that say how rows are understood and how long they are remembered, and not where they are.
const KEPT: [&str; 3] = ["event_time_field", "watermark_field", "updating_ttl"];

/// The table as the test wants it; `None` if the test has no rows for it.
pub(super) fn filled(table: &CreateTable, fixtures: &[Fixture]) -> Option<CreateTable> {
    let fixture = fixtures.iter().find(|fixture| fixture.table.eq_ignore_ascii_case(&table.name.node))?;
    let mut filled = table.clone();
    let says = |key: &str, wanted: &str| {
        table.options.iter().any(|option| {
            option.key.node == key && matches!(&option.value.node, OptionValue::Text(text) if text == wanted)
        })
    };
    let format = if says("format", "debezium_json") { "debezium_json" } else { "json" };
    // Rows of a lookup table are found by their key in a test, too.
    let is_lookup = table.temporary || says("type", "lookup");
    let (connector, role) = if is_lookup { ("filesystem", "lookup") } else { ("single_file", "source") };
    filled.options.retain(|option| KEPT.contains(&option.key.node.as_str()));
    let options = [("connector", connector), ("type", role), ("path", fixture.path.as_str()), ("format", format)];
    filled.options.extend(options.map(|(key, value)| TableOption {
        key: Spanned { node: key.to_owned(), span: table.name.span },
        value: Spanned { node: OptionValue::Text(value.to_owned()), span: table.name.span },
    }));
    filled.temporary = false;
    for column in &mut filled.columns {
        if matches!(column.source, ColumnSource::Metadata(_)) {
            column.source = ColumnSource::Physical;
        }
    }
    Some(filled)
}

/// Fixtures of tables that the script does not create.
pub(super) fn without_table(fixtures: &[Fixture], catalog: &Catalog) -> Vec<Diagnostic> {
    let unknown =
        fixtures.iter().filter(|fixture| catalog.get(&fixture.table).is_none() && !catalog.is_broken(&fixture.table));
    unknown
        .map(|fixture| {
            let known = catalog.unknown_table(&fixture.table);
            let message = format!("the test has rows for `{}`, which the script does not create", fixture.table);
            Diagnostic { help: known.help, ..Diagnostic::error(&codes::UNKNOWN_TABLE, message) }
        })
        .collect()
}
