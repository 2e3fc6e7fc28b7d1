use arrow::array::{Float64Array, Int8Array, Int64Array};
use arrow::util::display::array_value_to_string;
use datafusion::functions_aggregate::expr_fn::{count_distinct, first_value, max, min, nth_value, sum};
use datafusion::logical_expr::{EmitTo, ExprFunctionExt, col, lit};

use super::*;

fn rows() -> RecordBatch {
    let values: ArrayRef = Arc::new(Int64Array::from(vec![Some(5), Some(1), None, Some(5), Some(3)]));
    let times: ArrayRef = Arc::new(Int64Array::from(vec![2, 9, 4, 1, 7]));
    RecordBatch::try_from_iter([("v", values), ("t", times)]).expect("a batch")
}

/// Aggregates rows of one group in two halves that are merged by their states.
fn result(expr: Expr) -> String {
    let batch = rows();
    let aggregate = CompiledAggregate::new(&expr, &batch.schema()).expect("it binds");
    let mut total = aggregate.accumulator().expect("an accumulator");
    for half in [batch.slice(0, 3), batch.slice(3, 2)] {
        let mut accumulator = aggregate.accumulator().expect("an accumulator");
        let arguments = aggregate.arguments(&half).expect("arguments");
        let mask = aggregate.filter_mask(&half).expect("a mask");
        accumulator.update_batch(&arguments, &vec![0; half.num_rows()], mask.as_ref(), 1).expect("it updates");
        let state = accumulator.state(EmitTo::All).expect("a state");
        assert_eq!(state.len(), aggregate.state_fields().len());
        total.merge_batch(&state, &[0], 1).expect("it merges");
    }
    array_value_to_string(&total.evaluate(EmitTo::All).expect("a result"), 0).expect("a text")
}

#[test]
fn modifiers_work_across_partial_states() {
    assert_eq!(result(sum(col("v"))), "14");
    assert_eq!(result(count_distinct(col("v"))), "3");
    assert_eq!(result(sum(col("v")).filter(col("t").gt(lit(4i64))).build().expect("a filter").alias("x")), "4");
    assert_eq!(result(first_value(col("v"), vec![col("t").sort(true, false)])), "5");
    assert_eq!(result(first_value(col("v"), vec![col("t").sort(false, false)])), "1");
}

#[test]
fn aggregates_that_need_sorted_input_get_it() {
    assert_eq!(result(nth_value(col("v"), 2, vec![col("t").sort(true, false)])), "5");
    assert_eq!(result(nth_value(col("v"), 4, vec![col("t").sort(true, false)])), "3");
}

#[test]
fn what_is_no_aggregate_is_refused() {
    let schema = rows().schema();
    assert!(matches!(CompiledAggregate::new(&col("v"), &schema), Err(ExprError::Bind { .. })));
}

#[test]
fn ends_of_floating_point_numbers_are_those_of_all_values() {
    let batch = |values: Vec<f64>| {
        let signs: ArrayRef = Arc::new(Int8Array::from_value(1, values.len()));
        let values: ArrayRef = Arc::new(Float64Array::from(values));
        RecordBatch::try_from_iter([("v", values), ("_change", signs)]).expect("a batch")
    };
    let group: GroupKey = Arc::from([]);
    for values in [
        vec![1.5, -2.0, f64::INFINITY],
        vec![f64::NAN, 3.0, -1.0],
        vec![-f64::NAN, 3.0, -1.0, f64::NEG_INFINITY],
        vec![-f64::NAN, f64::NAN],
        vec![],
    ] {
        for call in [min(col("v")), max(col("v"))] {
            let rows = batch(values.clone());
            let aggregate = CompiledAggregate::updating(&call, &rows.schema()).expect("it binds");
            let states = || {
                let mut changes = aggregate.accumulator().expect("an accumulator");
                let arguments = aggregate.arguments(&rows).expect("arguments");
                changes.update_batch(&arguments, &vec![0; values.len()], None, 1).expect("it updates");
                changes
            };
            let all = states().evaluate(EmitTo::All).expect("a result");
            let mut kept = aggregate.kept_values().expect("it keeps values").expect("they can be compared");
            kept.apply(&[Arc::clone(&group)], &states().state(EmitTo::All).expect("a state")).expect("it applies");
            let ends = kept.results(&[Arc::clone(&group)]).expect("a result");
            let text = |column: &ArrayRef| array_value_to_string(column, 0).expect("a text");
            assert_eq!(text(&ends), text(&all), "{call} of {values:?}");
        }
    }
}
