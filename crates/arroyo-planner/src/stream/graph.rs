//! Builds nodes of the streaming plan: works out their schemas and identities, and makes equal ones one.

mod lookup;
mod matches;
mod ordered;
mod window_table;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use arroyo_connectors::VALUES;
use arroyo_dataflow::operators::join::Kind;
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::split_conjunction;
use serde_json::Value;

use super::join::{Join, JoinTime};
use super::lineage::Lineage;
use super::node::{Aggregate, Part, StreamNode, StreamOp, UpdatedWindows};
use super::schema::{
    EventTime, Lifetime, Origin, StreamColumn, StreamSchema, WindowColumn, WindowPart, change_field, change_of,
    timestamp, timestamp_field, unique_fields,
};
use super::window::Window;
use crate::TableDef;

/// The member of a format that says what becomes of records that cannot be decoded: those that can are the same.
const BAD_DATA: &str = "bad_data";

/// All nodes of a plan under construction.
///
/// A node that computes the same as an earlier one *is* the earlier one, so that common parts of queries run once.
#[derive(Debug, Default)]
pub(crate) struct StreamGraph {
    nodes: Vec<Arc<StreamNode>>,
}

impl StreamGraph {
    fn add(
        &mut self,
        op: StreamOp,
        inputs: Vec<Arc<StreamNode>>,
        schema: Arc<StreamSchema>,
        id: Lineage,
    ) -> Arc<StreamNode> {
        let node = StreamNode { op, inputs, schema, id };
        if let Some(known) = self.nodes.iter().find(|known| known.as_ref() == &node) {
            return Arc::clone(known);
        }
        let node = Arc::new(node);
        self.nodes.push(Arc::clone(&node));
        node
    }

    /// A source that produces `fields` and `_timestamp`.
    pub(crate) fn source(&mut self, table: &Arc<TableDef>, fields: Vec<FieldRef>) -> Arc<StreamNode> {
        let rows = table_lineage("source", table);
        let lineage = |field: &Field| {
            Lineage::of("column").lineage(rows).text(field.name()).text(&field.data_type().to_string()).finish()
        };
        let mut columns: Vec<StreamColumn> =
            fields.into_iter().map(|field| StreamColumn { lineage: lineage(&field), field, window: None }).collect();
        let field = timestamp_field();
        if table.is_debezium() {
            let change = change_field();
            columns.push(StreamColumn { lineage: lineage(&change), field: change, window: None });
        }
        columns.push(StreamColumn { lineage: lineage(&field), field, window: None });
        let event_time = match table.options.columns {
            Some(_) => EventTime::Given,
            None => EventTime::Arrival { table: table.name.clone() },
        };
        let lifetime = match table.updating_ttl_nanos {
            // Its rows are held by key, for as long as it says.
            _ if table.is_debezium() => Lifetime::Bounded,
            Some(nanos) if table.connector != VALUES => Lifetime::Table(nanos),
            Some(_) => Lifetime::Bounded,
            None => Lifetime::Statement,
        };
        let origin = Origin { event_time, lifetime };
        let schema = Arc::new(StreamSchema::new(columns, rows, None, origin));
        self.add(StreamOp::Source { table: Arc::clone(table), filter: None }, Vec::new(), schema, rows)
    }

    /// Watermarks on `input`.
    pub(crate) fn watermark(&mut self, input: &Arc<StreamNode>, expr: Expr, idle_nanos: i64) -> Arc<StreamNode> {
        let id = Lineage::of("watermark").lineage(input.schema.rows).lineage(input.schema.lineage_of(&expr)).finish();
        self.add(StreamOp::Watermark { expr, idle_nanos }, vec![Arc::clone(input)], Arc::clone(&input.schema), id)
    }

    /// `columns` computed from `input`, and its hidden columns. Nothing is added when that is `input` itself.
    pub(crate) fn project(&mut self, input: &Arc<StreamNode>, columns: Vec<(Expr, FieldRef)>) -> Arc<StreamNode> {
        let origin = input.schema.origin.clone();
        self.project_with_time(input, columns, timestamp(), origin)
    }

    /// `columns` computed from `input`, and `time` as their `_timestamp`.
    pub(crate) fn project_with_time(
        &mut self,
        input: &Arc<StreamNode>,
        mut columns: Vec<(Expr, FieldRef)>,
        time: Expr,
        origin: Origin,
    ) -> Arc<StreamNode> {
        if input.schema.is_changelog() {
            columns.push((change_of(&input.schema), change_field()));
        }
        columns.push((time, timestamp_field()));
        let unchanged = columns.len() == input.schema.columns().len()
            && columns.iter().zip(input.schema.columns()).all(|((expr, field), column)| {
                matches!(expr, Expr::Column(name) if &name.name == column.field.name()) && field == &column.field
            });
        if unchanged {
            return Arc::clone(input);
        }
        self.copy(input, columns, origin)
    }

    /// A projection of `input`, even if it changes nothing.
    fn copy(&mut self, input: &Arc<StreamNode>, columns: Vec<(Expr, FieldRef)>, origin: Origin) -> Arc<StreamNode> {
        let (exprs, columns): (Vec<Expr>, Vec<StreamColumn>) = columns
            .into_iter()
            .map(|(expr, field)| {
                let lineage = input.schema.lineage_of(&expr);
                let window = input.schema.window_of(&expr);
                (expr, StreamColumn { field, lineage, window })
            })
            .unzip();
        let id = Lineage::of("projection")
            .lineage(input.schema.rows)
            .lineages(columns.iter().map(|column| column.lineage))
            .finish();
        let schema = StreamSchema::new(columns, input.schema.rows, input.schema.windowed, origin);
        self.add(StreamOp::Project { exprs }, vec![Arc::clone(input)], Arc::new(schema), id)
    }

    /// The rows of `input` for which `predicate` is true.
    pub(crate) fn filter(&mut self, input: &Arc<StreamNode>, predicate: Expr) -> Arc<StreamNode> {
        let conditions = split_conjunction(&predicate);
        let id = Lineage::of("filter")
            .lineage(input.schema.rows)
            .lineage_set(conditions.into_iter().map(|condition| input.schema.lineage_of(condition)))
            .finish();
        let schema = input.schema.with_rows(id);
        self.add(StreamOp::Filter { predicate }, vec![Arc::clone(input)], Arc::new(schema), id)
    }

    /// The aggregates of each window. `fields` are the columns of the result without `_timestamp`.
    pub(crate) fn window_aggregate(
        &mut self,
        input: &Arc<StreamNode>,
        window: Window,
        window_index: usize,
        aggregate: Aggregate,
        fields: Vec<FieldRef>,
    ) -> Arc<StreamNode> {
        let raw = &input.schema;
        let groups: Vec<Lineage> = aggregate.group.iter().map(|expr| raw.lineage_of(expr)).collect();
        let rows = Lineage::of("windows")
            .text(&window.to_string())
            .lineage(raw.rows)
            .lineage(raw.time_lineage())
            .lineages(groups.iter().copied())
            .finish();
        let mut lineages: Vec<Lineage> =
            groups.iter().map(|group| Lineage::of("group").lineage(rows).lineage(*group).finish()).collect();
        lineages.insert(window_index.min(lineages.len()), Lineage::of("window").lineage(rows).finish());
        let whole = WindowColumn { window, part: WindowPart::Whole };
        let windows = (0..fields.len()).map(|index| (index == window_index).then_some(whole)).collect();
        let schema = aggregate_schema(raw, &aggregate, fields, rows, lineages, windows, Some(window));
        let id = aggregate_id(window_operator(window), raw, &aggregate, rows);
        let op = StreamOp::WindowAggregate { window, window_index, aggregate, part: Part::Whole };
        self.add(op, vec![Arc::clone(input)], Arc::new(schema), id)
    }

    /// The aggregates of rows with equal `_timestamp`. `windows` says which group columns hold windows.
    pub(crate) fn instant_aggregate(
        &mut self,
        input: &Arc<StreamNode>,
        aggregate: Aggregate,
        windows: Vec<Option<WindowColumn>>,
        fields: Vec<FieldRef>,
    ) -> Arc<StreamNode> {
        let raw = &input.schema;
        let groups: Vec<Lineage> = aggregate.group.iter().map(|expr| raw.lineage_of(expr)).collect();
        let rows = Lineage::of("instants").lineage(raw.rows).lineages(groups.iter().copied()).finish();
        let lineages = groups.iter().map(|group| Lineage::of("group").lineage(rows).lineage(*group).finish()).collect();
        let windowed = windows.iter().flatten().map(|column| column.window).next();
        let schema = aggregate_schema(raw, &aggregate, fields, rows, lineages, windows, windowed);
        let id = aggregate_id("instant", raw, &aggregate, rows);
        self.add(StreamOp::InstantAggregate { aggregate }, vec![Arc::clone(input)], Arc::new(schema), id)
    }

    /// The aggregates of all rows, kept up to date.
    pub(crate) fn updating_aggregate(
        &mut self,
        input: &Arc<StreamNode>,
        aggregate: Aggregate,
        ttl_nanos: i64,
        windows: Option<UpdatedWindows>,
        fields: Vec<FieldRef>,
    ) -> Arc<StreamNode> {
        let raw = &input.schema;
        let groups: Vec<Lineage> = aggregate.group.iter().map(|expr| raw.lineage_of(expr)).collect();
        let rows = Lineage::of("groups").lineage(raw.rows).lineages(groups.iter().copied()).finish();
        let lineages = groups.iter().map(|group| Lineage::of("group").lineage(rows).lineage(*group).finish()).collect();
        let values = aggregate_schema(raw, &aggregate, fields, rows, lineages, Vec::new(), None);
        let mut columns = values.columns().to_vec();
        let lineage = Lineage::of("change").lineage(rows).finish();
        let change = StreamColumn { field: change_field(), lineage, window: None };
        columns.insert(columns.len().saturating_sub(1), change);
        // What windows of rows give is final when they are over: nobody takes it back.
        let is_final = windows.is_some() && !raw.is_changelog();
        let origin = if is_final { raw.origin.clone() } else { raw.origin.bounded() };
        let schema = StreamSchema::new(columns, rows, None, origin);
        let operator = match windows {
            Some(UpdatedWindows { session_gap: Some(gap), .. }) => format!("updating sessions of {gap} ns"),
            Some(_) => "updating windows".to_owned(),
            None => "updating".to_owned(),
        };
        let id = aggregate_id(&operator, raw, &aggregate, rows);
        let op = StreamOp::UpdatingAggregate { aggregate, ttl_nanos, windows, part: Part::Whole };
        self.add(op, vec![Arc::clone(input)], Arc::new(schema), id)
    }

    /// The changes of a table whose primary key is in the columns `keys`, each with the row that it replaces. Rows that did not
    /// change for `ttl_nanos` are taken back; 0: never.
    pub(crate) fn upsert(&mut self, input: &Arc<StreamNode>, keys: Vec<usize>, ttl_nanos: i64) -> Arc<StreamNode> {
        let lineages = keys.iter().filter_map(|key| input.schema.column(*key)).map(|column| column.lineage);
        let id = Lineage::of("upsert").lineage(input.schema.rows).lineages(lineages).finish();
        let schema = Arc::clone(&input.schema);
        let exchange_id = Lineage::of("exchange").lineage(id).finish();
        let exchange = StreamOp::Exchange { keys: keys.clone() };
        let exchanged = self.add(exchange, vec![Arc::clone(input)], Arc::clone(&schema), exchange_id);
        self.add(StreamOp::Upsert { keys, ttl_nanos }, vec![exchanged], Arc::new(schema.with_rows(id)), id)
    }

    /// The elements of the lists at `columns`, which are ascending positions; `outer`: one row with NULLs where there are none.
    pub(crate) fn unnest(&mut self, input: &Arc<StreamNode>, columns: Vec<usize>, outer: bool) -> Arc<StreamNode> {
        let raw = &input.schema;
        let lists = columns.iter().filter_map(|column| raw.column(*column)).map(|column| column.lineage);
        let rows =
            Lineage::of(if outer { "outer unnest" } else { "unnest" }).lineage(raw.rows).lineage_set(lists).finish();
        let unnested = raw.columns().iter().enumerate().map(|(index, column)| {
            let (true, Some(element)) = (columns.contains(&index), element_of(column.field.data_type())) else {
                return column.clone();
            };
            let field = Field::new(column.field.name(), element.data_type().clone(), true)
                .with_metadata(element.metadata().clone());
            let lineage = Lineage::of("element").lineage(rows).lineage(column.lineage).finish();
            StreamColumn { field: Arc::new(field), lineage, window: None }
        });
        let schema = StreamSchema::new(unnested.collect(), rows, raw.windowed, raw.origin.clone());
        self.add(StreamOp::Unnest { columns, outer }, vec![Arc::clone(input)], Arc::new(schema), rows)
    }

    /// The rows of all `inputs` with the columns `fields`; each input has them at the same positions, of the same types.
    /// With a changelog among them, the rows of the others are insertions into it.
    pub(crate) fn union(&mut self, inputs: Vec<Arc<StreamNode>>, fields: &[FieldRef]) -> Arc<StreamNode> {
        let is_changelog = inputs.iter().any(|input| input.schema.is_changelog());
        let inputs = self.aligned(inputs, fields, is_changelog);
        let rows = Lineage::of("union").lineage_set(inputs.iter().map(|input| input.schema.rows)).finish();
        let hidden = is_changelog.then(change_field).into_iter().chain([timestamp_field()]);
        let columns = fields.iter().cloned().chain(hidden).enumerate().map(|(index, field)| {
            let of_inputs: Vec<(Lineage, Option<&StreamColumn>)> =
                inputs.iter().map(|input| (input.schema.rows, input.schema.column(index))).collect();
            let lineages = of_inputs.iter().filter_map(|(rows, column)| {
                column.map(|column| Lineage::of("branch").lineage(*rows).lineage(column.lineage).finish())
            });
            let lineage = Lineage::of("union").lineage_set(lineages).finish();
            let mut windows = of_inputs.iter().map(|(_, column)| column.and_then(|column| column.window));
            let window = windows.next().flatten().filter(|first| windows.all(|window| window == Some(*first)));
            StreamColumn { field, lineage, window }
        });
        let columns: Vec<StreamColumn> = columns.collect();
        let first = inputs.first().map(|input| &input.schema);
        let windowed = first
            .and_then(|schema| schema.windowed)
            .filter(|window| inputs.iter().all(|input| input.schema.windowed == Some(*window)));
        let origin = Origin::of_union(inputs.iter().map(|input| &input.schema.origin));
        let schema = StreamSchema::new(columns, rows, windowed, origin);
        self.add(StreamOp::Union, inputs, Arc::new(schema), rows)
    }

    /// Renames the columns of inputs to those of the union, and keeps two branches from being one and the same node.
    fn aligned(
        &mut self,
        inputs: Vec<Arc<StreamNode>>,
        fields: &[FieldRef],
        is_changelog: bool,
    ) -> Vec<Arc<StreamNode>> {
        let mut aligned: Vec<Arc<StreamNode>> = Vec::with_capacity(inputs.len());
        for input in inputs {
            let columns = |input: &StreamNode| -> Vec<(Expr, FieldRef)> {
                let names = input.schema.values().iter().map(|column| super::schema::column(column.field.name()));
                names.zip(fields.iter().cloned()).collect()
            };
            let with_hidden = |input: &StreamNode| -> Vec<(Expr, FieldRef)> {
                let change = is_changelog.then(|| (change_of(&input.schema), change_field()));
                columns(input).into_iter().chain(change).chain([(timestamp(), timestamp_field())]).collect()
            };
            let origin = input.schema.origin.clone();
            let mut branch = if is_changelog && !input.schema.is_changelog() {
                self.copy(&input, with_hidden(&input), origin)
            } else {
                self.project(&input, columns(&input))
            };
            while aligned.iter().any(|other| Arc::ptr_eq(other, &branch)) {
                branch = self.copy(&branch, with_hidden(&branch), branch.schema.origin.clone());
            }
            aligned.push(branch);
        }
        aligned
    }

    /// The rows of two streams that belong together.
    pub(crate) fn join(&mut self, join: Join, inputs: Vec<Arc<StreamNode>>) -> Arc<StreamNode> {
        let (rows, columns) = joined_columns(&join, &inputs);
        let schemas = || inputs.iter().map(|input| &input.schema);
        let windowed = schemas().find_map(|schema| schema.windowed).filter(|_| join.time == JoinTime::Window);
        // A row that is only picked goes when it is taken back, whatever was forgotten of the other side.
        let sides = if join.picks_left() { 1 } else { inputs.len() };
        let origin = Origin::of_join(inputs.iter().take(sides).map(|input| &input.schema.origin));
        let schema = StreamSchema::new(columns, rows, windowed, origin);
        self.add(StreamOp::Join { join }, inputs, Arc::new(schema), rows)
    }

    /// What is written to `table`.
    pub(crate) fn sink(&mut self, input: &Arc<StreamNode>, table: &Arc<TableDef>) -> Arc<StreamNode> {
        let input = self.shuffled(input, table);
        let (id, schema) = (table_lineage("sink", table), Arc::clone(&input.schema));
        self.add(StreamOp::Sink { table: Arc::clone(table) }, vec![input], schema, id)
    }

    /// The rows in front of a sink that wants those with equal values in one subtask.
    fn shuffled(&mut self, input: &Arc<StreamNode>, table: &TableDef) -> Arc<StreamNode> {
        let columns = arroyo_connectors::connector(&table.connector)
            .map(|connector| connector.shuffle_by(&table.options.json))
            .unwrap_or_default();
        let keys: Vec<usize> = columns.iter().filter_map(|column| input.schema.position(column)).collect();
        if keys.is_empty() {
            return Arc::clone(input);
        }
        let id = Lineage::of("shuffle").lineage(input.id).finish();
        self.add(StreamOp::Exchange { keys }, vec![Arc::clone(input)], Arc::clone(&input.schema), id)
    }

    /// An operator that a rule made from another one.
    pub(crate) fn derived(
        &mut self,
        op: StreamOp,
        inputs: Vec<Arc<StreamNode>>,
        schema: Arc<StreamSchema>,
        id: Lineage,
    ) -> Arc<StreamNode> {
        self.add(op, inputs, schema, id)
    }
}

/// The identity of a table as source, sink or lookup table: its name, connector, and of its options and format what decides rows and
/// what state means, but not its columns, so that a new column does not lose offsets.
fn table_lineage(role: &str, table: &TableDef) -> Lineage {
    let connector = arroyo_connectors::connector(&table.connector);
    let ignored = connector.map(|connector| connector.options_without_meaning()).unwrap_or_default();
    Lineage::of(role)
        .text(&table.name.to_lowercase())
        .text(&table.connector)
        .text(&without(&table.options.json, ignored).to_string())
        .text(&without(&table.format, &[BAD_DATA]).to_string())
        .finish()
}

/// The object without some of its members.
fn without(object: &Value, ignored: &[&str]) -> Value {
    let mut object = object.clone();
    if let Some(members) = object.as_object_mut() {
        members.retain(|key, _| !ignored.contains(&key.as_str()));
    }
    object
}

fn window_operator(window: Window) -> &'static str {
    match window {
        Window::Tumble { .. } | Window::Hop { .. } | Window::Cumulate { .. } => "window",
        Window::Session { .. } => "session",
    }
}

fn aggregate_id(operator: &str, raw: &StreamSchema, aggregate: &Aggregate, rows: Lineage) -> Lineage {
    Lineage::of(operator)
        .lineage(rows)
        .lineages(aggregate.functions.iter().map(|function| raw.lineage_of(function)))
        .finish()
}

fn aggregate_schema(
    raw: &StreamSchema,
    aggregate: &Aggregate,
    fields: Vec<FieldRef>,
    rows: Lineage,
    group_lineages: Vec<Lineage>,
    windows: Vec<Option<WindowColumn>>,
    windowed: Option<Window>,
) -> StreamSchema {
    let functions = aggregate
        .functions
        .iter()
        .map(|function| Lineage::of("result").lineage(rows).lineage(raw.lineage_of(function)).finish());
    let lineages = group_lineages.into_iter().chain(functions).chain([Lineage::of("instant").lineage(rows).finish()]);
    let columns = fields
        .into_iter()
        .chain([timestamp_field()])
        .zip(lineages)
        .zip(windows.into_iter().chain(std::iter::repeat(None)))
        .map(|((field, lineage), window)| StreamColumn { field, lineage, window });
    StreamSchema::new(columns.collect(), rows, windowed, raw.origin.clone())
}

/// What the rows of a join are, and its columns.
fn joined_columns(join: &Join, inputs: &[Arc<StreamNode>]) -> (Lineage, Vec<StreamColumn>) {
    let sides = || inputs.iter().map(|input| &input.schema).zip(join.values).zip(&join.keys).enumerate();
    let keys = sides().flat_map(|(_, ((schema, _), keys))| {
        keys.iter().filter_map(|key| schema.column(*key)).map(|column| column.lineage)
    });
    let all: Vec<(usize, &StreamColumn)> = sides()
        .flat_map(|(side, ((schema, values), _))| schema.values().iter().take(values).map(move |value| (side, value)))
        .collect();
    let of_side = |side: usize, lineage: Lineage| {
        Lineage::of("side").number(i64::try_from(side).unwrap_or_default()).lineage(lineage).finish()
    };
    let filter = join.filter.as_ref().map(|filter| {
        Lineage::of_expr(&filter.predicate, |column| {
            let place = filter.schema.index_of(&column.name).ok()?;
            let (side, value) = all.get(*filter.columns.get(place)?)?;
            Some(of_side(*side, value.lineage))
        })
    });
    let rows = Lineage::of("join")
        .text(join.kind.as_str_name())
        .text(&match join.time {
            JoinTime::Interval { lower, upper } => format!("{lower} to {upper}"),
            JoinTime::Window => "window".to_owned(),
            JoinTime::Latest { strict } => format!("latest {strict}"),
            JoinTime::Ttl { .. } => String::new(),
        })
        .lineages(inputs.iter().map(|input| input.schema.rows))
        .lineages(keys)
        .lineages(filter)
        .finish();
    let is_in_result = |(side, _): &&(usize, &StreamColumn)| *side == 0 || !join.picks_left();
    let result: Vec<&(usize, &StreamColumn)> = all.iter().filter(is_in_result).collect();
    let fields: Vec<FieldRef> = result
        .iter()
        .map(|(side, value)| {
            let nullable = value.field.is_nullable() || join.may_lack(*side);
            Arc::new(value.field.as_ref().clone().with_nullable(nullable))
        })
        .chain((join.kind == Kind::LeftMark).then(|| Arc::new(Field::new("mark", DataType::Boolean, false))))
        .collect();
    let lineages = result.iter().map(|(side, value)| {
        let window = value.window.filter(|_| join.time == JoinTime::Window && !join.may_lack(*side));
        (Lineage::of("joined").lineage(rows).lineage(of_side(*side, value.lineage)).finish(), window)
    });
    let mark = (Lineage::of("mark").lineage(rows).finish(), None);
    let mut columns: Vec<StreamColumn> = unique_fields(&fields)
        .into_iter()
        .zip(lineages.chain([mark]))
        .map(|(field, (lineage, window))| StreamColumn { field, lineage, window })
        .collect();
    // Rows that are only picked keep their time.
    let time = match inputs.first() {
        Some(left) if keeps_left_time(join) => {
            Lineage::of("joined").lineage(rows).lineage(of_side(0, left.schema.time_lineage())).finish()
        }
        _ => Lineage::of("time of join").lineage(rows).finish(),
    };
    let is_final = matches!(join.time, JoinTime::Latest { .. });
    if join.takes_back() || (!is_final && inputs.iter().any(|input| input.schema.is_changelog())) {
        let lineage = Lineage::of("change").lineage(rows).finish();
        columns.push(StreamColumn { field: change_field(), lineage, window: None });
    }
    columns.push(StreamColumn { field: timestamp_field(), lineage: time, window: None });
    (rows, columns)
}

fn keeps_left_time(join: &Join) -> bool {
    match join.time {
        JoinTime::Ttl { .. } => false,
        JoinTime::Latest { .. } => true,
        JoinTime::Interval { .. } | JoinTime::Window => join.picks_left(),
    }
}

/// The element of a list type.
pub(crate) fn element_of(data_type: &DataType) -> Option<&FieldRef> {
    match data_type {
        DataType::List(element)
        | DataType::LargeList(element)
        | DataType::ListView(element)
        | DataType::LargeListView(element)
        | DataType::FixedSizeList(element, _) => Some(element),
        _ => None,
    }
}
