//! Values of aggregates that keep them, as bytes.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array, ListArray, new_null_array};
use arrow::array::{AsArray, BinaryArray, Int64Array};
use arrow::compute::{SortOptions, cast};
use arrow::datatypes::{DataType, Int64Type};
use arrow::row::{Row, RowConverter, Rows, SortField};
use datafusion::common::{exec_datafusion_err, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;

use super::plain_accumulator;

/// An aggregate that keeps the values of each group, and how often each is there.
#[derive(Debug)]
pub(super) struct ValueFunction {
    aggregate: Arc<AggregateFunctionExpr>,
    sorted_input: bool,
    arguments: Vec<DataType>,
    /// The arguments as bytes that sort by the call's ORDER BY first.
    converter: RowConverter,
    /// A value counts once, however often it is there.
    is_idempotent: bool,
}

impl ValueFunction {
    pub(super) fn new(
        aggregate: Arc<AggregateFunctionExpr>,
        sorted_input: bool,
        arguments: Vec<DataType>,
    ) -> Result<Self> {
        let name = aggregate.fun().name();
        let is_idempotent = aggregate.is_distinct() || ["min", "max", "bool_and", "bool_or"].contains(&name);
        let mut options: Vec<SortOptions> = vec![SortOptions::default(); arguments.len()];
        let order_bys = aggregate.order_bys();
        for (option, order_by) in options.iter_mut().rev().zip(order_bys.iter().rev()) {
            *option = order_by.options;
        }
        let fields = arguments.iter().zip(options);
        let mut fields: Vec<SortField> =
            fields.map(|(data_type, options)| SortField::new_with_options(data_type.clone(), options)).collect();
        fields.rotate_right(order_bys.len());
        Ok(Self { converter: RowConverter::new(fields)?, aggregate, sorted_input, arguments, is_idempotent })
    }

    pub(super) fn aggregate(&self) -> &AggregateFunctionExpr {
        &self.aggregate
    }

    /// The arguments' types; the expressions of ORDER BY come last.
    pub(super) fn arguments(&self) -> &[DataType] {
        &self.arguments
    }

    /// How often a value counts that is there so often.
    pub(super) fn times(&self, count: i64) -> usize {
        let count = usize::try_from(count).unwrap_or_default();
        if self.is_idempotent { count.min(1) } else { count }
    }

    /// Arguments as bytes.
    pub(super) fn encode(&self, arguments: &[ArrayRef]) -> Result<Rows> {
        let mut columns = arguments.to_vec();
        columns.rotate_right(self.aggregate.order_bys().len());
        Ok(self.converter.convert_columns(&columns)?)
    }

    /// A row of NULLs as bytes.
    pub(super) fn nulls(&self) -> Result<Rows> {
        let nulls: Vec<ArrayRef> = self.arguments.iter().map(|data_type| new_null_array(data_type, 1)).collect();
        self.encode(&nulls)
    }

    /// −∞ and +∞ as bytes, where values are floating-point numbers: what is not between them is no number.
    pub(super) fn infinities(&self) -> Result<Option<[Box<[u8]>; 2]>> {
        let [data_type] = self.arguments() else { return Ok(None) };
        if !data_type.is_floating() {
            return Ok(None);
        }
        let infinities = Float64Array::from(vec![f64::NEG_INFINITY, f64::INFINITY]);
        let rows = self.encode(&[cast(&infinities, data_type)?])?;
        Ok(Some([rows.row(0).data().into(), rows.row(1).data().into()]))
    }

    /// The result of each group from its values; each value comes as often as it counts.
    pub(super) fn results<'a>(
        &'a self,
        groups: impl Iterator<Item = impl Iterator<Item = (&'a [u8], usize)>>,
    ) -> Result<ArrayRef> {
        let nulls = self.nulls()?;
        let parser = self.converter.parser();
        let (mut rows, mut indices, mut is_value): (Vec<Row<'_>>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        let mut count = 0;
        for (group, values) in groups.enumerate() {
            for (value, times) in values {
                rows.extend(std::iter::repeat_n(parser.parse(value), times));
            }
            is_value.resize(rows.len(), true);
            if indices.len() == rows.len() {
                // An accumulator knows that a group has no values by a row that is left out.
                rows.extend(nulls.iter());
                is_value.push(false);
            }
            indices.resize(rows.len(), group);
            count = group + 1;
        }
        let mut arguments = self.converter.convert_rows(rows)?;
        arguments.rotate_left(self.aggregate.order_bys().len());
        let mut accumulator = self.accumulator()?;
        accumulator.update_batch(&arguments, &indices, Some(&BooleanArray::from(is_value)), count)?;
        accumulator.evaluate(EmitTo::All)
    }

    fn accumulator(&self) -> Result<Box<dyn GroupsAccumulator>> {
        plain_accumulator(&self.aggregate, self.sorted_input)
    }
}

/// Calls `each` with the place of a group, and its values and their counts, for all that a state says.
pub(super) fn each_group<'a>(
    state: &'a [ArrayRef],
    mut each: impl FnMut(usize, &mut dyn Iterator<Item = (&'a [u8], i64)>),
) -> Result<()> {
    let lists: Option<Vec<&ListArray>> = state.iter().map(|column| column.as_list_opt::<i32>()).collect();
    let Some([values, counts]) = lists.as_deref() else { return internal_err!("the state has two lists") };
    let wrong = || exec_datafusion_err!("a state of other types");
    let all_values: &BinaryArray = values.values().as_binary_opt().ok_or_else(wrong)?;
    let all_counts: &Int64Array = counts.values().as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
    let ranges = values.value_offsets().windows(2).zip(counts.value_offsets().windows(2));
    for (group, range) in ranges.enumerate() {
        let ([start, end], [first, last]) = range else { continue };
        if values.is_null(group) || counts.is_null(group) || end - start != last - first {
            continue;
        }
        let places = 0..(end - start) as usize;
        let value = |place| (all_values.value(*start as usize + place), all_counts.value(*first as usize + place));
        each(group, &mut places.map(value));
    }
    Ok(())
}
