//! Checks that a program fits together: each expression of each operator against the schema of what it reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema, SchemaRef, TimeUnit};
use arroyo_dataflow::operators::join::Kind;
use arroyo_dataflow::{Operator, Program, decode_schema, names, operators as config};
use arroyo_expr::{
    Compiled, CompiledAggregate, CompiledOver, Predicate, UpdatingAggregates, decode, partial_schema, window_type,
};
use datafusion::logical_expr::Expr;
use prost::Message;

/// What does not fit.
pub(crate) fn check_types(program: &Program) -> Vec<String> {
    let mut faults = Vec::new();
    for node in &program.nodes {
        let mut inputs: BTreeMap<u32, SchemaRef> = BTreeMap::new();
        for edge in program.inputs(node.id) {
            let other = inputs.insert(edge.dst_input, Arc::clone(&edge.schema));
            if other.is_some_and(|other| other != edge.schema) {
                faults.push(format!("the edges into input {} of node {} differ", edge.dst_input, node.id));
            }
        }
        let right = inputs.get(&1).cloned();
        let mut schema = inputs.remove(&0).unwrap_or_else(|| Arc::new(Schema::empty()));
        for operator in &node.chain {
            match output_of(operator, &schema, right.as_ref()) {
                Ok(output) => schema = output,
                Err(fault) => {
                    faults.push(format!("{} ({}): {fault}", operator.name, operator.description));
                    return faults;
                }
            }
            if schema.fields().last().map(|field| field.name().as_str()) != Some("_timestamp") {
                faults.push(format!("{}: `_timestamp` is not last", operator.name));
            }
        }
        for edge in program.outputs(node.id) {
            if edge.schema != schema {
                faults.push(format!("node {} sends {:?}, its edge says {:?}", node.id, schema, edge.schema));
            }
        }
    }
    faults
}

fn output_of(operator: &Operator, input: &SchemaRef, right: Option<&SchemaRef>) -> Result<SchemaRef, String> {
    let bytes = operator.config.as_slice();
    match operator.name.as_str() {
        names::SOURCE => schema(&config::Connector::decode(bytes).map_err(text)?.schema),
        names::SINK => {
            let sink = config::Connector::decode(bytes).map_err(text)?;
            equal(&schema(&sink.schema)?, input)
        }
        names::WATERMARK => {
            let expr = expr(&config::Watermark::decode(bytes).map_err(text)?.expr)?;
            let compiled = Compiled::new(&expr, input).map_err(text)?;
            if compiled.data_type() != &DataType::Timestamp(TimeUnit::Nanosecond, None) {
                return Err(format!("the watermark is a {}", compiled.data_type()));
            }
            Ok(Arc::clone(input))
        }
        names::FILTER => {
            Predicate::new(&expr(&config::Filter::decode(bytes).map_err(text)?.expr)?, input).map_err(text)?;
            Ok(Arc::clone(input))
        }
        names::PROJECTION => {
            let config = config::Projection::decode(bytes).map_err(text)?;
            let output = schema(&config.schema)?;
            let exprs = exprs(&config.exprs)?;
            same_length(exprs.len(), output.fields().len()).and(has_types(&exprs, &output, 0, input))?;
            Ok(output)
        }
        names::WINDOW_PARTIAL => {
            let config = config::WindowAggregate::decode(bytes).map_err(text)?;
            equal(&schema(&config.input_schema)?, input)?;
            partial_of(&config)
        }
        names::WINDOW_AGGREGATE => {
            let config = config::WindowAggregate::decode(bytes).map_err(text)?;
            equal(&partial_of(&config)?, input)?;
            aggregate(
                &exprs(&config.group_exprs)?,
                &exprs(&config.aggregate_exprs)?,
                config.window_index,
                &schema(&config.input_schema)?,
                schema(&config.schema)?,
            )
        }
        names::SESSION_AGGREGATE => {
            let config = config::SessionAggregate::decode(bytes).map_err(text)?;
            equal(&schema(&config.input_schema)?, input)?;
            let group = exprs(&config.group_exprs)?;
            aggregate(&group, &exprs(&config.aggregate_exprs)?, config.window_index, input, schema(&config.schema)?)
        }
        names::INSTANT_AGGREGATE => {
            let config = config::InstantAggregate::decode(bytes).map_err(text)?;
            equal(&schema(&config.input_schema)?, input)?;
            let group = exprs(&config.group_exprs)?;
            aggregate(&group, &exprs(&config.aggregate_exprs)?, None, input, schema(&config.schema)?)
        }
        name if name.starts_with("over_") || IN_ORDER.contains(&name) => ordered(operator, input),
        names::UNNEST => {
            let config = config::Unnest::decode(bytes).map_err(text)?;
            let output = schema(&config.schema)?;
            for (index, (field, raw)) in output.fields().iter().zip(input.fields()).enumerate() {
                let expected = match raw.data_type() {
                    DataType::List(element) if config.columns.contains(&(index as u32)) => element.data_type(),
                    other => other,
                };
                if field.data_type() != expected {
                    return Err(format!("`{}` is a {}, expected {expected}", field.name(), field.data_type()));
                }
            }
            Ok(output)
        }
        names::JOIN => {
            let config = config::Join::decode(bytes).map_err(text)?;
            let (left, right) = (input, right.ok_or("a join has one input")?);
            equal(&schema(&config.left_schema)?, left)?;
            equal(&schema(&config.right_schema)?, right)?;
            joined(&config, [left, right])
        }
        _ => output_of_updating(operator, input),
    }
}

fn output_of_updating(operator: &Operator, input: &SchemaRef) -> Result<SchemaRef, String> {
    let bytes = operator.config.as_slice();
    match operator.name.as_str() {
        names::LOOKUP_JOIN => looked_up(&config::LookupJoin::decode(bytes).map_err(text)?, input),
        names::UPDATING_PARTIAL => {
            let config = config::UpdatingAggregate::decode(bytes).map_err(text)?;
            equal(&schema(&config.input_schema)?, input)?;
            updates_of(&config)
        }
        names::UPDATING_AGGREGATE => {
            let config = config::UpdatingAggregate::decode(bytes).map_err(text)?;
            equal(&updates_of(&config)?, input)?;
            let (raw, output) = (schema(&config.input_schema)?, schema(&config.schema)?);
            let mut values: Vec<_> = output.fields().iter().cloned().collect();
            let change = values.remove(values.len() - 2);
            if change.data_type() != &DataType::Int8 {
                return Err(format!("`{}` is a {}", change.name(), change.data_type()));
            }
            let group = exprs(&config.group_exprs)?;
            let values = Arc::new(Schema::new(values));
            aggregate(&group, &exprs(&config.aggregate_exprs)?, None, &raw, values).map(|_| output)
        }
        names::UPSERT => {
            let config = config::Upsert::decode(bytes).map_err(text)?;
            let is_column = |key: &u32| (*key as usize) < input.fields().len();
            let is_keyed = !config.key_columns.is_empty() && config.key_columns.iter().all(is_column);
            if is_keyed { Ok(Arc::clone(input)) } else { Err(format!("no such key: {:?}", config.key_columns)) }
        }
        other => Err(format!("unknown operator {other}")),
    }
}

fn matched(config: &config::MatchRecognize, input: &SchemaRef) -> Result<SchemaRef, String> {
    use arroyo_dataflow::operators::match_recognize::term::Kind;
    let terms = schema(&config.term_schema)?;
    for (term, field) in config.terms.iter().zip(terms.fields()) {
        let found = match term.kind.as_ref().ok_or("a term says nothing")? {
            Kind::Row(row) => match row.expr {
                Some(index) => {
                    Compiled::new(&expr(&config.row_exprs[index as usize])?, input).map_err(text)?.data_type().clone()
                }
                None => DataType::Utf8,
            },
            Kind::Aggregate(term) => {
                let call = CompiledAggregate::new(&expr(&config.aggregates[term.call as usize])?, input);
                call.map_err(text)?.result_field().data_type().clone()
            }
            Kind::MatchNumber(_) => DataType::Int64,
            Kind::MatchTime(_) => DataType::Timestamp(TimeUnit::Nanosecond, None),
        };
        if &found != field.data_type() {
            return Err(format!("the term `{}` is a {found}, its column a {}", field.name(), field.data_type()));
        }
    }
    for condition in config.variables.iter().flat_map(|variable| [&variable.of_row, &variable.of_match]) {
        if !condition.is_empty() {
            Predicate::new(&expr(condition)?, &terms).map_err(text)?;
        }
    }
    let output = schema(&config.schema)?;
    let measures = exprs(&config.measures)?;
    same_length(config.before.len() + measures.len() + config.after.len() + 1, output.fields().len())?;
    has_types(&measures, &output, config.before.len(), &terms)?;
    Ok(output)
}

fn joined(config: &config::Join, [left, right]: [&SchemaRef; 2]) -> Result<SchemaRef, String> {
    let types = |schema: &Schema, positions: &[u32]| -> Vec<DataType> {
        positions.iter().map(|position| schema.field(*position as usize).data_type().clone()).collect()
    };
    let keys = [types(left, &config.left_keys), types(right, &config.right_keys)];
    if keys[0] != keys[1] {
        return Err(format!("keys of types {keys:?}"));
    }
    if !config.filter.is_empty() {
        Predicate::new(&expr(&config.filter)?, &schema(&config.filter_schema)?).map_err(text)?;
    }
    let values = |schema: &Schema, count: u32| types(schema, &(0..count).collect::<Vec<_>>());
    let mut expected = values(left, config.left_values);
    match config.kind() {
        Kind::LeftSemi | Kind::LeftAnti => {}
        Kind::LeftMark => expected.push(DataType::Boolean),
        _ => expected.extend(values(right, config.right_values)),
    }
    let output = schema(&config.schema)?;
    let found = types(&output, &(0..expected.len() as u32).collect::<Vec<_>>());
    if found == expected { Ok(output) } else { Err(format!("the result is {expected:?}, its schema says {found:?}")) }
}

fn looked_up(config: &config::LookupJoin, input: &SchemaRef) -> Result<SchemaRef, String> {
    let types = |schema: &Schema, positions: &[u32]| -> Vec<DataType> {
        positions.iter().map(|position| schema.field(*position as usize).data_type().clone()).collect()
    };
    let asked = schema(&config.connector.as_ref().ok_or("no table")?.schema)?;
    let keys = [types(input, &config.left_keys), types(&asked, &config.key_columns)];
    if keys[0] != keys[1] || keys[0].is_empty() {
        return Err(format!("keys of types {keys:?}"));
    }
    if !config.filter.is_empty() {
        let filter = schema(&config.filter_schema)?;
        Predicate::new(&expr(&config.filter)?, &filter).map_err(text)?;
        let column = |position: &u32| match position.checked_sub(config.left_values) {
            None => input.field(*position as usize).data_type().clone(),
            Some(position) => asked.field(position as usize).data_type().clone(),
        };
        let read: Vec<DataType> = config.filter_columns.iter().map(column).collect();
        if read != types(&filter, &(0..read.len() as u32).collect::<Vec<_>>()) {
            return Err(format!("the condition reads {read:?}"));
        }
    }
    let mut expected = types(input, &(0..config.left_values).collect::<Vec<_>>());
    expected.extend(types(&asked, &config.right_values));
    let output = schema(&config.schema)?;
    let found = types(&output, &(0..expected.len() as u32).collect::<Vec<_>>());
    let hidden = |schema: &SchemaRef| schema.column_with_name("_change").is_some();
    if found == expected && hidden(&output) == hidden(input) {
        Ok(output)
    } else {
        Err(format!("the result is {expected:?}, its schema says {found:?}"))
    }
}

/// Operators that depend on the order of rows, besides those of OVER.
const IN_ORDER: [&str; 3] = [names::LIMIT, names::SORT, names::MATCH_RECOGNIZE];

/// What operators give that depend on the order of rows.
fn ordered(operator: &Operator, input: &SchemaRef) -> Result<SchemaRef, String> {
    let bytes = operator.config.as_slice();
    match operator.name.as_str() {
        names::LIMIT => Ok(Arc::clone(input)),
        names::MATCH_RECOGNIZE => matched(&config::MatchRecognize::decode(bytes).map_err(text)?, input),
        names::SORT => {
            for key in config::Sort::decode(bytes).map_err(text)?.keys {
                Compiled::new(&expr(&key.expr)?, input).map_err(text)?;
            }
            Ok(Arc::clone(input))
        }
        _ => {
            let config = config::Over::decode(bytes).map_err(text)?;
            let output = schema(&config.schema)?;
            let hidden = |schema: &SchemaRef| if schema.column_with_name("_change").is_some() { 2 } else { 1 };
            let first = input.fields().len() - hidden(input);
            let functions = if config.only_rows { Vec::new() } else { exprs(&config.functions)? };
            same_length(first + functions.len() + hidden(&output), output.fields().len())?;
            for (function, field) in functions.iter().zip(output.fields().iter().skip(first)) {
                let compiled = CompiledOver::new(function, input).map_err(text)?;
                if compiled.data_type() != field.data_type() {
                    let found = compiled.data_type();
                    return Err(format!("`{function}` is a {found}, its column a {}", field.data_type()));
                }
            }
            Ok(output)
        }
    }
}

fn partial_of(config: &config::WindowAggregate) -> Result<SchemaRef, String> {
    let raw = schema(&config.input_schema)?;
    partial_schema(&raw, &exprs(&config.group_exprs)?, &config.group_names, &exprs(&config.aggregate_exprs)?)
        .map_err(text)
}

fn updates_of(config: &config::UpdatingAggregate) -> Result<SchemaRef, String> {
    let raw = schema(&config.input_schema)?;
    let updating = UpdatingAggregates::new(&exprs(&config.aggregate_exprs)?, &raw).map_err(text)?;
    updating.partial_schema(&raw, &exprs(&config.group_exprs)?, &config.group_names).map_err(text)
}

fn aggregate(
    group: &[Expr],
    functions: &[Expr],
    window_index: Option<u32>,
    raw: &SchemaRef,
    output: SchemaRef,
) -> Result<SchemaRef, String> {
    let mut expected: Vec<DataType> = Vec::new();
    for expr in group {
        expected.push(Compiled::new(expr, raw).map_err(text)?.data_type().clone());
    }
    if let Some(index) = window_index {
        expected.insert(index as usize, window_type());
    }
    for function in functions {
        let compiled = CompiledAggregate::new(function, raw).map_err(text)?;
        expected.push(compiled.result_field().data_type().clone());
    }
    expected.push(DataType::Timestamp(TimeUnit::Nanosecond, None));
    let found: Vec<DataType> = output.fields().iter().map(|field| field.data_type().clone()).collect();
    if found == expected { Ok(output) } else { Err(format!("the result is {expected:?}, its schema says {found:?}")) }
}

fn has_types(exprs: &[Expr], output: &SchemaRef, first: usize, input: &SchemaRef) -> Result<(), String> {
    for (expr, field) in exprs.iter().zip(output.fields().iter().skip(first)) {
        let compiled = Compiled::new(expr, input).map_err(text)?;
        if compiled.data_type() != field.data_type() {
            return Err(format!("`{expr}` is a {}, its column a {}", compiled.data_type(), field.data_type()));
        }
    }
    Ok(())
}

fn same_length(found: usize, expected: usize) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{found} expressions for {expected} columns")) }
}

fn equal(found: &SchemaRef, expected: &SchemaRef) -> Result<SchemaRef, String> {
    if found == expected { Ok(Arc::clone(found)) } else { Err(format!("reads {expected:?}, but expects {found:?}")) }
}

fn schema(bytes: &[u8]) -> Result<SchemaRef, String> {
    decode_schema(bytes).map_err(text)
}

fn expr(bytes: &[u8]) -> Result<Expr, String> {
    decode(bytes).map_err(text)
}

fn exprs(encoded: &[Vec<u8>]) -> Result<Vec<Expr>, String> {
    encoded.iter().map(|bytes| expr(bytes)).collect()
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
