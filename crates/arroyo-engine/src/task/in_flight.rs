//! Batches that wait for what their operator fetches, in the order in which they came.

use arrow::array::RecordBatch;
use arroyo_operator::{OperatorError, Prefetch, Watermark};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;

/// Something that came in.
#[derive(Debug)]
pub(super) enum Ready {
    /// Rows of an input.
    Batch(u32, RecordBatch),
    /// The operator's watermark.
    Watermark(Watermark),
}

/// What came in and was not processed. What is fetched for later batches is fetched at the same time.
pub(super) struct InFlight {
    waiting: FuturesOrdered<BoxFuture<'static, Result<Ready, OperatorError>>>,
    max: usize,
}

impl InFlight {
    /// At most `max` at once; 0: the task's operator never waits.
    pub(super) fn new(max: usize) -> Self {
        Self { waiting: FuturesOrdered::new(), max }
    }

    pub(super) fn is_used(&self) -> bool {
        self.max > 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < self.max.max(1)
    }

    /// Adds what is ready when `waits_for` is.
    pub(super) fn push(&mut self, waits_for: Option<Prefetch>, came: Ready) {
        self.waiting.push_back(Box::pin(async move {
            if let Some(waits_for) = waits_for {
                waits_for.await?;
            }
            Ok(came)
        }));
    }

    /// The first that came, once it is ready. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<Ready, OperatorError> {
        match self.waiting.next().await {
            Some(ready) => ready,
            None => std::future::pending().await,
        }
    }
}
