//! Rows that are written in the query: VALUES, and the one row of a SELECT without FROM.
//!
//! Before:
//! ```text
//! Values: (1, 'a'), (2, 'b')
//! ```
//! After:
//! ```text
//! Source: values (column1, column2)
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::concat;
use arrow::datatypes::{FieldRef, Fields, Schema, SchemaRef};
use arroyo_connectors::{VALUES, values_table};
use arroyo_expr::Compiled;
use datafusion::common::DFSchema;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan};

use super::Lowering;
use crate::explain::describe;
use crate::stream::node::StreamNode;
use crate::stream::place::span_of_plan;
use crate::stream::schema::{column, unique_fields};
use crate::stream::source::read_table;
use crate::{ColumnDef, ColumnKind, Diagnostic, TableDef, codes};

impl Lowering {
    /// The source of a [`LogicalPlan::Values`] or [`LogicalPlan::EmptyRelation`].
    pub(super) fn constants(&mut self, plan: &LogicalPlan) -> Option<Arc<StreamNode>> {
        let rows = self.checked(rows_of(plan))?;
        let table = values_table(&rows).map_err(|error| unreadable(plan, &DataFusionError::from(error)));
        let options = self.checked(table)?;
        let columns: Vec<ColumnDef> = rows.schema_ref().fields().iter().map(definition).collect();
        let required: BTreeSet<usize> = (0..columns.len()).collect();
        let table = Arc::new(TableDef {
            name: VALUES.to_owned(),
            connector: VALUES.to_owned(),
            role: None,
            lookup: None,
            options,
            format: serde_json::Value::Null,
            columns,
            watermark: None,
            primary_key: Vec::new(),
            idle_nanos: 0,
            // Constants have no time after which they would be old.
            updating_ttl_nanos: Some(0),
            span: span_of_plan(plan),
        });
        let read = read_table(&mut self.graph, &table, &required);
        let node = self.checked(read)?;
        let fields = unique_fields(plan.schema().fields());
        let named = rows.schema_ref().fields().iter().zip(fields).map(|(field, named)| (column(field.name()), named));
        Some(self.graph.project(&node, named.collect()))
    }
}

fn definition(field: &FieldRef) -> ColumnDef {
    ColumnDef {
        name: field.name().clone(),
        data_type: field.data_type().clone(),
        nullable: field.is_nullable(),
        metadata: field.metadata().clone(),
        kind: ColumnKind::Physical,
    }
}

/// The rows of `plan`, with a column for each of its fields, numbered so that names differ.
fn rows_of(plan: &LogicalPlan) -> Result<RecordBatch, Diagnostic> {
    let fields: Fields = plan
        .schema()
        .fields()
        .iter()
        .enumerate()
        .map(|(index, field)| Arc::new(field.as_ref().clone().with_name(format!("column{}", index + 1))))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let (values, count): (&[Vec<Expr>], usize) = match plan {
        LogicalPlan::Values(values) => (&values.values, values.values.len()),
        LogicalPlan::EmptyRelation(empty) => (&[], usize::from(empty.produce_one_row)),
        _ => (&[], 0),
    };
    if let Some(volatile) = values.iter().flatten().find(|value| value.is_volatile()) {
        let message = format!("`{}` gives another value each time, and VALUES are constants", describe(volatile));
        return Err(Diagnostic::error(&codes::VOLATILE_CHANGES, message)
            .at(span_of_plan(plan))
            .help("compute it in the SELECT that reads the VALUES"));
    }
    let columns = schema.fields().iter().enumerate().map(|(index, field)| column_of(values, index, field));
    columns
        .collect::<Result<Vec<_>, _>>()
        .and_then(|columns| batch(&schema, columns, count))
        .map_err(|error| unreadable(plan, &error))
}

fn batch(schema: &SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, DataFusionError> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)?)
}

fn column_of(values: &[Vec<Expr>], index: usize, field: &FieldRef) -> Result<ArrayRef, DataFusionError> {
    let nothing: SchemaRef = Arc::new(Schema::empty());
    let row = batch(&nothing, Vec::new(), 1)?;
    let schema = DFSchema::empty();
    let cells = values.iter().filter_map(|row| row.get(index)).map(|value| {
        let value = datafusion::logical_expr::ExprSchemable::cast_to(value.clone(), field.data_type(), &schema)?;
        let compiled = Compiled::new(&value, &nothing).map_err(external)?;
        compiled.evaluate(&row).map_err(external)
    });
    let cells: Vec<ArrayRef> = cells.collect::<Result<_, DataFusionError>>()?;
    let cells: Vec<&dyn arrow::array::Array> = cells.iter().map(AsRef::as_ref).collect();
    if cells.is_empty() {
        return Ok(arrow::array::new_empty_array(field.data_type()));
    }
    Ok(concat(&cells)?)
}

fn external(error: arroyo_expr::ExprError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

fn unreadable(plan: &LogicalPlan, error: &DataFusionError) -> Diagnostic {
    let message = format!("these VALUES cannot be computed: {}", error.strip_backtrace());
    Diagnostic::error(&codes::NOT_STREAMABLE, message)
        .at(span_of_plan(plan))
        .help("write constants of the types that the columns have")
}
