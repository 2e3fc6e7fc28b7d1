//! What connectors of one role share: refusing the other one, reading their options back.

use arroyo_operator::{OperatorError, OptionError, Role, TableRequest};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// For connectors without options of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoOptions {}

/// Refuses a table that was declared as `role`.
pub(crate) fn refuse_role(request: &TableRequest, role: Role, connector: &str) -> Result<(), Vec<OptionError>> {
    if request.role != Some(role) {
        return Ok(());
    }
    let (verb, other) = match role {
        Role::Source => ("read", "sink"),
        Role::Sink | Role::Lookup => ("written", "source"),
    };
    Err(vec![OptionError {
        key: Some("type".to_string()),
        message: format!("a `{connector}` table cannot be {verb}"),
        help: Some(format!("leave `type` out, or write `type = '{other}'`")),
    }])
}

/// The options struct from the form in which it travels in the program.
pub(crate) fn options_of<T: DeserializeOwned>(table: &str, options: &Value) -> Result<T, OperatorError> {
    T::deserialize(options).map_err(|error| OperatorError::bug(format!("options of table `{table}`: {error}")))
}
