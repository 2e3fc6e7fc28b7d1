//! Rows copied into their windows.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use arroyo_types::CHANGE_FIELD;
use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, lit};

use super::StreamGraph;
use crate::stream::lineage::Lineage;
use crate::stream::node::{StreamNode, StreamOp};
use crate::stream::schema::{
    StreamColumn, StreamSchema, WindowColumn, WindowPart, change_field, column, timestamp, timestamp_field,
    unique_fields,
};
use crate::stream::window::Window;
use crate::stream::window_table::{WINDOW_END, WINDOW_START, WINDOW_TIME};

impl StreamGraph {
    /// The columns of `input` at the positions `kept`, and the bounds of each window that its rows are in: a row per window.
    pub(crate) fn window_table(&mut self, input: &Arc<StreamNode>, window: Window, kept: &[usize]) -> Arc<StreamNode> {
        let kept: Vec<FieldRef> =
            kept.iter().filter_map(|place| input.schema.values().get(*place)).map(|c| Arc::clone(&c.field)).collect();
        let unnested = self.in_windows(input, window, &kept);
        let raw = &unnested.schema;
        let current = raw.column(kept.len()).map_or_else(timestamp, |list| column(list.field.name()));
        let bound = |name: &str| get_field(current.clone(), name);
        let time = bound("end") - lit(ScalarValue::new_interval_mdn(0, 0, 1));
        let added = [
            (bound("start"), WINDOW_START, WindowPart::Start),
            (bound("end"), WINDOW_END, WindowPart::End),
            (time.clone(), WINDOW_TIME, WindowPart::Time),
        ];
        let names = kept.iter().cloned().chain(
            added.iter().map(|(_, name, _)| Arc::new(Field::new(*name, timestamp_field().data_type().clone(), false))),
        );
        let fields = unique_fields(&names.collect::<Vec<_>>());
        let values = kept.iter().map(|field| (column(field.name()), None));
        let values = values.chain(added.into_iter().map(|(expr, _, part)| (expr, Some(WindowColumn { window, part }))));
        let change = raw.is_changelog().then(|| ((column(CHANGE_FIELD), None), change_field()));
        let values = values.zip(fields).chain(change).chain([((time, None), timestamp_field())]);
        let (exprs, columns): (Vec<Expr>, Vec<StreamColumn>) = values
            .map(|((expr, window), field)| {
                let lineage = raw.lineage_of(&expr);
                (expr, StreamColumn { field, lineage, window })
            })
            .unzip();
        let id = Lineage::of("window_table").text(&window.to_string()).lineage(raw.rows).finish();
        let schema = StreamSchema::new(columns, id, Some(window), raw.origin.clone());
        self.add(StreamOp::Project { exprs }, vec![Arc::clone(&unnested)], Arc::new(schema), id)
    }
}

impl StreamGraph {
    /// The columns `kept` of `input`, and behind them each window that its rows are in: a row per window.
    pub(crate) fn in_windows(&mut self, input: &Arc<StreamNode>, window: Window, kept: &[FieldRef]) -> Arc<StreamNode> {
        let mut columns: Vec<(Expr, FieldRef)> =
            kept.iter().map(|field| (column(field.name()), Arc::clone(field))).collect();
        columns.push((window_list(window), Arc::new(window_list_field(kept))));
        let listed = self.project(input, columns);
        self.unnest(&listed, vec![kept.len()], false)
    }

    /// The columns of `input`, and behind them each window that its rows are in: a row per window, at its last instant.
    pub(crate) fn in_last_instants(&mut self, input: &Arc<StreamNode>, window: Window) -> Arc<StreamNode> {
        let kept: Vec<FieldRef> = input.schema.values().iter().map(|value| Arc::clone(&value.field)).collect();
        let rows = self.in_windows(input, window, &kept);
        let columns: Vec<(Expr, FieldRef)> =
            rows.schema.values().iter().map(|value| (column(value.field.name()), Arc::clone(&value.field))).collect();
        let window = rows.schema.values().last().map_or_else(timestamp, |window| column(window.field.name()));
        let time = get_field(window, "end") - lit(ScalarValue::new_interval_mdn(0, 0, 1));
        self.project_with_time(&rows, columns, time, rows.schema.origin.clone())
    }

    /// Drops rows of `input` whose windows are all over, or, with `mark`, says in another column which they are.
    pub(crate) fn late_rows(
        &mut self,
        input: &Arc<StreamNode>,
        window: Window,
        lateness_nanos: i64,
        mark: Option<FieldRef>,
    ) -> Arc<StreamNode> {
        let raw = &input.schema;
        let id = Lineage::of("late rows")
            .text(&window.to_string())
            .number(lateness_nanos)
            .lineage(raw.rows)
            .lineage(raw.time_lineage())
            .finish();
        let mut columns = raw.columns().to_vec();
        let op = StreamOp::LateRows { window, lateness_nanos, mark: mark.is_some() };
        if let Some(field) = mark {
            columns.insert(columns.len().saturating_sub(1), StreamColumn { field, lineage: id, window: None });
        }
        // Which rows are dropped is no part of what rows are: without lateness it is the windows' matter.
        let schema = StreamSchema::new(columns, raw.rows, raw.windowed, raw.origin.clone());
        self.add(op, vec![Arc::clone(input)], Arc::new(schema), id)
    }
}

/// The windows of a row as a list.
fn window_list(window: Window) -> Expr {
    let (slide, offset) = window.slide_and_offset();
    let cumulates = matches!(window, Window::Cumulate { .. });
    arroyo_expr::windows_of_time(timestamp(), window.width(), slide, offset, cumulates)
}

/// The field of the list, whose name none of `taken` has.
fn window_list_field(taken: &[FieldRef]) -> Field {
    let mut name = "_windows".to_owned();
    while taken.iter().any(|field| field.name() == &name) {
        name.push('_');
    }
    let item = Arc::new(Field::new_list_field(arroyo_expr::window_type(), false));
    Field::new(name, DataType::List(item), true)
}
