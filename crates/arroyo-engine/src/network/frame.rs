//! What goes over a connection: a length (4 bytes, little endian), a kind (1 byte), and the kind's payload.

use arroyo_operator::Watermark;
use arroyo_types::{Epoch, EventTime, Generation, JobId, WorkerId};
use bytes::{Buf, BufMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{ChannelId, PROTOCOL_VERSION};
use crate::error::NetworkError;
use crate::message::Barrier;
use crate::queue::Cost;

/// The largest frame: a row larger than this cannot be sent.
pub(super) const FRAME_BYTES_MAX: usize = 256 << 20;
/// The largest frame before both sides know one another.
pub(super) const HANDSHAKE_BYTES_MAX: usize = 4 << 10;

/// `ARYX`: who connects by mistake is found out at once.
const MAGIC: u32 = 0x5859_5241;

/// A frame.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Frame {
    /// The first one, from the side that connects.
    Hello(Hello),
    /// The answer to a hello that fits.
    Welcome,
    /// The answer to one that does not.
    Refused(String),
    /// A message of a channel.
    Data { channel: ChannelId, cost: Cost, payload: Payload },
    /// The receiver has taken messages of a channel.
    Credit { channel: ChannelId, cost: Cost },
    /// The receiver wants no more rows of a channel; it takes what is sent nevertheless.
    Unwanted { channel: ChannelId },
    /// The sender of this is being stopped on purpose.
    Goodbye,
}

/// Who connects to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hello {
    pub(super) version: u16,
    pub(super) job: JobId,
    pub(super) generation: Generation,
    pub(super) from: WorkerId,
    pub(super) to: WorkerId,
}

impl Hello {
    pub(super) fn new(job: JobId, generation: Generation, from: WorkerId, to: WorkerId) -> Self {
        Self { version: PROTOCOL_VERSION, job, generation, from, to }
    }
}

/// A message of a channel; rows as a piece of an Arrow IPC stream.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Payload {
    Batch(Vec<u8>),
    Watermark(Watermark),
    Barrier(Barrier),
    EndOfData,
}

const HELLO: u8 = 1;
const WELCOME: u8 = 2;
const REFUSED: u8 = 3;
const BATCH: u8 = 4;
const WATERMARK: u8 = 5;
const BARRIER: u8 = 6;
const END_OF_DATA: u8 = 7;
const CREDIT: u8 = 8;
const GOODBYE: u8 = 9;
const UNWANTED: u8 = 10;

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

impl Frame {
    fn kind(&self) -> u8 {
        match self {
            Self::Hello(_) => HELLO,
            Self::Welcome => WELCOME,
            Self::Refused(_) => REFUSED,
            Self::Data { payload: Payload::Batch(_), .. } => BATCH,
            Self::Data { payload: Payload::Watermark(_), .. } => WATERMARK,
            Self::Data { payload: Payload::Barrier(_), .. } => BARRIER,
            Self::Data { payload: Payload::EndOfData, .. } => END_OF_DATA,
            Self::Credit { .. } => CREDIT,
            Self::Unwanted { .. } => UNWANTED,
            Self::Goodbye => GOODBYE,
        }
    }

    /// Everything but the rows of a batch, which are not copied.
    fn head(&self) -> Vec<u8> {
        let mut head = Vec::with_capacity(64);
        head.put_u8(self.kind());
        match self {
            Self::Hello(hello) => {
                head.put_u32_le(MAGIC);
                head.put_u16_le(hello.version);
                head.put_u64_le(hello.generation.0);
                head.put_u64_le(hello.from.0);
                head.put_u64_le(hello.to.0);
                head.put_slice(hello.job.as_str().as_bytes());
            }
            Self::Welcome | Self::Goodbye => {}
            Self::Refused(reason) => head.put_slice(reason.as_bytes()),
            Self::Data { channel, cost, payload } => {
                put_channel(&mut head, *channel, *cost);
                match payload {
                    Payload::Batch(_) | Payload::EndOfData => {}
                    Payload::Watermark(Watermark::Idle) => head.put_u8(0),
                    Payload::Watermark(Watermark::At(time)) => {
                        head.put_u8(1);
                        head.put_i64_le(time.nanos());
                    }
                    Payload::Barrier(barrier) => {
                        head.put_u64_le(barrier.epoch.0);
                        head.put_u8(u8::from(barrier.then_stop));
                    }
                }
            }
            Self::Credit { channel, cost } => put_channel(&mut head, *channel, *cost),
            Self::Unwanted { channel } => put_channel(&mut head, *channel, Cost::default()),
        }
        head
    }

    fn rows(&self) -> &[u8] {
        match self {
            Self::Data { payload: Payload::Batch(rows), .. } => rows,
            _ => &[],
        }
    }

    /// Writes the frame; it is under way after a flush.
    pub(super) async fn write(&self, to: &mut (impl AsyncWrite + Unpin), peer: WorkerId) -> Result<(), NetworkError> {
        let head = self.head();
        let rows = self.rows();
        let bytes = head.len() + rows.len();
        let length = u32::try_from(bytes).ok().filter(|_| bytes <= FRAME_BYTES_MAX);
        let length = length.ok_or(NetworkError::FrameTooLarge { worker: peer, bytes, limit: FRAME_BYTES_MAX })?;
        let written = async {
            to.write_u32_le(length).await?;
            to.write_all(&head).await?;
            to.write_all(rows).await
        };
        written.await.map_err(|source| NetworkError::Broken { worker: peer, source })
    }

    /// Reads a frame; `None` at the end of the stream.
    pub(super) async fn read(
        from: &mut (impl AsyncRead + Unpin),
        peer: WorkerId,
        limit: usize,
    ) -> Result<Option<Self>, NetworkError> {
        let broken = |source| NetworkError::Broken { worker: peer, source };
        let mut length = [0; 4];
        let begun = from.read(&mut length).await.map_err(broken)?;
        if begun == 0 {
            return Ok(None);
        }
        let rest = length.get_mut(begun..).unwrap_or_default();
        from.read_exact(rest).await.map_err(broken)?;
        let length = u32::from_le_bytes(length) as usize;
        if length == 0 || length > limit {
            let what = format!("a frame of {length} bytes, where at most {limit} are allowed");
            return Err(NetworkError::Protocol { worker: peer, what });
        }
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes).await.map_err(broken)?;
        let malformed = |Malformed(what)| NetworkError::Protocol { worker: peer, what: what.to_string() };
        Self::parse(&bytes).map(Some).map_err(malformed)
    }

    /// The inverse of what [`Frame::write`] writes behind the length.
    pub(super) fn parse(mut bytes: &[u8]) -> Result<Self, Malformed> {
        let bytes = &mut bytes;
        let short = |_| Malformed("a frame that ends too early");
        let kind = bytes.try_get_u8().map_err(short)?;
        let frame = match kind {
            HELLO => {
                if bytes.try_get_u32_le().map_err(short)? != MAGIC {
                    return Err(Malformed("something that is not Arroyo's protocol"));
                }
                let version = bytes.try_get_u16_le().map_err(short)?;
                let generation = Generation(bytes.try_get_u64_le().map_err(short)?);
                let from = WorkerId(bytes.try_get_u64_le().map_err(short)?);
                let to = WorkerId(bytes.try_get_u64_le().map_err(short)?);
                let job = take_text(bytes)?.into();
                Self::Hello(Hello { version, job, generation, from, to })
            }
            WELCOME => Self::Welcome,
            REFUSED => Self::Refused(take_text(bytes)?),
            GOODBYE => Self::Goodbye,
            UNWANTED => Self::Unwanted { channel: take_channel(bytes)?.0 },
            CREDIT => {
                let (channel, cost) = take_channel(bytes)?;
                Self::Credit { channel, cost }
            }
            BATCH | WATERMARK | BARRIER | END_OF_DATA => {
                let (channel, cost) = take_channel(bytes)?;
                let payload = match kind {
                    BATCH => Payload::Batch(std::mem::take(bytes).to_vec()),
                    WATERMARK if bytes.try_get_u8().map_err(short)? == 0 => Payload::Watermark(Watermark::Idle),
                    WATERMARK => {
                        let time = EventTime::from_nanos(bytes.try_get_i64_le().map_err(short)?);
                        Payload::Watermark(Watermark::At(time))
                    }
                    BARRIER => {
                        let epoch = Epoch(bytes.try_get_u64_le().map_err(short)?);
                        let then_stop = bytes.try_get_u8().map_err(short)? != 0;
                        Payload::Barrier(Barrier { epoch, then_stop })
                    }
                    _ => Payload::EndOfData,
                };
                Self::Data { channel, cost, payload }
            }
            _ => return Err(Malformed("a frame of an unknown kind")),
        };
        if bytes.is_empty() { Ok(frame) } else { Err(Malformed("a frame that goes on behind its end")) }
    }
}

fn put_channel(to: &mut Vec<u8>, channel: ChannelId, cost: Cost) {
    for number in [channel.edge, channel.src, channel.dst, cost.messages, cost.rows, cost.bytes] {
        to.put_u32_le(number);
    }
}

fn take_channel(bytes: &mut &[u8]) -> Result<(ChannelId, Cost), Malformed> {
    let mut number = || bytes.try_get_u32_le().map_err(|_| Malformed("a frame that ends too early"));
    let channel = ChannelId { edge: number()?, src: number()?, dst: number()? };
    let cost = Cost { messages: number()?, rows: number()?, bytes: number()? };
    Ok((channel, cost))
}

fn take_text(bytes: &mut &[u8]) -> Result<String, Malformed> {
    let text = std::str::from_utf8(std::mem::take(bytes)).map_err(|_| Malformed("text that is not UTF-8"))?;
    Ok(text.to_string())
}
