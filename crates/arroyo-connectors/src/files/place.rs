//! Where a file is: in a directory or in an object store. Everything here blocks, on a thread that may.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use arroyo_storage::{Storage, StorageError};
use arroyo_types::ErrorKind;
use bytes::Bytes;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};
use tokio::runtime::Handle;

/// Bytes of an object that are fetched at once where it is read from front to back.
const BLOCK_BYTES: u64 = 4 << 20;

/// Bytes that are fetched at once where little is read at each place.
const SMALL_BLOCK_BYTES: u64 = 64 << 10;

/// Objects up to this size are fetched at once where they are read at many places.
const WHOLE_BYTES_MAX: u64 = 64 << 20;

/// A file's place.
#[derive(Debug, Clone)]
pub(crate) enum FilePlace {
    /// A file of this machine.
    Local(PathBuf),
    /// An object.
    Object(ObjectPlace),
}

/// An object of a bucket.
#[derive(Debug, Clone)]
pub(crate) struct ObjectPlace {
    pub(crate) storage: Storage,
    /// Its path in the storage.
    pub(crate) path: String,
    /// Its size in bytes when it was listed.
    pub(crate) size: u64,
}

/// An opened file.
#[derive(Debug)]
pub(super) enum OpenFile {
    Local(File),
    Object(ObjectFile),
}

impl FilePlace {
    /// For messages.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Local(path) => path.display().to_string(),
            Self::Object(object) => object.storage.url_of(&object.path),
        }
    }

    /// What its extension can be taken from.
    pub(super) fn file_name(&self) -> &Path {
        match self {
            Self::Local(path) => path,
            Self::Object(object) => Path::new(&object.path),
        }
    }

    pub(super) fn open(&self) -> io::Result<OpenFile> {
        match self {
            Self::Local(path) => {
                let file = File::open(path)?;
                if file.metadata()?.is_dir() {
                    return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
                }
                Ok(OpenFile::Local(file))
            }
            Self::Object(object) => Ok(OpenFile::Object(ObjectFile::new(object.clone(), BLOCK_BYTES)?)),
        }
    }
}

impl OpenFile {
    /// Its size in bytes.
    pub(super) fn size(&self) -> io::Result<u64> {
        match self {
            Self::Local(file) => Ok(file.metadata()?.len()),
            Self::Object(object) => Ok(object.place.size),
        }
    }
}

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Local(file) => file.read(buffer),
            Self::Object(object) => object.read(buffer),
        }
    }
}

impl Seek for OpenFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Local(file) => file.seek(to),
            Self::Object(object) => object.seek(to),
        }
    }
}

/// Reads an object in blocks.
#[derive(Debug)]
pub(super) struct ObjectFile {
    place: ObjectPlace,
    runtime: Handle,
    position: u64,
    block: Bytes,
    /// Where the block begins.
    block_start: u64,
    block_bytes: u64,
}

impl ObjectFile {
    fn new(place: ObjectPlace, block_bytes: u64) -> io::Result<Self> {
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        Ok(Self { place, runtime, position: 0, block: Bytes::new(), block_start: 0, block_bytes })
    }

    fn range(&self, range: Range<u64>) -> io::Result<Bytes> {
        self.runtime.block_on(self.place.storage.get_range(&self.place.path, range)).map_err(failed)
    }

    /// The bytes for a Parquet reader, which jumps about.
    pub(super) fn into_chunks(self) -> io::Result<Chunks> {
        if self.place.size > WHOLE_BYTES_MAX {
            return Ok(Chunks::Ranges(self));
        }
        self.range(0..self.place.size).map(Chunks::Whole)
    }
}

impl Read for ObjectFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.place.size;
        if self.position >= size {
            return Ok(0);
        }
        let is_in_block = (self.block_start..self.block_start + self.block.len() as u64).contains(&self.position);
        if !is_in_block {
            let end = self.position.saturating_add(self.block_bytes).min(size);
            self.block = self.range(self.position..end)?;
            self.block_start = self.position;
        }
        let start = usize::try_from(self.position - self.block_start).unwrap_or(usize::MAX);
        let mut rest = self.block.get(start..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for ObjectFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.place.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// An object for a Parquet reader.
pub(super) enum Chunks {
    Whole(Bytes),
    Ranges(ObjectFile),
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::Ranges(object) => object.place.size,
        }
    }
}

impl ChunkReader for Chunks {
    type T = Box<dyn Read + Send>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        match self {
            Self::Whole(bytes) => Ok(Box::new(bytes.get_read(start)?)),
            Self::Ranges(object) => {
                let mut read = ObjectFile::new(object.place.clone(), SMALL_BLOCK_BYTES)?;
                read.position = start;
                Ok(Box::new(read))
            }
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match self {
            Self::Whole(bytes) => bytes.get_bytes(start, length),
            Self::Ranges(object) => Ok(object.range(start..start.saturating_add(length as u64))?),
        }
    }
}

fn failed(error: StorageError) -> io::Error {
    let kind = match (&error, error.kind()) {
        (StorageError::NotFound { .. }, _) => io::ErrorKind::NotFound,
        (StorageError::OutOfRange { .. }, _) => io::ErrorKind::UnexpectedEof,
        (_, ErrorKind::User) => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}
