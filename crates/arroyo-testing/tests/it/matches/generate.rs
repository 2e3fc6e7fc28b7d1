//! Random patterns, conditions and data.

use proptest::prelude::*;

use super::reference::{Compare, Condition, Pattern, Query, Row, Skip};

fn compare() -> impl Strategy<Value = Compare> {
    prop_oneof![Just(Compare::Less), Just(Compare::NotLess), Just(Compare::Differs)]
}

pub(crate) fn pattern() -> impl Strategy<Value = Pattern> {
    let leaf = prop_oneof![12 => (0usize..4).prop_map(Pattern::Variable), 1 => Just(Pattern::Sequence(vec![]))];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let quantifier = prop_oneof![
            Just((0, None)),
            Just((1, None)),
            Just((0, Some(1))),
            (0u32..3).prop_map(|min| (min, None)),
            (0u32..3, 1u32..3).prop_map(|(min, more)| (min, Some(min + more))),
            (1u32..3).prop_map(|times| (times, Some(times))),
        ];
        let repeated = (inner.clone(), quantifier, any::<bool>()).prop_map(|(pattern, (min, max), reluctant)| {
            Pattern::Repeated { pattern: Box::new(pattern), min, max, reluctant }
        });
        prop_oneof![
            3 => proptest::collection::vec(inner.clone(), 2..4).prop_map(Pattern::Sequence),
            2 => proptest::collection::vec(inner, 2..4).prop_map(Pattern::Alternatives),
            3 => repeated,
        ]
    })
}

fn of_row() -> impl Strategy<Value = Condition> {
    prop_oneof![
        4 => (compare(), -2i64..3).prop_map(|(by, value)| Condition::Value(by, value)),
        2 => (compare(), 1i64..3).prop_map(|(by, before)| Condition::Neighbour(by, before)),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        6 => of_row(),
        1 => (compare(), -2i64..0).prop_map(|(by, before)| Condition::Neighbour(by, before)),
        2 => (compare(), 0usize..4, 0usize..3).prop_map(|(by, variable, skip)| Condition::Last(by, variable, skip)),
        1 => (compare(), proptest::option::of(0usize..4)).prop_map(|(by, variable)| Condition::First(by, variable)),
        1 => (compare(), 0usize..4).prop_map(|(by, variable)| Condition::BeforeLast(by, variable)),
        1 => (compare(), 0usize..4, -2i64..6).prop_map(|(by, variable, value)| Condition::Sum(by, variable, value)),
        2 => (compare(), proptest::option::of(0usize..4), 1i64..5)
            .prop_map(|(by, variable, value)| Condition::Count(by, variable, value)),
        1 => (compare(), 0usize..4).prop_map(|(by, variable)| Condition::Max(by, variable)),
        1 => Just(Condition::Classifier),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| Condition::And(Box::new(left), Box::new(right))),
            (inner.clone(), inner).prop_map(|(left, right)| Condition::Or(Box::new(left), Box::new(right))),
        ]
    })
}

fn query_with(condition: BoxedStrategy<Condition>) -> impl Strategy<Value = Query> {
    let skip = prop_oneof![
        3 => Just(Skip::PastLastRow),
        2 => Just(Skip::ToNextRow),
        1 => (0usize..4).prop_map(Skip::ToFirst),
        1 => (0usize..4).prop_map(Skip::ToLast),
    ];
    let conditions = proptest::array::uniform4(proptest::option::weighted(0.8, condition));
    (pattern(), conditions, skip, proptest::option::weighted(0.4, 1i64..30))
        .prop_map(|(pattern, conditions, skip, within)| Query { pattern, conditions, skip, within })
}

/// Any query.
pub(crate) fn query() -> impl Strategy<Value = Query> {
    query_with(condition().boxed())
}

/// A query whose conditions are about the current row.
pub(crate) fn query_of_rows() -> impl Strategy<Value = Query> {
    query_with(of_row().boxed())
}

/// Few and skewed keys, nulls, times that are out of order and often equal.
pub(crate) fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        proptest::option::weighted(0.8, prop_oneof![4 => Just(0u8), 1 => 0u8..4]),
        proptest::option::weighted(0.85, -3i64..4),
        0i64..9,
    );
    (proptest::collection::vec(row, 0..70), 1i64..4).prop_map(|(rows, every)| {
        let row = |(place, (key, v, late)): (usize, (Option<u8>, Option<i64>, i64))| Row {
            key,
            id: place as i64,
            v,
            time: place as i64 / every + late - 20,
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}
