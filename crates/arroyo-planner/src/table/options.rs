//! The options of a `WITH` clause: taken one by one, what is left is the connector's.

use std::collections::BTreeMap;

use arroyo_formats::FormatOptions;
use arroyo_operator::{Connector, OptionError, OptionValue};
use serde_json::Value;

use crate::statement::{Spanned, TableOption, interval_of};
use crate::suggest::nearest;
use crate::{Diagnostic, Span, codes};

/// Without input for so long, a source's subtask is idle, unless an option says otherwise.
const DEFAULT_IDLE_NANOS: i64 = 5 * 60 * 1_000_000_000;

/// Keys that all connectors share.
const SHARED: &[&str] = &[
    "connector",
    "connection_profile",
    "type",
    "format",
    "framing",
    "framing.newline.max_length",
    "bad_data",
    "event_time_field",
    "watermark_field",
    "idle_micros",
    "idle_time",
    "lookup.cache.max_bytes",
    "lookup.cache.ttl",
    "json.unstructured",
    "json.timestamp_format",
    "json.decimal_encoding",
    "json.compression",
];

struct Entry {
    value: OptionValue,
    key_span: Option<Span>,
    value_span: Option<Span>,
}

/// Options by key.
pub(super) struct Options {
    entries: BTreeMap<String, Entry>,
    /// Places of the values, also of those that were taken.
    value_spans: BTreeMap<String, Option<Span>>,
    key_spans: BTreeMap<String, Option<Span>>,
}

impl Options {
    pub(super) fn new(written: &[TableOption], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut options = Self { entries: BTreeMap::new(), value_spans: BTreeMap::new(), key_spans: BTreeMap::new() };
        for option in written {
            let key = option.key.node.clone();
            if options.entries.contains_key(&key) {
                diagnostics.push(
                    Diagnostic::error(&codes::DUPLICATE_OPTION, format!("the option `{key}` is given twice"))
                        .at(option.key.span),
                );
            }
            options.value_spans.insert(key.clone(), option.value.span);
            options.key_spans.insert(key.clone(), option.key.span);
            let entry =
                Entry { value: option.value.node.clone(), key_span: option.key.span, value_span: option.value.span };
            options.entries.insert(key, entry);
        }
        options
    }

    /// Takes an option that is a text.
    pub(super) fn text(&mut self, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
        let entry = self.entries.remove(key)?;
        match entry.value {
            OptionValue::Text(text) | OptionValue::Identifier(text) => {
                Some(Spanned { node: text, span: entry.value_span })
            }
            _ => {
                diagnostics.push(
                    Diagnostic::error(&codes::OPTION_VALUE, format!("`{key}` is a text"))
                        .at(entry.value_span)
                        .help("write it in single quotes"),
                );
                None
            }
        }
    }

    /// Takes an option of any kind, and the place of its value.
    pub(super) fn take(&mut self, key: &str) -> Option<(OptionValue, Option<Span>)> {
        self.entries.remove(key).map(|entry| (entry.value, entry.value_span))
    }

    /// Takes an option that names a column.
    pub(super) fn field(&mut self, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
        self.text(key, diagnostics)
    }

    /// Takes the options on idle sources.
    pub(super) fn idle(&mut self, diagnostics: &mut Vec<Diagnostic>) -> i64 {
        let mut idle = DEFAULT_IDLE_NANOS;
        for key in ["idle_micros", "idle_time"] {
            let Some(entry) = self.entries.remove(key) else { continue };
            let nanos = match &entry.value {
                OptionValue::Interval(nanos) => Some(*nanos),
                OptionValue::Number(text) | OptionValue::Text(text) if key == "idle_micros" => {
                    text.parse::<i64>().ok().filter(|micros| *micros >= 0).and_then(|micros| micros.checked_mul(1000))
                }
                OptionValue::Text(text) => interval_of(text).ok().map(|interval| interval.nanos),
                _ => None,
            };
            match nanos {
                Some(nanos) => idle = nanos,
                None => diagnostics.push(
                    Diagnostic::error(&codes::OPTION_VALUE, format!("`{key}` is not a length of time"))
                        .at(entry.value_span)
                        .help("write `idle_time = INTERVAL '30 seconds'`; zero means never"),
                ),
            }
        }
        idle
    }

    /// Takes how long updating operators remember the table's rows.
    pub(super) fn updating_ttl(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<i64> {
        let entry = self.entries.remove("updating_ttl")?;
        let nanos = match &entry.value {
            OptionValue::Interval(nanos) => Some(*nanos),
            OptionValue::Text(text) => interval_of(text).ok().map(|interval| interval.nanos),
            _ => None,
        };
        let nanos = nanos.filter(|nanos| *nanos >= 0);
        if nanos.is_none() {
            diagnostics.push(
                Diagnostic::error(&codes::OPTION_VALUE, "`updating_ttl` is not a length of time")
                    .at(entry.value_span)
                    .help("write `updating_ttl = INTERVAL '6 hours'`; zero means for ever"),
            );
        }
        nanos
    }

    /// Takes the options of formats, as texts.
    pub(super) fn format_options(&mut self) -> BTreeMap<String, String> {
        let keys: Vec<String> = self.entries.keys().filter(|key| FormatOptions::owns_key(key)).cloned().collect();
        keys.into_iter().filter_map(|key| self.entries.remove(&key).map(|entry| (key, entry.value.to_text()))).collect()
    }

    /// What is left.
    pub(super) fn values(&self) -> BTreeMap<String, OptionValue> {
        self.entries.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect()
    }

    /// Keys that are left, and their places.
    pub(super) fn rest(&self) -> impl Iterator<Item = (&str, Option<Span>)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), entry.key_span))
    }

    /// Where an option's value is written.
    pub(super) fn value_span(&self, key: &str) -> Option<Span> {
        self.value_spans.get(key).copied().flatten()
    }

    /// Adds options from JSON (a profile, a stored table) where the query has none; nested objects become dotted keys.
    pub(super) fn add_json(&mut self, json: &Value) {
        let mut flat = Vec::new();
        flatten("", json, &mut flat);
        for (key, value) in flat {
            self.entries.entry(key).or_insert(Entry { value, key_span: None, value_span: None });
        }
    }

    /// As [`Self::add_json`], for the options of a stored table: see [`Connector::names_in_json`].
    pub(super) fn add_table_json(&mut self, json: &Value, connector: &dyn Connector) {
        let mut flat = Vec::new();
        flatten("", json, &mut flat);
        for (key, value) in flat {
            let key = key.strip_prefix("table_type.").unwrap_or(&key);
            let renamed = connector.names_in_json().iter().find_map(|(name, option)| match key.strip_prefix(name) {
                Some("") => Some((*option).to_owned()),
                Some(rest) if name.ends_with('.') => Some(format!("{option}{rest}")),
                _ => None,
            });
            let value = if key.ends_with("_seconds") && renamed.is_some() { seconds(value) } else { value };
            let entry = Entry { value, key_span: None, value_span: None };
            self.entries.entry(renamed.unwrap_or_else(|| key.to_owned())).or_insert(entry);
        }
    }

    /// A connector's or format's complaint, at the place of its option.
    pub(super) fn fault(&self, error: OptionError, fallback: Option<Span>) -> Diagnostic {
        let Some(key) = error.key else {
            let diagnostic = Diagnostic::error(&codes::MISSING_OPTION, error.message).at(fallback);
            return match error.help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            };
        };
        let key_span = self.key_spans.get(&key).copied().flatten();
        let unknown = error.message.starts_with("unknown option");
        let (code, span) = if unknown {
            (&codes::UNKNOWN_OPTION, key_span)
        } else if key == "type" {
            (&codes::ROLE, self.value_span(&key))
        } else {
            (&codes::OPTION_VALUE, self.value_span(&key).or(key_span))
        };
        let shared = if unknown { nearest(&key, SHARED.iter().copied()) } else { None };
        let help = match (error.help, shared) {
            (Some(help), _) if help.starts_with("did you mean") => Some(help),
            (_, Some(near)) => Some(format!("did you mean `{near}`?")),
            (help, None) => help,
        };
        let diagnostic = Diagnostic::error(code, error.message).at(span.or(fallback));
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// A number of seconds as an interval; anything else as it is, to be refused where it belongs.
fn seconds(value: OptionValue) -> OptionValue {
    let nanos = match &value {
        OptionValue::Number(number) => number.parse::<i64>().ok().and_then(|number| number.checked_mul(1_000_000_000)),
        _ => None,
    };
    nanos.map_or(value, OptionValue::Interval)
}

fn flatten(prefix: &str, json: &Value, out: &mut Vec<(String, OptionValue)>) {
    let value = match json {
        Value::Null => return,
        Value::Object(fields) => {
            for (name, value) in fields {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, value, out);
            }
            return;
        }
        other => option_of(other),
    };
    if let Some(value) = value
        && !prefix.is_empty()
    {
        out.push((prefix.to_owned(), value));
    }
}

fn option_of(json: &Value) -> Option<OptionValue> {
    match json {
        Value::Null | Value::Object(_) => None,
        Value::Bool(value) => Some(OptionValue::Bool(*value)),
        Value::Number(number) => Some(OptionValue::Number(number.to_string())),
        Value::String(text) => Some(OptionValue::Text(text.clone())),
        Value::Array(values) => Some(OptionValue::Array(values.iter().filter_map(option_of).collect())),
    }
}
