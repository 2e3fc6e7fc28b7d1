//! What a lookup join does, bound to its input.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::buffer::NullBuffer;
use arrow::compute::take;
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use arrow::row::{RowConverter, Rows, SortField};
use arroyo_dataflow::operators as config;
use arroyo_dataflow::operators::lookup_join::Kind;
use arroyo_expr::{Predicate, canonical, decode};
use arroyo_operator::{LookupConfig, OperatorError};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};
use serde_json::Value;

use crate::operators::error::{config_schema, expression_failed};
use crate::operators::output::{batch_of, fit};

/// Everything about a lookup join that does not change while it runs.
pub(super) struct LookupSpec {
    pub(super) kind: Kind,
    pub(super) table: String,
    pub(super) connector: String,
    /// The columns that are asked for.
    pub(super) right: SchemaRef,
    /// How many of the input's leading columns go into the output.
    pub(super) left_values: usize,
    /// Positions of the key's columns in the input.
    pub(super) left_keys: Vec<usize>,
    /// The positions of the output's columns among those that are asked for.
    pub(super) right_values: Vec<usize>,
    pub(super) filter: Option<FilterSpec>,
    pub(super) schema: SchemaRef,
    /// The position of `_change` in the input, if it is a changelog.
    pub(super) change: Option<usize>,
    /// How many columns of the input are hidden: `_change` and `_timestamp`.
    pub(super) hidden: usize,
    /// The columns of the input that tell rows apart: all but the hidden ones.
    pub(super) left: SchemaRef,
    /// The key's columns as the table is asked.
    key_schema: SchemaRef,
    /// Keys as comparable bytes.
    pub(super) keys: RowConverter,
    identities: RowConverter,
    answers: RowConverter,
}

/// A condition beyond equal keys.
pub(super) struct FilterSpec {
    pub(super) predicate: Predicate,
    /// The columns that it reads: of left values followed by what is asked for.
    pub(super) columns: Vec<usize>,
    pub(super) schema: SchemaRef,
}

fn wrong(what: &str) -> OperatorError {
    OperatorError::bug(format!("a lookup join {what}"))
}

fn positions(positions: &[u32]) -> Vec<usize> {
    positions.iter().map(|position| *position as usize).collect()
}

fn converter<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> Result<RowConverter, OperatorError> {
    let fields = fields.into_iter().map(|field| SortField::new(field.data_type().clone())).collect();
    Ok(RowConverter::new(fields)?)
}

/// The name of the connector and what it makes the table of.
pub(crate) fn lookup_config(config: &config::LookupJoin) -> Result<(String, LookupConfig), OperatorError> {
    let connector = config.connector.clone().ok_or_else(|| wrong("has no table"))?;
    let json = |text: &str| match text {
        "" => Ok(Value::Null),
        text => serde_json::from_str(text).map_err(|error| wrong(&format!("has damaged options: {error}"))),
    };
    let ttl = u64::try_from(config.cache_ttl_nanos).ok().filter(|ttl| *ttl > 0);
    let lookup = LookupConfig {
        options: json(&connector.options_json)?,
        format: json(&connector.format_json)?,
        schema: config_schema(&connector.schema)?,
        key: positions(&config.key_columns),
        metadata: connector.metadata.into_iter().map(|column| (column.column, column.key)).collect(),
        ttl: ttl.map(std::time::Duration::from_nanos),
        table: connector.table,
    };
    Ok((connector.connector, lookup))
}

impl LookupSpec {
    pub(super) fn new(config: &config::LookupJoin, input: &SchemaRef) -> Result<Self, OperatorError> {
        let (connector, LookupConfig { table, schema: right, key, .. }) = lookup_config(config)?;
        if input.fields().last().is_none_or(|last| last.name() != TIMESTAMP_FIELD) {
            return Err(wrong(&format!("reads rows that do not end with `{TIMESTAMP_FIELD}`")));
        }
        let change = input.column_with_name(CHANGE_FIELD).map(|(position, _)| position);
        let hidden = 1 + usize::from(change.is_some());
        let shown = input.fields().len() - hidden;
        let left = Arc::new(Schema::new(input.fields().iter().take(shown).cloned().collect::<Vec<_>>()));
        let (left_keys, right_values) = (positions(&config.left_keys), positions(&config.right_values));
        let key_fields: Option<Vec<FieldRef>> = key.iter().map(|key| right.fields().get(*key).cloned()).collect();
        let key_fields = key_fields.filter(|fields| !fields.is_empty() && fields.len() == left_keys.len());
        let key_fields = key_fields.ok_or_else(|| wrong("has another key than its table"))?;
        for (position, field) in left_keys.iter().zip(&key_fields) {
            if left.fields().get(*position).is_none_or(|left| left.data_type() != field.data_type()) {
                return Err(wrong(&format!("compares the key `{}` with another type", field.name())));
            }
        }
        let columns = right.fields().len();
        if config.left_values as usize > shown || right_values.iter().any(|position| *position >= columns) {
            return Err(wrong("reads columns that its sides do not have"));
        }
        Ok(Self {
            kind: config.kind(),
            table,
            connector,
            left_values: config.left_values as usize,
            left_keys,
            right_values,
            filter: if config.filter.is_empty() { None } else { Some(FilterSpec::new(config)?) },
            schema: config_schema(&config.schema)?,
            change,
            hidden,
            keys: converter(&key_fields)?,
            key_schema: Arc::new(Schema::new(key_fields)),
            identities: converter(left.fields())?,
            answers: converter(right.fields())?,
            left,
            right,
        })
    }

    /// The key's columns of rows of the input.
    pub(super) fn key_columns(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>, OperatorError> {
        let columns = self.left_keys.iter().map(|position| batch.columns().get(*position).map(canonical));
        columns.collect::<Option<_>>().ok_or_else(|| wrong("got rows that lack a column of the key"))
    }

    /// The keys of some rows of the input, as the table is asked for them.
    pub(super) fn keys_of(&self, batch: &RecordBatch, rows: UInt32Array) -> Result<RecordBatch, OperatorError> {
        let columns = self.key_columns(batch)?;
        let columns = columns.iter().map(|column| Ok(take(column, &rows, None)?));
        batch_of(&self.key_schema, columns.collect::<Result<_, OperatorError>>()?, rows.len())
    }

    /// What tells rows of the input apart.
    pub(super) fn identities(&self, batch: &RecordBatch) -> Result<Rows, OperatorError> {
        let columns = batch.columns().get(..self.left.fields().len());
        Ok(self.identities.convert_columns(columns.ok_or_else(|| wrong("got rows that lack columns"))?)?)
    }

    /// The inverse of [`LookupSpec::identities`].
    pub(super) fn left_columns<'a>(
        &self,
        rows: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<ArrayRef>, OperatorError> {
        columns(&self.identities, &self.left, rows)
    }

    /// Rows of the table as comparable bytes; `None` if they have other columns.
    pub(super) fn encode(&self, rows: &RecordBatch) -> Option<Rows> {
        self.answers.convert_columns(rows.columns()).ok()
    }

    /// The inverse of [`LookupSpec::encode`].
    pub(super) fn columns_of<'a>(
        &self,
        rows: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<ArrayRef>, OperatorError> {
        columns(&self.answers, &self.right, rows)
    }

    /// Rows of the table in columns, as comparable bytes.
    pub(super) fn encode_columns(&self, columns: &[ArrayRef]) -> Result<Rows, OperatorError> {
        Ok(self.answers.convert_columns(columns)?)
    }
}

fn columns<'a>(
    converter: &RowConverter,
    schema: &Schema,
    rows: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<ArrayRef>, OperatorError> {
    let parser = converter.parser();
    let columns = converter.convert_rows(rows.into_iter().map(|row| parser.parse(row)))?;
    columns.into_iter().zip(schema.fields()).map(|(column, field)| fit(column, field.data_type())).collect()
}

impl FilterSpec {
    fn new(config: &config::LookupJoin) -> Result<Self, OperatorError> {
        let schema = config_schema(&config.filter_schema)?;
        let expr = decode(&config.filter).map_err(expression_failed)?;
        Ok(Self {
            predicate: Predicate::new(&expr, &schema).map_err(expression_failed)?,
            columns: positions(&config.filter_columns),
            schema,
        })
    }
}

/// Where no column is null; `None` if that is everywhere.
pub(super) fn not_null(columns: &[ArrayRef]) -> Option<NullBuffer> {
    columns.iter().fold(None, |valid, column| NullBuffer::union(valid.as_ref(), column.logical_nulls().as_ref()))
}
