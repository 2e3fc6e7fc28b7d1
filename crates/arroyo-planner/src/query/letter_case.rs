//! Names of columns whatever their case.
//!
//! DataFusion reads unquoted names in lower case, but JSON is full of `userId`s: a declared column keeps its case, and an
//! unquoted name in a query means the column that differs only in case, if there is just one way to write it.
//!
//! ```text
//! before:  SELECT userid FROM t            with  CREATE TABLE t (userId TEXT)
//! after:   SELECT "userId" FROM t
//! ```

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use arrow::datatypes::DataType;
use datafusion::sql::sqlparser::ast::{Expr, Ident, Query, SelectItem, SetExpr, VisitMut, VisitorMut};

/// Columns that are not in lower case, by their lower case; `None` where several ways to write a name are in use.
#[derive(Debug, Default)]
pub(crate) struct LetterCase(BTreeMap<String, Option<String>>);

impl LetterCase {
    /// Learns names of columns and of the fields inside of them.
    pub(crate) fn of<'a>(columns: impl IntoIterator<Item = (&'a str, &'a DataType)>) -> Self {
        let mut known = BTreeMap::new();
        for (name, data_type) in columns {
            learn(name, data_type, &mut known);
        }
        known.retain(|lower, written| written.as_ref() != Some(lower));
        Self(known)
    }

    /// The query with its names as the columns are written.
    pub(super) fn query(&self, query: &Query) -> Query {
        let mut query = query.clone();
        if !self.0.is_empty() {
            let _: ControlFlow<()> = query.visit(&mut Restore(self));
        }
        query
    }

    /// The expression with its names as the columns are written.
    pub(super) fn expr(&self, expr: &Expr) -> Expr {
        let mut expr = expr.clone();
        if !self.0.is_empty() {
            let _: ControlFlow<()> = expr.visit(&mut Restore(self));
        }
        expr
    }

    fn restore(&self, ident: &mut Ident) {
        if ident.quote_style.is_some() {
            return;
        }
        if let Some(Some(written)) = self.0.get(&ident.value.to_lowercase()) {
            ident.value.clone_from(written);
            ident.quote_style = Some('"');
        }
    }
}

fn learn(name: &str, data_type: &DataType, known: &mut BTreeMap<String, Option<String>>) {
    known
        .entry(name.to_lowercase())
        .and_modify(|written| {
            if written.as_deref() != Some(name) {
                *written = None;
            }
        })
        .or_insert_with(|| Some(name.to_owned()));
    match data_type {
        DataType::Struct(fields) => {
            for field in fields {
                learn(field.name(), field.data_type(), known);
            }
        }
        DataType::List(item) => {
            if let DataType::Struct(fields) = item.data_type() {
                for field in fields {
                    learn(field.name(), field.data_type(), known);
                }
            }
        }
        _ => {}
    }
}

struct Restore<'a>(&'a LetterCase);

impl Restore<'_> {
    fn aliases(&self, body: &mut SetExpr) {
        match body {
            SetExpr::Select(select) => {
                for item in &mut select.projection {
                    if let SelectItem::ExprWithAlias { alias, .. } = item {
                        self.0.restore(alias);
                    }
                }
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.aliases(left);
                self.aliases(right);
            }
            _ => {}
        }
    }
}

impl VisitorMut for Restore<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.aliases(&mut query.body);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) => self.0.restore(ident),
            // The first part may be a table, whose name has no case; a column's name has.
            Expr::CompoundIdentifier(parts) => {
                for part in parts.iter_mut().skip(1) {
                    self.0.restore(part);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_one_spelling_are_restored() {
        let case =
            LetterCase::of(["userId", "name", "orderId", "ORDERID", "userId"].map(|name| (name, &DataType::Utf8)));
        let restored = |name: &str| {
            let mut ident = Ident::new(name);
            case.restore(&mut ident);
            ident.to_string()
        };
        assert_eq!(restored("USERID"), "\"userId\"");
        assert_eq!(restored("name"), "name");
        assert_eq!(restored("orderid"), "orderid");
    }
}
