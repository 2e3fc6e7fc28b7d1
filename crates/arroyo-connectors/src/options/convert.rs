//! One written value → JSON of the kind that its option takes.

use arroyo_operator::{OptionError, OptionValue};
use serde_json::{Number, Value};

use super::quantity::parse_duration;
use super::shape::{Property, Shape};

pub(super) fn to_json(property: &Property, value: &OptionValue) -> Result<Value, OptionError> {
    convert(&property.shape, value).map_err(|fault| {
        let wanted = property.shape.name();
        let written = value.to_text();
        OptionError {
            key: Some(property.key.clone()),
            message: match fault {
                Fault::Kind => format!("`{}` takes {}, not `{written}`", property.key, article(&wanted)),
                Fault::Range(range) => format!("`{}` is {range}, not `{written}`", property.key),
            },
            help: match &property.shape {
                Shape::Text => None,
                Shape::Choice(_) => Some(format!("use {wanted}")),
                shape => Some(format!("write `{} = {}`", property.key, shape.example())),
            },
        }
    })
}

enum Fault {
    Kind,
    Range(String),
}

fn convert(shape: &Shape, value: &OptionValue) -> Result<Value, Fault> {
    let text = value.to_text();
    match shape {
        Shape::Bool => match (value, text.to_ascii_lowercase().as_str()) {
            (OptionValue::Bool(_) | OptionValue::Text(_), "true" | "yes") => Ok(Value::Bool(true)),
            (OptionValue::Bool(_) | OptionValue::Text(_), "false" | "no") => Ok(Value::Bool(false)),
            _ => Err(Fault::Kind),
        },
        Shape::Integer { min, max } => integer(value, &text, *min, *max),
        Shape::Number => match value {
            OptionValue::Number(_) | OptionValue::Text(_) => {
                text.trim().parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number).ok_or(Fault::Kind)
            }
            _ => Err(Fault::Kind),
        },
        Shape::Duration => match value {
            OptionValue::Interval(nanos) if *nanos < 0 => Err(Fault::Range("0 or longer".to_string())),
            OptionValue::Interval(nanos) => Ok(Value::from(*nanos)),
            OptionValue::Text(text) => parse_duration(text).map(Value::from).ok_or(Fault::Kind),
            _ => Err(Fault::Kind),
        },
        Shape::DataSize => match value {
            OptionValue::Text(_) | OptionValue::Number(_) => {
                arroyo_formats::parse_size(&text).map(Value::from).ok_or(Fault::Kind)
            }
            _ => Err(Fault::Kind),
        },
        Shape::Choice(choices) => choices
            .iter()
            .find(|choice| choice.eq_ignore_ascii_case(&text))
            .cloned()
            .map(Value::String)
            .ok_or(Fault::Kind),
        Shape::Text | Shape::Map => match value {
            OptionValue::Array(_) | OptionValue::Interval(_) => Err(Fault::Kind),
            _ => Ok(Value::String(text)),
        },
        Shape::List(item) => match value {
            OptionValue::Array(values) => {
                values.iter().map(|value| convert(item, value)).collect::<Result<_, _>>().map(Value::Array)
            }
            OptionValue::Text(text) => text
                .split(',')
                .map(|part| convert(item, &OptionValue::Text(part.trim().to_string())))
                .collect::<Result<_, _>>()
                .map(Value::Array),
            single => Ok(Value::Array(vec![convert(item, single)?])),
        },
    }
}

fn integer(value: &OptionValue, text: &str, min: Option<f64>, max: Option<f64>) -> Result<Value, Fault> {
    if !matches!(value, OptionValue::Number(_) | OptionValue::Text(_)) {
        return Err(Fault::Kind);
    }
    let number = match (text.trim().parse::<i64>(), text.trim().parse::<u64>()) {
        (Ok(number), _) => Value::from(number),
        (_, Ok(number)) => Value::from(number),
        _ => return Err(Fault::Kind),
    };
    let size = number.as_f64().unwrap_or_default();
    match (min, max) {
        (Some(min), _) if size < min => Err(Fault::Range(format!("at least {min}"))),
        (_, Some(max)) if size > max => Err(Fault::Range(format!("at most {max}"))),
        _ => Ok(number),
    }
}

fn article(kind: &str) -> String {
    match kind.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {kind}"),
        Some('`') | None => kind.to_string(),
        Some(_) if kind == "text" => kind.to_string(),
        Some(_) => format!("a {kind}"),
    }
}
