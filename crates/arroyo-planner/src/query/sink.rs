//! A query's columns and those of the table that it is written to.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Column, DFSchema, ScalarValue, plan_err};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, lit};

use super::json;
use crate::statement::{Spanned, Statement};
use crate::suggest::{list, nearest};
use crate::types::type_name;
use crate::{ColumnDef, Diagnostic, codes};

/// An expression as another type.
pub(super) fn cast(expr: Expr, target: &DataType, schema: &DFSchema) -> DfResult<Expr> {
    let source = expr.get_type(schema)?;
    if json::is_json_union(&source) {
        let text = json::to_text(expr);
        return if *target == DataType::Utf8 { Ok(text) } else { cast(text, target, schema) };
    }
    if source == *target {
        return Ok(expr);
    }
    // Arrow would make a list of one element.
    let wraps = matches!(target, DataType::List(_)) && !matches!(source, DataType::Null) && !is_list(&source);
    match expr.cast_to(target, schema) {
        Ok(expr) if !wraps => Ok(expr),
        _ => plan_err!("cannot cast {} to {}", type_name(&source), type_name(target)),
    }
}

fn is_list(data_type: &DataType) -> bool {
    use DataType::{FixedSizeList, LargeList, LargeListView, List, ListView};
    matches!(data_type, List(_) | LargeList(_) | ListView(_) | LargeListView(_) | FixedSizeList(..))
}

/// The type that stands for all of Arrow's ways to lay out the same values.
fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Null | DataType::LargeUtf8 | DataType::Utf8View | DataType::Union(..) => DataType::Utf8,
        DataType::LargeBinary | DataType::BinaryView => DataType::Binary,
        DataType::Dictionary(_, values) => plain_type(values),
        DataType::Date64 => DataType::Date32,
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Nanosecond),
        other => other.clone(),
    }
}

/// The columns of a plan as columns of a table, with names made unique.
pub(crate) fn columns_of(plan: &LogicalPlan) -> Vec<ColumnDef> {
    let mut seen = BTreeSet::new();
    plan.schema()
        .fields()
        .iter()
        .map(|field| {
            let mut column = ColumnDef::physical(field);
            column.data_type = plain_type(field.data_type());
            let base = column.name.clone();
            let mut suffix = 1;
            while !seen.insert(column.name.clone()) {
                column.name = format!("{base}_{suffix}");
                suffix += 1;
            }
            column
        })
        .collect()
}

/// The plan with its columns under other names.
pub(crate) fn aliased(plan: LogicalPlan, names: &[&str]) -> DfResult<LogicalPlan> {
    let columns = plan.schema().columns();
    let same = columns.iter().zip(names).all(|(column, name)| column.relation.is_none() && column.name == **name);
    if same {
        return Ok(plan);
    }
    let exprs: Vec<Expr> =
        columns.into_iter().zip(names).map(|(column, name)| Expr::Column(column).alias(*name)).collect();
    LogicalPlanBuilder::from(plan).project(exprs)?.build()
}

/// For `INSERT INTO t (a, b)`: which column of the query each of the table's columns takes.
pub(crate) fn insert_columns(
    table: &str,
    writable: &[ColumnDef],
    columns: &[Spanned<String>],
) -> Result<Vec<Option<usize>>, Vec<Diagnostic>> {
    if columns.is_empty() {
        return Ok((0..writable.len()).map(Some).collect());
    }
    let names: Vec<&str> = writable.iter().map(|column| column.name.as_str()).collect();
    let mut diagnostics = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(&column.node)) {
            let help = match nearest(&column.node, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its columns are {}", list(&names, 8)),
            };
            let message = format!("`{table}` has no column `{}`", column.node);
            diagnostics.push(Diagnostic::error(&codes::UNKNOWN_COLUMN, message).at(column.span).help(help));
        } else if columns.iter().take(index).any(|earlier| earlier.node.eq_ignore_ascii_case(&column.node)) {
            let message = format!("the column `{}` is listed twice", column.node);
            diagnostics.push(Diagnostic::error(&codes::DUPLICATE_COLUMN, message).at(column.span));
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    Ok(names.iter().map(|name| columns.iter().position(|column| column.node.eq_ignore_ascii_case(name))).collect())
}

/// The plan's columns cast to those of a sink, by position.
pub(crate) fn fit_to_sink(
    plan: LogicalPlan,
    table: &str,
    writable: &[ColumnDef],
    mapping: &[Option<usize>],
    statement: &Statement,
) -> Result<LogicalPlan, Vec<Diagnostic>> {
    let schema = Arc::clone(plan.schema());
    let wanted = mapping.iter().flatten().count();
    let found = schema.fields().len();
    if wanted != found {
        let columns: Vec<&str> = writable.iter().map(|column| column.name.as_str()).collect();
        return Err(vec![
            Diagnostic::error(
                &codes::COLUMN_COUNT,
                format!("the query has {found} column{}, `{table}` takes {wanted}", if found == 1 { "" } else { "s" }),
            )
            .at(statement.span)
            .help(format!("columns are matched by position: {}", list(&columns, 12))),
        ]);
    }
    let mut exprs = Vec::with_capacity(writable.len());
    let mut diagnostics = Vec::new();
    for (column, source) in writable.iter().zip(mapping) {
        let Some(index) = source else {
            if !column.nullable {
                let message =
                    format!("the column `{}` of `{table}` is NOT NULL, and the INSERT leaves it out", column.name);
                diagnostics.push(Diagnostic::error(&codes::COLUMN_COUNT, message).at(statement.span));
            }
            let null = ScalarValue::try_from(&column.data_type).map_or_else(|_| lit(ScalarValue::Null), lit);
            exprs.push(null.alias(&column.name));
            continue;
        };
        let (qualifier, field) = schema.qualified_field(*index);
        let value = Expr::Column(Column::from((qualifier, field)));
        match cast(value, &column.data_type, &schema) {
            Ok(expr) => exprs.push(expr.alias(&column.name)),
            Err(_) => diagnostics.push(
                Diagnostic::error(
                    &codes::COLUMN_TYPE,
                    format!(
                        "column {} of the query is {}, `{}` of `{table}` is {}",
                        index + 1,
                        type_name(field.data_type()),
                        column.name,
                        type_name(&column.data_type)
                    ),
                )
                .at(statement.span)
                .help(format!(
                    "columns are matched by position; `{}` comes from `{}` here",
                    column.name,
                    field.name()
                )),
            ),
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    LogicalPlanBuilder::from(plan)
        .project(exprs)
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| super::errors::diagnose(&error, statement))
}

/// All rows of both plans, which have the same columns.
pub(crate) fn union_all(
    left: LogicalPlan,
    right: LogicalPlan,
    statement: &Statement,
) -> Result<LogicalPlan, Vec<Diagnostic>> {
    LogicalPlanBuilder::from(left)
        .union(right)
        .and_then(LogicalPlanBuilder::build)
        .and_then(super::analyze)
        .map_err(|error| super::errors::diagnose(&error, statement))
}
