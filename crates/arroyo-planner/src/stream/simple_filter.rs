//! Conditions as sources understand them.
//!
//! Before: `price > 100 AND 'web' = channel AND ok`, an expression of the query.
//! After: `price gt 100`, `channel eq "web"`, `ok eq true`, which needs no query engine to evaluate.

use arrow::datatypes::{DataType, Field};
use arroyo_formats::{Comparison, Condition, Format, FormatOptions, JsonFormat, Literal, SimpleFilter, Test};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, Operator};

use super::lineage::unaliased;
use crate::{ColumnKind, TableDef};

/// Whether a table's source decodes records into columns, so that a filter spares it work.
pub(crate) fn can_filter(table: &TableDef) -> bool {
    match FormatOptions::from_json(&table.format) {
        Ok(Some(options)) => match options.format {
            Format::Json(JsonFormat { unstructured, .. }) => !unstructured,
            Format::Csv(_) | Format::Parquet(_) => true,
            Format::DebeziumJson(_) | Format::RawString(_) | Format::RawBytes(_) => false,
        },
        _ => false,
    }
}

/// `predicate`, over the columns of a source of `table`; `None` if one of its conditions is not simple.
pub(crate) fn simple_filter(predicate: &Expr, table: &TableDef) -> Option<SimpleFilter> {
    let conditions = split_conjunction(predicate).into_iter().map(|condition| simple_condition(condition, table));
    Some(SimpleFilter { all: conditions.collect::<Option<_>>()? })
}

/// `condition` if it compares a column that `table` has in its records with a constant of the column's type.
pub(crate) fn simple_condition(condition: &Expr, table: &TableDef) -> Option<Condition> {
    let (field, test) = match unaliased(condition) {
        Expr::IsNull(inner) => (payload_field(inner, table)?, Test::IsNull),
        Expr::IsNotNull(inner) => (payload_field(inner, table)?, Test::IsNotNull),
        Expr::Not(inner) => is_bool(payload_field(inner, table)?, false)?,
        column @ Expr::Column(_) => is_bool(payload_field(column, table)?, true)?,
        Expr::BinaryExpr(binary) => {
            let op = comparison(binary.op)?;
            let (column, op, constant) = match (unaliased(&binary.left), unaliased(&binary.right)) {
                (column, Expr::Literal(constant, _)) => (column, op, constant),
                (Expr::Literal(constant, _), column) => (column, mirrored(op), constant),
                _ => return None,
            };
            let field = payload_field(column, table)?;
            let literal = literal(constant, &field)?;
            (field, Test::Compare { op, literal })
        }
        _ => return None,
    };
    Some(Condition { column: field.name().clone(), test })
}

/// The column that `expr` is, if it comes with the record and not with its envelope or from an expression.
fn payload_field(expr: &Expr, table: &TableDef) -> Option<Field> {
    let Expr::Column(reference) = unaliased(expr) else { return None };
    let definition = table.columns.iter().find(|column| column.name == reference.name)?;
    matches!(definition.kind, ColumnKind::Physical).then(|| definition.field())
}

fn is_bool(field: Field, literal: bool) -> Option<(Field, Test)> {
    let test = Test::Compare { op: Comparison::Eq, literal: Literal::Bool(literal) };
    (field.data_type() == &DataType::Boolean).then_some((field, test))
}

fn comparison(op: Operator) -> Option<Comparison> {
    Some(match op {
        Operator::Eq => Comparison::Eq,
        Operator::NotEq => Comparison::NotEq,
        Operator::Lt => Comparison::Lt,
        Operator::LtEq => Comparison::LtEq,
        Operator::Gt => Comparison::Gt,
        Operator::GtEq => Comparison::GtEq,
        _ => return None,
    })
}

/// The same relation seen from the other side.
fn mirrored(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq | Comparison::NotEq => op,
        Comparison::Lt => Comparison::Gt,
        Comparison::LtEq => Comparison::GtEq,
        Comparison::Gt => Comparison::Lt,
        Comparison::GtEq => Comparison::LtEq,
    }
}

/// A constant of the type of `field`; NaN has several forms, so that it is left to the query engine.
fn literal(value: &ScalarValue, field: &Field) -> Option<Literal> {
    let is_text = |data_type: &DataType| {
        matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
            && !arroyo_formats::is_json_column(field)
    };
    let (found, wanted) = (value.data_type(), field.data_type());
    if &found != wanted && !(is_text(&found) && is_text(wanted)) {
        return None;
    }
    Some(match value {
        ScalarValue::Int8(Some(value)) => Literal::Int(i64::from(*value)),
        ScalarValue::Int16(Some(value)) => Literal::Int(i64::from(*value)),
        ScalarValue::Int32(Some(value)) => Literal::Int(i64::from(*value)),
        ScalarValue::Int64(Some(value)) => Literal::Int(*value),
        ScalarValue::UInt8(Some(value)) => Literal::Unsigned(u64::from(*value)),
        ScalarValue::UInt16(Some(value)) => Literal::Unsigned(u64::from(*value)),
        ScalarValue::UInt32(Some(value)) => Literal::Unsigned(u64::from(*value)),
        ScalarValue::UInt64(Some(value)) => Literal::Unsigned(*value),
        ScalarValue::Float32(Some(value)) if !value.is_nan() => Literal::Float(f64::from(*value)),
        ScalarValue::Float64(Some(value)) if !value.is_nan() => Literal::Float(*value),
        ScalarValue::Boolean(Some(value)) => Literal::Bool(*value),
        ScalarValue::TimestampSecond(Some(value), None)
        | ScalarValue::TimestampMillisecond(Some(value), None)
        | ScalarValue::TimestampMicrosecond(Some(value), None)
        | ScalarValue::TimestampNanosecond(Some(value), None) => Literal::Int(*value),
        ScalarValue::Utf8(Some(value)) | ScalarValue::LargeUtf8(Some(value)) | ScalarValue::Utf8View(Some(value))
            if is_text(wanted) =>
        {
            Literal::Text(value.clone())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use arroyo_operator::TableOptions;
    use datafusion::logical_expr::{col, lit};

    use super::*;
    use crate::ColumnDef;

    fn table() -> TableDef {
        let column = |name: &str, data_type, kind| ColumnDef {
            name: name.to_string(),
            data_type,
            nullable: true,
            metadata: Default::default(),
            kind,
        };
        let json = [("ARROW:extension:name".to_string(), arroyo_formats::JSON_EXTENSION.to_string())].into();
        TableDef {
            name: "t".to_string(),
            connector: "single_file".to_string(),
            role: None,
            lookup: None,
            options: TableOptions {
                json: serde_json::Value::Null,
                roles: Vec::new(),
                columns: None,
                needs_format: true,
                max_source_parallelism: None,
                max_sink_parallelism: None,
                description: String::new(),
            },
            format: serde_json::Value::Null,
            columns: vec![
                column("int", DataType::Int64, ColumnKind::Physical),
                column("float", DataType::Float64, ColumnKind::Physical),
                column("ok", DataType::Boolean, ColumnKind::Physical),
                column("text", DataType::Utf8, ColumnKind::Physical),
                column("file", DataType::Utf8, ColumnKind::Metadata { key: "filename".to_string() }),
                column("twice", DataType::Int64, ColumnKind::Generated { expr: Box::new(col("int") * lit(2i64)) }),
                ColumnDef { metadata: json, ..column("document", DataType::Utf8, ColumnKind::Physical) },
            ],
            watermark: None,
            primary_key: Vec::new(),
            idle_nanos: 0,
            updating_ttl_nanos: None,
            span: None,
        }
    }

    fn shown(condition: &Expr) -> Option<String> {
        simple_condition(condition, &table()).map(|Condition { column, test }| match test {
            Test::Compare { op, literal } => format!("{column} {op:?} {literal:?}"),
            other => format!("{column} {other:?}"),
        })
    }

    #[test]
    fn simple_conditions() {
        for (condition, expected) in [
            (col("int").gt(lit(5i64)), "int Gt Int(5)"),
            (lit(5i64).gt_eq(col("int")), "int LtEq Int(5)"),
            (col("float").not_eq(lit(0.5)), "float NotEq Float(0.5)"),
            (col("text").lt(lit("x")), "text Lt Text(\"x\")"),
            (col("ok"), "ok Eq Bool(true)"),
            (!col("ok"), "ok Eq Bool(false)"),
            (col("document").is_null(), "document IsNull"),
            (col("text").is_not_null(), "text IsNotNull"),
        ] {
            assert_eq!(shown(&condition).as_deref(), Some(expected), "{condition}");
        }
    }

    #[test]
    fn what_is_left_to_the_query_engine() {
        for condition in [
            col("int").gt(lit(5i32)),
            col("int").gt(col("float")),
            (col("int") + lit(1i64)).gt(lit(5i64)),
            col("float").lt(lit(f64::NAN)),
            col("text").eq(lit(ScalarValue::Utf8(None))),
            col("text").like(lit("a%")),
            col("file").eq(lit("a.json")),
            col("twice").gt(lit(5i64)),
            col("document").eq(lit("{}")),
            col("int").eq(lit(1i64)).or(col("int").eq(lit(2i64))),
            col("absent").is_null(),
        ] {
            assert_eq!(shown(&condition), None, "{condition}");
        }
    }
}
