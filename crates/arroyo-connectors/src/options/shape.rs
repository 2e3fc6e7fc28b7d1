//! What kind of value each option takes, read from the JSON schema.

use serde_json::Value;

/// The kind of value an option takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Bool,
    Integer {
        min: Option<f64>,
        max: Option<f64>,
    },
    Number,
    Duration,
    DataSize,
    Choice(Vec<String>),
    Text,
    List(Box<Shape>),
    /// Texts by name, written as options `key.name`.
    Map,
}

impl Shape {
    /// A value as it is written in SQL.
    pub(super) fn example(&self) -> String {
        match self {
            Self::Bool => "true".to_string(),
            Self::Integer { min: Some(min), .. } if *min > 1.0 => min.to_string(),
            Self::Integer { .. } | Self::Number => "1".to_string(),
            Self::Duration => "INTERVAL '1 second'".to_string(),
            Self::DataSize => "'128MB'".to_string(),
            Self::Choice(choices) => format!("'{}'", choices.first().map_or("…", String::as_str)),
            Self::Text => "'…'".to_string(),
            Self::List(_) => "['…']".to_string(),
            Self::Map => "'…'".to_string(),
        }
    }

    /// The kind's name in messages and in the reference.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Bool => "boolean".to_string(),
            Self::Integer { .. } => "integer".to_string(),
            Self::Number => "number".to_string(),
            Self::Duration => "interval".to_string(),
            Self::DataSize => "data size".to_string(),
            Self::Choice(choices) => {
                choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" or ")
            }
            Self::Text | Self::Map => "text".to_string(),
            Self::List(item) => format!("array of {}", item.name()),
        }
    }
}

/// One option.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Property {
    pub(super) key: String,
    pub(super) shape: Shape,
    pub(super) required: bool,
    pub(super) description: String,
    pub(super) default: Option<Value>,
}

impl Property {
    /// The name within this property's map that `key` stands for.
    pub(super) fn name_in_map<'a>(&self, key: &'a str) -> Option<&'a str> {
        if self.shape != Shape::Map {
            return None;
        }
        key.strip_prefix(self.key.as_str())?.strip_prefix('.').filter(|name| !name.is_empty())
    }
}

/// The options of a struct by its schema, in order of their keys.
pub(super) fn properties(schema: &Value) -> Vec<Property> {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    properties
        .iter()
        .map(|(key, property)| Property {
            key: key.clone(),
            shape: shape_of(property),
            required: required.contains(&key.as_str()),
            description: text_of(property, "description"),
            default: property.get("default").filter(|value| !value.is_null()).cloned(),
        })
        .collect()
}

fn text_of(schema: &Value, key: &str) -> String {
    schema.get(key).and_then(Value::as_str).unwrap_or_default().to_string()
}

fn shape_of(schema: &Value) -> Shape {
    match schema.get("format").and_then(Value::as_str) {
        Some("duration") => return Shape::Duration,
        Some("data-size") => return Shape::DataSize,
        _ => {}
    }
    let choices = choices_of(schema);
    if !choices.is_empty() {
        return Shape::Choice(choices);
    }
    // An optional value of a named type: the alternative that is not null.
    if let Some(alternatives) = schema.get("anyOf").and_then(Value::as_array)
        && let Some(alternative) = alternatives.iter().find(|one| type_of(one) != Some("null"))
    {
        return shape_of(alternative);
    }
    match type_of(schema) {
        Some("boolean") => Shape::Bool,
        Some("integer") => Shape::Integer {
            min: schema.get("minimum").and_then(Value::as_f64),
            max: schema.get("maximum").and_then(Value::as_f64),
        },
        Some("number") => Shape::Number,
        Some("object") => Shape::Map,
        Some("array") => Shape::List(Box::new(schema.get("items").map_or(Shape::Text, shape_of))),
        _ => Shape::Text,
    }
}

/// The type that is not `null`, unless that is the only one.
fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}

fn choices_of(schema: &Value) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let constants = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().flat_map(|one| {
        one.get("const").into_iter().chain(one.get("enum").and_then(Value::as_array).into_iter().flatten())
    });
    listed.chain(constants).filter_map(Value::as_str).map(str::to_string).collect()
}
