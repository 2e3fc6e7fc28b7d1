//! Takes rows and forgets them: for benchmarks.

use arrow::array::RecordBatch;
use arroyo_operator::{
    Connector, ConnectorDescription, OperatorContext, OperatorError, OptionError, Role, Sink, SinkConfig, Source,
    SourceConfig, TableOptions, TableRequest,
};
use arroyo_types::Epoch;
use async_trait::async_trait;
use serde_json::Value;

use crate::one_role::{NoOptions, refuse_role};
use crate::options::{parse_options, schema_of, to_json};

/// The connector `blackhole`.
pub(crate) struct Blackhole;

impl Connector for Blackhole {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "blackhole",
            name: "Blackhole",
            description: "Takes rows and forgets them.",
            icon: "",
            source: false,
            sink: true,
            lookup: false,
            hidden: false,
            custom_schemas: true,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<NoOptions>()
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        refuse_role(request, Role::Source, "blackhole")?;
        let options: NoOptions = parse_options(&request.options)?;
        Ok(TableOptions {
            json: to_json(&options)?,
            roles: vec![Role::Sink],
            columns: None,
            needs_format: false,
            max_source_parallelism: None,
            max_sink_parallelism: None,
            description: "Blackhole".to_string(),
        })
    }

    fn takes_changes(&self, _format: Option<&str>) -> bool {
        true
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: a blackhole cannot be read", config.table)))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Ok(Box::new(BlackholeSink { table: config.table, rows: 0 }))
    }
}

/// Counts.
#[derive(Debug)]
struct BlackholeSink {
    table: String,
    rows: u64,
}

#[async_trait]
impl Sink for BlackholeSink {
    async fn open(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    async fn pre_commit(
        &mut self,
        _epoch: Epoch,
        _ctx: &mut OperatorContext,
    ) -> Result<Option<Vec<u8>>, OperatorError> {
        Ok(None)
    }

    async fn close(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        tracing::info!(table = %self.table, subtask = ctx.info.task.subtask, rows = self.rows, "the blackhole is closed");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};

    use super::*;
    use crate::test_context::{Globals, TestContext, context};

    #[tokio::test]
    async fn counts_what_it_forgets() {
        let mut sink = BlackholeSink { table: "out".to_string(), rows: 0 };
        let TestContext { mut ctx, .. } = context(Vec::new(), &Globals::new(), 0, 1);
        let column: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let batch = RecordBatch::try_from_iter([("id", column)]).unwrap();
        sink.write(batch.clone(), &mut ctx).await.unwrap();
        sink.write(batch, &mut ctx).await.unwrap();
        assert_eq!(sink.rows, 6);
        sink.close(&mut ctx).await.unwrap();
    }
}
