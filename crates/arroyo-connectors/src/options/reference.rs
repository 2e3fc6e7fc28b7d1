//! The reference page of a connector, from its description and the JSON schema of its options.

use std::fmt::Write;

use arrow::datatypes::DataType;
use arroyo_operator::Connector;
use serde_json::Value;

use super::shape::{Property, Shape, properties};

/// The page `docs/reference/connectors/<id>.md`.
pub fn reference_page(connector: &dyn Connector) -> String {
    let description = connector.description();
    let mut page = format!("# {}\n\n{}\n\n", description.name, description.description);
    let uses = match (description.source, description.sink, description.lookup) {
        (true, true, true) => "It can be read, written and looked up.",
        (true, true, false) => "It can be read and written.",
        (true, false, true) => "It can be read and looked up.",
        (false, true, true) => "It can be written and looked up.",
        (true, false, false) => "It can only be read.",
        (false, false, true) => "It can only be looked up.",
        (false, _, false) => "It can only be written.",
    };
    page.push_str(uses);
    page.push_str("\n\n");
    let properties = properties(&connector.options_schema());
    page.push_str(&example(description.id, &properties));
    if properties.is_empty() {
        page.push_str("It has no options of its own.\n");
    } else {
        page.push_str("## Options\n\n| Option | Type | Default | Meaning |\n|---|---|---|---|\n");
        for property in &properties {
            let default = match (&property.default, property.required) {
                (_, true) => "required".to_string(),
                (Some(value), _) => format!("`{}`", shown(&property.shape, value)),
                (None, _) => String::new(),
            };
            let meaning = property.description.replace('\n', " ").replace('|', "\\|");
            let kind = property.shape.name();
            // Writing to a String cannot fail.
            let name = if property.shape == Shape::Map { ".…" } else { "" };
            let _ = writeln!(page, "| `{}{name}` | {kind} | {default} | {meaning} |", property.key);
        }
    }
    let keys = connector.metadata_keys();
    if !keys.is_empty() {
        page.push_str("\n## Metadata columns\n\n| Key | Type |\n|---|---|\n");
        for key in keys {
            let _ = writeln!(page, "| `{}` | {} |", key.key, sql_name(&key.data_type));
        }
    }
    page
}

/// The SQL name of a metadata column's type.
fn sql_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "TEXT".to_string(),
        DataType::Binary => "BYTEA".to_string(),
        DataType::Int32 => "INT".to_string(),
        DataType::Int64 => "BIGINT".to_string(),
        DataType::Timestamp(_, _) => "TIMESTAMP".to_string(),
        other => other.to_string(),
    }
}

fn example(id: &str, properties: &[Property]) -> String {
    let mut sql = format!("```sql\nCREATE TABLE example (\n    …\n) WITH (\n    'connector' = '{id}'");
    for property in properties.iter().filter(|property| property.required) {
        let _ = write!(sql, ",\n    '{}' = {}", property.key, property.shape.example());
    }
    sql.push_str("\n);\n```\n\n");
    sql
}

fn shown(shape: &Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::Duration, value) => format!("{} ms", value.as_u64().unwrap_or_default() / 1_000_000),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}
