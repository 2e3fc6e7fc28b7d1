//! A file that no earlier start of the job writes to.
//!
//! A worker that was taken for dead and goes on, because it was stopped or cut off, has the file open, and nothing keeps it from
//! writing before it hears that it was replaced. So each start goes on with a file of its own, a copy of what the checkpoint covers,
//! which takes the place of the one before: what an earlier start writes ends with the file that it has open.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use arroyo_operator::OperatorError;

use super::failed;

/// Makes `path` a new file with the first `length` bytes of the one that is there, durably; answers it, opened at its end.
pub(super) fn take_over(path: &Path, length: u64) -> Result<File, OperatorError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| failed(parent, "create", &error))?;
    let found = match File::open(path) {
        Ok(found) => Some(found),
        Err(error) if error.kind() == ErrorKind::NotFound && length == 0 => None,
        Err(error) => return Err(failed(path, "open", &error)),
    };
    if let Some(found) = &found {
        check(path, found, length)?;
    }
    // Behind a link, the file that it leads to.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    replace(&target, found, length).map_err(|error| failed(path, "take over", &error))
}

fn check(path: &Path, found: &File, wanted: u64) -> Result<(), OperatorError> {
    let metadata = found.metadata().map_err(|error| failed(path, "read the length of", &error))?;
    if !metadata.is_file() {
        return Err(OperatorError::user(format!("`{}` is not a file", path.display())));
    }
    let length = metadata.len();
    if length < wanted {
        return Err(OperatorError::user(format!(
            "`{}` has {length} bytes, and the checkpoint wrote {wanted}: it was changed or replaced",
            path.display()
        ))
        .with_hint("restore the file, or start the pipeline from nothing"));
    }
    Ok(())
}

fn replace(target: &Path, found: Option<File>, length: u64) -> io::Result<File> {
    let next = next_name(target);
    // A crash may have left one, or a start that is about to move it into place: it finds nothing then.
    match fs::remove_file(&next) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options().write(true).create_new(true).open(&next)?;
    if let Some(found) = found {
        file.set_permissions(found.metadata()?.permissions())?;
        io::copy(&mut found.take(length), &mut file)?;
    }
    file.sync_all()?;
    fs::rename(&next, target)?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all()?;
    Ok(file)
}

fn next_name(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.next"))
}
