//! What the engine says, as messages for the controller.

use arroyo_engine::{
    CheckpointStep, OperatorCheckpoint, OperatorCommit, OperatorMetrics, TaskCheckpoint, TaskEvent, TaskEventKind,
    TaskMetrics,
};
use arroyo_operator::{Output, ReportedError};
use arroyo_rpc::proto;
use proto::worker_event::Event;

fn micros(time: i64) -> u64 {
    u64::try_from(time).unwrap_or(0)
}

/// An event of a task.
pub(crate) fn event(event: TaskEvent) -> proto::WorkerEvent {
    let task = Some(event.task.into());
    let message = match event.kind {
        TaskEventKind::Started => Event::TaskStarted(proto::TaskStarted { task }),
        TaskEventKind::Finished(totals) => {
            Event::TaskFinished(proto::TaskFinished { task, metrics: Some(metrics(totals)) })
        }
        TaskEventKind::Failed { operator, description, error } => Event::TaskFailed(proto::TaskFailed {
            task,
            operator_id: operator.0,
            operator: description,
            kind: proto::ErrorKind::from(error.kind).into(),
            message: error.message,
            hint: error.hint.unwrap_or_default(),
        }),
        TaskEventKind::CheckpointProgress { epoch, step } => {
            let step = match step {
                CheckpointStep::StartedAlignment => proto::checkpoint_progress::Step::StartedAlignment,
                CheckpointStep::StartedCheckpointing => proto::checkpoint_progress::Step::StartedCheckpointing,
                CheckpointStep::FinishedSync => proto::checkpoint_progress::Step::FinishedSync,
            };
            Event::CheckpointProgress(proto::CheckpointProgress { task, epoch: epoch.0, step: step.into() })
        }
        TaskEventKind::Checkpointed(checkpoint) => Event::TaskCheckpoint(task_checkpoint(task, checkpoint)),
        TaskEventKind::Committed { epoch } => Event::TaskCommitted(proto::TaskCommitted { task, epoch: epoch.0 }),
        TaskEventKind::Reported(report) => Event::ReportedError(reported(report)),
    };
    proto::WorkerEvent { time_micros: micros(event.time_micros), event: Some(message) }
}

fn task_checkpoint(task: Option<proto::Task>, checkpoint: TaskCheckpoint) -> proto::TaskCheckpoint {
    proto::TaskCheckpoint {
        task,
        epoch: checkpoint.epoch.0,
        operators: checkpoint.operators.into_iter().map(operator_checkpoint).collect(),
        alignment_micros: micros(checkpoint.alignment_micros),
        sync_micros: micros(checkpoint.sync_micros),
        finish_micros: micros(checkpoint.finish_micros),
    }
}

fn operator_checkpoint(operator: OperatorCheckpoint) -> proto::OperatorCheckpoint {
    proto::OperatorCheckpoint {
        operator_id: operator.operator.0,
        // An empty text is refused by the controller: a checkpoint that cannot be described does not exist.
        tables_json: serde_json::to_string(&operator.tables).unwrap_or_default(),
        commit_data: operator.commit_data,
        bytes: operator.bytes,
    }
}

fn reported(report: ReportedError) -> proto::ReportedError {
    proto::ReportedError {
        task: Some(report.task.into()),
        operator_id: report.operator.0,
        domain: report.domain.as_str().to_string(),
        message: report.message,
        details: report.details,
    }
}

/// Totals of a task.
pub(crate) fn metrics(metrics: TaskMetrics) -> proto::TaskMetrics {
    proto::TaskMetrics {
        task: Some(metrics.task.into()),
        rows_received: metrics.rows_received,
        rows_sent: metrics.rows_sent,
        batches_received: metrics.batches_received,
        batches_sent: metrics.batches_sent,
        bytes_received: metrics.bytes_received,
        bytes_sent: metrics.bytes_sent,
        bad_records: metrics.bad_records,
        late_rows: metrics.late_rows,
        queue_size: metrics.queue_size,
        queue_free: metrics.queue_free,
        watermark_nanos: metrics.watermark_nanos,
        state_bytes: metrics.state_bytes,
        running_micros: metrics.running_micros,
        blocked_micros: metrics.blocked_micros,
        operators: metrics.operators.into_iter().map(operator_metrics).collect(),
    }
}

fn operator_metrics(metrics: OperatorMetrics) -> proto::OperatorMetrics {
    proto::OperatorMetrics {
        operator_id: metrics.operator.0,
        rows_in: metrics.rows_in,
        rows_out: metrics.rows_out,
        busy_micros: metrics.busy_micros,
        state_bytes: metrics.state_bytes,
        state_bytes_max: metrics.state_bytes_max,
        late_rows: metrics.late_rows,
        bad_records: metrics.bad_records,
    }
}

/// Rows of a preview sink.
pub(crate) fn output(output: Output) -> proto::OutputRows {
    proto::OutputRows {
        operator_id: output.operator.0,
        subtask: output.subtask,
        timestamps_micros: output.timestamps_micros,
        start_id: output.start_id,
        batch: output.batch,
    }
}

/// What a sink's subtask is to commit.
pub(crate) fn commit(commit: proto::OperatorCommit) -> OperatorCommit {
    OperatorCommit { operator: commit.operator_id.into(), subtask: commit.subtask, data: commit.data }
}
