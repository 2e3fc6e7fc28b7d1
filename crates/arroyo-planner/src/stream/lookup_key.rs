//! Which conditions of a join say what a column of a lookup table's primary key is.
//!
//! `o.customer = CAST(c.id AS BIGINT)`, which comparing a BIGINT with an INT becomes, asks for the key
//! `TRY_CAST(o.customer AS INT)`: what does not fit is the key of no row. The condition itself is checked for what is found.
//! That needs a cast under which different keys stay different: `CAST(c.name AS INT) = 7` has many names to ask for.

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::logical_expr::{Cast, Expr, ExprSchemable, TryCast, try_cast};

use super::extract_lookups::equality;
use super::lineage::unaliased;
use super::lookup_scan::LookupScan;
use super::place::span_of;
use crate::types::type_name;
use crate::{Diagnostic, codes};

/// What a column of the primary key must be.
pub(super) struct KeyOf {
    /// Its place in the primary key.
    pub(super) place: usize,
    /// The value, over the left side.
    pub(super) left: Expr,
    /// The column.
    pub(super) right: Expr,
    /// Whether the key says all that the condition says.
    pub(super) is_exact: bool,
}

/// The column of the primary key that `condition` fixes, if it fixes one.
///
/// # Errors
///
/// It compares a column of the key in a form by which no rows can be asked for.
pub(super) fn key_of(
    condition: &Expr,
    left: &DFSchema,
    right: &DFSchema,
    scan: &LookupScan,
) -> Result<Option<KeyOf>, Diagnostic> {
    let Some((a, b)) = equality(condition) else { return Ok(None) };
    for (value, key) in [(a, b), (b, a)] {
        if value.is_volatile() || value.column_refs().iter().any(|column| left.maybe_index_of_column(column).is_none())
        {
            continue;
        }
        let Some((column, casts)) = column_below_casts(key) else { continue };
        let Expr::Column(reference) = column else { continue };
        let Some(position) = right.maybe_index_of_column(reference).and_then(|index| scan.columns.get(index)) else {
            continue;
        };
        let Some(field) = scan.table.columns.get(*position) else { continue };
        let Some(place) = scan.table.primary_key.iter().position(|name| *name == field.name) else { continue };
        let mut from = &field.data_type;
        for to in casts.iter().rev() {
            if !keeps_apart(from, to) {
                return Err(not_by_cast(condition, &field.name, &field.data_type, to));
            }
            from = to;
        }
        let same_type = value.get_type(left).is_ok_and(|value| value == field.data_type);
        let key = if same_type { value.clone() } else { try_cast(value.clone(), field.data_type.clone()) };
        // An integer that fits is the same number.
        let is_integer = |data_type: &DataType| data_type.is_integer();
        let is_number = is_integer(&field.data_type)
            && casts.iter().all(|cast| is_integer(cast))
            && value.get_type(left).is_ok_and(|value| is_integer(&value));
        let is_exact = is_number || (same_type && casts.is_empty());
        return Ok(Some(KeyOf { place, left: key, right: column.clone(), is_exact }));
    }
    Ok(None)
}

/// The column that an expression casts, and to which types, the last cast first.
fn column_below_casts(expr: &Expr) -> Option<(&Expr, Vec<&DataType>)> {
    let mut casts = Vec::new();
    let mut expr = unaliased(expr);
    loop {
        match expr {
            Expr::Column(_) => return Some((expr, casts)),
            Expr::Cast(Cast { expr: inner, field }) | Expr::TryCast(TryCast { expr: inner, field }) => {
                casts.push(field.data_type());
                expr = unaliased(inner);
            }
            _ => return None,
        }
    }
}

/// Whether different values of one type are different in the other.
fn keeps_apart(from: &DataType, to: &DataType) -> bool {
    use DataType::{Date32, Decimal128, Float32, Float64, LargeUtf8, Timestamp, Utf8, Utf8View};
    let is_text = |data_type: &DataType| matches!(data_type, Utf8 | LargeUtf8 | Utf8View);
    let bits = |data_type: &DataType| data_type.primitive_width().map_or(usize::MAX, |width| 8 * width);
    match (from, to) {
        _ if from == to => true,
        (from, to) if from.is_integer() && to.is_integer() => {
            let widens = bits(to) > bits(from);
            widens && (from.is_unsigned_integer() || to.is_signed_integer())
        }
        (from, Float64) if from.is_integer() => bits(from) <= 32,
        (from, Float32) if from.is_integer() => bits(from) <= 16,
        (from, Decimal128(_, scale)) if from.is_integer() => *scale >= 0,
        (Decimal128(_, from), Decimal128(_, to)) => to >= from,
        (Float32, Float64) => true,
        (Date32, Timestamp(..)) => true,
        (Timestamp(from, None), Timestamp(to, None)) => to >= from,
        (from, to) if is_text(to) => is_text(from) || from.is_integer() || matches!(from, Date32 | DataType::Boolean),
        _ => false,
    }
}

fn not_by_cast(condition: &Expr, name: &str, own: &DataType, compared: &DataType) -> Diagnostic {
    let (own, compared) = (type_name(own), type_name(compared));
    let message = format!("the key `{name}` is {own} and compared as {compared}, by which no rows can be asked for");
    Diagnostic::error(&codes::LOOKUP_JOIN, message)
        .at(span_of(condition))
        .help(format!("cast the other side: CAST(… AS {own}) = {name}"))
}
