use serde_json::json;

use super::*;

fn check(schema: Value) -> Result<Value, String> {
    let schema: ConnectionSchema = serde_json::from_value(schema).map_err(|error| error.to_string())?;
    schema.validate().map(|schema| serde_json::to_value(schema).unwrap())
}

#[test]
fn aliases_are_brought_to_one_form() {
    let checked = check(json!({
        "format": {"type": "json"},
        "fields": [
            {"name": "a", "type": "f64"},
            {"name": "t", "type": "timestamp", "unit": "µs"},
            {"name": "u", "type": "timestamp", "required": true},
            {"name": "l", "type": "list", "items": {"name": "item", "type": "utf8"}},
        ],
        "primary_keys": ["a"],
    }));
    assert_eq!(
        checked.unwrap()["fields"],
        json!([
            {"name": "a", "type": "float64", "required": false},
            {"name": "t", "type": "timestamp", "required": false, "unit": "microsecond"},
            {"name": "u", "type": "timestamp", "required": true, "unit": "millisecond"},
            {"name": "l", "type": "list", "required": false, "items": {"name": "item", "type": "string", "required": false}},
        ])
    );
}

#[test]
fn faults_are_named() {
    let cases = [
        (json!({"fields": [{"name": "a", "type": "int8"}]}), "the field `a` has the unknown type `int8`"),
        (
            json!({"fields": [{"name": "a", "type": "bool"}, {"name": "a", "type": "bool"}]}),
            "the field `a` occurs twice",
        ),
        (
            json!({"fields": [{"name": "s", "type": "struct", "fields": [
                {"name": "a", "type": "bool"}, {"name": "a", "type": "bool"}]}]}),
            "the field `a` occurs twice",
        ),
        (json!({"fields": [{"name": "s", "type": "struct"}]}), "the field `s` needs `fields`"),
        (json!({"fields": [], "primary_keys": ["k"]}), "the primary key `k` is not a field"),
        (json!({"fields": [{"type": "bool"}]}), "a field has no `name`"),
        (json!({"format": {}, "fields": []}), "its format has no `type`"),
        (
            json!({"format": {"type": "raw_string"}, "fields": [{"name": "v", "type": "string"}]}),
            "a table of the format raw_string has exactly one column, `value TEXT`",
        ),
        (
            json!({"format": {"type": "json", "unstructured": true}, "fields": [{"name": "value", "type": "string"}]}),
            "a table of the format unstructured json has exactly one column, `value JSON`",
        ),
    ];
    for (schema, message) in cases {
        let error = check(schema.clone()).unwrap_err();
        assert!(error.starts_with(message), "{schema}: {error}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let mut field = json!({"name": "x", "type": "bool"});
    for _ in 0..40 {
        field = json!({"name": "x", "type": "list", "items": field});
    }
    let error = check(json!({"fields": [field]})).unwrap_err();
    assert!(error.contains("nested"), "{error}");
}
