//! Configuration: typed settings from built-in defaults, files, environment and command line.
//!
//! Later layers win: `default.toml`, legacy environment variables, `<user config dir>/arroyo/config.{yaml,toml}`,
//! `./arroyo.{yaml,toml}`, the file of `--config`, the files of `--config-dir`, `ARROYO__…` variables, `--set key=value`.
//! Tables merge deeply, arrays are concatenated, other values replaced. Unknown keys are refused.

mod duration;
mod env;
mod error;
mod load;
mod secret;
mod settings;
mod size;
mod validate;

pub use duration::{HumanDuration, InvalidDuration};
pub use error::ConfigError;
pub use load::{Sources, load};
pub use secret::Secret;
pub use settings::*;
pub use size::{HumanSize, InvalidSize};
