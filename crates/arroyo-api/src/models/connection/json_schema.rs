//! Columns of a table from a JSON schema: `{"type": "object", "properties": {"a": {"type": "integer"}}}` → `a BIGINT`.
//!
//! What has no type of its own here, such as a choice of several or a map, becomes a column of JSON.

use serde_json::Value;

use super::schema::SourceField;

/// The properties of the object that `schema` describes.
pub(super) fn fields(schema: &str) -> Result<Vec<SourceField>, String> {
    let schema: Value =
        serde_json::from_str(schema).map_err(|error| format!("the JSON schema is not JSON: {error}"))?;
    match types(&schema).as_slice() {
        ["object"] => properties(&schema).ok_or_else(|| "the JSON schema has no `properties`".to_string()),
        _ => Err("the JSON schema must be of an object: `\"type\": \"object\"`".to_string()),
    }
}

/// The types that values may have, without null.
fn types(schema: &Value) -> Vec<&str> {
    let all: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|name| *name != "null").collect()
}

fn may_be_null(schema: &Value) -> bool {
    matches!(schema.get("type"), Some(Value::Array(several)) if several.iter().any(|name| name == "null"))
}

fn properties(object: &Value) -> Option<Vec<SourceField>> {
    let required: Vec<&str> =
        object.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = object.get("properties")?.as_object()?;
    let field = |(name, schema): (&String, &Value)| {
        let required = required.contains(&name.as_str()) && !may_be_null(schema);
        SourceField { required, ..value(name, schema) }
    };
    Some(properties.iter().map(field).collect())
}

fn value(name: &str, schema: &Value) -> SourceField {
    let is = |kind: &str| SourceField { name: name.into(), kind: kind.into(), ..SourceField::default() };
    match types(schema).as_slice() {
        ["integer"] => is("int64"),
        ["number"] => is("float64"),
        ["boolean"] => is("bool"),
        ["string"] if schema.get("format").is_some_and(|format| format == "date-time") => {
            SourceField { unit: Some("nanosecond".into()), ..is("timestamp") }
        }
        ["string"] => is("string"),
        ["array"] => match schema.get("items").filter(|items| items.is_object()) {
            Some(items) => SourceField { items: Some(Box::new(value("item", items))), ..is("list") },
            None => is("json"),
        },
        ["object"] => match properties(schema).filter(|fields| !fields.is_empty()) {
            Some(fields) => SourceField { fields: Some(fields), ..is("struct") },
            None => is("json"),
        },
        _ => is("json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_become_columns() {
        let schema = r#"{"type": "object", "required": ["id", "note"], "properties": {
            "at": {"type": "string", "format": "date-time"},
            "id": {"type": "integer"},
            "note": {"type": ["string", "null"]},
            "place": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "what": {"oneOf": [{"type": "string"}, {"type": "number"}]}
        }}"#;
        let shown: Vec<String> = fields(schema)
            .unwrap()
            .iter()
            .map(|field| {
                let inner =
                    field.fields.iter().flatten().chain(field.items.as_deref()).map(|field| field.kind.as_str());
                format!("{} {} {} [{}]", field.name, field.kind, field.required, inner.collect::<String>())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "at timestamp false []",
                "id int64 true []",
                "note string false []",
                "place struct false [float64]",
                "tags list false [string]",
                "what json false []",
            ]
        );
    }

    #[test]
    fn only_objects_have_columns() {
        for (schema, message) in [
            ("{", "the JSON schema is not JSON"),
            (r#"{"type": "array"}"#, "the JSON schema must be of an object"),
            (r#"{"type": "object"}"#, "the JSON schema has no `properties`"),
        ] {
            let error = fields(schema).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
