//! Names as plans have them.

use datafusion::sql::sqlparser::ast::Ident;

/// The name, in lower case unless it is quoted.
pub(super) fn key_of(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}
