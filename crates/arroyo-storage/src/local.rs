//! Objects as files below a directory, written so that a crash leaves all or nothing.
//!
//! An object is written to a temporary file in `<root>/.arroyo-tmp`, synced, moved into place, and the directories are synced.
//! The writer holds an OS lock on its temporary file; what is not locked was left by a crash and is removed at open.
//! Puts on a condition of version are serialised by an OS lock on `<root>/.arroyo-tmp/lock`.

mod parts;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::{Path as FsPath, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;

use crate::backend::{Backend, PutCondition, UploadBackend};
use crate::multipart::PartsBackend;
use crate::{ObjectInfo, StorageError, Version};

const TEMPORARY: &str = ".arroyo-tmp";
const LOCK: &str = "lock";

/// How often a put starts again when another process cleans up under it.
const ATTEMPTS: usize = 5;

static NEXT_TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// A directory of objects.
#[derive(Debug, Clone)]
pub(crate) struct LocalDirectory {
    root: Arc<PathBuf>,
}

impl LocalDirectory {
    pub(crate) fn open(root: PathBuf) -> Result<Self, StorageError> {
        let url = root.display().to_string();
        let prepare = || -> io::Result<()> {
            create_directory(&root.join(TEMPORARY))?;
            remove_stale(&root.join(TEMPORARY))?;
            // Creating a file is the one sure test of being allowed to.
            Temporary::create(&root)?.discard();
            Ok(())
        };
        match prepare() {
            Ok(()) => Ok(Self { root: Arc::new(root) }),
            Err(_) if root.ancestors().any(FsPath::is_file) => Err(StorageError::InvalidUrl {
                url,
                reason: "a part of the path is a file, not a directory".to_string(),
            }),
            Err(error) => Err(StorageError::from_io("write to", url, &error)),
        }
    }

    pub(crate) fn open_existing(root: PathBuf) -> Result<Self, StorageError> {
        let url = root.display().to_string();
        match fs::read_dir(&root) {
            Ok(_) => Ok(Self { root: Arc::new(root) }),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                Err(StorageError::InvalidUrl { url, reason: "it is a file, not a directory".to_string() })
            }
            Err(error) => Err(StorageError::from_io("read", url, &error)),
        }
    }

    fn file(&self, path: &Path) -> PathBuf {
        self.root.join(path.as_ref())
    }

    /// Runs file operations where they block nobody.
    async fn blocking<T: Send + 'static>(
        &self,
        action: &'static str,
        path: &Path,
        work: impl FnOnce(&LocalDirectory, &Path) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let (directory, path) = (self.clone(), path.clone());
        let url = self.url_of(&path);
        match tokio::task::spawn_blocking(move || work(&directory, &path)).await {
            Ok(result) => result,
            Err(error) => Err(StorageError::Unavailable { action, url, reason: error.to_string() }),
        }
    }

    fn failed(&self, action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StorageError {
        let url = self.url_of(path);
        move |error| StorageError::from_io(action, url, &error)
    }

    fn put_blocking(&self, path: &Path, bytes: &[u8], condition: &PutCondition) -> Result<Version, StorageError> {
        let write = || -> io::Result<Temporary> {
            let mut temporary = Temporary::create(&self.root)?;
            temporary.file.write_all(bytes)?;
            temporary.file.sync_all()?;
            Ok(temporary)
        };
        let mut attempt = 1;
        loop {
            let placed = write().map_err(Placing::Io).and_then(|temporary| self.place(temporary, path, condition));
            match placed {
                Ok(version) => return Ok(version),
                // A process that cleans up has removed the temporary file or the empty directory under us.
                Err(Placing::Io(error)) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => {
                    attempt += 1
                }
                Err(Placing::Io(error)) => return Err(self.failed("write", path)(error)),
                Err(Placing::Mismatch) => return Err(StorageError::VersionMismatch { url: self.url_of(path) }),
            }
        }
    }

    fn place(&self, temporary: Temporary, path: &Path, condition: &PutCondition) -> Result<Version, Placing> {
        let target = self.file(path);
        let directory = target.parent().unwrap_or(&self.root).to_path_buf();
        create_directory(&directory)?;
        match condition {
            PutCondition::Always => fs::rename(&temporary.path, &target)?,
            PutCondition::Absent => match fs::hard_link(&temporary.path, &target) {
                Ok(()) => fs::remove_file(&temporary.path)?,
                Err(error) if has_no_hard_links(&error) => {
                    let _lock = self.lock()?;
                    if target.exists() {
                        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
                    }
                    fs::rename(&temporary.path, &target)?;
                }
                Err(error) => return Err(error.into()),
            },
            PutCondition::Matches(expected) => {
                let _lock = self.lock()?;
                let current = match fs::metadata(&target) {
                    Ok(metadata) => metadata,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Placing::Mismatch),
                    Err(error) => return Err(error.into()),
                };
                if version_of(&current) != *expected {
                    return Err(Placing::Mismatch);
                }
                // Clocks of file systems are coarse: two versions must differ even when written within one tick.
                let modified = current.modified()?;
                if temporary.file.metadata()?.modified()? <= modified {
                    temporary.file.set_modified(modified + Duration::from_micros(1))?;
                    temporary.file.sync_all()?;
                }
                fs::rename(&temporary.path, &target)?;
            }
        }
        let version = version_of(&temporary.file.metadata()?);
        temporary.placed();
        sync_directory(&directory)?;
        Ok(version)
    }

    /// Serialises puts on a version; the lock ends with the file.
    fn lock(&self) -> io::Result<File> {
        let lock =
            File::options().create(true).truncate(false).write(true).open(self.root.join(TEMPORARY).join(LOCK))?;
        lock.lock()?;
        Ok(lock)
    }

    fn list_blocking(&self, prefix: &Path) -> Result<Vec<ObjectInfo>, StorageError> {
        let mut infos = Vec::new();
        let mut directories = vec![prefix.clone()];
        while let Some(directory) = directories.pop() {
            let entries = match fs::read_dir(self.file(&directory)) {
                Ok(entries) => entries,
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                    continue;
                }
                Err(error) => return Err(self.failed("list", &directory)(error)),
            };
            for entry in entries {
                let entry = entry.map_err(self.failed("list", &directory))?;
                let name = entry.file_name();
                let Some(name) = name.to_str().filter(|name| *name != TEMPORARY) else { continue };
                let Ok(path) = Path::parse(format!("{directory}/{name}")) else { continue };
                match fs::metadata(entry.path()) {
                    Ok(metadata) if metadata.is_dir() => directories.push(path),
                    Ok(metadata) => infos.push(info_of(&path, &metadata)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(self.failed("list", &path)(error)),
                }
            }
        }
        infos.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(infos)
    }

    fn delete_blocking(&self, path: &Path) -> Result<(), StorageError> {
        let file = self.file(path);
        match fs::remove_file(&file) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(self.failed("delete", path)(error)),
        }
        self.remove_empty_above(&file);
        Ok(())
    }

    /// Directories exist only for the objects in them: the first that is not empty ends this.
    fn remove_empty_above(&self, file: &FsPath) {
        let parents = file.ancestors().skip(1).take_while(|parent| *parent != self.root.as_path());
        for parent in parents {
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
    }
}

#[async_trait]
impl Backend for LocalDirectory {
    async fn get(&self, path: &Path) -> Result<(Bytes, Version), StorageError> {
        self.blocking("read", path, |directory, path| {
            let read = || -> io::Result<(Bytes, Version)> {
                let mut file = File::open(directory.file(path))?;
                let metadata = file.metadata()?;
                let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
                file.read_to_end(&mut bytes)?;
                Ok((bytes.into(), version_of(&metadata)))
            };
            read().map_err(directory.failed("read", path))
        })
        .await
    }

    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<Bytes, StorageError> {
        self.blocking("read", path, move |directory, path| {
            let mut file = File::open(directory.file(path)).map_err(directory.failed("read", path))?;
            let size = file.metadata().map_err(directory.failed("read", path))?.len();
            if range.end > size || range.start > range.end {
                let url = directory.url_of(path);
                return Err(StorageError::OutOfRange { url, size, start: range.start, end: range.end });
            }
            let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or_default()];
            file.seek(SeekFrom::Start(range.start)).map_err(directory.failed("read", path))?;
            file.read_exact(&mut bytes).map_err(directory.failed("read", path))?;
            Ok(bytes.into())
        })
        .await
    }

    async fn put(&self, path: &Path, bytes: Bytes, condition: PutCondition) -> Result<Version, StorageError> {
        self.blocking("write", path, move |directory, path| directory.put_blocking(path, &bytes, &condition)).await
    }

    async fn upload(&self, path: &Path) -> Result<Box<dyn UploadBackend>, StorageError> {
        let temporary = self
            .blocking("write", path, |directory, path| {
                Temporary::create(&directory.root).map_err(directory.failed("write", path))
            })
            .await?;
        Ok(Box::new(LocalUpload { directory: self.clone(), path: path.clone(), temporary: Some(temporary) }))
    }

    async fn list(&self, prefix: &Path) -> Result<Vec<ObjectInfo>, StorageError> {
        self.blocking("list", prefix, LocalDirectory::list_blocking).await
    }

    async fn delete(&self, path: &Path) -> Result<(), StorageError> {
        self.blocking("delete", path, LocalDirectory::delete_blocking).await
    }

    async fn head(&self, path: &Path) -> Result<Option<ObjectInfo>, StorageError> {
        self.blocking("look at", path, |directory, path| match fs::metadata(directory.file(path)) {
            Ok(metadata) if metadata.is_dir() => Ok(None),
            Ok(metadata) => Ok(Some(info_of(path, &metadata))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(directory.failed("look at", path)(error)),
        })
        .await
    }

    fn parts(&self) -> &dyn PartsBackend {
        self
    }

    fn url_of(&self, path: &Path) -> String {
        self.file(path).display().to_string().trim_end_matches('/').to_string()
    }
}

struct LocalUpload {
    directory: LocalDirectory,
    path: Path,
    temporary: Option<Temporary>,
}

impl LocalUpload {
    fn gone(&self) -> StorageError {
        let (url, reason) = (self.directory.url_of(&self.path), "an earlier part failed".to_string());
        StorageError::Unavailable { action: "write", url, reason }
    }
}

#[async_trait]
impl UploadBackend for LocalUpload {
    async fn write(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        let mut temporary = self.temporary.take().ok_or_else(|| self.gone())?;
        let written = self.directory.blocking("write", &self.path, move |directory, path| {
            temporary.file.write_all(&bytes).map_err(directory.failed("write", path))?;
            Ok(temporary)
        });
        self.temporary = Some(written.await?);
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<(), StorageError> {
        let temporary = self.temporary.take().ok_or_else(|| self.gone())?;
        let placed = self.directory.blocking("write", &self.path, move |directory, path| {
            temporary.file.sync_all().map_err(directory.failed("write", path))?;
            match directory.place(temporary, path, &PutCondition::Always) {
                Ok(_) => Ok(()),
                Err(Placing::Io(error)) => Err(directory.failed("write", path)(error)),
                Err(Placing::Mismatch) => Err(StorageError::VersionMismatch { url: directory.url_of(path) }),
            }
        });
        placed.await
    }

    async fn abort(mut self: Box<Self>) -> Result<(), StorageError> {
        self.temporary.take();
        Ok(())
    }
}

/// Why a finished temporary file could not be put into place.
enum Placing {
    Io(io::Error),
    Mismatch,
}

impl From<io::Error> for Placing {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A locked temporary file, removed when dropped unless it was put into place.
#[derive(Debug)]
struct Temporary {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Temporary {
    fn create(root: &FsPath) -> io::Result<Self> {
        let directory = root.join(TEMPORARY);
        create_directory(&directory)?;
        loop {
            let number = NEXT_TEMPORARY.fetch_add(1, Ordering::Relaxed);
            let path = directory.join(format!("{}-{number}", std::process::id()));
            match File::options().create_new(true).write(true).open(&path) {
                Ok(file) => {
                    file.lock()?;
                    return Ok(Self { file, path, placed: false });
                }
                // Of an earlier process with our number, or of one on another machine.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn placed(mut self) {
        self.placed = true;
    }

    fn discard(self) {
        drop(self);
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn has_no_hard_links(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied)
}

/// Removes temporary files that no process holds.
fn remove_stale(directory: &FsPath) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name() == LOCK {
            continue;
        }
        let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
        match file.try_lock() {
            Ok(()) => {
                tracing::debug!(file = %entry.path().display(), "removing a file that a crash left half-written");
                let _ = fs::remove_file(entry.path());
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
    Ok(())
}

/// Creates a directory and those above it, each durable in its parent.
fn create_directory(directory: &FsPath) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let Some(parent) = directory.parent() else { return fs::create_dir(directory) };
    create_directory(parent)?;
    match fs::create_dir(directory) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => {}
        Err(error) => return Err(error),
    }
    sync_directory(parent)
}

fn sync_directory(directory: &FsPath) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn version_of(metadata: &fs::Metadata) -> Version {
    let (inode, size) = (metadata.ino(), metadata.len());
    let modified = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
    Version { e_tag: Some(format!("{inode:x}-{modified:x}-{size:x}")), version: None }
}

fn info_of(path: &Path, metadata: &fs::Metadata) -> ObjectInfo {
    ObjectInfo {
        path: path.to_string(),
        size: metadata.len(),
        modified_micros: metadata.mtime().saturating_mul(1_000_000).saturating_add(metadata.mtime_nsec() / 1_000),
        version: version_of(metadata),
    }
}

#[cfg(test)]
mod tests;
