//! Uploads in parts to a directory: the record is the file, and becomes the object by a hard link.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path as FsPath;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;

use super::{ATTEMPTS, LocalDirectory, create_directory, has_no_hard_links, sync_directory};
use crate::StorageError;
use crate::multipart::{Completion, Located, Part, PartsBackend, total_bytes};

#[async_trait]
impl PartsBackend for LocalDirectory {
    fn min_part_bytes(&self) -> u64 {
        0
    }

    async fn begin(&self, _path: &Path, record: &Path) -> Result<String, StorageError> {
        self.blocking("write", record, |directory, record| {
            create_file(&directory.file(record)).map_err(directory.failed("write", record))?;
            Ok(String::new())
        })
        .await
    }

    async fn put(&self, upload: &Located<'_>, before: &[Part], bytes: Bytes) -> Result<Part, StorageError> {
        let offset = total_bytes(before);
        self.blocking("write", upload.record, move |directory, record| {
            write_at(&directory.file(record), offset, &bytes).map_err(directory.failed("write", record))?;
            Ok(Part { id: String::new(), bytes: bytes.len() as u64 })
        })
        .await
    }

    async fn complete(&self, upload: &Located<'_>, parts: &[Part]) -> Result<Completion, StorageError> {
        let (total, record) = (total_bytes(parts), upload.record.clone());
        self.blocking("write", upload.path, move |directory, path| {
            let (file, target) = (directory.file(&record), directory.file(path));
            let completion = complete(&file, &target, total).map_err(directory.failed("write", path))?;
            directory.remove_empty_above(&file);
            Ok(completion)
        })
        .await
    }

    async fn abort(&self, record: &Path) -> Result<(), StorageError> {
        self.blocking("delete", record, LocalDirectory::delete_blocking).await
    }

    async fn hand_on(&self, from: &Path, to: &Path) -> Result<(), StorageError> {
        let to = to.clone();
        // Whoever wrote to the old name does not find it any more.
        self.blocking("move", from, move |directory, from| {
            let (old, new) = (directory.file(from), directory.file(&to));
            if is_linked(&old).map_err(directory.failed("read", from))? {
                fs::remove_file(&old).map_err(directory.failed("delete", from))?;
                directory.remove_empty_above(&old);
                return Err(StorageError::NotFound { url: old.display().to_string() });
            }
            with_directory(&new, || fs::rename(&old, &new)).map_err(directory.failed("move", from))?;
            directory.remove_empty_above(&old);
            Ok(())
        })
        .await
    }
}

/// Whether the file is an object already: a crash came between the link and the removal of the old name.
fn is_linked(file: &FsPath) -> io::Result<bool> {
    Ok(fs::metadata(file)?.nlink() > 1)
}

/// Does `work` in a directory that somebody else may be removing because it is empty.
fn with_directory<T>(file: &FsPath, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    let directory = file.parent().unwrap_or(FsPath::new("."));
    let mut attempt = 1;
    loop {
        let done = create_directory(directory).and_then(|()| work());
        match done {
            Ok(done) => {
                sync_directory(directory)?;
                return Ok(done);
            }
            Err(error) if error.kind() == ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

fn create_file(file: &FsPath) -> io::Result<()> {
    with_directory(file, || File::options().create_new(true).write(true).open(file).map(drop))
}

/// Writes behind the first `offset` bytes of an existing file, and cuts off what was there.
fn write_at(file: &FsPath, offset: u64, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).open(file)?;
    check_length(&file, offset)?;
    file.set_len(offset)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn check_length(file: &File, wanted: u64) -> io::Result<()> {
    let length = file.metadata()?.len();
    if length < wanted {
        let reason = format!("it has {length} bytes, and {wanted} were written: it was changed by somebody else");
        return Err(io::Error::new(ErrorKind::InvalidData, reason));
    }
    Ok(())
}

fn complete(file: &FsPath, target: &FsPath, total: u64) -> io::Result<Completion> {
    let opened = match File::options().write(true).open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let there = fs::metadata(target).is_ok_and(|metadata| metadata.len() == total);
            return Ok(if there { Completion::Complete } else { Completion::Gone });
        }
        Err(error) => return Err(error),
    };
    check_length(&opened, total)?;
    opened.set_len(total)?;
    opened.sync_all()?;
    let own = opened.metadata()?;
    with_directory(target, || match fs::hard_link(file, target) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let found = fs::metadata(target)?;
            // A crash between link and removal leaves both names.
            if (found.dev(), found.ino()) == (own.dev(), own.ino()) { Ok(()) } else { Err(error) }
        }
        Err(error) if has_no_hard_links(&error) && !target.exists() => fs::rename(file, target),
        Err(error) => Err(error),
    })?;
    match fs::remove_file(file) {
        Ok(()) => Ok(Completion::Complete),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Completion::Complete),
        Err(error) => Err(error),
    }
}
