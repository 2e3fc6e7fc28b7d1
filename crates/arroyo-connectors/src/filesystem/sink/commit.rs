//! Makes finished files visible.

use arroyo_operator::OperatorError;
use arroyo_runtime::Failpoints;
use arroyo_storage::{Completion, Multipart, Part};
use bytes::Bytes;
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::envelope::{pack, unpack};
use super::file::{Content, FinishedFile};
use super::place::Place;

/// Files that are made visible at the same time.
const AT_ONCE: usize = 8;

/// A finished file in the commit data; what is inline stands behind the list.
#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    id: String,
    path: String,
    upload: Option<(Multipart, Vec<Part>)>,
}

/// The commit data of files.
pub(super) fn encode(files: &[FinishedFile]) -> Result<Vec<u8>, OperatorError> {
    let mut pieces: Vec<&[u8]> = Vec::new();
    let listed: Vec<Listed> = files
        .iter()
        .map(|file| Listed {
            id: file.id.clone(),
            path: file.path.clone(),
            upload: match &file.content {
                Content::Uploaded { upload, parts } => Some((upload.clone(), parts.clone())),
                Content::Inline(content) => {
                    pieces.push(content);
                    None
                }
            },
        })
        .collect();
    pack(&listed, &pieces)
}

/// The inverse of [`encode`].
pub(super) fn decode(data: &[u8]) -> Result<Vec<FinishedFile>, OperatorError> {
    let (listed, pieces): (Vec<Listed>, _) = unpack(data, "finished files")?;
    let mut pieces = pieces.into_iter();
    let files = listed.into_iter().map(|Listed { id, path, upload }| {
        let content = match upload {
            Some((upload, parts)) => Content::Uploaded { upload, parts },
            None => Content::Inline(pieces.next().unwrap_or_default()),
        };
        FinishedFile { id, path, content }
    });
    Ok(files.collect())
}

/// Makes files visible, and every one that can be even if another cannot. Returns those of which nothing is left.
/// One of `failpoints` is passed behind each.
pub(super) async fn publish(
    files: Vec<FinishedFile>,
    place: &Place,
    failpoints: &Failpoints,
) -> Result<Vec<String>, OperatorError> {
    let files = futures::stream::iter(files).map(|file| publish_one(file, place, failpoints));
    let published: Vec<_> = files.buffer_unordered(AT_ONCE).collect().await;
    let gone = published.into_iter().filter_map(Result::transpose);
    gone.collect()
}

async fn publish_one(
    file: FinishedFile,
    place: &Place,
    failpoints: &Failpoints,
) -> Result<Option<String>, OperatorError> {
    let path = file.path.as_str();
    let done = match file.content {
        Content::Uploaded { upload, parts } => place.storage.complete_multipart(&upload, &parts).await,
        Content::Inline(content) => {
            async {
                let found = place.storage.head(path).await?;
                if found.is_none_or(|found| found.size != content.len() as u64) {
                    place.storage.put(path, Bytes::from(content)).await?;
                }
                Ok(Completion::Complete)
            }
            .await
        }
    };
    failpoints.pass("in commit").await;
    match done.map_err(|error| place.failed(error))? {
        Completion::Complete => Ok(None),
        Completion::Gone => Ok(Some(place.storage.url_of(path))),
    }
}
