//! Changing parts of a query wherever they are in it.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{VisitMut, VisitorMut};

/// Shows all of `part` to `visitor`, which never breaks off.
pub(super) fn visit_all(part: &mut impl VisitMut, visitor: &mut impl VisitorMut<Break = ()>) {
    let _: ControlFlow<()> = part.visit(visitor);
}
