//! The local half of a tumbling or hopping aggregate, before the exchange: it sends one row per group instead of one per input.
//!
//! `SELECT k, sum(v) … GROUP BY k, tumble(10)`, with one subtask:
//!
//! ```text
//! in:  k=a v=1 _timestamp=3     out: k=a _pane=0 _state_0_0=3 _timestamp=0, watermark 10
//!      k=a v=2 _timestamp=7
//!      watermark 10
//! ```
//!
//! Rows are grouped by pane, the greatest stretch of time of which all windows consist, and by key.
//! It keeps no state: at a barrier it sends everything on before the barrier passes.
//! The same pane can be sent several times; the global half merges. Late rows are sent too; the global half judges them.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::min;
use arrow::datatypes::{DataType, Field, FieldRef, SchemaRef, TimeUnit};
use arroyo_dataflow::operators as config;
use arroyo_expr::{PANE_FIELD, decode, partial_schema};
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};

use super::aggregate::{AggregatePlan, Groups, PlanConfig};
use super::error::{config_schema, expression_failed};
use super::output::{batch_of, collect, event_times};
use super::window_aggregate::WindowSpec;

/// Groups held at most before they are sent on.
const MAX_GROUPS: usize = 100_000;

/// See the module's documentation.
pub(super) struct WindowPartial {
    plan: Arc<AggregatePlan>,
    windows: WindowSpec,
    schema: SchemaRef,
    groups: Groups,
    /// The earliest pane held.
    first_pane: Option<i64>,
    watermark: Option<i64>,
}

impl WindowPartial {
    pub(super) fn new(config: &config::WindowAggregate) -> Result<Self, OperatorError> {
        let plan = Arc::new(AggregatePlan::new(&PlanConfig {
            group_exprs: &config.group_exprs,
            group_names: &config.group_names,
            aggregate_exprs: &config.aggregate_exprs,
            input_schema: &config.input_schema,
        })?);
        let decode_all = |exprs: &[Vec<u8>]| {
            exprs.iter().map(|expr| decode(expr)).collect::<Result<Vec<_>, _>>().map_err(expression_failed)
        };
        let schema = partial_schema(
            &config_schema(&config.input_schema)?,
            &decode_all(&config.group_exprs)?,
            &config.group_names,
            &decode_all(&config.aggregate_exprs)?,
        );
        let pane = Field::new(PANE_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), true);
        let key_fields: Arc<[FieldRef]> = plan.key_fields.iter().cloned().chain([Arc::new(pane)]).collect();
        Ok(Self {
            groups: Groups::with_keys(&plan, key_fields),
            plan,
            windows: WindowSpec::new(config)?,
            schema: schema.map_err(expression_failed)?,
            first_pane: None,
            watermark: None,
        })
    }

    fn flush(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.first_pane = None;
        let Some(rows) = self.groups.drain_states()? else { return Ok(()) };
        let pane: Vec<ArrayRef> = rows.keys.last().cloned().into_iter().collect();
        let columns = rows.keys.into_iter().chain(rows.columns.into_iter().flatten()).chain(pane).collect();
        collect(batch_of(&self.schema, columns, rows.rows)?, out)
    }

    /// Whether the watermark has passed the earliest pane.
    fn is_due(&self) -> bool {
        match (self.first_pane, self.watermark) {
            (Some(pane), Some(watermark)) => self.windows.pane_end(pane) <= i128::from(watermark),
            _ => false,
        }
    }
}

impl Operator for WindowPartial {
    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let panes = self.windows.panes(&event_times(&batch)?);
        let mut rows = self.plan.prepare_raw(&batch)?;
        self.first_pane = match (self.first_pane, min(&panes)) {
            (Some(held), Some(new)) => Some(held.min(new)),
            (held, new) => held.or(new),
        };
        rows.keys.push(Arc::new(panes));
        self.groups.add(&rows)?;
        if self.groups.len() >= MAX_GROUPS { self.flush(out) } else { Ok(()) }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        match watermark {
            Watermark::At(time) => {
                self.watermark = Some(time.nanos());
                if self.is_due() || time == arroyo_types::EventTime::MAX {
                    self.flush(out)?;
                }
            }
            Watermark::Idle => self.flush(out)?,
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn end(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn state_bytes(&self) -> usize {
        self.groups.bytes()
    }
}
