//! Relations of which no column is read.

use rand::Rng;

use super::super::data::{Column, Kind};
use super::super::relation::Relation;
use super::Shapes;

impl Shapes<'_> {
    /// The number of rows of another relation: of its first ones, beside the rows of a table, or if there are any.
    pub(super) fn counted(&mut self, depth: u32) -> Relation {
        let (left, right) = (self.relation(depth - 1), self.scan());
        let name = self.name();
        let from = match self.random.random_range(0..4) {
            0 => format!("(SELECT * FROM {{0}} AS r LIMIT {}) AS l", self.random.random_range(1..20)),
            1 => format!("(SELECT * FROM {{0}} AS r OFFSET {}) AS l", self.random.random_range(1..20)),
            2 => "{0} AS l CROSS JOIN {1} AS r".to_string(),
            _ => "{1} AS l WHERE EXISTS (SELECT 1 FROM {0} AS r)".to_string(),
        };
        let columns = vec![Column { name: name.clone(), kind: Kind::Integer }];
        Relation::derived(&format!("SELECT count(*) AS {name} FROM {from}"), &[&left, &right], columns)
    }
}
