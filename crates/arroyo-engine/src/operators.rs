//! The operators of programs, by name.
//!
//! An operator is one file or folder here and one line in [`build`].

mod aggregate;
mod error;
mod expiry;
mod filter;
mod join;
mod keyed_table;
mod late_rows;
mod limit;
mod lookup_join;
mod output;
mod over;
mod progress;
mod projection;
mod row_encoder;
mod row_store;
mod session_aggregate;
mod unnest;
mod updating_aggregate;
mod updating_partial;
mod updating_sessions;
mod updating_windows;
mod upsert;
mod watermark;
mod window_aggregate;
mod window_partial;

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::names;
use arroyo_operator::{Operator, OperatorError};

use self::error::decode_config;
pub(crate) use self::lookup_join::{LookupJoin, lookup_config};

/// Makes the operator that `operator` describes; `input_schemas` are the schemas of its inputs, in order.
/// Sources and sinks are made by connectors and are not known here, nor are lookup joins, which ask one.
pub fn build(
    operator: &arroyo_dataflow::Operator,
    input_schemas: &[SchemaRef],
) -> Result<Box<dyn Operator>, OperatorError> {
    let input = || {
        input_schemas.first().ok_or_else(|| {
            OperatorError::bug(format!("operator `{}` ({}) has no input", operator.name, operator.description))
        })
    };
    match operator.name.as_str() {
        names::PROJECTION => Ok(Box::new(projection::Projection::new(&decode_config(operator)?, input()?)?)),
        names::FILTER => Ok(Box::new(filter::Filter::new(&decode_config(operator)?, input()?)?)),
        names::WATERMARK => Ok(Box::new(watermark::WatermarkGenerator::new(&decode_config(operator)?, input()?)?)),
        names::WINDOW_PARTIAL => Ok(Box::new(window_partial::WindowPartial::new(&decode_config(operator)?)?)),
        names::WINDOW_AGGREGATE => Ok(Box::new(window_aggregate::WindowAggregate::new(&decode_config(operator)?)?)),
        names::SESSION_AGGREGATE => Ok(Box::new(session_aggregate::SessionAggregate::new(&decode_config(operator)?)?)),
        names::INSTANT_AGGREGATE => Ok(Box::new(window_aggregate::instant(decode_config(operator)?)?)),
        names::LIMIT => Ok(Box::new(limit::Limit::new(&decode_config(operator)?))),
        names::SORT => Ok(Box::new(over::Sort::new(&decode_config(operator)?, input()?)?)),
        names::OVER_WINDOW => Ok(Box::new(over::WindowedOver::new(&decode_config(operator)?, input()?)?)),
        names::OVER_TIME => Ok(Box::new(over::TimeOver::new(&decode_config(operator)?, input()?)?)),
        names::OVER_UPDATING => Ok(Box::new(over::UpdatingOver::new(&decode_config(operator)?, input()?)?)),
        names::MATCH_RECOGNIZE => Ok(Box::new(over::Matches::new(&decode_config(operator)?, input()?)?)),
        names::UPDATING_PARTIAL => Ok(Box::new(updating_partial::UpdatingPartial::new(&decode_config(operator)?)?)),
        names::UPDATING_AGGREGATE => {
            Ok(Box::new(updating_aggregate::UpdatingAggregate::new(&decode_config(operator)?)?))
        }
        names::UPDATING_WINDOWS => Ok(Box::new(updating_windows::UpdatingWindows::new(&decode_config(operator)?)?)),
        names::UPDATING_SESSIONS => Ok(Box::new(updating_sessions::UpdatingSessions::new(&decode_config(operator)?)?)),
        names::LATE_ROWS => Ok(Box::new(late_rows::LateRows::new(&decode_config(operator)?)?)),
        names::UPSERT => Ok(Box::new(upsert::Upsert::new(&decode_config(operator)?, input()?)?)),
        names::UNNEST => Ok(Box::new(unnest::Unnest::new(&decode_config(operator)?, input()?)?)),
        names::JOIN => join::build(&decode_config(operator)?),
        other => Err(OperatorError::bug(format!("this version has no operator `{other}` ({})", operator.description))),
    }
}
