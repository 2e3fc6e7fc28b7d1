//! The stable codes of all diagnostics, with what their pages in `docs/reference/errors/` say.
//!
//! A code is never used for something else and never renumbered: users search for it.
//! 001–099 concern the text and its tables, 100–199 queries, 200–299 what can run as a stream.

mod query;
mod stream;
mod text;

pub use query::*;
pub use stream::*;
pub use text::*;

/// A kind of diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `SQL012`.
    pub code: &'static str,
    /// A few words.
    pub title: &'static str,
    /// Why it is an error and what to do, in Markdown.
    pub explanation: &'static str,
    /// A script that shows it.
    pub example: &'static str,
}

/// All codes, in order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    text::TABLE.iter().chain(query::TABLE).chain(stream::TABLE).copied()
}

/// Declares codes and the table of them.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $explanation:literal, $example:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: $crate::codes::Code =
                $crate::codes::Code { code: $code, title: $title, explanation: $explanation, example: $example };
        )*
        /// The codes of this file, in order.
        pub(super) static TABLE: &[&$crate::codes::Code] = &[$(&$name),*];
    };
}
use codes;
