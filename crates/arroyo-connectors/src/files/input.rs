//! A file as a window of bytes that moves forward.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use arroyo_storage::StorageError;

use super::Compression;
use super::place::{FilePlace, OpenFile};

/// Bytes that are read at once.
const BLOCK_BYTES: u64 = 1 << 20;

/// The bytes of a file after decompression.
pub(super) struct Input {
    source: Source,
    /// Bytes read and not yet taken start at `taken`.
    buffer: Vec<u8>,
    taken: usize,
    at_end: bool,
}

enum Source {
    Plain(OpenFile),
    Compressed(Box<dyn Read + Send>),
}

/// Says of damaged data that it is that: the decoder's own errors are of no kind, as those of a network are.
struct Zstd<'a>(zstd::stream::read::Decoder<'a, BufReader<OpenFile>>);

impl Read for Zstd<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let is_of_the_file =
                error.raw_os_error().is_some() || error.get_ref().is_some_and(|inner| inner.is::<StorageError>());
            match error.kind() {
                io::ErrorKind::Other if !is_of_the_file => io::Error::new(io::ErrorKind::InvalidData, error),
                _ => error,
            }
        })
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("buffered", &self.data().len()).field("at_end", &self.at_end).finish()
    }
}

impl Input {
    pub(super) fn open(place: &FilePlace, compression: Compression) -> io::Result<Self> {
        let file = place.open()?;
        let source = match compression {
            Compression::None => Source::Plain(file),
            Compression::Gzip => Source::Compressed(Box::new(flate2::read::MultiGzDecoder::new(file))),
            Compression::Zstd => Source::Compressed(Box::new(Zstd(zstd::stream::read::Decoder::new(file)?))),
        };
        Ok(Self { source, buffer: Vec::new(), taken: 0, at_end: false })
    }

    /// What was read and not taken.
    pub(super) fn data(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or_default()
    }

    /// Whether there is nothing behind [`Input::data`].
    pub(super) fn at_end(&self) -> bool {
        self.at_end
    }

    pub(super) fn take(&mut self, bytes: usize) {
        self.taken = (self.taken + bytes).min(self.buffer.len());
    }

    /// Reads another block behind what is there.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let read = match &mut self.source {
            Source::Plain(file) => file.take(BLOCK_BYTES).read_to_end(&mut self.buffer)?,
            Source::Compressed(reader) => reader.take(BLOCK_BYTES).read_to_end(&mut self.buffer)?,
        };
        self.at_end = (read as u64) < BLOCK_BYTES;
        Ok(())
    }

    /// Goes to `offset`, given that `position` bytes were taken so far. Fails if the file is shorter.
    pub(super) fn skip_to(&mut self, offset: u64, position: u64) -> io::Result<()> {
        if let Source::Plain(file) = &mut self.source {
            if file.size()? < offset {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            file.seek(SeekFrom::Start(offset))?;
            self.buffer.clear();
            self.taken = 0;
            self.at_end = false;
            return Ok(());
        }
        let mut missing = offset.saturating_sub(position);
        loop {
            let step = missing.min(self.data().len() as u64);
            self.take(usize::try_from(step).unwrap_or(usize::MAX));
            missing -= step;
            if missing == 0 {
                return Ok(());
            }
            if self.at_end {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.fill()?;
        }
    }
}
