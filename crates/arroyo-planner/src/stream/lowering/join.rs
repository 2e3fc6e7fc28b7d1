//! Joins.
//!
//! ```text
//! LeftJoin: a.k = b.k, Filter: a.x > b.y       →  Join LEFT k = k_2, x > y
//!                                                   Exchange: k     (a rule adds them)
//!                                                   Exchange: k
//! ```
//! - Where both sides are results of the same `tumble` or `hop`, only rows of one window match, whether the condition says so or
//!   not. Results of `session` do if the condition says so.
//! - Where the condition bounds the distance of the event times of two append-only sides, that tells how long rows are kept.
//! - Else rows are kept for `updating_ttl`, and the result follows every change of either side.
//!
//! Keys that are expressions become columns of their own, behind the plan's columns. A RIGHT SEMI, ANTI or MARK join is the LEFT
//! one of the sides in the other order.

mod interval;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::row::{RowConverter, SortField};
use arroyo_dataflow::operators::join::Kind;
use arroyo_expr::Compiled;
use datafusion::common::{JoinType, NullEquality};
use datafusion::logical_expr::type_coercion::binary::comparison_coercion;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Join as LogicalJoin, LogicalPlan, cast};

use self::interval::{Bounds, bounds_of};
use super::Lowering;
use crate::stream::join::{Join, JoinFilter, JoinTime};
use crate::stream::lineage::Lineage;
use crate::stream::node::StreamNode;
use crate::stream::place::span_of;
use crate::stream::schema::{Origin, StreamColumn, StreamSchema, WindowPart, column, timestamp_field, unique_fields};
use crate::stream::window::Window;
use crate::{Diagnostic, Span, codes};

/// A side of a join.
pub(super) struct Side<'a> {
    pub(super) plan: &'a LogicalPlan,
    pub(super) node: Arc<StreamNode>,
    /// The key's expressions over the plan.
    pub(super) on: Vec<&'a Expr>,
}

impl Lowering {
    /// A join of any kind.
    pub(super) fn join(&mut self, join: &LogicalJoin) -> Option<Arc<StreamNode>> {
        let (left, right) = (self.lower(&join.left), self.lower(&join.right));
        let (left_on, right_on) = join.on.iter().map(|(left, right)| (left, right)).unzip();
        let left = Side { plan: &join.left, node: left?, on: left_on };
        let right = Side { plan: &join.right, node: right?, on: right_on };
        let (kind, sides) = match join.join_type {
            JoinType::Inner => (Kind::Inner, [left, right]),
            JoinType::Left => (Kind::Left, [left, right]),
            JoinType::Right => (Kind::Right, [left, right]),
            JoinType::Full => (Kind::Full, [left, right]),
            JoinType::LeftSemi => (Kind::LeftSemi, [left, right]),
            JoinType::LeftAnti => (Kind::LeftAnti, [left, right]),
            JoinType::LeftMark => (Kind::LeftMark, [left, right]),
            JoinType::RightSemi => (Kind::LeftSemi, [right, left]),
            JoinType::RightAnti => (Kind::LeftAnti, [right, left]),
            JoinType::RightMark => (Kind::LeftMark, [right, left]),
        };
        self.join_sides(join, kind, sides)
    }

    fn join_sides(&mut self, join: &LogicalJoin, kind: Kind, sides: [Side; 2]) -> Option<Arc<StreamNode>> {
        let span = span_of_join(join);
        let keys = self.keys(&sides, span)?;
        let [left, right] = &sides;
        let conditions = self.conditions(join, [left, right])?;
        let time = self.join_time(&keys, &conditions, [&left.node.schema, &right.node.schema]);
        let mut join = Join {
            kind,
            values: [left.node.schema.values().len(), right.node.schema.values().len()],
            keys: [Vec::new(), Vec::new()],
            null_equals_null: join.null_equality == NullEquality::NullEqualsNull,
            filter: None,
            time,
        };
        if matches!(time, JoinTime::Interval { .. }) {
            let rest = conditions.rest.into_iter();
            join.filter =
                filter_of(rest.filter(|(_, bounds)| bounds.is_none()).map(|(expr, _)| expr), &conditions.combined);
        } else {
            join.filter = filter_of(conditions.rest.into_iter().map(|(expr, _)| expr), &conditions.combined);
        }
        self.build(join, sides, &keys, span)
    }

    /// The keys of both sides, each pair in one type.
    pub(super) fn keys(&mut self, [left, right]: &[Side; 2], span: Option<Span>) -> Option<Vec<[Expr; 2]>> {
        let mut keys: Vec<[Expr; 2]> = Vec::with_capacity(left.on.len());
        for (left_expr, right_expr) in left.on.iter().zip(&right.on) {
            let bound = [
                self.bind(left_expr, left.plan.schema(), &left.node),
                self.bind(right_expr, right.plan.schema(), &right.node),
            ];
            let [Some(left_key), Some(right_key)] = bound else { return None };
            let nodes = [&left.node, &right.node];
            let keyed = common_types([left_key, right_key], nodes, span);
            keys.push(self.checked(keyed)?);
        }
        Some(keys)
    }

    /// The node of a join, whose keys become columns of its inputs.
    pub(super) fn build(
        &mut self,
        mut join: Join,
        sides: [Side; 2],
        keys: &[[Expr; 2]],
        span: Option<Span>,
    ) -> Option<Arc<StreamNode>> {
        let [left, right] = sides;
        let mut inputs = Vec::with_capacity(2);
        for (place, side) in [left, right].into_iter().enumerate() {
            let exprs = keys.iter().filter_map(|pair| pair.get(place)).cloned().collect();
            let (input, mut positions) = self.with_keys(&side.node, exprs);
            if join.time == JoinTime::Window {
                positions.push(input.schema.columns().len() - 1);
            }
            let kept = can_be_kept(&input.schema).map_err(|fault| fault.at(span));
            self.checked(kept)?;
            if let Some(keys) = join.keys.get_mut(place) {
                *keys = positions;
            }
            inputs.push(input);
        }
        Some(self.graph.join(join, inputs))
    }

    /// The conditions beside the keys, over the columns of both sides.
    fn conditions(&mut self, join: &LogicalJoin, [left, right]: [&Side; 2]) -> Option<Conditions> {
        let origin = Origin::of_join([left, right].iter().map(|side| &side.node.schema.origin));
        let combined = combined(left.node.schema.values(), right.node.schema.values(), origin);
        let mut rest = Vec::new();
        if let Some(filter) = &join.filter {
            let logical = left.plan.schema().join(right.plan.schema());
            let logical = self.checked(logical.map_err(|error| super::super::plan_fault(&error)))?;
            let sides = [left.node.schema.as_ref(), right.node.schema.as_ref()];
            let split = left.node.schema.values().len();
            for condition in split_conjunction(filter) {
                let bound = super::bind(condition, &logical, &combined);
                let bound = self.checked(bound)?;
                let side_of = |name: &str| {
                    let position = combined.position(name)?;
                    Some(if position < split { (0, position) } else { (1, position - split) })
                };
                let bounds = bounds_of(&bound, sides, side_of);
                rest.push((bound, bounds));
            }
        }
        Some(Conditions { combined, rest })
    }

    fn join_time(&self, keys: &[[Expr; 2]], conditions: &Conditions, sides: [&Arc<StreamSchema>; 2]) -> JoinTime {
        let [left, right] = sides;
        let ttl = JoinTime::Ttl { nanos: sides.map(|side| side.origin.lifetime.nanos(self.ttl_nanos)) };
        if left.is_changelog() || right.is_changelog() {
            return ttl;
        }
        let same_window = match (left.windowed, right.windowed) {
            (Some(Window::Session { .. }), _) if left.windowed == right.windowed => {
                keys.iter().any(|[l, r]| match (left.window_of(l), right.window_of(r)) {
                    (Some(l), Some(r)) => l == r && l.part != WindowPart::Start,
                    _ => false,
                })
            }
            (Some(l), Some(r)) => l == r,
            _ => false,
        };
        if same_window {
            return JoinTime::Window;
        }
        let mut bounds = Bounds::default();
        if keys.iter().any(|[l, r]| left.is_event_time(l) && right.is_event_time(r)) {
            bounds = Bounds::exactly(0);
        }
        let bounds = conditions.rest.iter().filter_map(|(_, bounds)| *bounds).fold(bounds, Bounds::and);
        match bounds {
            Bounds { lower: Some(lower), upper: Some(upper) } => JoinTime::Interval { lower, upper },
            _ => ttl,
        }
    }

    /// `input` with its keys as columns, and their positions.
    pub(super) fn with_keys(&mut self, input: &Arc<StreamNode>, keys: Vec<Expr>) -> (Arc<StreamNode>, Vec<usize>) {
        let values = input.schema.values();
        let mut columns: Vec<(Expr, FieldRef)> =
            values.iter().map(|value| (column(value.field.name()), Arc::clone(&value.field))).collect();
        let mut positions = Vec::with_capacity(keys.len());
        for (index, key) in keys.into_iter().enumerate() {
            if let Expr::Column(name) = &key
                && let Some(position) = input.schema.position(&name.name)
                && position < values.len()
            {
                positions.push(position);
                continue;
            }
            let Ok(compiled) = Compiled::new(&key, input.schema.arrow()) else { continue };
            let field = Field::new(format!("_key_{index}"), compiled.data_type().clone(), compiled.nullable());
            positions.push(columns.len());
            columns.push((key, Arc::new(field)));
        }
        let fields = unique_fields(columns.iter().map(|(_, field)| field));
        let columns = columns.into_iter().zip(fields).map(|((key, _), field)| (key, field)).collect();
        (self.graph.project(input, columns), positions)
    }
}

/// The conditions of a join beside its keys.
struct Conditions {
    /// The columns of both sides.
    combined: StreamSchema,
    /// Each condition over them, and what it says about event times if that is all that it says.
    rest: Vec<(Expr, Option<Bounds>)>,
}

/// The columns of both sides with unique names.
pub(super) fn combined(left: &[StreamColumn], right: &[StreamColumn], origin: Origin) -> StreamSchema {
    let mut columns = [left, right].concat();
    let unique = unique_fields(columns.iter().map(|column| &column.field));
    for (column, field) in columns.iter_mut().zip(unique) {
        column.field = field;
    }
    let time = Lineage::of("no time").finish();
    columns.push(StreamColumn { field: timestamp_field(), lineage: time, window: None });
    StreamSchema::new(columns, time, None, origin)
}

fn span_of_join(join: &LogicalJoin) -> Option<Span> {
    let keys = join.on.iter().flat_map(|(left, right)| [span_of(left), span_of(right)]).flatten();
    keys.chain(join.filter.as_ref().and_then(span_of)).reduce(Span::union)
}

/// Both keys in one type.
fn common_types(
    [left, right]: [Expr; 2],
    [left_node, right_node]: [&Arc<StreamNode>; 2],
    span: Option<Span>,
) -> Result<[Expr; 2], Diagnostic> {
    let type_of = |expr: &Expr, node: &StreamNode| {
        Compiled::new(expr, node.schema.arrow()).map(|compiled| compiled.data_type().clone()).map_err(|error| {
            Diagnostic::error(&codes::JOIN, format!("a key of the join cannot be evaluated: {error}")).at(span)
        })
    };
    let (left_type, right_type) = (type_of(&left, left_node)?, type_of(&right, right_node)?);
    if left_type == right_type {
        return Ok([left, right]);
    }
    let Some(common) = comparison_coercion(&left_type, &right_type) else {
        let message = format!("a join cannot compare {left_type} with {right_type}");
        return Err(Diagnostic::error(&codes::TYPE_MISMATCH, message).at(span).help("cast one of them"));
    };
    let cast_to = |expr: Expr, from: &DataType| if *from == common { expr } else { cast(expr, common.clone()) };
    Ok([cast_to(left, &left_type), cast_to(right, &right_type)])
}

/// Whether rows can be kept: their columns must be comparable.
pub(super) fn can_be_kept(schema: &StreamSchema) -> Result<(), Diagnostic> {
    comparable(schema.values().iter().map(|value| &value.field))
}

/// Whether the values of columns can be compared, and so kept.
pub(super) fn comparable<'a>(fields: impl Iterator<Item = &'a FieldRef>) -> Result<(), Diagnostic> {
    for field in fields {
        if !RowConverter::supports_fields(&[SortField::new(field.data_type().clone())]) {
            let message = format!("column `{}` of type {} cannot be kept for a join", field.name(), field.data_type());
            return Err(Diagnostic::error(&codes::JOIN, message)
                .help("leave it out of the query, or cast it in a subquery before the join"));
        }
    }
    Ok(())
}

pub(super) fn filter_of(conditions: impl Iterator<Item = Expr>, combined: &StreamSchema) -> Option<JoinFilter> {
    let predicate = conjunction(conditions)?;
    let mut columns: Vec<usize> =
        predicate.column_refs().into_iter().filter_map(|column| combined.position(&column.name)).collect();
    columns.sort_unstable();
    let fields = columns.iter().filter_map(|position| combined.column(*position));
    // A side without a match is not asked, but what a plan says about NULL is not relied on.
    let fields = fields.map(|column| Arc::new(column.field.as_ref().clone().with_nullable(true)));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    Some(JoinFilter { predicate, columns, schema })
}
