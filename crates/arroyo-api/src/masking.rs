//! Secrets in stored connection options never leave by the API.

use serde_json::Value;

const MASK: &str = "*********";

/// Parts of option names whose values are secret. Compared without case, `_`, `-` and `.`.
const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "jaas",
    "sasl",
    "headers",
];

/// The same options with every secret replaced by asterisks.
pub(crate) fn mask(options: &Value) -> Value {
    match options {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), if is_secret(name) { mask_whole(value) } else { mask(value) }))
            .collect(),
        Value::Array(values) => values.iter().map(mask).collect(),
        Value::String(text) => Value::String(mask_url(text)),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// Structures keep their shape, so that `{"sasl": {"mechanism": …}}` still shows that SASL is set.
fn mask_whole(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), mask_whole(value))).collect(),
        Value::Array(values) => values.iter().map(mask_whole).collect(),
        Value::String(text) if text.is_empty() => value.clone(),
        Value::String(_) | Value::Number(_) => Value::String(MASK.into()),
    }
}

/// `scheme://user:password@host` without the password.
fn mask_url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_string() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((login, _)) = authority.rsplit_once('@') else { return text.to_string() };
    let Some((user, _)) = login.split_once(':') else { return text.to_string() };
    let after = rest.get(login.len()..).unwrap_or_default();
    format!("{scheme}://{user}:{MASK}{after}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_are() {
        let options = json!({
            "bootstrapServers": "localhost:9092",
            "authentication": {"type": "SASL", "username": "me", "password": "p1"},
            "schemaRegistry": {"apiKey": "p2", "apiSecret": "p3", "endpoint": "https://u:p4@host/x?y"},
            "headers": {"Authorization": "Bearer p5"},
            "urls": ["redis://me:p6@h1", "redis://h2"],
            "useTls": true,
        });
        let masked = mask(&options);
        for secret in ["p1", "p2", "p3", "p4", "p5", "p6"] {
            assert!(!masked.to_string().contains(secret), "{masked}");
        }
        assert_eq!(
            masked,
            json!({
                "bootstrapServers": "localhost:9092",
                "authentication": {"type": "SASL", "username": "me", "password": MASK},
                "schemaRegistry": {"apiKey": MASK, "apiSecret": MASK, "endpoint": format!("https://u:{MASK}@host/x?y")},
                "headers": {"Authorization": MASK},
                "urls": [format!("redis://me:{MASK}@h1"), "redis://h2"],
                "useTls": true,
            })
        );
    }
}
