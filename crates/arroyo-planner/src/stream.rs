//! Logical plans → the streaming plan → the program.

use arroyo_dataflow::Program;

use crate::script::Script;
use crate::{Diagnostic, PlanRequest};

/// A script as a program.
#[derive(Debug, Clone, Default)]
pub struct Lowered {
    /// What the engine runs.
    pub program: Program,
    /// The streaming plan, indented.
    pub stream: String,
    /// Messages that do not keep it from running.
    pub warnings: Vec<Diagnostic>,
}

/// Turns a script into a program.
///
/// # Errors
///
/// What cannot run as a stream.
pub(crate) fn lower(_script: &Script, _request: &PlanRequest) -> Result<Lowered, Vec<Diagnostic>> {
    Ok(Lowered::default())
}
