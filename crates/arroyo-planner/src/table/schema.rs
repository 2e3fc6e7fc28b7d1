//! Declared columns against what connector and format have.

use std::sync::Arc;

use arrow::datatypes::{DataType, Schema, SchemaRef};
use arroyo_formats::{Format, FormatOptions};
use arroyo_operator::{OptionError, TableOptions};
use datafusion::common::{DFSchema, DFSchemaRef};

use super::options::Options;
use super::{Parts, is_input};
use crate::statement::Spanned;
use crate::suggest::{list, nearest};
use crate::types::type_name;
use crate::{ColumnDef, ColumnKind, Diagnostic, codes};

/// The columns that come with records, for the connector; `None` if there are none.
pub(super) fn declared(columns: &[ColumnDef]) -> Option<SchemaRef> {
    let fields: Vec<_> = columns.iter().filter(|column| is_input(column)).map(ColumnDef::field).collect();
    (!fields.is_empty()).then(|| Arc::new(Schema::new(fields)))
}

/// The columns of the payload, for the format; `None` if there are none.
pub(super) fn payload(columns: &[ColumnDef]) -> Option<Schema> {
    let fields: Vec<_> =
        columns.iter().filter(|column| column.kind == ColumnKind::Physical).map(ColumnDef::field).collect();
    (!fields.is_empty()).then(|| Schema::new(fields))
}

/// The columns that come with records, for expressions.
pub(super) fn df_schema(columns: &[ColumnDef]) -> Option<DFSchemaRef> {
    let fields: Vec<_> = columns.iter().map(ColumnDef::field).collect();
    DFSchema::try_from(Schema::new(fields)).ok().map(Arc::new)
}

/// The format's options.
pub(super) fn format(
    name: &Spanned<String>,
    options: &mut Options,
    payload: Option<&Schema>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FormatOptions> {
    let mut own = options.format_options();
    match FormatOptions::from_options(&name.node, &mut own, payload) {
        Ok(format) => Some(format),
        Err(errors) => {
            for error in errors {
                let at_name = error.key.as_deref() == Some("format");
                let fault = OptionError { key: error.key, message: error.message, help: error.help };
                let mut diagnostic = options.fault(fault, name.span);
                if at_name {
                    diagnostic.code = codes::FORMAT.code;
                }
                diagnostics.push(diagnostic);
            }
            None
        }
    }
}

/// The format with what it must know of the table's primary key.
pub(super) fn with_key(mut format: FormatOptions, primary_key: &[String]) -> FormatOptions {
    if let Format::DebeziumJson(debezium) = &mut format.format {
        debezium.primary_key = primary_key.to_vec();
    }
    format
}

/// The table's columns: as declared, completed by what the connector or the format dictates.
pub(super) fn complete(
    parts: &Parts<'_>,
    mut columns: Vec<ColumnDef>,
    validated: &TableOptions,
    format: Option<&FormatOptions>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<ColumnDef> {
    let fixed = match (&validated.columns, format.and_then(|format| format.format.fixed_schema())) {
        (Some(columns), _) => Arc::clone(columns),
        (None, Some(schema)) => Arc::new(schema),
        (None, None) => return columns,
    };
    let has_payload = columns.iter().any(|column| column.kind == ColumnKind::Physical);
    if !has_payload {
        let mut all: Vec<ColumnDef> = fixed.fields().iter().map(|field| ColumnDef::physical(field)).collect();
        all.extend(columns);
        return all;
    }
    if validated.columns.is_none() {
        // The format checks declared columns itself.
        return columns;
    }
    for column in columns.iter_mut().filter(|column| column.kind == ColumnKind::Physical) {
        let written = parts.table.columns.iter().find(|written| written.name.node == column.name);
        match fixed.field_with_name(&column.name) {
            // Which fields of a struct are never NULL cannot be written down in SQL: the connector knows it.
            Ok(field) if field.data_type().equals_datatype(&column.data_type) => {
                column.data_type = field.data_type().clone();
            }
            Ok(field) => diagnostics.push(
                Diagnostic::error(
                    &codes::COLUMN_TYPE,
                    format!(
                        "the column `{}` of the connector `{}` is {}",
                        column.name,
                        parts.id.node,
                        type_name(field.data_type())
                    ),
                )
                .at(written.and_then(|written| written.data_type.span)),
            ),
            Err(_) => {
                let names: Vec<&str> = fixed.fields().iter().map(|field| field.name().as_str()).collect();
                diagnostics.push(
                    Diagnostic::error(
                        &codes::UNKNOWN_COLUMN,
                        format!("the connector `{}` has no column `{}`", parts.id.node, column.name),
                    )
                    .at(written.and_then(|written| written.name.span))
                    .help(match nearest(&column.name, names.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("its columns are {}", list(&names, 8)),
                    }),
                );
            }
        }
    }
    columns
}

/// Metadata columns against the connector's keys.
pub(super) fn check_metadata(parts: &Parts<'_>, columns: &[ColumnDef], diagnostics: &mut Vec<Diagnostic>) {
    let keys = parts.connector.metadata_keys();
    for column in columns {
        let ColumnKind::Metadata { key } = &column.kind else { continue };
        let written = parts.table.columns.iter().find(|written| written.name.node == column.name);
        let key_span = written.and_then(|written| match &written.source {
            crate::statement::ColumnSource::Metadata(key) => key.span,
            crate::statement::ColumnSource::Generated(expr) => expr.span,
            crate::statement::ColumnSource::Physical => None,
        });
        let Some(known) = keys.iter().find(|known| known.key == key) else {
            let names: Vec<&str> = keys.iter().map(|known| known.key).collect();
            diagnostics.push(
                Diagnostic::error(
                    &codes::METADATA,
                    format!("the connector `{}` has no metadata `{key}`", parts.id.node),
                )
                .at(key_span)
                .help(match nearest(key, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "it has no metadata at all".to_owned(),
                    None => format!("its keys are {}", list(&names, 12)),
                }),
            );
            continue;
        };
        if known.data_type != column.data_type && !both_text(&known.data_type, &column.data_type) {
            diagnostics.push(
                Diagnostic::error(
                    &codes::METADATA,
                    format!(
                        "the metadata `{key}` is {}, not {}",
                        type_name(&known.data_type),
                        type_name(&column.data_type)
                    ),
                )
                .at(written.and_then(|written| written.data_type.span))
                .help(format!(
                    "declare `{} {} METADATA FROM '{key}'`",
                    column.name,
                    type_name(&known.data_type)
                )),
            );
        }
    }
}

fn both_text(left: &DataType, right: &DataType) -> bool {
    let text = |data_type: &DataType| matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    text(left) && text(right)
}
