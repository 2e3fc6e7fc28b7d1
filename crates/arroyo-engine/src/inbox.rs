//! A task's inputs, read fairly.

use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::message::Message;
use crate::queue::{QueueClosed, QueueReceiver, Refusal};

/// The queues into one task.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    inputs: Vec<Input>,
    next: usize,
}

#[derive(Debug)]
struct Input {
    receiver: QueueReceiver,
    refusal: Refusal,
    operator_input: u32,
    state: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Open,
    Blocked,
    Ended,
}

/// A message and where it came from.
#[derive(Debug)]
pub(crate) struct Received {
    /// The queue's index in the inbox.
    pub(crate) queue: usize,
    /// The input of the first operator of the chain.
    pub(crate) operator_input: u32,
    pub(crate) message: Message,
}

impl Inbox {
    pub(crate) fn add(&mut self, receiver: QueueReceiver, refusal: Refusal, operator_input: u32) {
        self.inputs.push(Input { receiver, refusal, operator_input, state: Reading::Open });
    }

    /// Tells all senders that no more rows are wanted.
    pub(crate) fn refuse(&self) {
        for input in &self.inputs {
            input.refusal.say();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.inputs.len()
    }

    /// The queue's barrier arrived: it is not read until [`Inbox::unblock`].
    pub(crate) fn block(&mut self, queue: usize) {
        self.set(queue, Reading::Blocked);
    }

    /// The queue will bring nothing more.
    pub(crate) fn end(&mut self, queue: usize) {
        self.set(queue, Reading::Ended);
    }

    fn set(&mut self, queue: usize, state: Reading) {
        if let Some(input) = self.inputs.get_mut(queue) {
            input.state = state;
        }
    }

    /// Reads all live queues again.
    pub(crate) fn unblock(&mut self) {
        for input in self.inputs.iter_mut().filter(|input| input.state == Reading::Blocked) {
            input.state = Reading::Open;
        }
    }

    /// The next message of any open queue, in turn; waits for ever if none is open. Cancel safe.
    pub(crate) async fn receive(&mut self) -> Result<Received, QueueClosed> {
        poll_fn(|context| self.poll_receive(context)).await
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Received, QueueClosed>> {
        let count = self.inputs.len();
        for offset in 0..count {
            let queue = (self.next + offset) % count;
            let Some(input) = self.inputs.get_mut(queue) else { continue };
            if input.state != Reading::Open {
                continue;
            }
            match input.receiver.poll_recv(context) {
                Poll::Pending => {}
                Poll::Ready(None) => return Poll::Ready(Err(QueueClosed)),
                Poll::Ready(Some(envelope)) => {
                    self.next = queue + 1;
                    // Dropping the envelope's room lets the sender go on.
                    let message = envelope.message;
                    return Poll::Ready(Ok(Received { queue, operator_input: input.operator_input, message }));
                }
            }
        }
        Poll::Pending
    }
}
