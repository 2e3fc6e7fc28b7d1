//! gRPC over a [`Network`].

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arroyo_runtime::{Connection, Listener, Network};
use futures::future::BoxFuture;
use futures::{Stream, stream};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::codegen::{Service, http::Uri};
use tonic::transport::server::Connected;
use tonic::transport::{Channel, Endpoint};

/// A client's way to `endpoint`. It connects when it is first used, and again when a connection was lost.
pub fn channel(endpoint: &Endpoint, network: Arc<dyn Network>) -> Channel {
    endpoint.connect_with_connector_lazy(Connector(network))
}

/// The connections that a server serves.
pub fn incoming(listener: Box<dyn Listener>) -> impl Stream<Item = io::Result<Served>> {
    stream::unfold(listener, |mut listener| async move {
        let accepted = listener.accept().await;
        Some((accepted.map(Served), listener))
    })
}

#[derive(Debug, Clone)]
struct Connector(Arc<dyn Network>);

impl Service<Uri> for Connector {
    type Response = TokioIo<Connection>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<TokioIo<Connection>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let network = self.0.clone();
        Box::pin(async move {
            let host = uri.host().ok_or_else(|| io::Error::other(format!("`{uri}` names no host")))?;
            let port = uri.port_u16().unwrap_or(80);
            Ok(TokioIo::new(network.connect(&format!("{host}:{port}")).await?))
        })
    }
}

/// A connection that a server serves.
#[derive(Debug)]
pub struct Served(Connection);

impl Connected for Served {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Served {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Served {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }
}
