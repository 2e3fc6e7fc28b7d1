//! Files of an object store.

use arroyo_operator::OperatorError;
use arroyo_storage::{ObjectInfo, Storage, StorageError};
use arroyo_types::ErrorKind;
use tokio::runtime::Handle;

use super::{FileSystemOptions, Listed, Stamp, Wanted, is_hidden};
use crate::files::{FilePlace, ObjectPlace};

/// The wanted files below the URL `base`, or the object that it names. Blocks.
pub(super) fn list(base: &str, options: &FileSystemOptions, wanted: &Wanted) -> Result<Vec<Listed>, OperatorError> {
    let runtime = Handle::try_current().map_err(|error| OperatorError::bug(error.to_string()))?;
    runtime.block_on(async {
        let storage = Storage::open_with(base, &options.storage).map_err(|error| failed(&error))?;
        let objects = storage.list("").await.map_err(|error| failed(&error))?;
        if objects.is_empty() {
            let single = single(base, options).await?;
            let missing = || OperatorError::user(format!("there is no object `{base}`, nor one below it"));
            return single.map(|file| vec![file]).ok_or_else(missing);
        }
        let is_wanted = |object: &ObjectInfo| {
            let mut parts: Vec<&str> = object.path.split('/').collect();
            let is_shown = !parts.iter().any(|part| is_hidden(part));
            parts.pop();
            is_shown && parts.iter().all(|directory| wanted.has_directory(directory)) && wanted.has_file(&object.path)
        };
        let files = objects.into_iter().filter(is_wanted);
        Ok(files.map(|object| listed(&storage, object.path.clone(), object)).collect())
    })
}

/// The object that the URL names.
async fn single(url: &str, options: &FileSystemOptions) -> Result<Option<Listed>, OperatorError> {
    let url = url.trim_end_matches('/');
    let Some((directory, name)) = url.rsplit_once('/').filter(|(directory, _)| !directory.ends_with('/')) else {
        return Ok(None);
    };
    let storage = Storage::open_with(directory, &options.storage).map_err(|error| failed(&error))?;
    let object = storage.head(name).await.map_err(|error| failed(&error))?;
    Ok(object.map(|object| listed(&storage, name.to_string(), object)))
}

fn listed(storage: &Storage, name: String, object: ObjectInfo) -> Listed {
    let ObjectInfo { path, size, modified_micros, version } = object;
    let place = FilePlace::Object(ObjectPlace { storage: storage.clone(), path, size });
    Listed { name, place, stamp: Stamp { size, modified: modified_micros, version: Some(version) } }
}

fn failed(error: &StorageError) -> OperatorError {
    let message = format!("files cannot be listed: {error}");
    match error.kind() {
        ErrorKind::Retry => OperatorError::external(message),
        _ => OperatorError::user(message),
    }
}
