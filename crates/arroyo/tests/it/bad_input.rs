//! What users get wrong: each a clear error and the right exit code.
