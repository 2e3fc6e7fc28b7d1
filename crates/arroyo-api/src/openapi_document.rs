//! The OpenAPI document: generated from the handlers, committed as `crates/arroyo-openapi/openapi.json`.
//!
//! The handlers' macros speak OpenAPI 3.1; generators of clients mostly read 3.0. [`downgrade`] translates what differs.

use serde_json::{Map, Value, json};

use crate::routes;

/// The document in OpenAPI 3.0, from which clients are generated.
pub fn openapi_document() -> Value {
    let (_, openapi) = routes::api();
    let mut document = serde_json::to_value(openapi).unwrap_or_default();
    downgrade(&mut document);
    if let Value::Object(fields) = &mut document {
        fields.insert("openapi".into(), json!("3.0.3"));
    }
    document
}

/// Rewrites every schema in `value`:
///
/// * `type: [T, null]` becomes `type: T, nullable: true`;
/// * `oneOf: [{type: null}, S]` becomes `allOf: [S], nullable: true`;
/// * `propertyNames` (maps' keys are always text) is dropped;
/// * `format: int32, minimum: 0` becomes `format: uint32` (and 64), which generators turn into unsigned types.
fn downgrade(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(downgrade),
        Value::Object(fields) => {
            downgrade_type(fields);
            downgrade_one_of(fields);
            name_unsigned(fields);
            fields.remove("propertyNames");
            fields.values_mut().for_each(downgrade);
        }
        _ => {}
    }
}

fn downgrade_type(schema: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = schema.get("type") else { return };
    let mut others: Vec<Value> = types.iter().filter(|kind| **kind != "null").cloned().collect();
    let nullable = others.len() < types.len();
    if others.len() > 1 {
        // Any of several types: 3.0 says so by saying nothing.
        schema.remove("type");
    } else if let Some(only) = others.pop() {
        schema.insert("type".into(), only);
    }
    if nullable {
        schema.insert("nullable".into(), json!(true));
    }
}

fn downgrade_one_of(schema: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = schema.get("oneOf") else { return };
    let is_null = |option: &Value| option.get("type").is_some_and(|kind| kind == "null");
    if !options.iter().any(is_null) {
        return;
    }
    let others: Vec<Value> = options.iter().filter(|option| !is_null(option)).cloned().collect();
    schema.remove("oneOf");
    schema.insert(if others.len() == 1 { "allOf" } else { "oneOf" }.into(), Value::Array(others));
    schema.insert("nullable".into(), json!(true));
}

fn name_unsigned(schema: &mut Map<String, Value>) {
    let is_unsigned = schema.get("minimum").and_then(Value::as_u64) == Some(0);
    let format = match schema.get("format").and_then(Value::as_str) {
        Some("int32") if is_unsigned => "uint32",
        Some("int64") if is_unsigned => "uint64",
        _ => return,
    };
    schema.insert("format".into(), json!(format));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_becomes_nullable() {
        let mut schema = json!({"properties": {
            "a": {"type": ["string", "null"]},
            "b": {"oneOf": [{"type": "null"}, {"$ref": "#/x"}], "description": "b"},
            "c": {"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {"type": "string"}},
            "d": {"type": ["object", "null"], "additionalProperties": {"type": ["integer", "null"]}},
            "e": {"type": "integer", "format": "int64", "minimum": 0},
            "f": {"type": "integer", "format": "int32"},
        }});
        downgrade(&mut schema);
        assert_eq!(
            schema,
            json!({"properties": {
                "a": {"type": "string", "nullable": true},
                "b": {"allOf": [{"$ref": "#/x"}], "nullable": true, "description": "b"},
                "c": {"type": "object", "additionalProperties": {"type": "string"}},
                "d": {"type": "object", "nullable": true,
                      "additionalProperties": {"type": "integer", "nullable": true}},
                "e": {"type": "integer", "format": "uint64", "minimum": 0},
                "f": {"type": "integer", "format": "int32"},
            }})
        );
    }
}
