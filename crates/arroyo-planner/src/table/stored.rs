//! Tables that were created outside of the script, through the API or the web UI.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, TimeUnit};
use arroyo_formats::{EXTENSION_NAME_KEY, FormatOptions, JSON_EXTENSION};
use serde_json::{Map, Value, json};

use super::options::Options;
use super::{Parts, schema};
use crate::catalog::Catalog;
use crate::request::{StoredProfile, StoredTable};
use crate::statement::{CreateTable, Spanned, Statement, StatementKind};
use crate::{ColumnDef, ColumnKind, Diagnostic, Diagnostics, TableDef, codes};

/// Checks a table that is to be stored, as a query that uses it would, and answers its columns: those of its schema, or its
/// connector's own. A sink may have none: they come from the query that writes it.
///
/// # Errors
///
/// What would keep queries from using it.
pub fn check_stored_table(table: &StoredTable, profiles: &[StoredProfile]) -> Result<Vec<ColumnDef>, Diagnostics> {
    build(table, profiles).map(|table| table.columns).map_err(Diagnostics)
}

/// Checks a ConnectionSchema by itself: its fields and its format.
///
/// # Errors
///
/// What is wrong with it, for people.
pub fn check_stored_schema(schema: &Value) -> Result<(), String> {
    let payload = schema::payload(&columns(schema)?);
    let mut options = Options::new(&[], &mut Vec::new());
    options.add_json(&format_options(schema)?);
    let Some((name, _)) = options.take("format") else { return Ok(()) };
    let mut own = options.format_options();
    FormatOptions::from_options(&name.to_text(), &mut own, payload.as_ref()).map(|_| ()).map_err(|errors| {
        let message = |error: arroyo_formats::FormatOptionError| match error.help {
            Some(help) => format!("{}: {help}", error.message),
            None => error.message,
        };
        errors.into_iter().map(message).collect::<Vec<_>>().join("; ")
    })
}

/// The table as queries use it.
///
/// # Errors
///
/// What is wrong with its stored form; it has no place in the script.
pub(crate) fn stored_table(table: &StoredTable, profiles: &[StoredProfile]) -> Result<TableDef, Vec<Diagnostic>> {
    build(table, profiles).map_err(|faults| {
        let named = |fault: Diagnostic| {
            let message = format!("the stored table `{}` cannot be used: {}", table.name, fault.message);
            let help = fault.help.unwrap_or_else(|| "change it in the web UI or through the API".to_owned());
            Diagnostic::error(&codes::STORED_TABLE, message).help(help)
        };
        faults.into_iter().map(named).collect()
    })
}

/// Its stored form is read as if the script had a `CREATE TABLE` with its columns and options.
fn build(table: &StoredTable, profiles: &[StoredProfile]) -> Result<TableDef, Vec<Diagnostic>> {
    let fault = |message: String| vec![Diagnostic::error(&codes::STORED_TABLE, message)];
    let connector = arroyo_connectors::connector(&table.connector)
        .ok_or_else(|| fault(format!("there is no connector `{}`", table.connector)))?;
    let columns = columns(&table.schema).map_err(fault)?;
    let mut options = Options::new(&[], &mut Vec::new());
    options.add_json(&format_options(&table.schema).map_err(fault)?);
    options.add_table_json(&table.config, connector);
    // What its record says besides.
    options.add_json(&json!({"type": table.table_type, "connection_profile": table.profile}));
    let unplaced = |node: &str| Spanned { node: node.to_owned(), span: None };
    let keys = table.schema.get("primary_keys").and_then(Value::as_array);
    let create = CreateTable {
        name: unplaced(&table.name),
        temporary: false,
        columns: Vec::new(),
        watermarks: Vec::new(),
        primary_key: keys.into_iter().flatten().filter_map(Value::as_str).map(unplaced).collect(),
        partitioned_by: Vec::new(),
        options: Vec::new(),
    };
    let statement =
        Statement { span: None, identifiers: Vec::new(), kind: StatementKind::CreateTable(Box::new(create.clone())) };
    let catalog = Catalog::default();
    let id = unplaced(&table.connector);
    let parts = Parts { table: &create, statement: &statement, catalog: &catalog, profiles, connector, id };
    let mut diagnostics = Vec::new();
    let def = parts.build(options, columns, &mut diagnostics, &mut Vec::new());
    def.filter(|_| diagnostics.is_empty()).ok_or(diagnostics)
}

/// `{format, framing, bad_data}` of a ConnectionSchema as options of a table.
fn format_options(schema: &Value) -> Result<Value, String> {
    let mut options = Map::new();
    if let Some(format) = schema.get("format").filter(|format| !format.is_null()) {
        let kind = format.get("type").and_then(Value::as_str).ok_or("its format has no `type`")?;
        let is_debezium = kind == "json" && format.get("debezium") == Some(&Value::Bool(true));
        options.insert("format".to_owned(), Value::from(if is_debezium { "debezium_json" } else { kind }));
        let prefix = if kind == "debezium_json" { "json" } else { kind };
        for (key, value) in
            format.as_object().into_iter().flatten().filter(|(key, _)| !["type", "debezium"].contains(&key.as_str()))
        {
            let key = if key == "row_group_bytes" { "row_group_size" } else { key };
            options.insert(format!("{prefix}.{key}"), value.clone());
        }
    }
    for (part, tag, key, value_key) in
        [("framing", "method", "max_line_length", "framing.newline.max_length"), ("bad_data", "behavior", "", "")]
    {
        let Some(written) = schema.get(part).filter(|written| !written.is_null()) else { continue };
        if !options.contains_key("format") {
            return Err(format!("it has `{part}`, but no `format`"));
        }
        let kind = written.get(tag).and_then(Value::as_str).ok_or_else(|| format!("its `{part}` has no `{tag}`"))?;
        options.insert(part.to_owned(), Value::from(kind));
        for (name, value) in written.as_object().into_iter().flatten().filter(|(name, _)| *name != tag) {
            if name != key {
                return Err(format!("its `{part}` has the unknown key `{name}`"));
            }
            options.insert(value_key.to_owned(), value.clone());
        }
    }
    Ok(Value::Object(options))
}

/// `{fields: [{name, type, required, metadata_key}]}` of a ConnectionSchema.
fn columns(schema: &Value) -> Result<Vec<ColumnDef>, String> {
    let Some(fields) = schema.get("fields").and_then(Value::as_array) else { return Ok(Vec::new()) };
    fields.iter().map(column).collect()
}

fn column(json: &Value) -> Result<ColumnDef, String> {
    let field = field(json)?;
    let mut column = ColumnDef::physical(&field);
    if let Some(key) = json.get("metadata_key").and_then(Value::as_str) {
        column.kind = ColumnKind::Metadata { key: key.to_owned() };
    }
    Ok(column)
}

fn field(json: &Value) -> Result<Field, String> {
    let name = ["name", "field_name"].iter().find_map(|key| json.get(*key)).and_then(Value::as_str);
    let name = name.ok_or_else(|| "a field of its schema has no name".to_owned())?;
    let required = json.get("required").and_then(Value::as_bool).unwrap_or(false)
        || json.get("nullable").and_then(Value::as_bool) == Some(false);
    let described = json.get("field_type").unwrap_or(json);
    let (data_type, metadata) = data_type(described).map_err(|message| format!("the field `{name}`: {message}"))?;
    Ok(Field::new(name, data_type, !required).with_metadata(metadata))
}

fn data_type(json: &Value) -> Result<(DataType, HashMap<String, String>), String> {
    let name = json.as_str().or_else(|| json.get("type").and_then(Value::as_str));
    // `{"type": {"primitive": …}}` and `{"type": "list", "items": …}` both occur.
    let Some(name) = name else {
        return match json.get("type").or_else(|| json.get("primitive")) {
            Some(inner) => data_type(inner),
            None => Err("it has no type".to_owned()),
        };
    };
    let plain = |data_type| Ok((data_type, HashMap::new()));
    match name.to_ascii_lowercase().as_str() {
        "int32" => plain(DataType::Int32),
        "int64" => plain(DataType::Int64),
        "uint32" => plain(DataType::UInt32),
        "uint64" => plain(DataType::UInt64),
        "float32" | "f32" => plain(DataType::Float32),
        "float64" | "f64" => plain(DataType::Float64),
        "bool" => plain(DataType::Boolean),
        "string" | "utf8" => plain(DataType::Utf8),
        "bytes" | "binary" => plain(DataType::Binary),
        "json" => Ok((DataType::Utf8, HashMap::from([(EXTENSION_NAME_KEY.to_owned(), JSON_EXTENSION.to_owned())]))),
        "decimal128" => {
            let part = |key| json.get(key).and_then(Value::as_i64);
            let precision = part("precision").and_then(|precision| u8::try_from(precision).ok());
            let scale = part("scale").and_then(|scale| i8::try_from(scale).ok());
            match (precision, scale) {
                (Some(precision @ 1..=38), Some(scale)) => plain(DataType::Decimal128(precision, scale)),
                _ => Err("its precision or scale is not valid".to_owned()),
            }
        }
        "timestamp" | "datetime" => {
            let unit = match json.get("unit").and_then(Value::as_str) {
                Some("second" | "s") => TimeUnit::Second,
                Some("microsecond" | "us" | "µs") => TimeUnit::Microsecond,
                Some("nanosecond" | "ns") => TimeUnit::Nanosecond,
                _ => TimeUnit::Millisecond,
            };
            plain(DataType::Timestamp(unit, None))
        }
        "list" | "array" => {
            let items = json.get("items").ok_or_else(|| "a list without items".to_owned())?;
            let (inner, metadata) = data_type(items)?;
            plain(DataType::List(Arc::new(Field::new("item", inner, true).with_metadata(metadata))))
        }
        "struct" => {
            let fields =
                json.get("fields").and_then(Value::as_array).ok_or_else(|| "a struct without fields".to_owned())?;
            let fields = fields.iter().map(field).collect::<Result<Vec<_>, _>>()?;
            plain(DataType::Struct(Fields::from(fields)))
        }
        other => Err(format!("there is no type `{other}`")),
    }
}
