//! Paths below a folder that lead nowhere else, whoever wrote them down.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// Whether a path with `/` between its parts names something below a folder: no `..`, no root, no drive.
pub(crate) fn stays_inside(path: &str) -> bool {
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    path.split('/').all(is_name)
}

/// Where such a path is; an error where it leads out, or where a link or a file stands in place of a folder on the way.
pub(super) fn place(folder: &Path, path: &str) -> io::Result<PathBuf> {
    if !stays_inside(path) {
        return Err(io::Error::other(format!("'{path}' leads out of the folder")));
    }
    let mut place = folder.to_path_buf();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let on_the_way = parts.peek().is_some();
        match fs::symlink_metadata(&place) {
            Ok(metadata) if on_the_way && metadata.is_symlink() => {
                return Err(is_a_link());
            }
            Ok(metadata) if on_the_way && !metadata.is_dir() => {
                return Err(ErrorKind::NotADirectory.into());
            }
            _ => {}
        }
    }
    Ok(place)
}

/// That a link stands where a file or a folder of a report is to be.
pub(super) fn is_a_link() -> io::Error {
    io::Error::other("it is a link: a report is not written through links")
}

/// Where a path that was typed leads from a folder, all links followed; nothing where that is outside of the folder.
pub(crate) fn resolve(folder: &Path, typed: &str) -> Option<PathBuf> {
    let path = folder.join(typed);
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match fs::canonicalize(&path) {
        Ok(real) => real.starts_with(fs::canonicalize(folder).ok()?).then_some(real),
        // What cannot be found leads nowhere; whether it is there is not said of what lies outside.
        Err(_) => {
            let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
            Path::new(typed).components().all(is_below).then_some(path)
        }
    }
}

/// The folders above these paths, each once, those above before those below.
pub(super) fn folders<'p>(paths: impl IntoIterator<Item = &'p str>) -> Vec<&'p str> {
    let above = |path: &'p str| path.match_indices('/').map(move |(at, _)| &path[..at]);
    let mut folders: Vec<&str> = paths.into_iter().flat_map(above).collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}
