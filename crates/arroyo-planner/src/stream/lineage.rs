//! What a column or an operator *means*, as a number.
//!
//! An operator's id must survive edits that do not concern it: comments, formatting, other statements, other names, another
//! order of statements, columns that somebody else reads from the same table.
//! So ids do not come from plans, whose projections and names change with all of these, but from lineage:
//!
//! - a source column is its table and its name;
//! - a computed column is its expression with each column replaced by that column's lineage, so that names and the
//!   projections in between vanish;
//! - a set of rows is its source and the filters, unnests, unions and groupings that it went through;
//! - an aggregate is its rows, its groups, its window and its functions.
//!
//! Watermarks and sinks are no part of the lineage of what follows or precedes them.

use std::fmt;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::Expr;
use xxhash_rust::xxh3::Xxh3Default;

/// The meaning of a column, a set of rows, or an operator. Equal lineages mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Lineage(u64);

impl Lineage {
    /// Starts the lineage of a thing of kind `what`.
    pub(crate) fn of(what: &str) -> LineageBuilder {
        LineageBuilder(Xxh3Default::new()).text(what)
    }

    /// The lineage of an expression whose columns have the lineages that `column` answers with.
    pub(crate) fn of_expr(expr: &Expr, column: impl Fn(&Column) -> Option<Self>) -> Self {
        let expr = unaliased(expr);
        if let Expr::Column(reference) = expr
            && let Some(lineage) = column(reference)
        {
            return lineage;
        }
        let replaced = expr.clone().transform_up(|expr| {
            Ok(match expr {
                Expr::Column(reference) => {
                    let name = column(&reference).map_or_else(|| reference.name.clone(), |lineage| lineage.to_string());
                    Transformed::yes(Expr::Column(Column::new_unqualified(name)))
                }
                Expr::Alias(alias) => Transformed::yes(*alias.expr),
                other => Transformed::no(other),
            })
        });
        let text = replaced.map_or_else(|_| expr.to_string(), |replaced| replaced.data.to_string());
        Self::of("expr").text(&text).finish()
    }
}

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The expression below its aliases.
pub(crate) fn unaliased(mut expr: &Expr) -> &Expr {
    while let Expr::Alias(alias) = expr {
        expr = &alias.expr;
    }
    expr
}

/// Gathers what a lineage depends on; order matters.
pub(crate) struct LineageBuilder(Xxh3Default);

impl LineageBuilder {
    /// Adds a text.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    /// Adds a number.
    pub(crate) fn number(mut self, number: i64) -> Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Adds another lineage.
    pub(crate) fn lineage(mut self, lineage: Lineage) -> Self {
        self.0.update(&lineage.0.to_le_bytes());
        self
    }

    /// Adds a list of lineages, in order.
    pub(crate) fn lineages(self, lineages: impl IntoIterator<Item = Lineage>) -> Self {
        let lineages: Vec<Lineage> = lineages.into_iter().collect();
        let start = self.number(i64::try_from(lineages.len()).unwrap_or(i64::MAX));
        lineages.into_iter().fold(start, Self::lineage)
    }

    /// Adds a set of lineages, whose order does not matter.
    pub(crate) fn lineage_set(self, lineages: impl IntoIterator<Item = Lineage>) -> Self {
        let mut lineages: Vec<Lineage> = lineages.into_iter().collect();
        lineages.sort_unstable();
        self.lineages(lineages)
    }

    /// The lineage.
    pub(crate) fn finish(self) -> Lineage {
        Lineage(self.0.digest())
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{col, lit};

    use super::*;

    #[test]
    fn names_do_not_matter_but_meanings_do() {
        let price = Lineage::of("column").text("price").finish();
        let of = |expr: &Expr| Lineage::of_expr(expr, |_| Some(price));
        assert_eq!(of(&col("a").alias("b")), price);
        assert_eq!(of(&(col("a") + lit(1)).alias("b")), of(&(col("c") + lit(1))));
        assert_ne!(of(&(col("a") + lit(1))), of(&(col("a") + lit(1i64))), "the types differ");
    }

    #[test]
    fn the_order_of_lists_matters_and_of_sets_not() {
        let (a, b) = (Lineage::of("a").finish(), Lineage::of("b").finish());
        let list = |lineages: [Lineage; 2]| Lineage::of("x").lineages(lineages).finish();
        let set = |lineages: [Lineage; 2]| Lineage::of("x").lineage_set(lineages).finish();
        assert_ne!(list([a, b]), list([b, a]));
        assert_eq!(set([a, b]), set([b, a]));
    }
}
