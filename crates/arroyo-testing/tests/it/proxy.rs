//! What [`TcpProxy`] does to connections, on real sockets.

use std::time::{Duration, Instant};

use arroyo_runtime::{Connection, Guard, Listener, Network, Shutdown, TaskKind, Tcp};
use arroyo_testing::TcpProxy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// Nothing takes longer, unless it never happens.
const PATIENCE: Duration = Duration::from_secs(20);
/// Long enough for something that must not happen to happen.
const MOMENT: Duration = Duration::from_millis(100);

/// A proxy in front of a service that says everything twice.
async fn proxy(shutdown: &Shutdown) -> TcpProxy {
    let guard = shutdown.guard();
    let listener = Tcp.listen("127.0.0.1:0").await.unwrap();
    let address = listener.address().to_string();
    guard.spawn("service", TaskKind::BACKGROUND, serve(listener, guard.clone()));
    TcpProxy::start(&address, &guard).await.unwrap()
}

async fn serve(mut listener: Box<dyn Listener>, guard: Guard) -> std::io::Result<()> {
    loop {
        let mut connection = listener.accept().await?;
        guard.spawn("echo", TaskKind::BACKGROUND, async move {
            let mut byte = [0];
            while connection.read(&mut byte).await? > 0 {
                connection.write_all(&[byte[0], byte[0]]).await?;
            }
            Ok::<_, std::io::Error>(())
        });
    }
}

async fn connect(proxy: &TcpProxy) -> Connection {
    Tcp.connect(&proxy.address().to_string()).await.unwrap()
}

async fn answer(connection: &mut Connection, bytes: usize) -> Vec<u8> {
    let mut answer = vec![0; bytes];
    timeout(PATIENCE, connection.read_exact(&mut answer)).await.expect("no answer").unwrap();
    answer
}

#[tokio::test]
async fn what_is_said_arrives_in_both_directions() {
    let shutdown = Shutdown::new("test");
    let proxy = proxy(&shutdown).await;
    let (mut first, mut second) = (connect(&proxy).await, connect(&proxy).await);
    first.write_all(b"abc").await.unwrap();
    second.write_all(b"x").await.unwrap();
    assert_eq!(answer(&mut first, 6).await, b"aabbcc");
    assert_eq!(answer(&mut second, 2).await, b"xx");
    assert_eq!((proxy.control().connections(), proxy.control().bytes()), (2, 12));
}

#[tokio::test]
async fn a_cut_ends_the_connections_there_are_and_a_refusal_those_that_come() {
    let shutdown = Shutdown::new("test");
    let proxy = proxy(&shutdown).await;
    let mut connection = connect(&proxy).await;
    connection.write_all(b"a").await.unwrap();
    answer(&mut connection, 2).await;
    proxy.control().cut();
    let end = timeout(PATIENCE, connection.read(&mut [0])).await.expect("it does not end");
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    proxy.control().refuse(true);
    let end = timeout(PATIENCE, connect(&proxy).await.read(&mut [0])).await.expect("it is not refused");
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    proxy.control().heal();
    let mut connection = connect(&proxy).await;
    connection.write_all(b"b").await.unwrap();
    assert_eq!(answer(&mut connection, 2).await, b"bb");
}

#[tokio::test]
async fn a_black_hole_swallows_until_it_is_closed() {
    let shutdown = Shutdown::new("test");
    let proxy = proxy(&shutdown).await;
    let mut connection = connect(&proxy).await;
    connection.write_all(b"a").await.unwrap();
    answer(&mut connection, 2).await;
    proxy.control().blackhole(true);
    connection.write_all(b"b").await.unwrap();
    assert!(timeout(MOMENT, connection.read(&mut [0])).await.is_err(), "it came through");
    proxy.control().blackhole(false);
    assert_eq!(answer(&mut connection, 2).await, b"bb");
}

#[tokio::test]
async fn delays_and_limits_take_their_time() {
    let shutdown = Shutdown::new("test");
    let proxy = proxy(&shutdown).await;
    let mut connection = connect(&proxy).await;
    proxy.control().delay(Duration::from_millis(50));
    let began = Instant::now();
    connection.write_all(b"a").await.unwrap();
    answer(&mut connection, 2).await;
    assert!(began.elapsed() >= Duration::from_millis(100), "there and back in {:?}", began.elapsed());
    proxy.control().heal();
    proxy.control().limit(Some(1_000));
    let began = Instant::now();
    connection.write_all(&[b'a'; 100]).await.unwrap();
    answer(&mut connection, 200).await;
    assert!(began.elapsed() >= Duration::from_millis(200), "200 bytes back in {:?}", began.elapsed());
}
