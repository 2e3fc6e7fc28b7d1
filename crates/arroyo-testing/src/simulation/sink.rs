//! A sink of two phases that fails now and then.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int8Type};
use arrow::util::display::array_value_to_string;
use arroyo_operator::{OperatorContext, OperatorError, Sink};
use arroyo_types::{CHANGE_FIELD, Epoch, TIMESTAMP_FIELD};
use async_trait::async_trait;

use super::World;
use super::ledger::Change;
use super::life::Life;
use super::mutants::Mutant;

pub(super) struct SimulatedSink {
    world: Arc<World>,
    life: Life,
    /// The number of the last transaction that an earlier start prepared.
    before: u64,
    buffer: Vec<Change>,
}

impl SimulatedSink {
    pub(super) fn new(world: Arc<World>, life: Life) -> Self {
        let before = world.ledger.last_transaction();
        Self { world, life, before, buffer: Vec::new() }
    }

    async fn may_fail(&self, step: &str) -> Result<(), OperatorError> {
        self.life.gate().await;
        if self.world.sink_faults.strikes() {
            Err(OperatorError::external(format!("injected fault {step}")))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Sink for SimulatedSink {
    async fn open(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.may_fail("while a sink was opened").await
    }

    async fn write(&mut self, batch: RecordBatch, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let schema = batch.schema();
        let signs = batch.column_by_name(CHANGE_FIELD).map(|column| column.as_primitive::<Int8Type>().clone());
        for row in 0..batch.num_rows() {
            let mut text = String::new();
            for (field, column) in schema.fields().iter().zip(batch.columns()) {
                if [CHANGE_FIELD, TIMESTAMP_FIELD].contains(&field.name().as_str()) {
                    continue;
                }
                let value = match column.data_type() {
                    DataType::Null => "null".to_string(),
                    _ if column.is_null(row) => "null".to_string(),
                    _ => array_value_to_string(column, row).map_err(|error| OperatorError::bug(error.to_string()))?,
                };
                text.push_str(&format!("{}={value} ", field.name()));
            }
            let sign = signs.as_ref().map_or(1, |signs| i64::from(signs.value(row)));
            self.buffer.push((text.trim_end().to_string(), sign));
        }
        Ok(())
    }

    async fn pre_commit(&mut self, epoch: Epoch, ctx: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        self.may_fail("before a pre-commit").await?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let number = self.world.ledger.prepare(ctx.info.generation, epoch, std::mem::take(&mut self.buffer));
        self.may_fail("after a pre-commit").await?;
        Ok(Some(number.to_le_bytes().to_vec()))
    }

    async fn commit(&mut self, _: Epoch, data: Vec<Vec<u8>>, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        for number in data {
            self.may_fail("in the middle of a commit").await?;
            let number = <[u8; 8]>::try_from(number).map_err(|_| OperatorError::bug("not a transaction"))?;
            let number = u64::from_le_bytes(number);
            if number <= self.before && self.world.settings.mutant == Some(Mutant::NoRecommit) {
                continue;
            }
            self.world.ledger.commit(number);
            ctx.failpoints.pass("in commit").await;
        }
        self.may_fail("after a commit").await
    }
}
