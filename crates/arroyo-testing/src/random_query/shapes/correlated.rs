//! Subqueries that refer to the query around them by other than equality, which batch says as joins with its values.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::super::data::{Column, Kind};
use super::super::relation::Relation;
use super::Shapes;

impl Shapes<'_> {
    /// A value for each row of a relation, of those rows of a table that compare with it.
    pub(super) fn correlated(&mut self, depth: u32) -> Relation {
        let (left, right) = (self.relation(depth - 1), self.scan());
        let kind = [Kind::Integer, Kind::Text, Kind::Double, Kind::Time].choose(self.random).copied();
        let kind = kind.unwrap_or(Kind::Integer);
        let (own, other) =
            (self.expressions(&left.columns).column(kind), self.expressions(&right.columns).column(kind));
        let (Some(own), Some(other), Some(value)) =
            (own, other, self.expressions(&right.columns).column(Kind::Integer))
        else {
            return left;
        };
        let key = self.random.random_bool(0.4).then(|| {
            let own = self.expressions(&left.columns).column(Kind::Text)?;
            Some((own, self.expressions(&right.columns).column(Kind::Text)?))
        });
        let key = key.flatten().filter(|(key, _)| *key != own);
        let form = self.random.random_range(0..7);
        let condition = |outer: &str| {
            let compared = match form {
                0 => format!("r.{other} < {outer}.{own}"),
                1 => format!("r.{other} <> {outer}.{own}"),
                2 => format!("{outer}.{own} >= r.{other}"),
                3 => format!("(r.{other} = {outer}.{own} OR {outer}.{own} IS NULL)"),
                4 => format!("(r.{other} IS NOT DISTINCT FROM {outer}.{own})"),
                5 => format!("r.{other} = {outer}.{own} AND {outer}.{own} IS NOT NULL"),
                _ => format!("((r.{other} > {outer}.{own}) IS NOT TRUE)"),
            };
            let equal = key.as_ref().map(|(own, other)| format!(" AND r.{other} = {outer}.{own}"));
            compared + &equal.unwrap_or_default()
        };
        let rows = |outer: &str| format!("FROM ({}) AS r WHERE {}", right.stream, condition(outer));
        let (stream, batch, result) = match self.random.random_range(0..5) {
            0 => (format!("(SELECT count(*) {})", rows("l")), "count(r.one)".to_string(), Kind::Integer),
            1 => (format!("(SELECT max(r.{value}) {})", rows("l")), format!("max(r.{value})"), Kind::Integer),
            2 => (format!("(SELECT sum(r.{value}) {})", rows("l")), format!("sum(r.{value})"), Kind::Integer),
            3 if kind == Kind::Integer => (
                format!("(SELECT min(r.{value} - l.{own}) {})", rows("l")),
                format!("min(r.{value} - d.{own})"),
                Kind::Integer,
            ),
            _ => (format!("EXISTS (SELECT 1 {})", rows("l")), "count(r.one) > 0".to_string(), Kind::Boolean),
        };

        let name = self.name();
        let names: Vec<String> = left.columns.iter().map(|column| format!("l.{}", column.name)).collect();
        let names = names.join(", ");
        let mut values = vec![own.as_str()];
        values.extend(key.as_ref().map(|(own, _)| own.as_str()));
        let list = |prefix: &str| values.iter().map(|value| format!("{prefix}.{value}")).collect::<Vec<_>>().join(", ");
        let same: Vec<_> = values.iter().map(|value| format!("(l.{value} IS NOT DISTINCT FROM v.{value})")).collect();
        let stream = format!("SELECT {names}, {stream} AS {name} FROM ({}) AS l", left.stream);
        let batch = format!(
            "WITH l AS ({}), r AS (SELECT *, 1 AS one FROM ({}) AS r), d AS (SELECT DISTINCT {} FROM l), \
             v AS (SELECT {}, {batch} AS {name} FROM d LEFT JOIN r ON {} GROUP BY {}) \
             SELECT {names}, v.{name} AS {name} FROM l JOIN v ON {}",
            left.batch,
            right.batch,
            list("l"),
            list("d"),
            condition("d"),
            list("d"),
            same.join(" AND "),
        );
        let mut columns = left.columns;
        columns.push(Column { name, kind: result });
        Relation { stream, batch, columns, time: None, window_start: None }
    }
}
