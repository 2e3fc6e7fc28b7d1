use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Speed {
    /// Not fast.
    Slow,
    /// Not slow.
    Fast,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Example {
    /// Where.
    path: String,
    #[serde(default)]
    flag: bool,
    #[serde(rename = "deep.count")]
    count: Option<u32>,
    rate: Option<f64>,
    linger: Option<DurationNanos>,
    size: Option<DataSize>,
    speed: Option<Speed>,
    #[serde(default)]
    fields: Vec<String>,
}

fn parse(options: &[(&str, OptionValue)]) -> Result<Example, Vec<String>> {
    let options = options.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    parse_options(&options).map_err(|errors| {
        errors.iter().map(|error| format!("{} ({})", error.message, error.help.clone().unwrap_or_default())).collect()
    })
}

fn text(value: &str) -> OptionValue {
    OptionValue::Text(value.to_string())
}

#[test]
fn typed_values_of_every_kind() {
    let example = parse(&[
        ("path", text("x")),
        ("flag", text("yes")),
        ("deep.count", OptionValue::Number("3".to_string())),
        ("rate", text("0.5")),
        ("linger", OptionValue::Interval(5)),
        ("size", text("2kB")),
        ("speed", text("FAST")),
        ("fields", OptionValue::Array(vec![OptionValue::Identifier("a".to_string()), text("b")])),
    ]);
    let expected = Example {
        path: "x".to_string(),
        flag: true,
        count: Some(3),
        rate: Some(0.5),
        linger: Some(DurationNanos(5)),
        size: Some(DataSize(2048)),
        speed: Some(Speed::Fast),
        fields: vec!["a".to_string(), "b".to_string()],
    };
    assert_eq!(example, Ok(expected));
}

#[test]
fn quoted_forms() {
    let example = parse(&[("path", text("x")), ("linger", text("250ms")), ("fields", text("a, b"))]).unwrap();
    assert_eq!(example.linger, Some(DurationNanos(250_000_000)));
    assert_eq!(example.fields, ["a", "b"]);
}

#[test]
fn every_fault_at_once() {
    let faults = parse(&[
        ("pth", text("x")),
        ("flag", text("perhaps")),
        ("deep.count", OptionValue::Number("-1".to_string())),
        ("linger", text("soon")),
        ("speed", text("medium")),
        ("zzzzzz", text("")),
    ])
    .unwrap_err();
    assert_eq!(
        faults,
        [
            "`deep.count` is at least 0, not `-1` (write `deep.count = 1`)",
            "`flag` takes a boolean, not `perhaps` (write `flag = true`)",
            "`linger` takes an interval, not `soon` (write `linger = INTERVAL '1 second'`)",
            "unknown option `pth` (did you mean `path`?)",
            "`speed` takes `slow` or `fast`, not `medium` (use `slow` or `fast`)",
            "unknown option `zzzzzz` (the options are `deep.count`, `fields`, `flag`, `linger`, `path`, `rate`, `size`, `speed`)",
            "the option `path` is missing (add `path = '…'` to the WITH clause)",
        ]
    );
}
