//! Lists that become rows.

use rand::Rng;

use super::super::data::{Column, Kind};
use super::super::relation::Relation;
use super::Shapes;

impl Shapes<'_> {
    /// Each row with the elements of a list and their numbers; in batch, which cannot number them, with two lists side by side.
    pub(super) fn unnest(&mut self, depth: u32) -> Relation {
        let input = self.relation(depth - 1);
        let (two, one) = (self.expressions(&input.columns).predicate(1), self.expressions(&input.columns).predicate(1));
        let (first, second) = (
            self.expressions(&input.columns).of(Kind::Integer, 1),
            self.expressions(&input.columns).of(Kind::Integer, 1),
        );
        let list = |first: &str, second: &str| {
            format!("CASE WHEN {two} THEN [{first}, {second}] WHEN {one} THEN [{first}] END")
        };
        let (elements, numbers) = (list(&first, &second), list("1", "2"));
        let (element, number) = (self.name(), self.name());
        let kept: Vec<&str> = input.columns.iter().map(|column| column.name.as_str()).collect();
        let kept = kept.join(", ");
        let is_outer = self.random.random_bool(0.5);
        let join = if is_outer { "LEFT JOIN" } else { "CROSS JOIN" };
        let on = if is_outer { " ON true" } else { "" };
        let stream = format!(
            "SELECT {kept}, {element}, {number} FROM ({}) AS r \
             {join} UNNEST({elements}) WITH ORDINALITY AS u({element}, {number}){on}",
            input.stream
        );
        let without = if is_outer {
            format!(" UNION ALL SELECT {kept}, NULL, NULL FROM base WHERE ({elements}) IS NULL")
        } else {
            String::new()
        };
        let batch = format!(
            "WITH base AS ({}) SELECT {kept}, unnest({elements}) AS {element}, unnest({numbers}) AS {number} FROM base{without}",
            input.batch
        );
        let mut columns = input.columns.clone();
        columns.extend([element, number].map(|name| Column { name, kind: Kind::Integer }));
        Relation { stream, batch, columns, ..input }
    }
}
