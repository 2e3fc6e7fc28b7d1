//! Layering.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Format, Json, Toml, Yaml};

use crate::env::{self, Setting};
use crate::{Config, ConfigError, validate};

const DEFAULTS: &str = include_str!("../default.toml");

/// Where settings come from besides the built-in defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `--config`.
    pub config_file: Option<PathBuf>,
    /// `--config-dir`.
    pub config_dir: Option<PathBuf>,
    /// The user's configuration directory (`~/.config`); its `arroyo/config.{yaml,toml}` are read, and the default SQLite database
    /// lies there.
    pub user_dir: Option<PathBuf>,
    /// Where `arroyo.{yaml,toml}` are looked for.
    pub working_dir: Option<PathBuf>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Defaults of a command that differ from the built-in ones (key, value): anything that the user sets wins over them.
    pub defaults: Vec<(&'static str, String)>,
    /// `--set key=value`, values as loose TOML.
    pub set: Vec<(String, String)>,
    /// What a command insists on (key, text): wins over everything.
    pub forced: Vec<(&'static str, String)>,
}

impl Sources {
    /// The process's environment, user directory and working directory.
    pub fn of_process() -> Self {
        let env: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let get =
            |name: &str| env.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, value)| PathBuf::from(value));
        let user_dir = get("XDG_CONFIG_HOME").or_else(|| get("HOME").map(|home| home.join(".config")));
        Self { user_dir, working_dir: std::env::current_dir().ok(), env, ..Self::default() }
    }
}

/// Reads all layers and checks the result.
///
/// # Errors
///
/// A missing `--config` file, an unreadable `--config-dir`, unknown keys and invalid values: each names the key and where it
/// came from.
pub fn load(sources: &Sources) -> Result<Config, ConfigError> {
    let mut warnings = Vec::new();
    let files = read_files(sources, &mut warnings)?;
    let mut settings = env::settings(&sources.env);
    settings.extend(sources.set.iter().map(|(key, value)| Setting::parse(format!("--set {key}"), key.clone(), value)));
    let mut config = extract(&files, settings, &sources.forced)?;
    config.config_path.clone_from(&sources.config_file);
    config.config_dir.clone_from(&sources.config_dir);
    config.overrides.clone_from(&sources.set);
    config.warnings = warnings;
    validate::check(&config)?;
    Ok(config)
}

/// The layers below the environment.
fn read_files(sources: &Sources, warnings: &mut Vec<String>) -> Result<Figment, ConfigError> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    for (key, value) in &sources.defaults {
        figment = figment.admerge(Setting::parse("a default of this command".into(), (*key).to_string(), value));
    }
    if let Some(dir) = &sources.user_dir {
        let default_database = dir.join("arroyo").join("config.sqlite");
        figment =
            figment.admerge(Setting::text("the default", "database.sqlite.path", &default_database.to_string_lossy()));
    }
    for setting in env::legacy_settings(&sources.env, warnings) {
        figment = figment.admerge(setting);
    }
    for (dir, name) in
        [(sources.user_dir.as_ref().map(|dir| dir.join("arroyo")), "config"), (sources.working_dir.clone(), "arroyo")]
    {
        for extension in ["yaml", "toml"] {
            let file = dir.as_ref().map(|dir| dir.join(format!("{name}.{extension}")));
            if let Some(file) = file.filter(|file| file.is_file()) {
                figment = merge_file(figment, &file);
            }
        }
    }
    if let Some(file) = &sources.config_file {
        if !file.is_file() {
            return Err(ConfigError::NoSuchFile(file.display().to_string()));
        }
        figment = merge_file(figment, file);
    }
    for file in files_of_directory(sources.config_dir.as_deref())? {
        figment = merge_file(figment, &file);
    }
    Ok(figment)
}

/// All layers as one configuration.
///
/// Where a text is wanted and a setting was read as something else, it is taken as it was written: a database may be called
/// `2026`.
fn extract(
    files: &Figment,
    mut settings: Vec<Setting>,
    forced: &[(&'static str, String)],
) -> Result<Config, ConfigError> {
    loop {
        let mut figment = files.clone();
        for setting in &settings {
            figment = figment.admerge(setting.clone());
        }
        for (key, value) in forced {
            figment = figment.admerge(Setting::text("this command", key, value));
        }
        let fault = match figment.extract() {
            Ok(config) => return Ok(config),
            Err(fault) => fault,
        };
        let wants_text = matches!(&fault.kind, Kind::InvalidType(_, expected) if expected == "a string");
        // Each round turns at least one of them into a text.
        let mut retry = false;
        for setting in settings.iter_mut().filter(|_| wants_text) {
            retry |= setting.become_text(&fault.path);
        }
        if !retry {
            return Err(explain(fault));
        }
    }
}

fn merge_file(figment: Figment, file: &Path) -> Figment {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => figment.admerge(Yaml::file(file)),
        Some("json") => figment.admerge(Json::file(file)),
        _ => figment.admerge(Toml::file(file)),
    }
}

/// `*.yaml`, `*.yml` and `*.toml` in the directory, sorted by name.
fn files_of_directory(dir: Option<&Path>) -> Result<Vec<PathBuf>, ConfigError> {
    let Some(dir) = dir else {
        return Ok(Vec::new());
    };
    let unreadable =
        |error: std::io::Error| ConfigError::Directory { path: dir.display().to_string(), reason: error.to_string() };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| ["yaml", "yml", "toml"].iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// One line per fault: the key, what is wrong, where it came from, the nearest known key.
fn explain(error: figment::Error) -> ConfigError {
    let lines = error
        .into_iter()
        .map(|fault| {
            let mut path = fault.path.clone();
            let (what, help) = match &fault.kind {
                Kind::UnknownField(field, known) => {
                    if path.last() != Some(field) {
                        path.push(field.clone());
                    }
                    let nearest = nearest(field, known).map(|known| format!("; did you mean `{known}`?"));
                    ("is not a known key".to_string(), nearest.unwrap_or_default())
                }
                kind => (kind.to_string(), String::new()),
            };
            let origin = fault.metadata.as_ref().map(|metadata| match &metadata.source {
                Some(source) => format!(" (in {source})"),
                None => format!(" (in {})", metadata.name),
            });
            let key = if path.is_empty() { String::new() } else { format!("`{}`: ", path.join(".")) };
            format!("{key}{what}{}{help}", origin.unwrap_or_default())
        })
        .collect();
    ConfigError::Invalid(lines)
}

fn nearest<'a>(field: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(field, candidate), *candidate))
        .filter(|(distance, _)| *distance <= field.len().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
