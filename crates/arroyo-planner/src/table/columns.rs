//! The columns that a `CREATE TABLE` declares.

use std::collections::BTreeSet;

use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};

use super::schema::df_schema;
use crate::catalog::Catalog;
use crate::query::plan_expr;
use crate::statement::{Column, ColumnSource, CreateTable, Statement};
use crate::types::arrow_type;
use crate::{ColumnDef, ColumnKind, Diagnostic, codes};

/// The declared columns; those with a fault are left out.
pub(super) fn columns(
    table: &CreateTable,
    catalog: &Catalog,
    statement: &Statement,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<ColumnDef> {
    let mut seen = BTreeSet::new();
    for column in &table.columns {
        let name = &column.name.node;
        if [TIMESTAMP_FIELD, CHANGE_FIELD].contains(&name.as_str()) {
            diagnostics.push(
                Diagnostic::error(&codes::RESERVED_NAME, format!("the name `{name}` is reserved"))
                    .at(column.name.span)
                    .help("give the column another name"),
            );
        }
        if !seen.insert(name.to_lowercase()) {
            diagnostics.push(
                Diagnostic::error(&codes::DUPLICATE_COLUMN, format!("the column `{name}` is declared twice"))
                    .at(column.name.span),
            );
        }
    }
    // Generated columns are planned over the others, wherever they stand.
    let inputs: Vec<ColumnDef> =
        table.columns.iter().filter_map(|column| input_column(column, &mut Vec::new())).collect();
    let mut columns = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        match &column.source {
            ColumnSource::Generated(expr) => {
                let Some(def) = typed(column, diagnostics) else { continue };
                let Some(schema) = df_schema(&inputs) else { continue };
                if let Some(key) = legacy_metadata(&expr.node) {
                    columns.push(ColumnDef { kind: ColumnKind::Metadata { key }, ..def });
                    continue;
                }
                match plan_expr(catalog, expr, &schema, Some(&def.data_type), statement) {
                    Ok(expr) => columns.push(ColumnDef { kind: ColumnKind::Generated { expr: Box::new(expr) }, ..def }),
                    Err(found) => diagnostics.extend(found),
                }
            }
            _ => columns.extend(input_column(column, diagnostics)),
        }
    }
    columns
}

fn typed(column: &Column, diagnostics: &mut Vec<Diagnostic>) -> Option<ColumnDef> {
    match arrow_type(&column.data_type.node) {
        Ok((data_type, metadata)) => Some(ColumnDef {
            name: column.name.node.clone(),
            data_type,
            nullable: !column.not_null && !column.primary_key,
            metadata,
            kind: ColumnKind::Physical,
        }),
        Err((message, help)) => {
            let diagnostic = Diagnostic::error(&codes::UNKNOWN_TYPE, message).at(column.data_type.span);
            diagnostics.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic.help(format!("types are {}", TYPES)),
            });
            None
        }
    }
}

const TYPES: &str = "BOOLEAN, INT, BIGINT, FLOAT, DOUBLE, DECIMAL, TEXT, BYTEA, TIMESTAMP, DATE, TIME, INTERVAL, JSON, T[] and STRUCT<…>";

fn input_column(column: &Column, diagnostics: &mut Vec<Diagnostic>) -> Option<ColumnDef> {
    match &column.source {
        ColumnSource::Generated(expr) => {
            let key = legacy_metadata(&expr.node)?;
            typed(column, diagnostics).map(|def| ColumnDef { kind: ColumnKind::Metadata { key }, ..def })
        }
        ColumnSource::Physical => typed(column, diagnostics),
        ColumnSource::Metadata(key) => {
            let kind = ColumnKind::Metadata { key: key.node.clone() };
            typed(column, diagnostics).map(|def| ColumnDef { kind, ..def })
        }
    }
}

/// The key of `metadata('key')`, the older way to write `METADATA FROM 'key'`.
fn legacy_metadata(expr: &datafusion::sql::sqlparser::ast::Expr) -> Option<String> {
    use datafusion::sql::sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments};
    let Expr::Function(function) = expr else { return None };
    if !function.name.to_string().eq_ignore_ascii_case("metadata") {
        return None;
    }
    let FunctionArguments::List(arguments) = &function.args else { return None };
    match arguments.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] => value.value.clone().into_string(),
        _ => None,
    }
}
