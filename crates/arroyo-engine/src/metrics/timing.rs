//! How long futures work, and how long they wait.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

/// Runs a future and tells how long it worked, also if it is dropped before its end.
pub(crate) async fn working<F: Future>(future: F, mut worked: impl FnMut(Duration)) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let started = Instant::now();
        let polled = future.as_mut().poll(context);
        worked(started.elapsed());
        polled
    })
    .await
}

/// Runs a future and tells how long it waited. One that is ready at once costs nothing.
pub(crate) async fn waiting<F: Future>(future: F, mut waited: impl FnMut(Duration)) -> F::Output {
    let mut future = pin!(future);
    let mut since: Option<Instant> = None;
    poll_fn(|context| {
        if let Some(since) = since.take() {
            waited(since.elapsed());
        }
        let polled = future.as_mut().poll(context);
        if matches!(polled, Poll::Pending) {
            since = Some(Instant::now());
        }
        polled
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn sleep_is_waiting_and_no_work() {
        let (mut worked, mut waited) = (Duration::ZERO, Duration::ZERO);
        let nap = Duration::from_secs(3);
        working(tokio::time::sleep(nap), |time| worked += time).await;
        waiting(tokio::time::sleep(nap), |time| waited += time).await;
        waiting(std::future::ready(()), |_| panic!("it does not wait")).await;
        assert_eq!(worked, Duration::ZERO);
        assert!(waited >= nap, "{waited:?}");
    }
}
