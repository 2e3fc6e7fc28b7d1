//! Environment variables as configuration.

use figment::value::{Dict, Map, Num, Value};
use figment::{Error, Metadata, Profile, Provider};

const PREFIX: &str = "ARROYO__";

/// Variables of the system's early releases and the keys that replaced them.
const LEGACY: &[(&str, &str)] = &[
    ("CHECKPOINT_URL", "checkpoint-url"),
    ("ARTIFACT_URL", "compiler.artifact-url"),
    ("SCHEDULER", "controller.scheduler"),
    ("DATABASE_HOST", "database.postgres.host"),
    ("DATABASE_PORT", "database.postgres.port"),
    ("DATABASE_USER", "database.postgres.user"),
    ("DATABASE_PASSWORD", "database.postgres.password"),
    ("DATABASE_NAME", "database.postgres.database-name"),
    ("CONTROLLER_ADDR", "controller-endpoint"),
    ("COMPILER_ADDR", "compiler-endpoint"),
];

/// One key and its value, and where they came from.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    origin: String,
    key: String,
    written: String,
    value: Value,
}

impl Setting {
    /// A setting whose value is read as loose TOML: `5`, `true`, `[a, b]`, `{a=1}`, anything else is text.
    ///
    /// So is what a number does not say in full: the password `007` is not 7.
    pub(crate) fn parse(origin: String, key: String, written: &str) -> Self {
        let parsed = written.parse().unwrap_or_else(|never: std::convert::Infallible| match never {});
        let value = match parsed {
            Value::Num(_, number) if number_text(&number).as_deref() != Some(written.trim()) => Value::from(written),
            other => other,
        };
        Self { origin, key, written: written.to_string(), value }
    }

    /// A setting whose value is text whatever it looks like.
    pub(crate) fn text(origin: &str, key: &str, value: &str) -> Self {
        let (origin, key) = (origin.to_string(), key.to_string());
        Self { origin, key, written: value.to_string(), value: Value::from(value) }
    }

    /// Takes the value as text if it was read as something else and the setting at `path` wants a text.
    /// Returns whether it did.
    pub(crate) fn become_text(&mut self, path: &[String]) -> bool {
        let fits = !matches!(self.value, Value::String(..)) && self.key.split('.').eq(path.iter().map(String::as_str));
        if fits {
            self.value = Value::from(self.written.as_str());
        }
        fits
    }
}

fn number_text(number: &Num) -> Option<String> {
    number.to_u128().map(|number| number.to_string()).or_else(|| number.to_i128().map(|number| number.to_string()))
}

impl Provider for Setting {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let nested = figment::util::nest(&self.key, self.value.clone());
        let dict = nested.into_dict().ok_or_else(|| Error::from(format!("`{}` is not a key", self.key)))?;
        Ok(Profile::Default.collect(dict))
    }
}

/// Settings from `ARROYO__…` variables: `__` nests, `_` is `-`, case does not count.
pub(crate) fn settings(env: &[(String, String)]) -> Vec<Setting> {
    env.iter()
        .filter_map(|(name, value)| {
            let key = name.strip_prefix(PREFIX)?.replace("__", ".").replace('_', "-").to_lowercase();
            Some(Setting::parse(format!("the environment variable {name}"), key, value))
        })
        .collect()
}

/// Settings from variables of early releases; each is worth a warning.
pub(crate) fn legacy_settings(env: &[(String, String)], warnings: &mut Vec<String>) -> Vec<Setting> {
    env.iter()
        .filter_map(|(name, value)| {
            let (_, key) = LEGACY.iter().find(|(legacy, _)| legacy == name)?;
            let replacement = format!("{PREFIX}{}", key.replace('.', "__").replace('-', "_").to_uppercase());
            warnings.push(format!("the environment variable {name} is deprecated; use {replacement}"));
            Some(Setting::parse(format!("the environment variable {name}"), (*key).to_string(), value))
        })
        .collect()
}
