//! The side of a connection that rows come from.

use std::collections::HashMap;
use std::time::Duration;

use arroyo_runtime::{Reader, Writer};
use arroyo_types::WorkerId;
use tokio::io::{AsyncWriteExt, BufReader, BufWriter};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::codec::BatchEncoder;
use super::frame::{FRAME_BYTES_MAX, Frame, HANDSHAKE_BYTES_MAX, Hello, Payload};
use super::{ChannelId, ConnectionContext, OutgoingChannel};
use crate::error::NetworkError;
use crate::message::Message;
use crate::queue::{Envelope, Outgoing};
use crate::wiring::OutgoingPeer;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The other worker answers when its engine has started.
const WELCOME_TIMEOUT: Duration = Duration::from_secs(60);
/// How long to try to tell a peer that we stop.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// The other side is being stopped.
pub(super) struct PeerStopped;

/// Connects to a worker and sends it the rows of all channels until the tasks behind them have left.
pub(crate) async fn send_rows(context: ConnectionContext, peer: OutgoingPeer) -> Result<(), NetworkError> {
    let guard = context.guard.clone();
    let OutgoingConnection { worker, mut queue, channels, address } = OutgoingConnection::from(peer);
    let connected = tokio::select! {
        biased;
        () = guard.cancelled() => return Ok(()),
        connected = connect(&context, worker, &address) => connected,
    };
    let (mut reader, mut writer) = match connected {
        Ok(connected) => connected,
        Err(error) => return Err(close_all(&channels, error)),
    };
    let mut state = WriterState::new(&channels);
    let ended = tokio::select! {
        biased;
        () = guard.cancelled() => {
            if context.is_stopping() {
                say_goodbye(&mut writer, worker).await;
            }
            return Ok(());
        }
        ended = read_credit(&mut reader, &channels, worker) => ended,
        error = write_rows(&mut writer, &mut queue, &mut state, worker) => Err(error),
    };
    match ended {
        Ok(None | Some(_)) | Err(_) if state.is_complete() => Ok(()),
        Ok(Some(PeerStopped)) => {
            // We will be stopped as well; until then our tasks wait for room that does not come.
            guard.cancelled().await;
            Ok(())
        }
        Ok(None) => Err(close_all(&channels, NetworkError::Closed { worker })),
        Err(error) => Err(close_all(&channels, error)),
    }
}

struct OutgoingConnection {
    worker: WorkerId,
    address: String,
    channels: Vec<OutgoingChannel>,
    queue: mpsc::Receiver<Outgoing>,
}

impl From<OutgoingPeer> for OutgoingConnection {
    /// Drops the peer's own sender, so that the queue ends with the tasks.
    fn from(peer: OutgoingPeer) -> Self {
        let OutgoingPeer { worker, address, channels, queue, .. } = peer;
        Self { worker, address, channels, queue }
    }
}

/// Wakes the tasks that wait for room.
fn close_all(channels: &[OutgoingChannel], error: NetworkError) -> NetworkError {
    for channel in channels {
        channel.budget.close();
    }
    error
}

pub(super) async fn say_goodbye(writer: &mut BufWriter<Writer>, worker: WorkerId) {
    let said = async {
        Frame::Goodbye.write(writer, worker).await?;
        writer.shutdown().await.map_err(|source| NetworkError::Broken { worker, source })
    };
    // A peer that does not listen any more will notice the closed connection.
    let _ = timeout(GOODBYE_TIMEOUT, said).await;
}

async fn connect(
    context: &ConnectionContext,
    worker: WorkerId,
    address: &str,
) -> Result<(BufReader<Reader>, BufWriter<Writer>), NetworkError> {
    let error = |source| NetworkError::Connect { worker, address: address.to_string(), source };
    let connection = timeout(CONNECT_TIMEOUT, context.network.connect(address)).await.unwrap_or_else(|_| {
        Err(std::io::Error::new(
            std::io::ErrorKind::TimedOut,
            format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()),
        ))
    });
    let (reader, writer) = connection.map_err(error)?.into_split();
    let (mut reader, mut writer) = (BufReader::new(reader), BufWriter::new(writer));

    let hello = Hello::new(context.job.clone(), context.generation, context.worker, worker);
    Frame::Hello(hello).write(&mut writer, worker).await?;
    writer.flush().await.map_err(error)?;
    let answer = timeout(WELCOME_TIMEOUT, Frame::read(&mut reader, worker, HANDSHAKE_BYTES_MAX));
    match answer.await {
        Err(_) => {
            let seconds = WELCOME_TIMEOUT.as_secs();
            Err(NetworkError::NoAnswer { worker, address: address.to_string(), seconds })
        }
        Ok(Ok(Some(Frame::Welcome))) => Ok((reader, writer)),
        Ok(Ok(Some(Frame::Refused(reason)))) => {
            Err(NetworkError::Refused { worker, generation: context.generation, reason })
        }
        Ok(Ok(Some(_))) => {
            Err(NetworkError::Protocol { worker, what: "no answer to our handshake, but another frame".to_string() })
        }
        Ok(Ok(None)) => Err(NetworkError::Closed { worker }),
        Ok(Err(error)) => Err(error),
    }
}

/// Gives room back as the other side takes messages. `None`: the other side closed.
async fn read_credit(
    reader: &mut BufReader<Reader>,
    channels: &[OutgoingChannel],
    worker: WorkerId,
) -> Result<Option<PeerStopped>, NetworkError> {
    let by_id: HashMap<ChannelId, &OutgoingChannel> = channels.iter().map(|channel| (channel.id, channel)).collect();
    while let Some(frame) = Frame::read(reader, worker, FRAME_BYTES_MAX).await? {
        match frame {
            Frame::Credit { channel, cost } => {
                let known = by_id.get(&channel).ok_or_else(|| NetworkError::Protocol {
                    worker,
                    what: format!("credit for a channel that does not exist: {channel:?}"),
                })?;
                known.budget.give_back(cost);
            }
            Frame::Unwanted { channel } => {
                let known = by_id.get(&channel).ok_or_else(|| NetworkError::Protocol {
                    worker,
                    what: format!("a refusal of a channel that does not exist: {channel:?}"),
                })?;
                known.budget.refuse();
            }
            Frame::Goodbye => return Ok(Some(PeerStopped)),
            _ => {
                let what = "a frame that only the sender of rows may send".to_string();
                return Err(NetworkError::Protocol { worker, what });
            }
        }
    }
    Ok(None)
}

/// What the writing side knows of its channels.
struct WriterState<'a> {
    channels: &'a [OutgoingChannel],
    encoders: Vec<Option<BatchEncoder>>,
    /// Which channels have said their last.
    complete: Vec<bool>,
}

impl<'a> WriterState<'a> {
    fn new(channels: &'a [OutgoingChannel]) -> Self {
        let encoders = channels.iter().map(|_| None).collect();
        Self { channels, encoders, complete: vec![false; channels.len()] }
    }

    fn is_complete(&self) -> bool {
        self.complete.iter().all(|complete| *complete)
    }

    fn encode(&mut self, index: usize, envelope: Envelope, worker: WorkerId) -> Result<Frame, NetworkError> {
        let missing = || NetworkError::Protocol { worker, what: format!("a message for channel {index} of ours") };
        let channel = self.channels.get(index).ok_or_else(missing)?;
        let encoder = self.encoders.get_mut(index).ok_or_else(missing)?;
        let complete = self.complete.get_mut(index).ok_or_else(missing)?;
        let Envelope { message, room } = envelope;
        *complete |= message.is_last();
        let encode = |source| NetworkError::Encode { worker, source };
        let payload = match message {
            Message::Batch(batch) => {
                let encoder = match encoder {
                    Some(encoder) => encoder,
                    None => encoder.insert(BatchEncoder::new(&channel.schema).map_err(encode)?),
                };
                Payload::Batch(encoder.encode(&batch).map_err(encode)?)
            }
            Message::Watermark(watermark) => Payload::Watermark(watermark),
            Message::Barrier(barrier) => Payload::Barrier(barrier),
            Message::EndOfData => Payload::EndOfData,
        };
        Ok(Frame::Data { channel: channel.id, cost: room.into_cost(), payload })
    }
}

/// Writes what tasks send, until all of them have left. Ends only with an error.
///
/// The other side closes the connection when it has read everything: if we closed it, what is under way could be lost.
async fn write_rows(
    writer: &mut BufWriter<Writer>,
    queue: &mut mpsc::Receiver<Outgoing>,
    state: &mut WriterState<'_>,
    worker: WorkerId,
) -> NetworkError {
    match write_queue(writer, queue, state, worker).await {
        Ok(()) => std::future::pending().await,
        Err(error) => error,
    }
}

async fn write_queue(
    writer: &mut BufWriter<Writer>,
    queue: &mut mpsc::Receiver<Outgoing>,
    state: &mut WriterState<'_>,
    worker: WorkerId,
) -> Result<(), NetworkError> {
    let broken = |source| NetworkError::Broken { worker, source };
    let mut flushed = true;
    loop {
        let next = tokio::select! {
            biased;
            next = queue.recv() => next,
            () = std::future::ready(()), if !flushed => {
                writer.flush().await.map_err(broken)?;
                flushed = true;
                continue;
            }
        };
        let Some((index, envelope)) = next else { break };
        state.encode(index, envelope, worker)?.write(writer, worker).await?;
        flushed = false;
    }
    writer.shutdown().await.map_err(broken)
}
