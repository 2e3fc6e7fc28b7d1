//! Telling the API when a change is stored in a bucket.

use std::sync::Arc;
use std::time::Duration;

use arroyo_api::{AlwaysStored, Stored};
use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};

use super::{BackupConnection, Target};
use crate::run::durability::Durability;

/// How long an answer of the API waits for the bucket.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Calls of the API that may wait to be heard.
const QUEUE: usize = 64;

/// Those who wait for the next copy.
pub(crate) type Requests = mpsc::Receiver<oneshot::Sender<()>>;

/// For the API, and for whoever takes the copies: a database of this machine is stored as it is written; one whose home is a
/// bucket when the next copy is.
pub(crate) fn confirmations(connection: &BackupConnection, durability: &Durability) -> (Arc<dyn Stored>, Requests) {
    let (requests, received) = mpsc::channel(QUEUE);
    let stored: Arc<dyn Stored> = match connection.target {
        Target::Beside(_) => Arc::new(AlwaysStored),
        Target::Remote(_) => Arc::new(StoredByCopies { requests, durability: durability.clone() }),
    };
    (stored, received)
}

/// Asks for a copy, and waits for it.
#[derive(Debug)]
struct StoredByCopies {
    requests: mpsc::Sender<oneshot::Sender<()>>,
    durability: Durability,
}

#[async_trait]
impl Stored for StoredByCopies {
    async fn stored(&self) -> Result<(), String> {
        let (reply, stored) = oneshot::channel();
        let asked = async {
            self.requests.send(reply).await.map_err(drop)?;
            stored.await.map_err(drop)
        };
        match tokio::time::timeout(LONGEST_WAIT, asked).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(())) => Err("the run is ending".to_string()),
            Err(_) => Err(match self.durability.outage() {
                Some(outage) => outage.reason,
                None => format!("the state directory has not answered for {} s", LONGEST_WAIT.as_secs()),
            }),
        }
    }
}
