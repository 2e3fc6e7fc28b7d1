//! Tables that were created outside of the script, through the API or the web UI.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, TimeUnit};
use arroyo_formats::{EXTENSION_NAME_KEY, FormatOptions, JSON_EXTENSION};
use arroyo_operator::{Role, TableRequest};
use serde_json::Value;

use super::options::Options;
use super::schema;
use crate::request::{StoredProfile, StoredTable};
use crate::{ColumnDef, ColumnKind, Diagnostic, TableDef, codes};

/// The table as queries use it.
///
/// # Errors
///
/// What is wrong with its stored form; it has no place in the script.
pub(crate) fn stored_table(table: &StoredTable, profiles: &[StoredProfile]) -> Result<TableDef, Vec<Diagnostic>> {
    let fault = |message: String| {
        Diagnostic::error(&codes::STORED_TABLE, format!("the stored table `{}` cannot be used: {message}", table.name))
            .help("change it in the web UI or through the API")
    };
    let connector = arroyo_connectors::connector(&table.connector)
        .ok_or_else(|| vec![fault(format!("there is no connector `{}`", table.connector))])?;
    let mut options = Options::new(&[], &mut Vec::new());
    options.add_json(&table.config);
    if let Some(name) = &table.profile {
        let profile = profiles.iter().find(|profile| profile.name == *name && profile.connector == table.connector);
        let profile = profile.ok_or_else(|| vec![fault(format!("its connection profile `{name}` does not exist"))])?;
        options.add_json(&profile.config);
    }
    let mut diagnostics = Vec::new();
    let updating_ttl_nanos = options.updating_ttl(&mut diagnostics);
    let written_type = options.text("type", &mut diagnostics);
    let kind = written_type.map_or_else(|| table.table_type.clone(), |kind| kind.node);
    let role = match kind.as_str() {
        "source" => Some(Role::Source),
        "sink" => Some(Role::Sink),
        "lookup" => Some(Role::Lookup),
        _ => None,
    };
    let lookup = (role == Some(Role::Lookup)).then(|| options.lookup_cache(&mut diagnostics));
    if let Some(wrong) = diagnostics.first() {
        return Err(vec![fault(wrong.message.clone())]);
    }
    let columns = columns(&table.schema).map_err(|message| vec![fault(message)])?;
    let format = format(&table.schema).map_err(|message| vec![fault(message)])?;
    let request = TableRequest {
        name: table.name.clone(),
        options: options.values(),
        role,
        columns: schema::declared(&columns),
        format: format.as_ref().map(|format| format.format.name().to_owned()),
    };
    let validated = connector
        .validate(&request)
        .map_err(|errors| errors.into_iter().map(|error| fault(error.message)).collect::<Vec<_>>())?;
    let columns = match (&validated.columns, columns.is_empty()) {
        (Some(own), true) => own.fields().iter().map(|field| ColumnDef::physical(field)).collect(),
        _ => columns,
    };
    let primary_key = primary_keys(&table.schema);
    if lookup.is_some() && (primary_key.is_empty() || !connector.description().lookup) {
        let why = if primary_key.is_empty() { "it has no primary key" } else { "its connector has no lookup tables" };
        return Err(vec![fault(format!("it is a lookup table, but {why}"))]);
    }
    let format = match format {
        Some(format) => {
            schema::with_key(format, &primary_key).to_json().map_err(|error| vec![fault(error.to_string())])?
        }
        None => Value::Null,
    };
    Ok(TableDef {
        name: table.name.clone(),
        connector: table.connector.clone(),
        role,
        lookup,
        options: validated,
        format,
        columns,
        watermark: None,
        primary_key,
        idle_nanos: 0,
        updating_ttl_nanos,
        span: None,
    })
}

/// `{format, framing, bad_data}` of a ConnectionSchema.
fn format(schema: &Value) -> Result<Option<FormatOptions>, String> {
    let Some(format) = schema.get("format").filter(|format| !format.is_null()) else { return Ok(None) };
    let mut json = serde_json::Map::from_iter([("format".to_owned(), format.clone())]);
    for key in ["framing", "bad_data"] {
        if let Some(value) = schema.get(key).filter(|value| !value.is_null()) {
            json.insert(key.to_owned(), value.clone());
        }
    }
    FormatOptions::from_json(&Value::Object(json)).map_err(|error| format!("its format is not valid: {error}"))
}

/// `{fields: [{name, type, required, metadata_key}]}` of a ConnectionSchema.
fn columns(schema: &Value) -> Result<Vec<ColumnDef>, String> {
    let Some(fields) = schema.get("fields").and_then(Value::as_array) else { return Ok(Vec::new()) };
    fields.iter().map(column).collect()
}

fn primary_keys(schema: &Value) -> Vec<String> {
    let keys = schema.get("primary_keys").and_then(Value::as_array);
    keys.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
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
