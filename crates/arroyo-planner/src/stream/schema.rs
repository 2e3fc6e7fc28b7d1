//! The schema of a stream: unique, unqualified column names, `_timestamp` last, and what is known of each column.
//!
//! A changelog has `_change` before `_timestamp`: +1 inserts its row, −1 takes an equal row back.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};
use datafusion::common::Column;
use datafusion::logical_expr::{Expr, cast, lit};

use super::lineage::{Lineage, unaliased};
use super::window::Window;

/// A column of a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StreamColumn {
    /// Name (unique in its stream), type, nullability.
    pub(crate) field: FieldRef,
    /// What it means.
    pub(crate) lineage: Lineage,
    /// Whether it holds the window that its row is the result of.
    pub(crate) window: Option<WindowColumn>,
}

/// A column that holds a window or a bound of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowColumn {
    /// How the windows were cut.
    pub(crate) window: Window,
    /// Which part of the window it is.
    pub(crate) part: WindowPart,
}

/// A part of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WindowPart {
    /// The struct of both bounds.
    Whole,
    /// The start.
    Start,
    /// The end.
    End,
    /// The last instant, which is `_timestamp`.
    Time,
}

impl WindowColumn {
    /// Whether rows that are equal in this column have equal `_timestamp`s, so that they can be aggregated at one instant.
    pub(crate) fn fixes_the_instant(self) -> bool {
        !matches!((self.window, self.part), (Window::Session { .. } | Window::Cumulate { .. }, WindowPart::Start))
    }
}

/// Where the values of `_timestamp` come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EventTime {
    /// A column of the table, or the connector's own idea of it.
    Given,
    /// When the record arrived at this table.
    Arrival {
        /// The table.
        table: String,
    },
}

/// What is known of the tables that rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Where `_timestamp` comes from.
    pub(crate) event_time: EventTime,
    /// How long updating operators remember the rows.
    pub(crate) lifetime: Lifetime,
}

/// How long operators that update their results remember the rows that they read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// As long as the statement says (`SET updating_ttl`).
    Statement,
    /// So many nanoseconds, as their table says; 0: for ever.
    Table(i64),
    /// Until they are taken back: who gives the rows holds all of them itself and takes back those that it forgets, or has few.
    /// To forget them earlier would be to answer wrongly.
    Bounded,
}

impl Lifetime {
    /// The same in nanoseconds, where the statement says `statement`; 0: rows are not forgotten before they are taken back.
    pub(crate) fn nanos(self, statement: i64) -> i64 {
        match self {
            Self::Statement => statement,
            Self::Table(nanos) => nanos,
            Self::Bounded => 0,
        }
    }

    /// The lifetime of rows of which some have this one and some another one, each a length of time.
    fn and(self, other: Self, choose: fn(i64, i64) -> i64) -> Self {
        let endless = |nanos| if nanos == 0 { i64::MAX } else { nanos };
        match (self, other) {
            (Self::Bounded, other) | (other, Self::Bounded) => other,
            (Self::Table(one), Self::Table(other)) => match choose(endless(one), endless(other)) {
                i64::MAX => Self::Table(0),
                nanos => Self::Table(nanos),
            },
            _ => Self::Statement,
        }
    }
}

impl Origin {
    /// The origin of the rows of several streams side by side: remembered as long as any of them would be.
    pub(crate) fn of_union<'a>(origins: impl Iterator<Item = &'a Self> + Clone) -> Self {
        Self::of(origins, Ord::max)
    }

    /// The origin of rows that are joined of rows of several streams: remembered while all of them would be.
    pub(crate) fn of_join<'a>(origins: impl Iterator<Item = &'a Self> + Clone) -> Self {
        Self::of(origins, Ord::min)
    }

    /// The origin of rows that whoever gives them holds, and takes back when it forgets them.
    pub(crate) fn bounded(&self) -> Self {
        Self { lifetime: Lifetime::Bounded, ..self.clone() }
    }

    /// Where not all tables say how long rows are remembered, the statement does.
    fn of<'a>(origins: impl Iterator<Item = &'a Self> + Clone, choose: fn(i64, i64) -> i64) -> Self {
        let arrival = origins.clone().map(|origin| &origin.event_time).find(|time| **time != EventTime::Given);
        let lifetimes = origins.map(|origin| origin.lifetime);
        Self {
            event_time: arrival.cloned().unwrap_or(EventTime::Given),
            lifetime: lifetimes.fold(Lifetime::Bounded, |all, one| all.and(one, choose)),
        }
    }
}

/// What a stream's rows look like and mean.
#[derive(Clone, PartialEq)]
pub(crate) struct StreamSchema {
    columns: Vec<StreamColumn>,
    arrow: SchemaRef,
    is_changelog: bool,
    /// What the rows are.
    pub(crate) rows: Lineage,
    /// How the windows were cut whose results the rows are; `_timestamp` is then the window's end − 1 ns.
    pub(crate) windowed: Option<Window>,
    /// Which tables they come from.
    pub(crate) origin: Origin,
}

impl StreamSchema {
    /// A schema; `_timestamp` must be the last column, and `_change`, if the stream is a changelog, the one before it.
    pub(crate) fn new(columns: Vec<StreamColumn>, rows: Lineage, windowed: Option<Window>, origin: Origin) -> Self {
        let arrow = Arc::new(Schema::new(columns.iter().map(|column| Arc::clone(&column.field)).collect::<Vec<_>>()));
        let is_changelog = columns
            .len()
            .checked_sub(2)
            .and_then(|place| columns.get(place))
            .is_some_and(|column| column.field.name() == CHANGE_FIELD);
        Self { columns, arrow, is_changelog, rows, windowed, origin }
    }

    /// Whether the rows are changes (`_change` says which) and not only insertions.
    pub(crate) fn is_changelog(&self) -> bool {
        self.is_changelog
    }

    /// The same columns of other rows.
    #[must_use]
    pub(crate) fn with_rows(&self, rows: Lineage) -> Self {
        Self { rows, ..self.clone() }
    }

    /// All columns, `_timestamp` last.
    pub(crate) fn columns(&self) -> &[StreamColumn] {
        &self.columns
    }

    /// The columns without `_change` and `_timestamp`: those of the logical plan, in its order.
    pub(crate) fn values(&self) -> &[StreamColumn] {
        let hidden = if self.is_changelog { 2 } else { 1 };
        self.columns.get(..self.columns.len().saturating_sub(hidden)).unwrap_or_default()
    }

    /// The column at a position.
    pub(crate) fn column(&self, index: usize) -> Option<&StreamColumn> {
        self.columns.get(index)
    }

    /// The schema as Arrow has it.
    pub(crate) fn arrow(&self) -> &SchemaRef {
        &self.arrow
    }

    /// The column with this name.
    pub(crate) fn find(&self, name: &str) -> Option<&StreamColumn> {
        self.columns.iter().find(|column| column.field.name() == name)
    }

    /// The position of the column with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field.name() == name)
    }

    /// What an expression over this schema means.
    pub(crate) fn lineage_of(&self, expr: &Expr) -> Lineage {
        Lineage::of_expr(expr, |column| self.find(&column.name).map(|column| column.lineage))
    }

    /// What `_timestamp` means.
    pub(crate) fn time_lineage(&self) -> Lineage {
        self.columns.last().map_or(self.rows, |column| column.lineage)
    }

    /// Whether an expression over this schema is the event time of its row, in whatever unit: a column that is declared
    /// `TIMESTAMP(3)` is, because `_timestamp` has the same instants in finer units.
    pub(crate) fn is_event_time(&self, expr: &Expr) -> bool {
        let time = self.time_lineage();
        let Some((inner, _)) = self.without_finer_casts(expr) else { return self.lineage_of(expr) == time };
        self.lineage_of(inner) == time || self.lineage_of(&cast(inner.clone(), timestamp_type())) == time
    }

    /// A timestamp below the casts that only make its unit finer, and the unit that they make.
    fn without_finer_casts<'a>(&self, expr: &'a Expr) -> Option<(&'a Expr, TimeUnit)> {
        match unaliased(expr) {
            Expr::Cast(cast) => {
                let (inner, unit) = self.without_finer_casts(&cast.expr)?;
                let to = unit_of(cast.field.data_type())?;
                (to >= unit).then_some((inner, to))
            }
            Expr::Column(column) => {
                let field = &self.find(&column.name)?.field;
                Some((expr, unit_of(field.data_type())?))
            }
            _ => None,
        }
    }

    /// The window that an expression over this schema holds.
    pub(crate) fn window_of(&self, expr: &Expr) -> Option<WindowColumn> {
        match unaliased(expr) {
            Expr::Column(column) if column.name == TIMESTAMP_FIELD => {
                Some(WindowColumn { window: self.windowed?, part: WindowPart::Time })
            }
            Expr::Column(column) => self.find(&column.name)?.window,
            Expr::ScalarFunction(call) if call.name() == "get_field" => {
                let [base, Expr::Literal(field, _)] = call.args.as_slice() else { return None };
                let WindowColumn { window, part: WindowPart::Whole } = self.window_of(base)? else { return None };
                let part = match field.try_as_str().flatten() {
                    Some("start") => WindowPart::Start,
                    Some("end") => WindowPart::End,
                    _ => return None,
                };
                Some(WindowColumn { window, part })
            }
            _ => None,
        }
    }
}

impl fmt::Debug for StreamSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.columns.iter().map(|column| column.field.name())).finish()
    }
}

/// The unit of a timestamp without a time zone; units grow from seconds to nanoseconds.
pub(crate) fn unit_of(data_type: &DataType) -> Option<TimeUnit> {
    match data_type {
        DataType::Timestamp(unit, None) => Some(*unit),
        _ => None,
    }
}

/// The type of `_timestamp`.
fn timestamp_type() -> DataType {
    DataType::Timestamp(TimeUnit::Nanosecond, None)
}

/// The field of `_timestamp`.
pub(crate) fn timestamp_field() -> FieldRef {
    Arc::new(Field::new(TIMESTAMP_FIELD, timestamp_type(), false))
}

/// `_timestamp` as an expression.
pub(crate) fn timestamp() -> Expr {
    Expr::Column(Column::new_unqualified(TIMESTAMP_FIELD))
}

/// The field of `_change`.
pub(crate) fn change_field() -> FieldRef {
    Arc::new(Field::new(CHANGE_FIELD, DataType::Int8, false))
}

/// `_change` of a changelog as an expression; of other streams +1, because all their rows are insertions.
pub(crate) fn change_of(schema: &StreamSchema) -> Expr {
    if schema.is_changelog() { column(CHANGE_FIELD) } else { lit(1i8) }
}

/// A column of a stream as an expression.
pub(crate) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// Fields with names that are unique and not those of hidden columns: the second `id` becomes `id_2`.
pub(crate) fn unique_fields<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> Vec<FieldRef> {
    let fields: Vec<&FieldRef> = fields.into_iter().collect();
    let mut taken: HashSet<String> = HashSet::from([TIMESTAMP_FIELD.to_owned(), CHANGE_FIELD.to_owned()]);
    let mut reserved: HashSet<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    reserved.extend([TIMESTAMP_FIELD, CHANGE_FIELD]);
    fields
        .iter()
        .map(|field| {
            let mut name = field.name().clone();
            let mut number = 2;
            while taken.contains(&name) || (number > 2 && reserved.contains(name.as_str())) {
                name = format!("{}_{number}", field.name());
                number += 1;
            }
            taken.insert(name.clone());
            if &name == field.name() { Arc::clone(field) } else { Arc::new(field.as_ref().clone().with_name(name)) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_unique_without_taking_another_columns_name() {
        let fields: Vec<FieldRef> =
            ["id", "id", "id_2", "_timestamp"].map(|name| Arc::new(Field::new(name, DataType::Int64, true))).to_vec();
        let unique = unique_fields(&fields);
        let names: Vec<&str> = unique.iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names, ["id", "id_3", "id_2", "_timestamp_2"]);
    }
}
