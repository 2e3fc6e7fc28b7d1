//! The manifests of a job: the log that [`crate::protocol`] works on.

use std::collections::BTreeSet;

use arroyo_storage::{Storage, StorageError};
use arroyo_types::{Epoch, Generation};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::protocol::{Answer, Ask, Publication, Published, TakenOver, Takeover};
use crate::{Manifest, Savepoints, StateError};

pub(crate) const MANIFESTS: &str = "manifests";

/// A claim is shorter than this, a manifest longer.
const CLAIM_BYTES_MAX: u64 = 64;

/// Reads and publishes the manifests in a job's directory.
#[derive(Debug, Clone)]
pub struct Manifests {
    job: Storage,
}

/// A slot that will never hold a manifest. What else a later release says in it does not make it another thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    claimed_by_generation: Generation,
}

/// What a new owner goes on from.
#[derive(Debug, Clone, PartialEq)]
pub struct Resumption {
    /// The last slot of the log: [`crate::protocol::Coordinator::new`].
    pub sealed: Epoch,
    /// The last manifest.
    pub manifest: Option<Manifest>,
}

pub(crate) fn path_of(epoch: Epoch) -> String {
    format!("{MANIFESTS}/{epoch}.json")
}

/// The epoch that a path below `directory` is named after.
pub(crate) fn epoch_of(directory: &str, path: &str) -> Option<Epoch> {
    path.strip_prefix(directory)?.strip_prefix('/')?.strip_suffix(".json")?.parse().ok().map(Epoch)
}

impl Manifests {
    /// Of the job whose directory (`<checkpoint-url>/<job id>`) is `job`.
    pub fn new(job: Storage) -> Self {
        Self { job }
    }

    /// The epochs of all manifests, in order.
    pub async fn list(&self) -> Result<Vec<Epoch>, StateError> {
        let mut epochs = Vec::new();
        for (epoch, bytes) in self.slots().await? {
            if bytes > CLAIM_BYTES_MAX || self.claim(epoch).await?.is_none() {
                epochs.push(epoch);
            }
        }
        Ok(epochs)
    }

    /// All slots that hold something and its length, in order.
    pub(crate) async fn slots(&self) -> Result<Vec<(Epoch, u64)>, StateError> {
        let objects = self.job.list(MANIFESTS).await?;
        let slot = |object: &arroyo_storage::ObjectInfo| Some((epoch_of(MANIFESTS, &object.path)?, object.size));
        let mut slots: Vec<(Epoch, u64)> = objects.iter().filter_map(slot).collect();
        slots.sort_unstable();
        Ok(slots)
    }

    /// Who claimed the slot; `None` if it holds anything but a claim.
    pub(crate) async fn claim(&self, epoch: Epoch) -> Result<Option<Generation>, StateError> {
        match self.job.get(&path_of(epoch)).await {
            Ok(bytes) => Ok(as_claim(&bytes)),
            Err(StorageError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The manifest of the last finished checkpoint; `None` before the first.
    pub async fn latest(&self) -> Result<Option<Manifest>, StateError> {
        match self.list().await?.last() {
            Some(epoch) => self.read(*epoch).await.map(Some),
            None => Ok(None),
        }
    }

    /// Refuses to go on if `complete`, which the index knows as a complete checkpoint, is later than every manifest: the last one is
    /// never collected, so it was lost. An index that is behind the manifests is none the worse for it.
    pub async fn check_last(&self, complete: Epoch) -> Result<(), StateError> {
        let epochs = self.list().await?;
        if epochs.last().is_some_and(|last| *last >= complete) {
            return Ok(());
        }
        match self.read_alone(complete).await {
            // The list does not show it yet.
            Ok(_) | Err(StateError::CorruptManifest { .. }) => Err(self.unsettled(complete)),
            Err(StateError::Storage(StorageError::NotFound { .. })) => {
                let (file, last_good) =
                    (self.job.url_of(&path_of(complete)), self.last_good_before(complete, |_| true).await?);
                Err(StateError::LostManifest { epoch: complete, file, last_good })
            }
            Err(error) => Err(error),
        }
    }

    /// The manifest of `epoch`. If it is damaged the error names the last good one before it.
    pub async fn read(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        match self.read_alone(epoch).await {
            Err(StateError::CorruptManifest { file, reason, .. }) => {
                let last_good = self.last_good_before(epoch, |_| true).await?;
                Err(StateError::CorruptManifest { file, reason, last_good })
            }
            Err(StateError::Storage(StorageError::NotFound { url })) => {
                Err(StateError::NoSuchCheckpoint { epoch, file: url, available: self.list().await? })
            }
            other => other,
        }
    }

    async fn read_alone(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        let path = path_of(epoch);
        let bytes = self.job.get(&path).await?;
        let file = self.job.url_of(&path);
        if as_claim(&bytes).is_some() {
            return Err(StorageError::NotFound { url: file }.into());
        }
        decode_as(epoch, &bytes, file)
    }

    /// The last epoch before `epoch` whose manifest can be read and is `good`.
    pub(crate) async fn last_good_before(
        &self,
        epoch: Epoch,
        good: impl Fn(&Manifest) -> bool,
    ) -> Result<Option<Epoch>, StateError> {
        let epochs = self.list().await?;
        for earlier in epochs.into_iter().rev().filter(|earlier| *earlier < epoch) {
            match self.read_alone(earlier).await {
                Ok(manifest) if good(&manifest) => return Ok(Some(earlier)),
                Ok(_) | Err(StateError::CorruptManifest { .. } | StateError::UnknownVersion { .. }) => {}
                Err(StateError::Storage(StorageError::NotFound { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Makes a checkpoint exist that follows the one before it directly: see [`Manifests::go_on_publishing`].
    pub async fn publish(&self, manifest: &Manifest) -> Result<(), StateError> {
        let before = Epoch(manifest.epoch.0.saturating_sub(1));
        let mut publication = Publication::new(manifest.generation, manifest.epoch, before);
        self.go_on_publishing(&mut publication, manifest).await
    }

    /// Makes a checkpoint exist: creates its manifest unless another owner was faster.
    ///
    /// After an error of kind `Retry` it can be called again with the same publication, as often as one likes: what an earlier call
    /// did is recognised. [`StateError::Fenced`] if another owner was faster.
    pub async fn go_on_publishing(&self, publication: &mut Publication, manifest: &Manifest) -> Result<(), StateError> {
        let bytes = Bytes::from(manifest.encode()?);
        loop {
            let before = publication.clone();
            let answer = self.answer(publication.ask(), publication.generation(), |_| Ok(bytes.clone())).await?;
            match publication.answer(answer) {
                None if *publication == before => return Err(self.unsettled(manifest.epoch)),
                None => {}
                Some(Published::Yes) => return Ok(()),
                Some(Published::Fenced { by }) => return Err(self.fenced(manifest.epoch, by, manifest.generation)),
            }
        }
    }

    /// Takes the job over for `generation`: after this, no earlier owner can publish anything. Answers what to go on from.
    ///
    /// With `back_to`, that checkpoint becomes the last one under a new number; those after it stay until they are collected.
    /// Can be called again after an error of kind `Retry`. [`StateError::Fenced`] if a newer owner was met.
    pub async fn take_over(
        &self,
        generation: Generation,
        back_to: Option<&Manifest>,
    ) -> Result<Resumption, StateError> {
        let mut takeover = Takeover::new(generation, back_to.is_some());
        let content = |slot: Epoch| match back_to {
            Some(manifest) => Ok(Manifest { epoch: slot, generation, ..manifest.clone() }.encode()?.into()),
            None => claim_bytes(generation, slot),
        };
        let sealed = loop {
            let before = takeover.clone();
            let answer = self.answer(takeover.ask(), generation, content).await?;
            match takeover.answer(answer) {
                None if takeover == before => return Err(self.unsettled(Epoch(0))),
                None => {}
                Some(TakenOver::At { slot }) => break slot,
                Some(TakenOver::Overtaken { by }) => return Err(self.fenced(Epoch(0), by, generation)),
            }
        };
        let last = self.list().await?.into_iter().rfind(|epoch| *epoch <= sealed);
        let manifest = match last {
            Some(epoch) => Some(self.read(epoch).await?),
            None => None,
        };
        Ok(Resumption { sealed, manifest })
    }

    /// Makes the checkpoint of `epoch` (a savepoint, or one that is still there) the last one, under a new number, which is answered.
    ///
    /// It is kept as a savepoint; the checkpoints after it stay until they are collected. Nobody may run the job meanwhile.
    /// `owner` is the job's last start: [`StateError::Fenced`] if a later one was met, so that a request that was held up cannot take
    /// back what has happened since. Whoever owns the whole directory need not know it.
    pub async fn go_back_to(&self, epoch: Epoch, owner: Option<Generation>) -> Result<Epoch, StateError> {
        let manifest = Savepoints::new(self.job.clone()).keep(epoch).await?;
        let generation = match owner {
            Some(owner) => owner,
            None => self.last_writer().await?.max(manifest.generation),
        };
        let resumption = self.take_over(generation, Some(&manifest)).await?;
        Ok(resumption.sealed)
    }

    /// The next start has a higher number than this.
    async fn last_writer(&self) -> Result<Generation, StateError> {
        let last = match self.slots().await?.last() {
            Some((slot, _)) => self.answer(Ask::Read(*slot), Generation(0), |_| Ok(Bytes::new())).await?,
            None => Answer::Lost,
        };
        Ok(match last {
            Answer::Writer(Some(by)) => by,
            _ => Generation(0),
        })
    }

    /// The storage contradicts itself (say, a list does not show yet what was written): asking later helps.
    fn unsettled(&self, epoch: Epoch) -> StateError {
        let (url, reason) = (self.job.url_of(&path_of(epoch)), "its answers contradict one another".to_string());
        StorageError::Unavailable { action: "settle the manifests at", url, reason }.into()
    }

    fn fenced(&self, epoch: Epoch, by: Generation, generation: Generation) -> StateError {
        StateError::Fenced { file: self.job.url_of(&path_of(epoch)), by, generation }
    }

    /// Carries out what a machine of the protocol asks.
    async fn answer(
        &self,
        ask: Ask,
        generation: Generation,
        manifest: impl Fn(Epoch) -> Result<Bytes, StateError>,
    ) -> Result<Answer, StateError> {
        match ask {
            Ask::PutClaim(slot) => self.put(slot, claim_bytes(generation, slot)?).await,
            Ask::PutManifest(slot) => self.put(slot, manifest(slot)?).await,
            Ask::Last => Ok(Answer::Last(self.slots().await?.last().map(|(epoch, _)| *epoch))),
            Ask::Read(slot) => match self.job.get(&path_of(slot)).await {
                Ok(bytes) => Ok(Answer::Writer(Some(self.writer(slot, &bytes)?))),
                Err(StorageError::NotFound { .. }) => Ok(Answer::Writer(None)),
                Err(error) => Err(error.into()),
            },
        }
    }

    async fn put(&self, slot: Epoch, bytes: Bytes) -> Result<Answer, StateError> {
        let path = path_of(slot);
        if self.job.put_if_absent(&path, bytes.clone()).await? {
            return Ok(Answer::Put);
        }
        match self.job.get(&path).await {
            Ok(found) => Ok(Answer::Occupied { by: self.writer(slot, &found)?, same: found == bytes }),
            // Collected meanwhile: ask again.
            Err(StorageError::NotFound { .. }) => Ok(Answer::Lost),
            Err(error) => Err(error.into()),
        }
    }

    /// Who wrote a slot. Of a damaged one nobody knows: it must not keep the job from going back before it.
    fn writer(&self, slot: Epoch, bytes: &[u8]) -> Result<Generation, StateError> {
        if let Some(generation) = as_claim(bytes) {
            return Ok(generation);
        }
        match decode_as(slot, bytes, self.job.url_of(&path_of(slot))) {
            Ok(manifest) => Ok(manifest.generation),
            Err(StateError::CorruptManifest { .. }) => Ok(Generation(0)),
            Err(error) => Err(error),
        }
    }

    /// Deletes a slot: its checkpoint ceases to exist.
    pub(crate) async fn delete(&self, epoch: Epoch) -> Result<(), StateError> {
        Ok(self.job.delete(&path_of(epoch)).await?)
    }

    /// The paths of the files that a slot's manifest names; `None` for a claim, and for nothing.
    pub(crate) async fn paths(&self, epoch: Epoch) -> Result<Option<BTreeSet<String>>, StateError> {
        match self.read_alone(epoch).await {
            Ok(manifest) => Ok(Some(manifest.paths().into_iter().map(str::to_string).collect())),
            Err(StateError::Storage(StorageError::NotFound { .. })) => Ok(None),
            Err(StateError::CorruptManifest { .. }) => self.read(epoch).await.map(|_| None),
            Err(error) => Err(error),
        }
    }
}

/// Reads a manifest that should be that of `epoch`.
pub(crate) fn decode_as(epoch: Epoch, bytes: &[u8], file: String) -> Result<Manifest, StateError> {
    let manifest = Manifest::decode(bytes, &file)?;
    if manifest.epoch != epoch {
        let reason = format!("it is the manifest of epoch {}", manifest.epoch);
        return Err(StateError::CorruptManifest { file, reason, last_good: None });
    }
    Ok(manifest)
}

fn claim_bytes(generation: Generation, slot: Epoch) -> Result<Bytes, StateError> {
    let claim = serde_json::to_vec(&Claim { claimed_by_generation: generation });
    Ok(claim.map_err(|error| StateError::Incomplete { epoch: slot, reason: error.to_string() })?.into())
}

fn as_claim(bytes: &[u8]) -> Option<Generation> {
    if bytes.len() as u64 > CLAIM_BYTES_MAX {
        return None;
    }
    serde_json::from_slice::<Claim>(bytes).ok().map(|claim| claim.claimed_by_generation)
}
