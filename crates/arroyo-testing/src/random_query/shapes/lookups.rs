//! Joins with lookup tables.

use rand::Rng;

use super::super::data::{Column, Kind};
use super::super::relation::Relation;
use super::Shapes;

impl Shapes<'_> {
    /// Rows with what a lookup table has for a key. They keep their event time.
    pub(super) fn lookup_join(&mut self, depth: u32) -> Relation {
        let left = self.relation(depth - 1);
        let tables = self.tables;
        let table = &tables[self.random.random_range(0..tables.len())];
        let Some(column) = self.expressions(&left.columns).column(Kind::Integer) else { return left };
        let key = [format!("l.{column}"), format!("abs(l.{column})"), format!("l.{column} + 1")];
        let mut condition = format!("{} = r.id", key[self.random.random_range(0..key.len())]);
        let kind = ["JOIN", "LEFT JOIN"][self.random.random_range(0..2)];
        let right = self.expressions(&table.columns).column(Kind::Integer);
        if let (Some(right), true) = (right, self.random.random_bool(0.4)) {
            condition += &format!(" AND r.{right} <= l.{column} + {}", self.random.random_range(-1..4));
        }
        if self.random.random_bool(0.2) {
            condition += &format!(" AND l.{column} > 0");
        }
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        for (side, of_side) in [("l", &left.columns), ("r", &table.columns)] {
            for column in of_side {
                // Windows in batch count on the name.
                let is_time = side == "l" && left.time.as_ref() == Some(&column.name);
                let name = if is_time { column.name.clone() } else { self.name() };
                list.push(format!("{side}.{} AS {name}", column.name));
                columns.push(Column { name, kind: column.kind });
            }
        }
        let named = |old: &String| {
            let place = left.columns.iter().position(|column| column.name == *old)?;
            columns.get(place).map(|column| column.name.clone())
        };
        let (time, window_start) = (left.time.as_ref().and_then(named), left.window_start.as_ref().and_then(named));
        let sql = |input: &str, table: &str| {
            format!("SELECT {} FROM ({input}) AS l {kind} {table} AS r ON {condition}", list.join(", "))
        };
        let (stream, batch) = (sql(&left.stream, &table.lookup_name()), sql(&left.batch, table.name));
        Relation { stream, batch, columns, time, window_start }
    }

    /// Rows for which a lookup table has a row, or has none. They keep their event time.
    pub(super) fn lookup_semi_join(&mut self, depth: u32) -> Relation {
        let left = self.relation(depth - 1);
        let tables = self.tables;
        let table = &tables[self.random.random_range(0..tables.len())];
        let Some(column) = self.expressions(&left.columns).column(Kind::Integer) else { return left };
        let right = self.expressions(&table.columns).column(Kind::Integer);
        let bound = self.random.random_range(-1..20);
        let chosen = match right {
            Some(right) if self.random.random_bool(0.5) => format!("r.{right} <= {bound}"),
            _ => "r.id >= 0".to_string(),
        };
        let equal = format!("r.id = l.{column}");
        // An empty table does not have NULL among its rows, which a lookup table cannot say of itself.
        let not_null = format!("l.{column} IS NOT NULL");
        let condition = |table: &str, kind: u32| match kind {
            0 => format!("l.{column} IN (SELECT r.id FROM {table} AS r WHERE {chosen})"),
            1 => format!("{not_null} AND l.{column} NOT IN (SELECT r.id FROM {table} AS r WHERE {chosen})"),
            2 => format!("EXISTS (SELECT 1 FROM {table} AS r WHERE {equal} AND {chosen})"),
            3 => format!("NOT EXISTS (SELECT 1 FROM {table} AS r WHERE {equal} AND {chosen})"),
            _ => format!("l.{column} > {bound} OR EXISTS (SELECT 1 FROM {table} AS r WHERE {equal} AND {chosen})"),
        };
        let kind = self.random.random_range(0..5);
        let names: Vec<String> = left.columns.iter().map(|column| format!("l.{}", column.name)).collect();
        let sql = |input: &str, table: &str| {
            format!("SELECT {} FROM ({input}) AS l WHERE {}", names.join(", "), condition(table, kind))
        };
        let (stream, batch) = (sql(&left.stream, &table.lookup_name()), sql(&left.batch, table.name));
        Relation { stream, batch, ..left }
    }
}
