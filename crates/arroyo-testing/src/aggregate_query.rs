//! Configurations of aggregating operators from SQL.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use arroyo_dataflow::{Operator, encode_schema, names, operators as config};
use arroyo_expr::{UpdatingAggregates, encode, partial_schema, window_type};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::prelude::SessionContext;
use prost::Message;

use crate::oracle::{WindowKind, block_on};

/// `SELECT keys, aggregates FROM t GROUP BY keys` and a window.
#[derive(Debug, Clone)]
pub struct AggregateQuery {
    /// The schema of `t`, `_timestamp` last.
    pub input: SchemaRef,
    /// The group columns as SQL.
    pub keys: Vec<String>,
    /// The aggregate calls as SQL.
    pub aggregates: Vec<String>,
    group_exprs: Vec<Expr>,
    aggregate_exprs: Vec<Expr>,
    fields: Vec<FieldRef>,
}

impl AggregateQuery {
    /// Plans the query over an empty table.
    pub fn new(input: &SchemaRef, keys: &[&str], aggregates: &[&str]) -> Result<Self> {
        let context = SessionContext::new();
        context.register_batch("t", RecordBatch::new_empty(Arc::clone(input)))?;
        let columns: Vec<&str> = keys.iter().chain(aggregates).copied().collect();
        let group_by = if keys.is_empty() { String::new() } else { format!("GROUP BY {}", keys.join(", ")) };
        let sql = format!("SELECT {} FROM t {group_by}", columns.join(", "));
        let state = context.state();
        let plan = block_on(state.create_logical_plan(&sql))?.with_context(|| sql.clone())?;
        let plan = state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {})?;
        let Some(aggregate) = find_aggregate(&plan) else { bail!("no aggregate in {sql}") };
        Ok(Self {
            input: Arc::clone(input),
            keys: keys.iter().map(ToString::to_string).collect(),
            aggregates: aggregates.iter().map(ToString::to_string).collect(),
            group_exprs: aggregate.group_expr.clone(),
            aggregate_exprs: aggregate.aggr_expr.clone(),
            fields: aggregate.schema.fields().iter().cloned().collect(),
        })
    }

    /// The output's schema: keys, the window, results, `_timestamp`.
    pub fn output_schema(&self) -> SchemaRef {
        let mut fields = self.fields.clone();
        fields.insert(self.keys.len(), Arc::new(Field::new("window", window_type(), false)));
        fields.push(Arc::new(Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false)));
        Arc::new(Schema::new(fields))
    }

    /// The schema of partial rows.
    pub fn partial_schema(&self) -> Result<SchemaRef> {
        Ok(partial_schema(&self.input, &self.group_exprs, &self.keys, &self.aggregate_exprs)?)
    }

    /// The local and the global half of a hopping (also tumbling) or cumulating aggregate.
    pub fn window(&self, kind: WindowKind) -> Result<(Operator, Operator)> {
        let (width_nanos, slide_nanos, offset_nanos, cumulate) = match kind {
            WindowKind::Hop { width, slide, offset } => (width, slide, offset, false),
            WindowKind::Cumulate { step, width, offset } => (width, step, offset, true),
            WindowKind::Session { .. } => bail!("a session has no halves"),
        };
        let config = config::WindowAggregate {
            group_exprs: encode_all(&self.group_exprs)?,
            group_names: self.keys.clone(),
            aggregate_exprs: encode_all(&self.aggregate_exprs)?,
            aggregate_names: self.aggregates.clone(),
            input_schema: encode_schema(&self.input)?,
            schema: encode_schema(&self.output_schema())?,
            width_nanos,
            slide_nanos,
            window_index: Some(self.keys.len() as u32),
            input_is_partial: true,
            offset_nanos,
            cumulate,
        };
        Ok((operator(names::WINDOW_PARTIAL, &config), operator(names::WINDOW_AGGREGATE, &config)))
    }

    /// The local and the global half of an aggregate without windows, whose output is a changelog: keys, results, `_change`,
    /// `_timestamp`. The input is one, too, if it has `_change`. Also the schema of the rows between the halves.
    pub fn updating(&self) -> Result<(Operator, Operator, SchemaRef)> {
        let mut fields = self.fields.clone();
        fields.push(Arc::new(Field::new(CHANGE_FIELD, DataType::Int8, false)));
        fields.push(Arc::new(Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false)));
        let config = config::UpdatingAggregate {
            group_exprs: encode_all(&self.group_exprs)?,
            group_names: self.keys.clone(),
            aggregate_exprs: encode_all(&self.aggregate_exprs)?,
            aggregate_names: self.aggregates.clone(),
            input_schema: encode_schema(&self.input)?,
            schema: encode_schema(&Schema::new(fields))?,
            ttl_nanos: 0,
        };
        let partial = UpdatingAggregates::new(&self.aggregate_exprs, &self.input)?;
        let between = partial.partial_schema(&self.input, &self.group_exprs, &self.keys)?;
        Ok((operator(names::UPDATING_PARTIAL, &config), operator(names::UPDATING_AGGREGATE, &config), between))
    }

    /// A session aggregate.
    pub fn session(&self, gap_nanos: i64) -> Result<Operator> {
        let config = config::SessionAggregate {
            group_exprs: encode_all(&self.group_exprs)?,
            group_names: self.keys.clone(),
            aggregate_exprs: encode_all(&self.aggregate_exprs)?,
            aggregate_names: self.aggregates.clone(),
            input_schema: encode_schema(&self.input)?,
            schema: encode_schema(&self.output_schema())?,
            gap_nanos,
            window_index: Some(self.keys.len() as u32),
        };
        Ok(operator(names::SESSION_AGGREGATE, &config))
    }
}

fn operator(name: &str, config: &impl Message) -> Operator {
    Operator { id: name.into(), name: name.to_string(), description: name.to_string(), config: config.encode_to_vec() }
}

fn encode_all(exprs: &[Expr]) -> Result<Vec<Vec<u8>>> {
    exprs.iter().map(|expr| Ok(encode(expr)?)).collect()
}

fn find_aggregate(plan: &LogicalPlan) -> Option<&datafusion::logical_expr::Aggregate> {
    match plan {
        LogicalPlan::Aggregate(aggregate) => Some(aggregate),
        other => other.inputs().into_iter().find_map(find_aggregate),
    }
}
