//! A TCP proxy inside the test, on the way between two processes or services.

use std::net::SocketAddr;
use std::time::Duration;

use arroyo_runtime::{Guard, Listener, Network, TaskKind, Tcp};

use crate::link::{LinkControl, forward};

/// Passes connections on to an address, in whatever way [`LinkControl`] says. It ends with the guard that it was started with.
#[derive(Debug)]
pub struct TcpProxy {
    address: SocketAddr,
    control: LinkControl,
}

impl TcpProxy {
    /// A proxy in front of `target` (`host:port`), on a port of its own.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start(target: &str, guard: &Guard) -> std::io::Result<Self> {
        let listener = Tcp.listen("127.0.0.1:0").await?;
        let (address, control) = (listener.address(), LinkControl::default());
        let proxy = accept(listener, target.to_string(), control.clone(), guard.clone());
        guard.spawn("proxy", TaskKind::BACKGROUND, proxy);
        Ok(Self { address, control })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens to connections.
    pub fn control(&self) -> &LinkControl {
        &self.control
    }
}

async fn accept(
    mut listener: Box<dyn Listener>,
    target: String,
    control: LinkControl,
    guard: Guard,
) -> std::io::Result<()> {
    loop {
        let connection = listener.accept().await?;
        // TCP cannot refuse what was accepted: it is closed at once.
        if control.refuses() {
            continue;
        }
        let (target, control) = (target.clone(), control.clone());
        guard.spawn("connection", TaskKind::BACKGROUND, async move {
            control.passable().await;
            let there = tokio::time::timeout(Duration::from_secs(10), Tcp.connect(&target)).await??;
            control.count_connection();
            let _ = forward(connection.into_split(), there.into_split(), [control, LinkControl::default()]).await;
            Ok::<_, std::io::Error>(())
        });
    }
}
