//! The shapes of random queries: each makes a relation from others.

mod correlated;
mod counted;
mod lookups;
mod unnested;
mod versions;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::data::{Column, Kind, Table};
use super::expression::Expressions;
use super::relation::Relation;

/// A query over the tables.
pub(super) fn random_query(tables: &[Table], random: &mut StdRng) -> Relation {
    let depth = random.random_range(0..4);
    Shapes { tables, random, names: 0 }.relation(depth)
}

struct Shapes<'a> {
    tables: &'a [Table],
    random: &'a mut StdRng,
    names: u32,
}

impl Shapes<'_> {
    /// A new name for a column.
    fn name(&mut self) -> String {
        self.names += 1;
        format!("x{}", self.names)
    }

    fn expressions<'b>(&'b mut self, columns: &'b [Column]) -> Expressions<'b> {
        Expressions { columns, random: self.random }
    }

    fn relation(&mut self, depth: u32) -> Relation {
        if depth == 0 {
            return self.scan();
        }
        match self.random.random_range(0..28) {
            0 => self.project(depth),
            1 => {
                let with_time = self.random.random_bool(0.5);
                self.union_all(depth, with_time)
            }
            2..=4 => self.window_aggregate(depth),
            5 | 6 => self.group(depth),
            7 => self.distinct(depth),
            8 => self.set_operation(depth),
            9 | 10 => self.join(depth),
            11 => self.semi_join(depth),
            12 => self.top(depth),
            13 => self.interval_join(),
            14 | 15 => self.versions(),
            16 | 17 => self.lookup_join(depth),
            18 | 19 => self.session(),
            20 => self.lookup_semi_join(depth),
            21 | 22 => self.unnest(depth),
            23 | 24 => self.counted(depth),
            25 | 26 => self.correlated(depth),
            _ => self.over(),
        }
    }

    /// A table, perhaps filtered.
    fn scan(&mut self) -> Relation {
        let tables = self.tables;
        let table = &tables[self.random.random_range(0..tables.len())];
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let mut sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
        if self.random.random_bool(0.4) {
            sql += &format!(" WHERE {}", self.expressions(&table.columns).predicate(2));
        }
        Relation { time: Some("ts".to_string()), ..Relation::derived(&sql, &[], table.columns.clone()) }
    }

    /// A relation that still has its event time.
    fn timed(&mut self) -> Relation {
        match self.random.random_range(0..5) {
            0 => self.project(1),
            1 => self.union_all(1, true),
            2 => self.lookup_join(1),
            _ => self.scan(),
        }
    }

    /// Computed columns and perhaps a condition; the event time stays.
    fn project(&mut self, depth: u32) -> Relation {
        let input = self.relation(depth - 1);
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        for _ in 0..self.random.random_range(1..4) {
            let kinds = [Kind::Integer, Kind::Text, Kind::Double, Kind::Boolean, Kind::Time];
            let kind = kinds[self.random.random_range(0..kinds.len())];
            let expression = self.expressions(&input.columns).of(kind, 2);
            let name = self.name();
            list.push(format!("{expression} AS {name}"));
            columns.push(Column { name, kind });
        }
        let kept = input.time.iter().chain(&input.window_start).cloned().collect::<Vec<_>>();
        for name in kept {
            columns.push(Column { name: name.clone(), kind: Kind::Time });
            list.push(name);
        }
        let condition = if self.random.random_bool(0.5) {
            format!(" WHERE {}", self.expressions(&input.columns).predicate(2))
        } else {
            String::new()
        };
        let sql = format!("SELECT {} FROM {{0}} AS r{condition}", list.join(", "));
        Relation {
            time: input.time.clone(),
            window_start: input.window_start.clone(),
            ..Relation::derived(&sql, &[&input], columns)
        }
    }

    /// Two relations as selections of the same columns.
    fn alike(&mut self, depth: u32, with_time: bool) -> (Relation, Relation) {
        let (left, right) =
            if with_time { (self.scan(), self.scan()) } else { (self.relation(depth - 1), self.relation(depth - 1)) };
        let kinds = [Kind::Integer, Kind::Text, Kind::Double, Kind::Boolean, Kind::Time];
        let chosen: Vec<Kind> =
            (0..self.random.random_range(1..4)).map(|_| kinds[self.random.random_range(0..kinds.len())]).collect();
        let names: Vec<String> = chosen.iter().map(|_| self.name()).collect();
        let mut sides = [left, right].into_iter().map(|input| {
            let mut columns = Vec::new();
            let mut list = Vec::new();
            for (name, kind) in names.iter().zip(&chosen) {
                list.push(format!("{} AS {name}", self.expressions(&input.columns).of(*kind, 1)));
                columns.push(Column { name: name.clone(), kind: *kind });
            }
            if with_time {
                list.push("ts".to_string());
                columns.push(Column { name: "ts".to_string(), kind: Kind::Time });
            }
            let side = Relation::derived(&format!("SELECT {} FROM {{0}} AS r", list.join(", ")), &[&input], columns);
            Relation { time: with_time.then(|| "ts".to_string()), ..side }
        });
        let left = sides.next();
        let right = sides.next();
        drop(sides);
        match (left, right) {
            (Some(left), Some(right)) => (left, right),
            _ => (self.scan(), self.scan()),
        }
    }

    fn union_all(&mut self, depth: u32, with_time: bool) -> Relation {
        let (left, right) = self.alike(depth, with_time);
        let columns = left.columns.clone();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!("SELECT {} FROM ({{0}} UNION ALL {{1}}) AS r", names.join(", "));
        let time = left.time.clone();
        Relation { time, ..Relation::derived(&sql, &[&left, &right], columns) }
    }

    fn set_operation(&mut self, depth: u32) -> Relation {
        let (left, right) = self.alike(depth, false);
        let operation = ["UNION", "EXCEPT", "INTERSECT"][self.random.random_range(0..3)];
        let all = if operation != "UNION" && self.random.random_bool(0.3) { " ALL" } else { "" };
        let columns = left.columns.clone();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let names = names.join(", ");
        let relation = Relation::derived(
            &format!("SELECT {names} FROM ({{0}} {operation}{all} {{1}}) AS r"),
            &[&left, &right],
            columns,
        );
        if all.is_empty() {
            return relation;
        }
        // DataFusion takes every equal row away; numbered, they are different ones.
        let numbered = |input: &str| {
            format!("(SELECT {names}, row_number() OVER (PARTITION BY {names}) AS number FROM ({input}) AS r)")
        };
        let batch =
            format!("SELECT {names} FROM ({} {operation} {}) AS r", numbered(&left.batch), numbered(&right.batch));
        Relation { batch, ..relation }
    }

    fn distinct(&mut self, depth: u32) -> Relation {
        let input = self.project(depth);
        let names: Vec<&str> = input.columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!("SELECT DISTINCT {} FROM {{0}} AS r", names.join(", "));
        Relation::derived(&sql, &[&input], input.columns.clone())
    }

    /// Group columns and aggregates: their `SELECT` items, their groups, and what they give.
    fn aggregation(&mut self, columns: &[Column]) -> (Vec<String>, Vec<String>, Vec<Column>) {
        let (mut list, mut groups, mut result) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..self.random.random_range(0..3) {
            let kind = [Kind::Integer, Kind::Text, Kind::Boolean][self.random.random_range(0..3)];
            let depth = u32::from(self.random.random_bool(0.3));
            let Some(key) = self.expressions(columns).column(kind) else { continue };
            let key = if depth == 0 { key } else { self.expressions(columns).of(kind, depth) };
            if key.starts_with("CAST") || key.starts_with('\'') || key == "TRUE" || key == "FALSE" {
                continue;
            }
            let name = self.name();
            list.push(format!("{key} AS {name}"));
            groups.push(key);
            result.push(Column { name, kind });
        }
        for _ in 0..self.random.random_range(1..4) {
            let (call, kind) = self.expressions(columns).aggregate();
            let name = self.name();
            list.push(format!("{call} AS {name}"));
            result.push(Column { name, kind });
        }
        (list, groups, result)
    }

    fn group(&mut self, depth: u32) -> Relation {
        let input = self.relation(depth - 1);
        let (list, groups, columns) = self.aggregation(&input.columns);
        let mut sql = format!("SELECT {} FROM {{0}} AS r", list.join(", "));
        if !groups.is_empty() {
            sql += &format!(" GROUP BY {}", groups.join(", "));
            if self.random.random_bool(0.2) {
                sql += " HAVING count(*) > 1";
            }
        }
        Relation::derived(&sql, &[&input], columns)
    }

    fn window_aggregate(&mut self, depth: u32) -> Relation {
        let input = if depth > 1 { self.timed() } else { self.scan() };
        let (list, groups, mut columns) = self.aggregation(&input.columns);
        let width: i64 = [5, 10, 60][self.random.random_range(0..3)];
        let slide = if self.random.random_bool(0.5) { width } else { [2, 3, 5][self.random.random_range(0..3)] };
        let call = if slide == width {
            format!("tumble(INTERVAL '{width} seconds')")
        } else {
            format!("hop(INTERVAL '{slide} seconds', INTERVAL '{width} seconds')")
        };
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let start = self.name();
        let keys: String = groups.iter().map(|group| format!(", {group}")).collect();
        let stream = format!(
            "SELECT {}, w.win.start AS {start} FROM (SELECT {call} AS win, {} FROM ({}) AS r GROUP BY win{keys}{}) AS w",
            names.join(", "),
            list.join(", "),
            input.stream,
            self.emission(),
        );
        let windows: Vec<String> = (0..=width / slide)
            .map(|back| {
                format!(
                    "SELECT *, date_bin(INTERVAL '{slide} seconds', ts) - INTERVAL '{} seconds' AS ws FROM base",
                    back * slide
                )
            })
            .collect();
        let batch = format!(
            "WITH base AS ({}), windows AS ({}) SELECT {}, ws AS {start} FROM windows \
             WHERE ts < ws + INTERVAL '{width} seconds' GROUP BY ws{keys}",
            input.batch,
            windows.join(" UNION ALL "),
            list.join(", "),
        );
        columns.push(Column { name: start.clone(), kind: Kind::Time });
        Relation { stream, batch, columns, time: None, window_start: Some(start) }
    }

    /// Clauses that make a changelog of a window's results, or none. All rows are in time either way.
    fn emission(&mut self) -> &'static str {
        const CLAUSES: [&str; 4] = [
            "",
            " EMIT EVERY INTERVAL '2 milliseconds'",
            " ALLOW LATENESS INTERVAL '30 seconds'",
            " EMIT EVERY INTERVAL '5 milliseconds' ALLOW LATENESS INTERVAL '1 day'",
        ];
        CLAUSES[if self.random.random_bool(0.6) { 0 } else { self.random.random_range(1..4) }]
    }

    /// Sessions of a table's rows or of groups that change, whose event time is that of their last row.
    fn session(&mut self) -> Relation {
        let scan = self.scan();
        let Some(key) = self.expressions(&scan.columns).column(Kind::Text) else { return scan };
        let Some(other) = self.expressions(&scan.columns).column(Kind::Integer) else { return scan };
        let of_groups = self.random.random_bool(0.6);
        let base = |rows: &str| match of_groups {
            true => format!(
                "SELECT {key} AS k, {other} AS o, count(*) AS n, max(ts) AS ts FROM ({rows}) AS r GROUP BY {key}, {other}"
            ),
            false => format!("SELECT {key} AS k, {other} AS o, id AS n, ts FROM ({rows}) AS r"),
        };
        let emission = if of_groups { "" } else { self.emission() };
        let gap = [1, 3, 10][self.random.random_range(0..3)];
        let names: Vec<String> = (0..5).map(|_| self.name()).collect();
        let [start, key, count, total, most] = names.as_slice() else { return scan };
        let columns = [Kind::Time, Kind::Text, Kind::Integer, Kind::Integer, Kind::Integer];
        let columns = names.iter().zip(columns).map(|(name, kind)| Column { name: name.clone(), kind }).collect();
        let results = format!("count(*) AS {count}, sum(n) AS {total}, max(o) AS {most}");
        let stream = format!(
            "SELECT s.win.start AS {start}, k AS {key}, {count}, {total}, {most} FROM (\
             SELECT session(INTERVAL '{gap} seconds') AS win, k, {results} FROM ({}) AS b GROUP BY win, k{emission}) AS s",
            base(&scan.stream)
        );
        let batch = format!(
            "WITH b AS ({}), marked AS (SELECT *, CASE WHEN ts - lag(ts) OVER (PARTITION BY k ORDER BY ts) \
             <= INTERVAL '{gap} seconds' THEN 0 ELSE 1 END AS first FROM b), \
             numbered AS (SELECT *, sum(first) OVER (PARTITION BY k ORDER BY ts RANGE UNBOUNDED PRECEDING) AS number FROM marked) \
             SELECT min(ts) AS {start}, k AS {key}, {results} FROM numbered GROUP BY k, number",
            base(&scan.batch)
        );
        Relation { stream, batch, columns, time: None, window_start: None }
    }

    /// A join of all kinds; results of windows are joined window by window.
    fn join(&mut self, depth: u32) -> Relation {
        let windowed = self.random.random_bool(0.3);
        let (left, right) = if windowed {
            (self.window_aggregate(1), self.window_aggregate(1))
        } else {
            (self.relation(depth - 1), self.relation(depth.saturating_sub(2)))
        };
        let kind = ["JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"][self.random.random_range(0..5)];
        let mut conditions = Vec::new();
        if windowed && let (Some(a), Some(b)) = (&left.window_start, &right.window_start) {
            conditions.push(format!("l.{a} = r.{b}"));
        }
        for kind in [Kind::Integer, Kind::Text] {
            let pair = (self.expressions(&left.columns).column(kind), self.expressions(&right.columns).column(kind));
            if let (Some(a), Some(b)) = pair
                && (conditions.is_empty() || self.random.random_bool(0.3))
            {
                conditions.push(format!("l.{a} = r.{b}"));
            }
        }
        if let (Some(a), Some(b)) = (
            self.expressions(&left.columns).column(Kind::Integer),
            self.expressions(&right.columns).column(Kind::Integer),
        ) && self.random.random_bool(0.25)
        {
            conditions.push(format!("l.{a} <= r.{b} + 1"));
        }
        if conditions.is_empty() {
            return left;
        }
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        for (side, input) in [("l", &left), ("r", &right)] {
            for column in &input.columns {
                let name = self.name();
                list.push(format!("{side}.{} AS {name}", column.name));
                columns.push(Column { name, kind: column.kind });
            }
        }
        let sql =
            format!("SELECT {} FROM {{0}} AS l {kind} {{1}} AS r ON {}", list.join(", "), conditions.join(" AND "));
        Relation::derived(&sql, &[&left, &right], columns)
    }

    /// Rows of two tables whose event times are near each other.
    fn interval_join(&mut self) -> Relation {
        let (left, right) = (self.scan(), self.scan());
        let (before, after) = (self.random.random_range(-3..30), self.random.random_range(-3..30));
        let mut condition =
            format!("l.ts BETWEEN r.ts - INTERVAL '{before} seconds' AND r.ts + INTERVAL '{after} seconds'");
        if let (Some(a), Some(b)) =
            (self.expressions(&left.columns).column(Kind::Text), self.expressions(&right.columns).column(Kind::Text))
            && self.random.random_bool(0.5)
        {
            condition += &format!(" AND l.{a} = r.{b}");
        }
        if self.random.random_bool(0.3) {
            condition += " AND l.id <> r.id";
        }
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        let kind = self.random.random_range(0..6);
        let sides: &[(&str, &Relation)] = if kind < 4 { &[("l", &left), ("r", &right)] } else { &[("l", &left)] };
        for (side, input) in sides {
            for column in &input.columns {
                let name = self.name();
                list.push(format!("{side}.{} AS {name}", column.name));
                columns.push(Column { name, kind: column.kind });
            }
        }
        let from = match ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"].get(kind) {
            Some(join) => format!("{{0}} AS l {join} {{1}} AS r ON {condition}"),
            None => {
                let negation = if kind == 4 { "" } else { "NOT " };
                format!("{{0}} AS l WHERE {negation}EXISTS (SELECT 1 FROM {{1}} AS r WHERE {condition})")
            }
        };
        Relation::derived(&format!("SELECT {} FROM {from}", list.join(", ")), &[&left, &right], columns)
    }

    /// `IN` and `EXISTS`.
    fn semi_join(&mut self, depth: u32) -> Relation {
        let (left, right) = (self.relation(depth - 1), self.relation(depth.saturating_sub(2)));
        let kinds = [Kind::Integer, Kind::Text];
        let kind = *kinds.choose(self.random).unwrap_or(&Kind::Integer);
        let pair = (self.expressions(&left.columns).column(kind), self.expressions(&right.columns).column(kind));
        let (Some(a), Some(b)) = pair else { return left };
        let names: Vec<String> = left.columns.iter().map(|column| format!("l.{}", column.name)).collect();
        let condition = match self.random.random_range(0..4) {
            0 => format!("l.{a} IN (SELECT r.{b} FROM {{1}} AS r)"),
            1 => format!("l.{a} NOT IN (SELECT r.{b} FROM {{1}} AS r WHERE r.{b} IS NOT NULL) AND l.{a} IS NOT NULL"),
            2 => format!("EXISTS (SELECT 1 FROM {{1}} AS r WHERE r.{b} = l.{a})"),
            _ => format!("NOT EXISTS (SELECT 1 FROM {{1}} AS r WHERE r.{b} = l.{a})"),
        };
        let sql = format!("SELECT {} FROM {{0}} AS l WHERE {condition}", names.join(", "));
        Relation::derived(&sql, &[&left, &right], left.columns.clone())
    }

    /// The first rows of each group, in an order without ties.
    fn top(&mut self, depth: u32) -> Relation {
        let input = if depth > 1 { self.group(depth - 1) } else { self.scan() };
        let names: Vec<&str> = input.columns.iter().map(|column| column.name.as_str()).collect();
        // All columns together decide; rows that are equal in all of them are interchangeable.
        let mut order: Vec<String> = names
            .iter()
            .map(|name| format!("{name} {}", if self.random.random_bool(0.5) { "DESC" } else { "ASC" }))
            .collect();
        let turn = self.random.random_range(0..order.len());
        order.rotate_left(turn);
        let count = self.random.random_range(1..4);
        let sql = if self.random.random_bool(0.3) {
            format!("SELECT {0} FROM {{0}} AS r ORDER BY {1} LIMIT {count}", names.join(", "), order.join(", "))
        } else {
            let partition = names[self.random.random_range(0..names.len())];
            format!(
                "SELECT {0} FROM (SELECT *, row_number() OVER (PARTITION BY {partition} ORDER BY {1}) AS place FROM {{0}} AS r) AS n \
                 WHERE place <= {count}",
                names.join(", "),
                order.join(", "),
            )
        };
        Relation::derived(&sql, &[&input], input.columns.clone())
    }

    /// Running aggregates over event time; rows of one instant are peers.
    fn over(&mut self) -> Relation {
        let input = self.scan();
        let mut columns = input.columns.clone();
        let mut list: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let partition = self.expressions(&input.columns).column(Kind::Text);
        let partition = partition.map(|column| format!("PARTITION BY {column} ")).unwrap_or_default();
        let frame =
            ["", " RANGE BETWEEN INTERVAL '10 seconds' PRECEDING AND CURRENT ROW"][self.random.random_range(0..2)];
        for _ in 0..self.random.random_range(1..3) {
            let argument = self.expressions(&input.columns).of(Kind::Integer, 1);
            let call = ["count", "sum", "min", "max"][self.random.random_range(0..4)];
            let name = self.name();
            list.push(format!("{call}({argument}) OVER ({partition}ORDER BY ts{frame}) AS {name}"));
            columns.push(Column { name, kind: Kind::Integer });
        }
        Relation::derived(&format!("SELECT {} FROM {{0}} AS r", list.join(", ")), &[&input], columns)
    }
}
