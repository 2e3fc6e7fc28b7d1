//! Joins with the latest version of a row: `FOR SYSTEM_TIME AS OF` and `ASOF JOIN`. Batch SQL has neither, and asks for the
//! greatest time that is not behind the row's own.

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use rand::Rng;

use super::Shapes;
use crate::random_query::data::{Column, Kind, Table};
use crate::random_query::relation::Relation;

impl Shapes<'_> {
    /// A join of a stream with the versions in a table.
    pub(super) fn versions(&mut self) -> Relation {
        let left = self.scan();
        let tables = self.tables;
        let table = &tables[self.random.random_range(0..tables.len())];
        let kind = [Kind::Integer, Kind::Text][self.random.random_range(0..2)];
        let keys = (self.expressions(&left.columns).column(kind), self.expressions(&table.columns).column(kind));
        let (Some(left_key), Some(key)) = keys else { return left };
        // Of versions of one time any may be the latest: then only their time is looked at.
        let wanted: Vec<&Column> = if has_one_version_per_time(table, &key) {
            table.columns.iter().collect()
        } else {
            table.columns.iter().filter(|column| column.name == "ts").collect()
        };
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        for (side, column) in left.columns.iter().map(|c| ("l", c)).chain(wanted.iter().map(|c| ("r", *c))) {
            let name = self.name();
            list.push(format!("{side}.{} AS {name}", column.name));
            columns.push(Column { name, kind: column.kind });
        }
        let list = list.join(", ");
        let name = table.name;
        let (join, comparison, is_left) = match self.random.random_range(0..4) {
            0 => (format!("JOIN {name} FOR SYSTEM_TIME AS OF l.ts AS r"), "<=", false),
            1 => (format!("LEFT JOIN {name} FOR SYSTEM_TIME AS OF l.ts AS r"), "<=", true),
            2 => (format!("ASOF JOIN {name} AS r MATCH_CONDITION (l.ts >= r.ts)"), "<=", true),
            _ => (format!("ASOF JOIN {name} AS r MATCH_CONDITION (l.ts > r.ts)"), "<", true),
        };
        let stream = format!("SELECT {list} FROM ({}) AS l {join} ON l.{left_key} = r.{key}", left.stream);
        let outer = if is_left { "LEFT JOIN" } else { "JOIN" };
        let latest = format!(
            "SELECT v.k AS k, v.t AS t, max(o.ts) AS latest \
             FROM (SELECT DISTINCT {left_key} AS k, ts AS t FROM ({0}) AS d) AS v \
             JOIN {name} AS o ON o.{key} = v.k AND o.ts {comparison} v.t GROUP BY v.k, v.t",
            left.batch
        );
        let versions = if wanted.len() > 1 {
            format!(
                "SELECT x.k AS vk, x.t AS vt, o.* FROM ({latest}) AS x JOIN {name} AS o ON o.{key} = x.k AND o.ts = x.latest"
            )
        } else {
            format!("SELECT x.k AS vk, x.t AS vt, x.latest AS ts FROM ({latest}) AS x")
        };
        let batch = format!(
            "SELECT {list} FROM ({}) AS l {outer} ({versions}) AS r ON r.vk = l.{left_key} AND r.vt = l.ts",
            left.batch
        );
        Relation { stream, batch, columns, time: None, window_start: None }
    }
}

/// Whether no two rows of a table have the same key and time; rows without a key match nothing.
fn has_one_version_per_time(table: &Table, key: &str) -> bool {
    let (Some(keys), Some(times)) = (table.rows.column_by_name(key), table.rows.column_by_name("ts")) else {
        return false;
    };
    let times = times.as_primitive::<TimestampNanosecondType>();
    let text = |row: usize| match keys.as_primitive_opt::<Int64Type>() {
        Some(numbers) => numbers.value(row).to_string(),
        None => keys.as_string::<i32>().value(row).to_string(),
    };
    let mut seen = BTreeSet::new();
    (0..table.rows.num_rows()).filter(|row| keys.is_valid(*row)).all(|row| seen.insert((text(row), times.value(row))))
}
