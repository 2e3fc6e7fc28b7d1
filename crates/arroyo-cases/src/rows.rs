//! Rows as JSON, comparable.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use serde_json::value::RawValue;
use serde_json::{Number, Value};

/// Rows in the order in which they were written, each as the text that was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows(
    /// In this order.
    pub Vec<Row>,
);

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As it is written.
    pub text: String,
    /// The same for rows that mean the same.
    pub key: String,
}

impl Row {
    /// A row from its JSON text.
    ///
    /// # Errors
    ///
    /// A text that is no JSON.
    pub fn new(text: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(text).with_context(|| format!("`{text}` is not a row in JSON"))?;
        Ok(Self { text: text.trim().to_string(), key: canonical(&value).to_string() })
    }
}

/// Numbers that are equal are written alike: `1.0` is `1`. Fields of objects are sorted by their names.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(canonical_number(number)),
        Value::Array(values) => Value::Array(values.iter().map(canonical).collect()),
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, Value> =
                fields.iter().map(|(name, value)| (name, canonical(value))).collect();
            Value::Object(sorted.into_iter().map(|(name, value)| (name.clone(), value)).collect())
        }
        other => other.clone(),
    }
}

/// Whole numbers up to this are exact as floating-point numbers.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

fn canonical_number(number: &Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT_MAX => {
            Number::from(float as i64)
        }
        _ => number.clone(),
    }
}

impl Rows {
    /// One row per line that is not empty.
    ///
    /// # Errors
    ///
    /// A line that is no JSON.
    pub fn of_lines(text: &str) -> anyhow::Result<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(Self(lines.map(Row::new).collect::<anyhow::Result<_>>()?))
    }

    /// Adds the rows of a JSON array.
    ///
    /// # Errors
    ///
    /// A text that is no array of rows.
    pub fn extend_from_array(&mut self, array: &str) -> anyhow::Result<()> {
        let rows: Vec<&RawValue> = serde_json::from_str(array).context("the preview is no JSON array")?;
        for row in rows {
            self.0.push(Row::new(row.get())?);
        }
        Ok(())
    }

    /// What is left when all changes are applied; rows that are no changes stay as they are.
    ///
    /// # Errors
    ///
    /// A change that takes back a row that is not there.
    pub fn folded(self) -> anyhow::Result<Self> {
        let mut left: Vec<Option<Row>> = Vec::with_capacity(self.0.len());
        // Where rows are that are left, and rows that were taken back before they came.
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        let mut missing: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in self.0 {
            let (before, after) = change_of(&row.text)?.unwrap_or((None, Some(row)));
            if let Some(before) = before {
                match places.get_mut(&before.key).and_then(Vec::pop).and_then(|place| left.get_mut(place)) {
                    Some(place) => *place = None,
                    None => missing.entry(before.key.clone()).or_default().push(before),
                }
            }
            if let Some(after) = after
                && missing.get_mut(&after.key).and_then(Vec::pop).is_none()
            {
                places.entry(after.key.clone()).or_default().push(left.len());
                left.push(Some(after));
            }
        }
        if let Some(row) = missing.values().flatten().next() {
            anyhow::bail!("the row {} was taken back and never written", row.text);
        }
        Ok(Self(left.into_iter().flatten().collect()))
    }

    /// In an order that does not depend on when rows came.
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| a.key.cmp(&b.key));
        self
    }

    /// One row per line.
    pub fn lines(&self) -> String {
        self.0.iter().map(|row| format!("{}\n", row.text)).collect()
    }
}

/// The rows before and after a change in Debezium's envelope; `None` if it is a row and no change.
fn change_of(text: &str) -> anyhow::Result<Option<(Option<Row>, Option<Row>)>> {
    let fields: BTreeMap<&str, &RawValue> = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(_) => return Ok(None),
    };
    if !(fields.contains_key("op") && fields.contains_key("after") && fields.contains_key("before")) {
        return Ok(None);
    }
    let side = |name: &str| match fields.get(name).map(|row| row.get()) {
        None | Some("null") => Ok(None),
        Some(row) => Row::new(row).map(Some),
    };
    Ok(Some((side("before")?, side("after")?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_mean_the_same_have_the_same_key() {
        let key = |text: &str| Row::new(text).unwrap().key;
        assert_eq!(key(r#"{"a": 1.0, "b": {"d": 2, "c": 3}}"#), key(r#"{"b":{"c":3,"d":2},"a":1}"#));
        assert_ne!(key(r#"{"a": 1.5}"#), key(r#"{"a": 1}"#));
        assert_ne!(key(r#"{"a": "1"}"#), key(r#"{"a": 1}"#));
        assert!(Row::new("{a: 1}").is_err());
    }

    #[test]
    fn changes_are_applied() {
        let text = r#"
            {"before": null, "after": {"n": 1}, "op": "c"}
            {"before": {"n": 1}, "after": {"n": 2}, "op": "u"}
            {"before": null, "after": {"n": 7}, "op": "c"}
            {"before": {"n": 7}, "after": null, "op": "d"}"#;
        let left = Rows::of_lines(text).unwrap().folded().unwrap();
        assert_eq!(left.lines(), "{\"n\": 2}\n");
        let wrong = Rows::of_lines(r#"{"before": {"n": 7}, "after": null, "op": "d"}"#).unwrap();
        assert!(wrong.folded().is_err());
    }
}
