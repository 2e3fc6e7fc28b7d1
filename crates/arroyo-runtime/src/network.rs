//! How processes reach one another.

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What comes from the other side.
pub type Reader = Box<dyn AsyncRead + Send + Unpin>;
/// What goes to the other side.
pub type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// A connection of two processes. Dropping it, or both its halves, closes it.
pub struct Connection {
    reader: Reader,
    writer: Writer,
    peer: SocketAddr,
}

impl Connection {
    /// A connection made of its two directions.
    pub fn new(reader: Reader, writer: Writer, peer: SocketAddr) -> Self {
        Self { reader, writer, peer }
    }

    /// Who is at the other side.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Its two directions.
    pub fn into_split(self) -> (Reader, Writer) {
        (self.reader, self.writer)
    }
}

impl Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("peer", &self.peer).finish_non_exhaustive()
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.writer).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.writer).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.writer.is_write_vectored()
    }
}

/// Takes connections.
#[async_trait]
pub trait Listener: Debug + Send + Sync {
    /// Where it listens.
    fn address(&self) -> SocketAddr;

    /// The next connection. Cancel safe.
    async fn accept(&mut self) -> io::Result<Connection>;
}

/// How processes reach one another: over TCP, or, in a simulation, inside one process.
#[async_trait]
pub trait Network: Debug + Send + Sync {
    /// Listens on `address` (`host:port`; port 0: any free one). It can be connected to when this returns.
    async fn listen(&self, address: &str) -> io::Result<Box<dyn Listener>>;

    /// Connects to `address` (`host:port`).
    async fn connect(&self, address: &str) -> io::Result<Connection>;
}

/// The machine's network. Small messages are sent at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tcp;

#[async_trait]
impl Network for Tcp {
    async fn listen(&self, address: &str) -> io::Result<Box<dyn Listener>> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Box::new(TcpPort { listener, address }))
    }

    async fn connect(&self, address: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        let peer = stream.peer_addr()?;
        over_tcp(stream, peer)
    }
}

#[derive(Debug)]
struct TcpPort {
    listener: TcpListener,
    address: SocketAddr,
}

#[async_trait]
impl Listener for TcpPort {
    fn address(&self) -> SocketAddr {
        self.address
    }

    async fn accept(&mut self) -> io::Result<Connection> {
        let (stream, peer) = self.listener.accept().await?;
        over_tcp(stream, peer)
    }
}

fn over_tcp(stream: TcpStream, peer: SocketAddr) -> io::Result<Connection> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    Ok(Connection::new(Box::new(reader), Box::new(writer), peer))
}
