//! Random scalar expressions that never fail on any row.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::data::{Column, Kind};

/// Makes expressions over some columns.
pub(super) struct Expressions<'a> {
    pub(super) columns: &'a [Column],
    pub(super) random: &'a mut StdRng,
}

impl Expressions<'_> {
    /// A column of a kind, if there is one.
    pub(super) fn column(&mut self, kind: Kind) -> Option<String> {
        let fitting: Vec<&Column> = self.columns.iter().filter(|column| column.kind == kind).collect();
        fitting.choose(self.random).map(|column| column.name.clone())
    }

    /// An expression of a kind.
    pub(super) fn of(&mut self, kind: Kind, depth: u32) -> String {
        let leaf = depth == 0 || self.random.random_bool(0.4);
        if leaf
            && self.random.random_bool(0.85)
            && let Some(column) = self.column(kind)
        {
            return column;
        }
        if leaf {
            return self.literal(kind);
        }
        match kind {
            Kind::Integer => self.integer(depth - 1),
            Kind::Text => self.text(depth - 1),
            Kind::Double => self.double(depth - 1),
            Kind::Boolean => self.predicate(depth - 1),
            Kind::Time => self.time(depth - 1),
        }
    }

    fn literal(&mut self, kind: Kind) -> String {
        let number: i32 = self.random.random_range(-3..6);
        match kind {
            Kind::Integer => format!("CAST({number} AS BIGINT)"),
            Kind::Text => format!("'w{}'", number.abs()),
            Kind::Double => format!("CAST({} AS DOUBLE)", f64::from(number) / 2.0),
            Kind::Boolean => (number > 0).to_string().to_uppercase(),
            Kind::Time => format!("TIMESTAMP '2024-01-01 00:0{}:00'", number.abs()),
        }
    }

    fn integer(&mut self, depth: u32) -> String {
        match self.random.random_range(0..7) {
            0 => format!("({} + {})", self.of(Kind::Integer, depth), self.of(Kind::Integer, depth)),
            1 => format!("({} - {})", self.of(Kind::Integer, depth), self.of(Kind::Integer, depth)),
            2 => format!("({} % 3)", self.of(Kind::Integer, depth)),
            3 => format!("abs({})", self.of(Kind::Integer, depth)),
            4 => format!("CAST(length({}) AS BIGINT)", self.of(Kind::Text, depth)),
            5 => self.conditional(Kind::Integer, depth),
            _ => format!("coalesce({}, {})", self.of(Kind::Integer, depth), self.of(Kind::Integer, depth)),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        match self.random.random_range(0..5) {
            0 => format!("({} || {})", self.of(Kind::Text, depth), self.of(Kind::Text, depth)),
            1 => format!("upper({})", self.of(Kind::Text, depth)),
            2 => format!("CAST({} AS TEXT)", self.of(Kind::Integer, depth)),
            3 => self.conditional(Kind::Text, depth),
            _ => format!("nullif({}, {})", self.of(Kind::Text, depth), self.of(Kind::Text, depth)),
        }
    }

    fn double(&mut self, depth: u32) -> String {
        match self.random.random_range(0..4) {
            0 => format!("({} + {})", self.of(Kind::Double, depth), self.of(Kind::Double, depth)),
            1 => format!("CAST({} AS DOUBLE)", self.of(Kind::Integer, depth)),
            2 => self.conditional(Kind::Double, depth),
            _ => format!("({} * 2)", self.of(Kind::Double, depth)),
        }
    }

    fn time(&mut self, depth: u32) -> String {
        match self.random.random_range(0..3) {
            0 => format!("date_trunc('minute', {})", self.of(Kind::Time, depth)),
            1 => format!("({} + INTERVAL '7 seconds')", self.of(Kind::Time, depth)),
            _ => format!("coalesce({}, {})", self.of(Kind::Time, depth), self.of(Kind::Time, depth)),
        }
    }

    fn conditional(&mut self, kind: Kind, depth: u32) -> String {
        let condition = self.predicate(depth);
        format!("CASE WHEN {condition} THEN {} ELSE {} END", self.of(kind, depth), self.of(kind, depth))
    }

    /// A condition.
    pub(super) fn predicate(&mut self, depth: u32) -> String {
        let kinds = [Kind::Integer, Kind::Text, Kind::Double, Kind::Time];
        let kind = kinds[self.random.random_range(0..kinds.len())];
        let below = depth.saturating_sub(1);
        match self.random.random_range(0..9) {
            0 if depth > 0 => format!("({} AND {})", self.predicate(below), self.predicate(below)),
            1 if depth > 0 => format!("({} OR {})", self.predicate(below), self.predicate(below)),
            2 if depth > 0 => format!("(NOT {})", self.predicate(below)),
            3 => format!("({} IS NULL)", self.of(kind, below)),
            4 => format!("({} IN ({}, {}))", self.of(kind, below), self.literal(kind), self.literal(kind)),
            5 => format!("({} BETWEEN {} AND {})", self.of(kind, below), self.literal(kind), self.literal(kind)),
            6 => format!("({} LIKE '%{}')", self.of(Kind::Text, below), self.random.random_range(0..4)),
            7 => format!("({} IS DISTINCT FROM {})", self.of(kind, below), self.of(kind, below)),
            _ => {
                let operator = ["=", "<>", "<", "<=", ">", ">="][self.random.random_range(0..6)];
                format!("({} {operator} {})", self.of(kind, below), self.of(kind, below))
            }
        }
    }

    /// A call of an aggregate function whose result does not depend on the order of rows, and its kind.
    pub(super) fn aggregate(&mut self) -> (String, Kind) {
        let (call, kind) = match self.random.random_range(0..11) {
            0 | 1 => ("count(*)".to_string(), Kind::Integer),
            2 => (format!("count({})", self.of(Kind::Text, 1)), Kind::Integer),
            3 | 4 => (format!("sum({})", self.of(Kind::Integer, 1)), Kind::Integer),
            5 => (format!("min({})", self.of(Kind::Integer, 1)), Kind::Integer),
            6 => (format!("max({})", self.of(Kind::Text, 1)), Kind::Text),
            7 => (format!("avg({})", self.of(Kind::Double, 1)), Kind::Double),
            8 => (format!("count(DISTINCT {})", self.of(Kind::Integer, 1)), Kind::Integer),
            9 => (format!("bool_or({})", self.predicate(1)), Kind::Boolean),
            _ => (format!("max({})", self.of(Kind::Time, 0)), Kind::Time),
        };
        if self.random.random_bool(0.15) {
            let condition = self.predicate(1);
            return (format!("{call} FILTER (WHERE {condition})"), kind);
        }
        (call, kind)
    }
}
