//! A source that waits for ever after its rows, and a sink that shows them.

use std::sync::Arc;

use arrow::array::{RecordBatch, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arroyo_dataflow::Operator as OperatorSpec;
use arroyo_engine::Components;
use arroyo_operator::{
    Operator, OperatorContext, OperatorError, Output, Sink, SinkConfig, Source, SourceConfig, SourceEvent,
};
use arroyo_state::TableSpec;
use arroyo_types::{Epoch, TIMESTAMP_FIELD};
use async_trait::async_trait;

pub(crate) fn schema() -> SchemaRef {
    let time = DataType::Timestamp(TimeUnit::Nanosecond, None);
    Arc::new(Schema::new(vec![Field::new(TIMESTAMP_FIELD, time, false)]))
}

#[derive(Debug)]
pub(crate) struct TestComponents;

impl Components for TestComponents {
    fn source(&self, _: &str, _: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Ok(Box::new(ThreeRows { given: false }))
    }

    fn sink(&self, _: &str, _: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Ok(Box::new(Show))
    }

    fn operator(&self, _: &OperatorSpec, _: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError> {
        Err(OperatorError::bug("not used"))
    }
}

struct ThreeRows {
    given: bool,
}

#[async_trait]
impl Source for ThreeRows {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global("t")]
    }

    async fn open(&mut self, _: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    async fn next(&mut self, _: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        if std::mem::replace(&mut self.given, true) {
            std::future::pending::<()>().await;
        }
        let times = TimestampNanosecondArray::from(vec![1_000, 2_000, 3_000]);
        Ok(SourceEvent::Batch(RecordBatch::try_new(schema(), vec![Arc::new(times)])?))
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(ctx.state.replace_global("t", [(b"given".to_vec(), vec![u8::from(self.given)])].into())?)
    }
}

struct Show;

#[async_trait]
impl Sink for Show {
    async fn open(&mut self, _: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let output = Output {
            operator: ctx.info.operator.clone(),
            subtask: 0,
            timestamps_micros: vec![1, 2, 3],
            start_id: 0,
            batch: format!("{} rows", batch.num_rows()),
        };
        ctx.output.send(output).await.map_err(|_| OperatorError::bug("nobody takes output"))
    }

    async fn pre_commit(&mut self, _: Epoch, _: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        Ok(Some(b"transaction".to_vec()))
    }
}
