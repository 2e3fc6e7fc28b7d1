//! Bounded queues between two subtasks.
//!
//! A queue is bounded in messages, rows and bytes by a [`Budget`]: a sender waits until there is room for its message, and room
//! comes back when the receiver takes the message. Between workers the budget lives with the sender and room comes back as
//! credit over the network (see [`crate::network`]); so both kinds of queue are sent to in the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use crate::QueueLimits;
use crate::message::{Message, batch_bytes};

/// The other end of a queue is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueClosed;

/// The room that a message takes in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cost {
    pub(crate) messages: u32,
    pub(crate) rows: u32,
    pub(crate) bytes: u32,
}

impl Cost {
    /// A message larger than a limit costs all of it, so that it passes alone.
    fn of(message: &Message, limits: &QueueLimits) -> Self {
        let clamp = |amount: usize, limit: u32| u32::try_from(amount).unwrap_or(u32::MAX).min(limit);
        let bytes = match message {
            Message::Batch(batch) => batch_bytes(batch),
            _ => 0,
        };
        Self { messages: 1, rows: clamp(message.rows(), limits.rows), bytes: clamp(bytes, limits.bytes) }
    }
}

/// The room of one queue.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: QueueLimits,
    messages: Semaphore,
    rows: Semaphore,
    bytes: Semaphore,
    /// Cancelled when the receiver wants no more rows.
    unwanted: CancellationToken,
}

impl Budget {
    pub(crate) fn new(limits: QueueLimits) -> Self {
        let limits =
            QueueLimits { rows: limits.rows.max(1), bytes: limits.bytes.max(1), messages: limits.messages.max(1) };
        Self {
            limits,
            messages: Semaphore::new(limits.messages as usize),
            rows: Semaphore::new(limits.rows as usize),
            bytes: Semaphore::new(limits.bytes as usize),
            unwanted: CancellationToken::new(),
        }
    }

    /// The receiver wants no more rows. It still takes what is sent.
    pub(crate) fn refuse(&self) {
        self.unwanted.cancel();
    }

    /// Waits for room and takes it. Cancel safe: a dropped call has taken nothing.
    async fn take(&self, cost: Cost) -> Result<(), QueueClosed> {
        let messages = self.messages.acquire_many(cost.messages).await.map_err(|_| QueueClosed)?;
        let rows = self.rows.acquire_many(cost.rows).await.map_err(|_| QueueClosed)?;
        let bytes = self.bytes.acquire_many(cost.bytes).await.map_err(|_| QueueClosed)?;
        messages.forget();
        rows.forget();
        bytes.forget();
        Ok(())
    }

    /// Gives room back.
    pub(crate) fn give_back(&self, cost: Cost) {
        self.messages.add_permits(cost.messages as usize);
        self.rows.add_permits(cost.rows as usize);
        self.bytes.add_permits(cost.bytes as usize);
    }

    /// Wakes senders with [`QueueClosed`].
    pub(crate) fn close(&self) {
        self.messages.close();
        self.rows.close();
        self.bytes.close();
    }

    /// Rows that fit at all, and rows that fit now.
    pub(crate) fn rows(&self) -> (u64, u64) {
        (u64::from(self.limits.rows), self.rows.available_permits() as u64)
    }

    /// Bytes that were sent and not taken yet.
    pub(crate) fn bytes_waiting(&self) -> u64 {
        u64::from(self.limits.bytes).saturating_sub(self.bytes.available_permits() as u64)
    }
}

/// Room that a receiver freed and that its connection has not yet told the sender about.
#[derive(Debug)]
pub(crate) struct FreedCredit {
    messages: AtomicU64,
    rows: AtomicU64,
    bytes: AtomicU64,
    wake: Arc<Notify>,
}

impl FreedCredit {
    /// `wake` is the connection's.
    pub(crate) fn new(wake: Arc<Notify>) -> Self {
        Self { messages: AtomicU64::new(0), rows: AtomicU64::new(0), bytes: AtomicU64::new(0), wake }
    }

    fn add(&self, cost: Cost) {
        self.rows.fetch_add(u64::from(cost.rows), Ordering::AcqRel);
        self.bytes.fetch_add(u64::from(cost.bytes), Ordering::AcqRel);
        self.messages.fetch_add(u64::from(cost.messages), Ordering::AcqRel);
        self.wake.notify_one();
    }

    /// What was freed since the last call. A budget's limits are 32-bit numbers, so what was freed of it is one, too.
    pub(crate) fn take(&self) -> Option<Cost> {
        let take = |amount: &AtomicU64| u32::try_from(amount.swap(0, Ordering::AcqRel)).unwrap_or(u32::MAX);
        let cost = Cost { messages: take(&self.messages), rows: take(&self.rows), bytes: take(&self.bytes) };
        (cost != Cost::default()).then_some(cost)
    }
}

/// Holds the room of a message; gives it back when dropped.
#[derive(Debug)]
pub(crate) struct Room {
    cost: Cost,
    back_to: Option<BackTo>,
}

#[derive(Debug)]
enum BackTo {
    Budget(Arc<Budget>),
    Peer(Arc<FreedCredit>),
}

impl Room {
    /// Room in another worker's budget.
    pub(crate) fn of_peer(cost: Cost, credit: Arc<FreedCredit>) -> Self {
        Self { cost, back_to: Some(BackTo::Peer(credit)) }
    }

    /// The message goes to another worker, which will give the room back.
    pub(crate) fn into_cost(mut self) -> Cost {
        self.back_to = None;
        self.cost
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        match self.back_to.take() {
            Some(BackTo::Budget(budget)) => budget.give_back(self.cost),
            Some(BackTo::Peer(credit)) => credit.add(self.cost),
            None => {}
        }
    }
}

/// A message and the room it takes.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) message: Message,
    pub(crate) room: Room,
}

/// A message on its way to a connection, with the connection's number for the queue.
pub(crate) type Outgoing = (usize, Envelope);

/// The sending end of a queue.
#[derive(Debug)]
pub(crate) struct QueueSender {
    budget: Arc<Budget>,
    link: Link,
}

#[derive(Debug)]
enum Link {
    Local(mpsc::Sender<Envelope>),
    Remote { channel: usize, connection: mpsc::Sender<Outgoing> },
}

/// The receiving end of a queue.
pub(crate) type QueueReceiver = mpsc::Receiver<Envelope>;

/// Lets a receiver say that it wants no more rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refusal {
    said: CancellationToken,
    /// The connection that passes it on, where the sender is in another worker.
    wake: Option<Arc<Notify>>,
}

impl Refusal {
    /// A refusal that the connection woken by `wake` passes on.
    pub(crate) fn through(wake: Arc<Notify>) -> Self {
        Self { said: CancellationToken::new(), wake: Some(wake) }
    }

    /// Says it.
    pub(crate) fn say(&self) {
        self.said.cancel();
        if let Some(wake) = &self.wake {
            wake.notify_one();
        }
    }

    /// Whether it was said.
    pub(crate) fn is_said(&self) -> bool {
        self.said.is_cancelled()
    }
}

/// A queue inside this process.
pub(crate) fn local_queue(limits: QueueLimits) -> (QueueSender, QueueReceiver, Refusal) {
    let budget = Arc::new(Budget::new(limits));
    let refusal = Refusal { said: budget.unwanted.clone(), wake: None };
    let (sender, receiver) = mpsc::channel(limits.messages.max(1) as usize);
    (QueueSender { budget, link: Link::Local(sender) }, receiver, refusal)
}

impl QueueSender {
    /// A queue to a subtask in another worker: `channel` of a connection.
    pub(crate) fn remote(budget: Arc<Budget>, channel: usize, connection: mpsc::Sender<Outgoing>) -> Self {
        Self { budget, link: Link::Remote { channel, connection } }
    }

    /// Waits for room and sends. Cancel safe in that a dropped call has sent nothing.
    pub(crate) async fn send(&self, message: Message) -> Result<(), QueueClosed> {
        let cost = Cost::of(&message, &self.budget.limits);
        self.budget.take(cost).await?;
        let room = Room { cost, back_to: Some(BackTo::Budget(self.budget.clone())) };
        let envelope = Envelope { message, room };
        match &self.link {
            Link::Local(sender) => sender.send(envelope).await.map_err(|_| QueueClosed),
            Link::Remote { channel, connection } => {
                connection.send((*channel, envelope)).await.map_err(|_| QueueClosed)
            }
        }
    }

    /// Completes when the receiver wants no more rows.
    pub(crate) async fn unwanted(&self) {
        self.budget.unwanted.cancelled().await;
    }

    /// The queue's room, for metrics.
    pub(crate) fn budget(&self) -> Arc<Budget> {
        self.budget.clone()
    }
}
