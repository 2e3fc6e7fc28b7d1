//! From `WITH` options to an options struct, driven by the struct's own JSON schema.

mod convert;
mod quantity;
mod reference;
mod shape;

use arroyo_operator::{OperatorError, OptionError, OptionValue};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub use quantity::{DataSize, DurationNanos};
pub use reference::reference_page;
use shape::{Property, Shape, properties};

/// The JSON schema of an options struct, without references.
pub fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .for_deserialize()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        })
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Reads the options struct `T` from a table's options, reporting every fault at once.
pub fn parse_options<T: DeserializeOwned + JsonSchema>(
    options: &BTreeMap<String, OptionValue>,
) -> Result<T, Vec<OptionError>> {
    let schema = schema_of::<T>();
    let properties = properties(&schema);
    let mut errors = Vec::new();
    let mut object = Map::new();
    for (key, value) in options {
        if let Some((map, name)) = properties.iter().find_map(|property| Some((property, property.name_in_map(key)?))) {
            let names = object.entry(map.key.as_str()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(names) = names {
                names.insert(name.to_string(), Value::String(value.to_text()));
            }
            continue;
        }
        match properties.iter().find(|property| property.key == *key && property.shape != Shape::Map) {
            None => errors.push(unknown_key(key, &properties)),
            Some(property) => match convert::to_json(property, value) {
                Ok(json) => {
                    object.insert(key.clone(), json);
                }
                Err(error) => errors.push(error),
            },
        }
    }
    for property in properties.iter().filter(|property| property.required && !options.contains_key(&property.key)) {
        errors.push(OptionError {
            key: None,
            message: format!("the option `{}` is missing", property.key),
            help: Some(format!("add `{} = {}` to the WITH clause", property.key, property.shape.example())),
        });
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    serde_json::from_value(Value::Object(object))
        .map_err(|error| vec![OptionError { key: None, message: error.to_string(), help: None }])
}

/// The options struct as it goes into the program.
pub(crate) fn to_json<T: serde::Serialize>(options: &T) -> Result<Value, Vec<OptionError>> {
    serde_json::to_value(options)
        .map_err(|error| vec![OptionError { key: None, message: error.to_string(), help: None }])
}

/// The inverse of [`to_json`]: the options struct from the program.
pub(crate) fn read_options<T: DeserializeOwned>(table: &str, json: &Value) -> Result<T, OperatorError> {
    T::deserialize(json).map_err(|error| {
        OperatorError::bug(format!("table `{table}`: its options in the program are invalid: {error}"))
    })
}

fn unknown_key(key: &str, properties: &[Property]) -> OptionError {
    let nearest = properties
        .iter()
        .map(|property| (strsim::damerau_levenshtein(key, &property.key), &property.key))
        .min()
        .filter(|(distance, _)| *distance <= key.len() / 2);
    let help = match nearest {
        Some((_, nearest)) => format!("did you mean `{nearest}`?"),
        None if properties.is_empty() => "this connector has no options of its own".to_string(),
        None => {
            let known: Vec<_> = properties.iter().map(|property| format!("`{}`", property.key)).collect();
            format!("the options are {}", known.join(", "))
        }
    };
    OptionError { key: Some(key.to_string()), message: format!("unknown option `{key}`"), help: Some(help) }
}

#[cfg(test)]
mod tests;
