//! Logical plans → streaming plan, node by node.

mod aggregate;
mod changelog_windows;
mod constants;
mod emitted_windows;
mod grouping_sets;
mod join;
mod lookup;
mod matches;
mod ordered;
mod over;
mod sink;
mod temporal;
mod unnest;
mod unsupported;
mod window_table;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, DataFusionError};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableScan};
use indexmap::IndexMap;

use self::unsupported::unsupported;
use super::bind::bind;
use super::graph::StreamGraph;
use super::late_rows::LateRows;
use super::lookup_node::LookupNode;
use super::match_node::MatchRecognize;
use super::node::StreamNode;
use super::optimize::optimize;
use super::place::span_of;
use super::schema::{column, unique_fields};
use super::shared::SharedPlan;
use super::source::read_table;
use super::temporal_node::TemporalJoin;
use super::trial::{try_aggregate, try_expression};
use super::window_node::WindowedAggregate;
use super::window_table::WindowTable;
use crate::explain::describe;
use crate::{Diagnostic, Span, StreamTable, TableDef, codes};

/// What several readers share: which columns they need, and the stream once it is built.
#[derive(Debug)]
struct Shared<T> {
    what: T,
    required: BTreeSet<usize>,
    node: Option<Arc<StreamNode>>,
}

impl<T> Shared<T> {
    fn new(what: T) -> Self {
        Self { what, required: BTreeSet::new(), node: None }
    }
}

/// Turns optimised logical plans into streams.
#[derive(Debug)]
pub(crate) struct Lowering {
    graph: StreamGraph,
    tables: IndexMap<String, Shared<Arc<TableDef>>>,
    shared: Vec<Shared<LogicalPlan>>,
    faults: Vec<Diagnostic>,
    /// The statement at work, for faults without a better place.
    statement: Option<Span>,
    /// How long its updating operators remember what gets no rows, in nanoseconds; 0: for ever.
    ttl_nanos: i64,
}

impl Lowering {
    /// Prepares to lower `plans` (optimised), which read each other's common parts `shared` (not yet optimised): finds out
    /// which columns of tables and of shared parts are needed.
    pub(crate) fn new(plans: &[LogicalPlan], shared: Vec<LogicalPlan>) -> Result<Self, DataFusionError> {
        let order = readers_first(&shared)?;
        let shared = shared.into_iter().map(Shared::new).collect();
        let mut lowering = Self {
            graph: StreamGraph::default(),
            tables: IndexMap::new(),
            shared,
            faults: Vec::new(),
            statement: None,
            ttl_nanos: 0,
        };
        for plan in plans {
            lowering.require(plan)?;
        }
        for index in order {
            let Some(shared) = lowering.shared.get_mut(index) else { continue };
            let optimised = optimize(only(std::mem::take(&mut shared.what), &shared.required)?)?;
            shared.what = optimised.clone();
            lowering.require(&optimised)?;
        }
        Ok(lowering)
    }

    /// The plans of the shared parts, optimised.
    pub(crate) fn shared_plans(&self) -> impl Iterator<Item = &LogicalPlan> {
        self.shared.iter().map(|shared| &shared.what)
    }

    fn require(&mut self, plan: &LogicalPlan) -> Result<(), DataFusionError> {
        plan.apply(|plan| {
            let LogicalPlan::TableScan(scan) = plan else { return Ok(TreeNodeRecursion::Continue) };
            if let Some(shared) = SharedPlan::of(scan.source.as_ref()) {
                if let Some(shared) = self.shared.get_mut(shared.index) {
                    shared.required.extend(positions(scan));
                }
            } else if let Some(table) = StreamTable::of(scan.source.as_ref()) {
                let entry = self.tables.entry(table.def.name.clone());
                entry.or_insert_with(|| Shared::new(Arc::clone(&table.def))).required.extend(positions(scan));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(())
    }

    /// The graph, and what went wrong.
    pub(crate) fn finish(self) -> (StreamGraph, Vec<Diagnostic>) {
        (self.graph, self.faults)
    }

    fn fault(&mut self, mut fault: Diagnostic) {
        fault.span = fault.span.or(self.statement);
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn checked<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|fault| self.fault(fault)).ok()
    }

    fn bind(&mut self, expr: &Expr, logical: &DFSchema, input: &StreamNode) -> Option<Expr> {
        let bound = bind(expr, logical, &input.schema);
        let bound = self.checked(bound)?;
        if input.schema.is_changelog() && bound.is_volatile() {
            self.fault(volatile(expr));
            return None;
        }
        if !matches!(bound, Expr::AggregateFunction(_)) {
            self.checked(try_expression(expr, logical, &input.schema))?;
        }
        Some(bound)
    }

    /// Binds calls of aggregate functions; `updating`: of groups that are kept up to date.
    fn bind_functions(
        &mut self,
        calls: &[Expr],
        logical: &DFSchema,
        input: &StreamNode,
        updating: bool,
    ) -> Option<Vec<Expr>> {
        let bound = self.bind_all(calls, logical, input)?;
        let tried: Vec<Option<()>> = calls
            .iter()
            .zip(&bound)
            .map(|(call, bound)| self.checked(try_aggregate(call, bound, input.schema.arrow(), updating)))
            .collect();
        tried.into_iter().collect::<Option<()>>().map(|()| bound)
    }

    /// Binds all expressions, so that every fault in them is reported.
    fn bind_all<'a>(
        &mut self,
        exprs: impl IntoIterator<Item = &'a Expr>,
        logical: &DFSchema,
        input: &StreamNode,
    ) -> Option<Vec<Expr>> {
        let bound: Vec<Option<Expr>> = exprs.into_iter().map(|expr| self.bind(expr, logical, input)).collect();
        bound.into_iter().collect()
    }

    fn lower(&mut self, plan: &LogicalPlan) -> Option<Arc<StreamNode>> {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(scan),
            LogicalPlan::SubqueryAlias(alias) => self.lower(&alias.input),
            LogicalPlan::Projection(projection) => {
                let input = self.lower(&projection.input)?;
                let exprs = self.bind_all(&projection.expr, projection.input.schema(), &input)?;
                let fields: Vec<FieldRef> = projection
                    .expr
                    .iter()
                    .zip(&exprs)
                    .zip(projection.schema.fields())
                    .map(|((logical, expr), field)| carried(logical, expr, &input).unwrap_or_else(|| Arc::clone(field)))
                    .collect();
                let fields = unique_fields(&fields);
                Some(self.graph.project(&input, exprs.into_iter().zip(fields).collect()))
            }
            LogicalPlan::Filter(filter) => {
                let input = self.filtered(filter)?;
                let predicate = self.bind(&filter.predicate, filter.input.schema(), &input)?;
                let is_true = matches!(&predicate, Expr::Literal(value, _) if value == &true.into());
                Some(if is_true { input } else { self.graph.filter(&input, predicate) })
            }
            LogicalPlan::Union(union) => {
                let inputs: Vec<_> = union.inputs.iter().map(|input| self.lower(input)).collect();
                let inputs: Vec<_> = inputs.into_iter().collect::<Option<_>>()?;
                let fields = unique_fields(union.schema.fields());
                Some(self.graph.union(inputs, &fields))
            }
            LogicalPlan::Values(_) | LogicalPlan::EmptyRelation(_) => self.constants(plan),
            LogicalPlan::Join(join) => self.join(join),
            LogicalPlan::Window(window) => self.over(window, None),
            LogicalPlan::Sort(sort) => self.sort(sort),
            LogicalPlan::Limit(limit) => self.limit(limit),
            LogicalPlan::Unnest(unnest) => self.unnest(unnest),
            LogicalPlan::Distinct(distinct) => self.distinct(distinct),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate),
            other => {
                if let Some(aggregate) = WindowedAggregate::of(other) {
                    return self.window_aggregate(aggregate);
                }
                if let Some(join) = TemporalJoin::of(other) {
                    return self.temporal_join(join);
                }
                if let Some(join) = LookupNode::of(other) {
                    return self.lookup_join(join);
                }
                if let Some(table) = WindowTable::of(other) {
                    return self.window_table(table);
                }
                if let Some(rows) = LateRows::of(other) {
                    return self.late_rows(rows);
                }
                if let Some(matches) = MatchRecognize::of(other) {
                    return self.match_recognize(matches);
                }
                self.fault(unsupported(other));
                None
            }
        }
    }

    fn scan(&mut self, scan: &TableScan) -> Option<Arc<StreamNode>> {
        let (node, required) = if let Some(shared) = SharedPlan::of(scan.source.as_ref()) {
            self.shared_part(shared.index)?
        } else if let Some(table) = StreamTable::of(scan.source.as_ref()) {
            self.table(&table.def)?
        } else {
            let message = format!("`{}` is not a table that can be streamed", scan.table_name);
            self.fault(
                Diagnostic::error(&codes::NO_STREAM, message)
                    .help("read from a table that has a connector, or from a view"),
            );
            return None;
        };
        let columns: Option<Vec<(Expr, FieldRef)>> = positions(scan)
            .map(|position| {
                let place = required.iter().position(|required| *required == position)?;
                let found = node.schema.values().get(place)?;
                Some((column(found.field.name()), Arc::clone(&found.field)))
            })
            .collect();
        Some(self.graph.project(&node, columns?))
    }

    fn table(&mut self, table: &Arc<TableDef>) -> Option<(Arc<StreamNode>, BTreeSet<usize>)> {
        let shared = self.tables.get_mut(&table.name)?;
        if let Some(node) = &shared.node {
            return Some((Arc::clone(node), shared.required.clone()));
        }
        let required = shared.required.clone();
        let read = read_table(&mut self.graph, &shared.what, &required);
        let node = self.checked(read)?;
        self.tables.get_mut(&table.name)?.node = Some(Arc::clone(&node));
        Some((node, required))
    }

    fn shared_part(&mut self, index: usize) -> Option<(Arc<StreamNode>, BTreeSet<usize>)> {
        let shared = self.shared.get(index)?;
        let required = shared.required.clone();
        if let Some(node) = &shared.node {
            return Some((Arc::clone(node), required));
        }
        let plan = shared.what.clone();
        let node = self.lower(&plan)?;
        self.shared.get_mut(index)?.node = Some(Arc::clone(&node));
        Some((node, required))
    }
}

/// Why a value that differs each time it is computed cannot be computed of changes.
fn volatile(expr: &Expr) -> Diagnostic {
    let message =
        format!("`{}` gives another value each time, so a row of a changelog could not be taken back", describe(expr));
    Diagnostic::error(&codes::VOLATILE_CHANGES, message)
        .at(span_of(expr))
        .help("compute it before rows are aggregated, or use row_time()")
}

/// The field of a column that a projection passes on as it is; the stream keeps its name for it, so that nothing is renamed
/// on the way. Sinks get the query's names in the end.
fn carried(logical: &Expr, expr: &Expr, input: &StreamNode) -> Option<FieldRef> {
    match (logical, expr) {
        (Expr::Column(_), Expr::Column(column)) => {
            input.schema.find(&column.name).map(|column| Arc::clone(&column.field))
        }
        _ => None,
    }
}

/// The positions, in the table, of the columns that a scan reads, in the scan's order.
fn positions(scan: &TableScan) -> impl Iterator<Item = usize> {
    match &scan.projection {
        Some(projection) => projection.clone(),
        None => (0..scan.source.schema().fields().len()).collect(),
    }
    .into_iter()
}

/// `plan` with only its columns at the positions `required`.
fn only(plan: LogicalPlan, required: &BTreeSet<usize>) -> Result<LogicalPlan, DataFusionError> {
    let schema = Arc::clone(plan.schema());
    let columns = schema.columns();
    let kept: Vec<Column> = required.iter().filter_map(|position| columns.get(*position)).cloned().collect();
    LogicalPlanBuilder::from(plan).project(kept.into_iter().map(Expr::Column))?.build()
}

/// Numbers of shared plans, each after those that read it.
fn readers_first(shared: &[LogicalPlan]) -> Result<Vec<usize>, DataFusionError> {
    fn visit(
        index: usize,
        shared: &[LogicalPlan],
        order: &mut Vec<usize>,
        seen: &mut BTreeSet<usize>,
    ) -> Result<(), DataFusionError> {
        if !seen.insert(index) {
            return Ok(());
        }
        let mut read = Vec::new();
        if let Some(plan) = shared.get(index) {
            plan.apply(|plan| {
                if let LogicalPlan::TableScan(scan) = plan
                    && let Some(inner) = SharedPlan::of(scan.source.as_ref())
                {
                    read.push(inner.index);
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        for inner in read {
            visit(inner, shared, order, seen)?;
        }
        order.push(index);
        Ok(())
    }
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for index in 0..shared.len() {
        visit(index, shared, &mut order, &mut seen)?;
    }
    order.reverse();
    Ok(order)
}
