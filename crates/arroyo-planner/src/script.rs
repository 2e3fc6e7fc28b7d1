//! A script whose names and types are all resolved: what the front half hands to the back half.

mod builder;
mod default_sink;
mod fixtures;
mod late_tables;

use std::any::Any;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arroyo_operator::{Role, TableOptions};
use datafusion::logical_expr::{Expr, LogicalPlan, TableSource};

use crate::{Diagnostic, Span};

pub(crate) use builder::{build, build_with_answers};

/// The default of `SET updating_ttl`: a day.
pub(crate) const DEFAULT_UPDATING_TTL_NANOS: i64 = 24 * 60 * 60 * 1_000_000_000;

/// What a script asks for.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// What is written, in the script's order; each connection table occurs once (several inserts are a union).
    pub sinks: Vec<SinkQuery>,
    /// Messages that do not keep it from running.
    pub warnings: Vec<Diagnostic>,
    /// Names of the stored tables that are read or written.
    pub used_tables: Vec<String>,
    /// What statements that ask something say.
    pub(crate) answers: Vec<Answer>,
    /// Tables that take late rows.
    pub(crate) late_tables: Vec<LateTable>,
}

/// A table that takes rows which came too late for their windows.
#[derive(Debug, Clone)]
pub(crate) struct LateTable {
    /// Its name.
    pub(crate) name: String,
    /// Where the rows go: the table itself, or a preview of it, or both.
    pub(crate) sinks: Vec<Arc<TableDef>>,
    /// As of the statement that names it.
    pub(crate) updating_ttl_nanos: i64,
}

/// What a statement that asks something says.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// This.
    Text(String),
    /// The plan of this.
    Explain(Box<SinkQuery>),
}

/// A query and where its rows go.
#[derive(Debug, Clone)]
pub struct SinkQuery {
    /// The table that is written, a connection table or a default sink.
    pub sink: Arc<TableDef>,
    /// What is written to it.
    ///
    /// The plan went through DataFusion's analyser (types are coerced, JSON operators are functions), but not through its
    /// optimiser.
    /// Its output columns are exactly the sink's [`TableDef::columns`]: names, types and order.
    /// Tables are `TableScan`s of a [`StreamTable`]; views, CTEs and memory tables are inlined under a `SubqueryAlias`,
    /// so that readers of one view hold equal subplans.
    pub plan: LogicalPlan,
    /// How long updating aggregates and joins keep a key that gets no rows, in nanoseconds (`SET updating_ttl`).
    pub updating_ttl_nanos: i64,
    /// The statement.
    pub span: Option<Span>,
}

/// A table that a connector reads or writes.
#[derive(Debug, Clone)]
pub struct TableDef {
    /// Its name in the query.
    pub name: String,
    /// The connector's id.
    pub connector: String,
    /// What `type` said; `None`: the query decides.
    pub role: Option<Role>,
    /// `CREATE TEMPORARY TABLE` or `type = 'lookup'`: rows are fetched by key and not streamed.
    pub lookup: Option<LookupCache>,
    /// The connector's options, validated.
    pub options: TableOptions,
    /// `arroyo_formats::FormatOptions` as JSON; `Null` when the connector produces the columns itself.
    pub format: serde_json::Value,
    /// The columns that queries see, in their order; without `_timestamp`.
    pub columns: Vec<ColumnDef>,
    /// Where event time comes from; `None`: the connector's timestamp, and a watermark one second behind it.
    pub watermark: Option<WatermarkDef>,
    /// Names of the columns of the primary key.
    pub primary_key: Vec<String>,
    /// Without input for so long, a subtask of the source declares itself idle; 0: never.
    pub idle_nanos: i64,
    /// How long updating aggregates and joins remember its rows, in nanoseconds; 0: for ever; `None`: as the statement says.
    pub updating_ttl_nanos: Option<i64>,
    /// Where it is created in the text; `None` for stored tables and default sinks.
    pub span: Option<Span>,
}

/// What a lookup table's answers are remembered within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookupCache {
    /// Bytes of memory in each subtask (`lookup.cache.max_bytes`); 0: nothing is remembered.
    pub bytes_max: u64,
    /// How long an answer is used (`lookup.cache.ttl`), in nanoseconds; 0: the connector decides, or for ever.
    pub ttl_nanos: i64,
}

impl Default for LookupCache {
    fn default() -> Self {
        Self { bytes_max: 8 << 20, ttl_nanos: 0 }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDef {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// Whether it may be null.
    pub nullable: bool,
    /// Metadata of the Arrow field (the JSON extension type).
    pub metadata: std::collections::HashMap<String, String>,
    /// Where its values come from.
    pub kind: ColumnKind,
}

/// Where a column's values come from.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnKind {
    /// The record's payload.
    Physical,
    /// The record's envelope.
    Metadata {
        /// One of the connector's metadata keys.
        key: String,
    },
    /// Computed from physical and metadata columns.
    Generated {
        /// Over unqualified names of those columns; its type is the column's.
        expr: Box<Expr>,
    },
}

/// Where event time comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct WatermarkDef {
    /// The column that holds it, a TIMESTAMP of any precision.
    pub column: String,
    /// The watermark over unqualified names of the table's columns, a `Timestamp(ns)`; `None`: the column itself.
    pub expr: Option<Box<Expr>>,
}

impl ColumnDef {
    /// A column of the payload.
    pub fn physical(field: &Field) -> Self {
        Self {
            name: field.name().clone(),
            data_type: field.data_type().clone(),
            nullable: field.is_nullable(),
            metadata: field.metadata().clone(),
            kind: ColumnKind::Physical,
        }
    }

    /// It as an Arrow field.
    pub fn field(&self) -> Field {
        Field::new(&self.name, self.data_type.clone(), self.nullable).with_metadata(self.metadata.clone())
    }
}

impl TableDef {
    /// Whether its records are changes in Debezium's envelope.
    pub(crate) fn is_debezium(&self) -> bool {
        self.format.pointer("/format/type").and_then(serde_json::Value::as_str) == Some("debezium_json")
    }

    /// The columns that queries see.
    pub fn schema(&self) -> SchemaRef {
        schema_of(&self.columns)
    }
}

fn schema_of(columns: &[ColumnDef]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(ColumnDef::field).collect::<Vec<_>>()))
}

/// A table as DataFusion's plans hold it: `TableScan::source`.
#[derive(Debug, Clone)]
pub struct StreamTable {
    /// The table.
    pub def: Arc<TableDef>,
    schema: SchemaRef,
}

impl StreamTable {
    /// A source that reads this table.
    pub fn new(def: Arc<TableDef>) -> Self {
        let schema = def.schema();
        Self { def, schema }
    }

    /// The table that a scan reads; `None` if its source is something else.
    pub fn of(source: &dyn TableSource) -> Option<&Self> {
        (source as &dyn Any).downcast_ref()
    }
}

impl TableSource for StreamTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
