//! The columns and the format of a connection table.

use std::collections::BTreeMap;

use arrow::datatypes::{DataType, Field, TimeUnit};
use arroyo_planner::{ColumnDef, ColumnKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::json_schema;

/// The columns and the format of a connection table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionSchema {
    /// The format: `{"type": "json", …}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) format: Option<Value>,
    /// What to do with records that cannot be read: `{"behavior": "fail"}` or `{"behavior": "drop"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) bad_data: Option<Value>,
    /// How records are told apart: `{"method": "newline"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) framing: Option<Value>,
    /// The columns.
    #[serde(default)]
    pub(crate) fields: Vec<SourceField>,
    /// A schema in the format's own language, `{"type": "json_schema", "schema": "…"}`: the fields are taken from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) definition: Option<Value>,
    /// Whether the columns come from the query that writes the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inferred: Option<bool>,
    /// Columns that identify a row.
    #[serde(default)]
    pub(crate) primary_keys: Vec<String>,
}

/// A column, or a field of a structure.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceField {
    /// Its name; that of a list's elements is `item` if not given.
    #[serde(default)]
    pub(crate) name: String,
    /// `int32`, `int64`, `uint32`, `uint64`, `float32`, `float64`, `decimal128`, `bool`, `string`, `bytes`, `timestamp`,
    /// `json`, `struct` or `list`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Whether it is never null.
    #[serde(default)]
    pub(crate) required: bool,
    /// Its type in SQL (in answers only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sql_name: Option<String>,
    /// The key of the record's envelope that it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) metadata_key: Option<String>,
    /// Of a `timestamp`: `second`, `millisecond`, `microsecond` or `nanosecond`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// Of a `decimal128`: all digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) precision: Option<u32>,
    /// Of a `decimal128`: digits after the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scale: Option<i32>,
    /// Of a `struct`: its fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub(crate) fields: Option<Vec<SourceField>>,
    /// Of a `list`: its elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub(crate) items: Option<Box<SourceField>>,
}

/// Other names of types, as they are stored.
const TYPE_ALIASES: &[(&str, &str)] =
    &[("f32", "float32"), ("f64", "float64"), ("utf8", "string"), ("binary", "bytes")];

const TYPES: &[&str] = &[
    "int32",
    "int64",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "decimal128",
    "bool",
    "string",
    "bytes",
    "timestamp",
    "json",
    "struct",
    "list",
];

const UNITS: &[(&str, &str)] = &[
    ("s", "second"),
    ("ms", "millisecond"),
    ("us", "microsecond"),
    ("µs", "microsecond"),
    ("ns", "nanosecond"),
    ("second", "second"),
    ("millisecond", "millisecond"),
    ("microsecond", "microsecond"),
    ("nanosecond", "nanosecond"),
];

/// Structures in structures; more is a mistake or an attack.
const DEPTH_MAX: usize = 32;

impl ConnectionSchema {
    /// Checks the schema, brings aliases to their one form and takes the columns out of its definition.
    /// The error is for people.
    pub(crate) fn validate(mut self) -> Result<Self, String> {
        if let Some(definition) = &self.definition {
            self.fields = defined_fields(definition)?;
        }
        self.fields = validate_fields(self.fields, 0)?;
        for key in &self.primary_keys {
            if !self.fields.iter().any(|field| field.name == *key) {
                return Err(format!("the primary key `{key}` is not a field"));
            }
        }
        arroyo_planner::check_stored_schema(&self.to_json()?)?;
        Ok(self)
    }

    /// As it is stored.
    pub(crate) fn to_json(&self) -> Result<Value, String> {
        serde_json::to_value(self).map_err(|error| format!("the schema cannot be stored: {error}"))
    }

    /// The same with the columns that the table really has; a table without any takes those of the query that writes it.
    pub(crate) fn with_columns(mut self, columns: &[ColumnDef]) -> Self {
        if columns.is_empty() {
            self.inferred = Some(true);
        }
        self.fields = columns.iter().map(SourceField::from).collect();
        self
    }
}

/// The columns that a schema in another language describes.
fn defined_fields(definition: &Value) -> Result<Vec<SourceField>, String> {
    match (definition.get("type").and_then(Value::as_str), definition.get("schema").and_then(Value::as_str)) {
        (Some("json_schema"), Some(schema)) => json_schema::fields(schema),
        (Some("json_schema"), None) => Err("the definition has no `schema`: the text of a JSON schema".into()),
        (Some(other), _) => {
            Err(format!("definitions of type `{other}` are not built in yet: use `json_schema`, or list the fields"))
        }
        (None, _) => Err("the definition has no `type`: use `json_schema`".into()),
    }
}

fn validate_fields(fields: Vec<SourceField>, depth: usize) -> Result<Vec<SourceField>, String> {
    if depth > DEPTH_MAX {
        return Err(format!("fields are nested more than {DEPTH_MAX} deep"));
    }
    let mut seen = BTreeMap::new();
    for field in &fields {
        if seen.insert(field.name.clone(), ()).is_some() {
            return Err(format!("the field `{}` occurs twice", field.name));
        }
    }
    fields.into_iter().map(|field| field.validate(depth)).collect()
}

impl SourceField {
    fn validate(mut self, depth: usize) -> Result<Self, String> {
        if self.name.is_empty() {
            return Err("a field has no `name`".into());
        }
        let name = &self.name;
        if let Some((_, kind)) = TYPE_ALIASES.iter().find(|(alias, _)| *alias == self.kind) {
            self.kind = (*kind).into();
        }
        if !TYPES.contains(&self.kind.as_str()) {
            return Err(format!(
                "the field `{name}` has the unknown type `{}`: use one of {}",
                self.kind,
                TYPES.join(", ")
            ));
        }
        match self.kind.as_str() {
            "timestamp" => {
                let unit = self.unit.as_deref().unwrap_or("millisecond");
                let Some((_, unit)) = UNITS.iter().find(|(alias, _)| *alias == unit) else {
                    return Err(format!("the field `{name}` has the unknown unit `{unit}`"));
                };
                self.unit = Some((*unit).into());
            }
            "decimal128" if !matches!(self.precision, Some(1..=38)) => {
                return Err(format!("the field `{name}` needs a `precision` from 1 to 38"));
            }
            "struct" => match self.fields.take() {
                Some(fields) => self.fields = Some(validate_fields(fields, depth + 1)?),
                None => return Err(format!("the field `{name}` needs `fields`")),
            },
            "list" => match self.items.take() {
                Some(_) if depth >= DEPTH_MAX => return Err(format!("fields are nested more than {DEPTH_MAX} deep")),
                Some(mut items) => {
                    if items.name.is_empty() {
                        items.name = "item".into();
                    }
                    self.items = Some(Box::new(items.validate(depth + 1)?));
                }
                None => return Err(format!("the field `{name}` needs `items`")),
            },
            _ => {}
        }
        Ok(self)
    }
}

impl From<&ColumnDef> for SourceField {
    fn from(column: &ColumnDef) -> Self {
        let metadata_key = match &column.kind {
            ColumnKind::Metadata { key } => Some(key.clone()),
            ColumnKind::Physical | ColumnKind::Generated { .. } => None,
        };
        Self { metadata_key, ..Self::of(&column.field()) }
    }
}

impl SourceField {
    fn of(field: &Field) -> Self {
        let data_type = field.data_type();
        let base = Self {
            name: field.name().clone(),
            required: !field.is_nullable(),
            sql_name: Some(arroyo_planner::type_name(data_type)),
            ..Self::default()
        };
        let is = |kind: &str| Self { kind: kind.into(), ..base.clone() };
        match data_type {
            DataType::Utf8 if arroyo_formats::is_json_column(field) => {
                Self { sql_name: Some("JSON".into()), ..is("json") }
            }
            DataType::Int32 => is("int32"),
            DataType::Int64 => is("int64"),
            DataType::UInt32 => is("uint32"),
            DataType::UInt64 => is("uint64"),
            DataType::Float32 => is("float32"),
            DataType::Float64 => is("float64"),
            DataType::Boolean => is("bool"),
            DataType::Utf8 => is("string"),
            DataType::Binary => is("bytes"),
            DataType::Decimal128(precision, scale) => {
                Self { precision: Some((*precision).into()), scale: Some((*scale).into()), ..is("decimal128") }
            }
            DataType::Timestamp(unit, _) => Self { unit: Some(name_of_unit(*unit).into()), ..is("timestamp") },
            DataType::Struct(fields) => {
                Self { fields: Some(fields.iter().map(|field| Self::of(field)).collect()), ..is("struct") }
            }
            DataType::List(items) => Self { items: Some(Box::new(Self::of(items))), ..is("list") },
            // Of a connector's own columns: no schema that is posted has others.
            other => is(&arroyo_planner::type_name(other)),
        }
    }
}

fn name_of_unit(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "second",
        TimeUnit::Millisecond => "millisecond",
        TimeUnit::Microsecond => "microsecond",
        TimeUnit::Nanosecond => "nanosecond",
    }
}

#[cfg(test)]
mod tests;
