//! A network inside one thread: pipes between simulated hosts.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arroyo_runtime::{Connection, Guard, Listener, Network, TaskKind};
use async_trait::async_trait;
use tokio::sync::mpsc;

use super::life::Life;
use crate::link::{LinkControl, forward};

/// Bytes that a pipe holds.
const PIPE: usize = 64 << 10;
/// Connections that wait to be accepted.
const BACKLOG: usize = 64;

/// Who listens where. Every port of the network is another one.
#[derive(Debug)]
pub(super) struct SimulatedNetwork {
    ports: Mutex<Ports>,
    /// Passes bytes on.
    guard: Guard,
}

#[derive(Debug, Default)]
struct Ports {
    last: u16,
    listening: BTreeMap<u16, Port>,
}

#[derive(Debug)]
struct Port {
    accepts: mpsc::Sender<Connection>,
    way: LinkControl,
}

impl SimulatedNetwork {
    pub(super) fn new(guard: Guard) -> Self {
        Self { ports: Mutex::default(), guard }
    }

    fn ports(&self) -> MutexGuard<'_, Ports> {
        self.ports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A process's place in the network.
#[derive(Debug, Clone)]
pub(super) struct Host {
    network: Arc<SimulatedNetwork>,
    life: Life,
    /// What happens to all its connections.
    pub(super) way: LinkControl,
}

impl Host {
    pub(super) fn new(network: Arc<SimulatedNetwork>, life: Life) -> Self {
        Self { network, life, way: LinkControl::default() }
    }
}

fn at(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionRefused, "nobody listens there")
}

#[async_trait]
impl Network for Host {
    async fn listen(&self, _: &str) -> io::Result<Box<dyn Listener>> {
        let (accepts, connections) = mpsc::channel(BACKLOG);
        let mut ports = self.network.ports();
        ports.last += 1;
        let port = ports.last;
        ports.listening.insert(port, Port { accepts, way: self.way.clone() });
        Ok(Box::new(Door { port, connections, life: self.life.clone() }))
    }

    async fn connect(&self, address: &str) -> io::Result<Connection> {
        self.life.gate().await;
        let port = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).ok_or_else(refused)?;
        let door = self.network.ports().listening.get(&port).map(|door| (door.accepts.clone(), door.way.clone()));
        let (accepts, way) = door.filter(|(_, way)| !way.refuses() && !self.way.refuses()).ok_or_else(refused)?;
        self.way.passable().await;
        way.passable().await;
        let (client, near) = tokio::io::duplex(PIPE);
        let (far, server) = tokio::io::duplex(PIPE);
        let pipe = |stream, port| {
            let (reader, writer) = tokio::io::split(stream);
            Connection::new(Box::new(reader), Box::new(writer), at(port))
        };
        accepts.send(pipe(server, 0)).await.map_err(|_| refused())?;
        way.count_connection();
        let ways = [self.way.clone(), way];
        let passing = forward(pipe(near, 0).into_split(), pipe(far, 0).into_split(), ways);
        self.network.guard.spawn("link", TaskKind::BACKGROUND, passing);
        Ok(pipe(client, port))
    }
}

#[derive(Debug)]
struct Door {
    port: u16,
    connections: mpsc::Receiver<Connection>,
    life: Life,
}

#[async_trait]
impl Listener for Door {
    fn address(&self) -> SocketAddr {
        at(self.port)
    }

    async fn accept(&mut self) -> io::Result<Connection> {
        self.life.gate().await;
        self.connections.recv().await.ok_or_else(refused)
    }
}
