//! The side of connections that rows go to.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arroyo_runtime::{Connection, Reader, TaskKind, Writer};
use arroyo_types::WorkerId;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::io::{AsyncWriteExt, BufReader, BufWriter};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use super::codec::BatchDecoder;
use super::frame::{FRAME_BYTES_MAX, Frame, HANDSHAKE_BYTES_MAX, Hello, Payload};
use super::sender::{PeerStopped, say_goodbye};
use super::{ChannelId, ConnectionContext, DataListener, IncomingChannel, PROTOCOL_VERSION};
use crate::error::NetworkError;
use crate::message::Message;
use crate::queue::{Envelope, FreedCredit, Refusal, Room};
use crate::wiring::IncomingPeer;

/// Who connects must say who they are within this time.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// Workers that have rows for us and have not connected yet.
type Expected = Arc<Mutex<BTreeMap<WorkerId, IncomingPeer>>>;

/// Takes the rows of all other workers, until the engine is stopped.
///
/// Connections of other jobs and generations are refused, and do no harm. A connection that breaks is an error.
pub(crate) async fn receive_rows(
    context: ConnectionContext,
    mut listener: DataListener,
    peers: BTreeMap<WorkerId, IncomingPeer>,
) -> Result<(), NetworkError> {
    let expected: Expected = Arc::new(Mutex::new(peers));
    let mut connections = FuturesUnordered::new();
    loop {
        tokio::select! {
            biased;
            () = context.guard.cancelled() => break,
            Some(ended) = connections.next() => {
                if let Ok(Some(Err(error))) = ended {
                    return Err(error);
                }
            }
            accepted = listener.listener.accept() => match accepted {
                Ok(connection) => {
                    let address = connection.peer();
                    let connection = serve(context.clone(), connection, expected.clone());
                    let name = format!("rows-from-{address}");
                    connections.push(context.guard.spawn(&name, TaskKind::FINISHING, async move {
                        Ok::<_, Infallible>(connection.await)
                    }));
                }
                // Out of file descriptors, or a client that is gone already: the next one may succeed.
                Err(error) => {
                    tracing::warn!("cannot accept a connection of another worker: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    while connections.next().await.is_some() {}
    Ok(())
}

async fn serve(context: ConnectionContext, connection: Connection, expected: Expected) -> Result<(), NetworkError> {
    let (reader, writer) = connection.into_split();
    let (mut reader, mut writer) = (BufReader::new(reader), BufWriter::new(writer));
    let guard = context.guard.clone();
    let greeted = tokio::select! {
        biased;
        () = guard.cancelled() => return Ok(()),
        greeted = greet(&context, &mut reader, &mut writer, &expected) => greeted,
    };
    let peer = match greeted {
        Ok(peer) => peer,
        Err(reason) => {
            tracing::warn!("refused a connection to the data port: {reason}");
            return Ok(());
        }
    };
    let worker = peer.worker;
    let mut channels = Channels::new(peer);
    let wake = channels.wake.clone();
    let replies = channels.by_id.iter().map(|(id, channel)| Reply {
        channel: *id,
        credit: channel.credit.clone(),
        refusal: channel.refusal.clone(),
        refused: false,
    });
    let mut replies: Vec<Reply> = replies.collect();
    let ended = tokio::select! {
        biased;
        () = guard.cancelled() => {
            if context.is_stopping() {
                say_goodbye(&mut writer, worker).await;
            }
            return Ok(());
        }
        ended = read_rows(&mut reader, &mut channels, worker) => ended,
        error = write_replies(&mut writer, &mut replies, &wake, worker) => Err(error),
    };
    match ended {
        Ok(_) | Err(_) if channels.is_complete() => Ok(()),
        Ok(Some(PeerStopped)) => {
            // We will be stopped as well.
            guard.cancelled().await;
            Ok(())
        }
        Ok(None) => Err(NetworkError::Closed { worker }),
        Err(error) => Err(error),
    }
}

/// Reads the handshake and answers it.
async fn greet(
    context: &ConnectionContext,
    reader: &mut BufReader<Reader>,
    writer: &mut BufWriter<Writer>,
    expected: &Expected,
) -> Result<IncomingPeer, String> {
    let nobody = WorkerId(0);
    let hello = match timeout(HELLO_TIMEOUT, Frame::read(reader, nobody, HANDSHAKE_BYTES_MAX)).await {
        Ok(Ok(Some(Frame::Hello(hello)))) => hello,
        Ok(Ok(_)) => return Err("it began without a handshake".to_string()),
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err(format!("no handshake within {} s", HELLO_TIMEOUT.as_secs())),
    };
    let from = hello.from;
    let (answer, peer) = match admit(context, &hello, expected) {
        Ok(peer) => (Frame::Welcome, Ok(peer)),
        Err(reason) => (Frame::Refused(reason.clone()), Err(reason)),
    };
    let answered = async {
        answer.write(writer, from).await?;
        writer.flush().await.map_err(|source| NetworkError::Broken { worker: from, source })
    };
    match answered.await {
        Ok(()) => peer,
        Err(error) => Err(error.to_string()),
    }
}

fn admit(context: &ConnectionContext, hello: &Hello, expected: &Expected) -> Result<IncomingPeer, String> {
    let Hello { version, job, generation, from, to } = hello;
    if *version != PROTOCOL_VERSION {
        return Err(format!("it speaks version {version} of the protocol, this worker speaks {PROTOCOL_VERSION}"));
    }
    if job != &context.job || *generation != context.generation {
        let (ours, our_generation) = (&context.job, context.generation);
        return Err(format!(
            "this worker runs generation {our_generation} of {ours}, worker {from} runs generation {generation} of {job}"
        ));
    }
    if *to != context.worker {
        return Err(format!("this is worker {}, not worker {to}", context.worker));
    }
    let mut expected = expected.lock().unwrap_or_else(PoisonError::into_inner);
    expected.remove(from).ok_or_else(|| format!("worker {from} has no rows for this worker, or is connected already"))
}

/// What the reading side knows of its channels.
struct Channels {
    by_id: HashMap<ChannelId, Channel>,
    wake: Arc<Notify>,
}

struct Channel {
    inbox: mpsc::Sender<Envelope>,
    decoder: BatchDecoder,
    credit: Arc<FreedCredit>,
    refusal: Refusal,
    /// It has said its last.
    complete: bool,
}

impl Channels {
    fn new(peer: IncomingPeer) -> Self {
        let wake = peer.wake;
        let channels = peer.channels.into_iter().map(|channel| {
            let credit = Arc::new(FreedCredit::new(wake.clone()));
            let decoder = BatchDecoder::new(channel.schema.clone());
            let IncomingChannel { id, inbox, refusal, .. } = channel;
            (id, Channel { inbox, decoder, credit, refusal, complete: false })
        });
        Self { by_id: channels.collect(), wake }
    }

    fn is_complete(&self) -> bool {
        self.by_id.values().all(|channel| channel.complete)
    }
}

/// Puts what arrives into the tasks' queues, which have room for all that credit was given for. `None`: the other side closed.
async fn read_rows(
    reader: &mut BufReader<Reader>,
    channels: &mut Channels,
    worker: WorkerId,
) -> Result<Option<PeerStopped>, NetworkError> {
    let protocol = |what: String| NetworkError::Protocol { worker, what };
    while let Some(frame) = Frame::read(reader, worker, FRAME_BYTES_MAX).await? {
        let (id, cost, payload) = match frame {
            Frame::Data { channel, cost, payload } => (channel, cost, payload),
            Frame::Goodbye => return Ok(Some(PeerStopped)),
            _ => return Err(protocol("a frame that only the receiver of rows may send".to_string())),
        };
        let channel = channels.by_id.get_mut(&id);
        let channel =
            channel.ok_or_else(|| protocol(format!("a message for a channel that does not exist: {id:?}")))?;
        let message = match payload {
            Payload::Batch(piece) => {
                let batch = channel.decoder.decode(piece);
                Message::Batch(batch.map_err(|error| protocol(format!("rows that cannot be decoded: {error}")))?)
            }
            Payload::Watermark(watermark) => Message::Watermark(watermark),
            Payload::Barrier(barrier) => Message::Barrier(barrier),
            Payload::EndOfData => Message::EndOfData,
        };
        channel.complete |= message.is_last();
        let room = Room::of_peer(cost, channel.credit.clone());
        match channel.inbox.try_send(Envelope { message, room }) {
            Ok(()) => {}
            // The task has stopped behind a barrier, or failed; then the engine ends, or waits for a stop.
            Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                return Err(protocol("more messages than credit was given for".to_string()));
            }
        }
    }
    Ok(None)
}

/// What the sender of a channel is told.
struct Reply {
    channel: ChannelId,
    credit: Arc<FreedCredit>,
    refusal: Refusal,
    /// Whether it knows of the refusal.
    refused: bool,
}

/// Tells the sender what our tasks have taken, and when they want no more. Ends only with an error.
async fn write_replies(
    writer: &mut BufWriter<Writer>,
    replies: &mut [Reply],
    wake: &Notify,
    worker: WorkerId,
) -> NetworkError {
    loop {
        wake.notified().await;
        let returned = async {
            for reply in replies.iter_mut() {
                let channel = reply.channel;
                if let Some(cost) = reply.credit.take() {
                    Frame::Credit { channel, cost }.write(writer, worker).await?;
                }
                if reply.refusal.is_said() && !std::mem::replace(&mut reply.refused, true) {
                    Frame::Unwanted { channel }.write(writer, worker).await?;
                }
            }
            writer.flush().await.map_err(|source| NetworkError::Broken { worker, source })
        };
        if let Err(error) = returned.await {
            return error;
        }
    }
}
