//! A new folder made beside an old one and exchanged with it, so that there is no moment between the two.
//!
//! The new folder has every file of the new state, and further names (hard links) of the files of others in the old
//! one. What is to be known afterwards is written down before: `replaced`, in the old folder, which of its files go;
//! `staged`, in the new one, that it is the new one. Where a run is stopped, the two say on which side it was.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::file_lock;
use super::folder_moves::gone_is_no_error;
use super::identity::Identity;
use super::inside::{folders, place};
use super::new_file::{LOCK, NewFile, WORK, write_all};
use super::output_file::short_digest;

const STAGED: &str = "staged";
const REPLACED: &str = "replaced";

/// Of more files of others than these no second names are made.
const MOST_KEPT: usize = 1000;

/// What a folder is to become.
#[derive(Clone, Copy)]
pub(super) struct Exchange<'a> {
    pub disk: Disk<'a>,
    pub folder: &'a Path,
    pub files: &'a [NewFile<'a>],
    /// What is in the places of the files.
    pub before: &'a [Option<Metadata>],
    pub gone: &'a [&'a str],
}

/// Where the new folder is made: beside the old one, under a name that is the same in every run. Nothing where folders
/// are not exchanged.
pub(super) fn beside(folder: &Path) -> Option<PathBuf> {
    if !cfg!(any(target_os = "linux", target_os = "macos")) {
        return None;
    }
    let name = short_digest(folder.file_name()?);
    Some(folder.parent()?.join(format!(".metaprop-{name}")))
}

impl Exchange<'_> {
    /// Makes the new folder and exchanges it: the lock of the new one, or nothing where this cannot be done here, and
    /// then nothing has changed.
    pub fn run(self) -> io::Result<Option<File>> {
        let Some(beside) = beside(self.folder) else { return Ok(None) };
        let Some(kept) = self.kept()? else { return Ok(None) };
        match self.disk.make_folder(&beside) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists || cannot_be_done(&error) => {
                return Ok(None);
            }
            made => made?,
        }
        let staged = self.stage(&beside, &kept).and_then(|lock| {
            if lock.is_some() {
                self.disk.exchange(self.folder, &beside)?;
            }
            Ok(lock)
        });
        // What is beside it now is the old folder, or the new one where they were not exchanged.
        let exchanged = matches!(staged, Ok(Some(_)));
        if exchanged {
            let _ = self.disk.sync_folder(beside.parent().unwrap_or(&beside));
        }
        // What cannot be removed now is removed by the next run.
        let _ = finish(self.disk, self.folder, &beside);
        match staged {
            Err(error) if cannot_be_done(&error) => Ok(None),
            staged => staged,
        }
    }

    /// The files of others, of which further names can be made. Nothing where there are folders, links or devices of
    /// others, or where the folder itself is more to somebody than a name: that in which this program was started, or one
    /// with attributes that a new one would not have.
    fn kept(self) -> io::Result<Option<Vec<String>>> {
        let started_inside = fs::canonicalize(".").is_ok_and(|current| current.starts_with(self.folder));
        if started_inside || has_attributes(self.folder) {
            return Ok(None);
        }
        let own: HashSet<&str> =
            self.files.iter().map(|file| file.path).chain(self.gone.iter().copied()).collect();
        let own_folders: HashSet<&str> = folders(own.iter().copied()).into_iter().collect();
        let (mut kept, mut next) = (Vec::new(), vec![String::new()]);
        while let Some(within) = next.pop() {
            for entry in fs::read_dir(self.folder.join(&within))? {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else { return Ok(None) };
                let path = if within.is_empty() { name } else { format!("{within}/{name}") };
                let kind = entry.file_type()?;
                match kind {
                    _ if path == WORK || own.contains(&*path) => {}
                    _ if kind.is_dir() && own_folders.contains(&*path) => next.push(path),
                    _ if kind.is_file() && kept.len() < MOST_KEPT && !path.contains('\n') => kept.push(path),
                    _ => return Ok(None),
                }
            }
        }
        Ok(Some(kept))
    }

    /// The new folder, ready to be exchanged, with its lock; nothing where the old one cannot be matched.
    fn stage(self, beside: &Path, kept: &[String]) -> io::Result<Option<File>> {
        let disk = self.disk;
        let work = beside.join(WORK);
        disk.make_folder(&work)?;
        disk.create(&work.join(STAGED), true)?;
        let lock = file_lock::lock(disk, &work.join(LOCK))?;
        let paths = self.files.iter().map(|file| file.path).chain(kept.iter().map(String::as_str));
        let made = folders(paths);
        for path in &made {
            disk.make_folder(&beside.join(path))?;
        }
        write_all(disk, self.files, self.before, beside, |_, path| path.to_owned())?;
        for path in kept {
            disk.link(&self.folder.join(path), &beside.join(path))?;
        }
        // From below: a folder may be one that nobody may write into.
        for path in made.iter().rev().copied().chain([""]) {
            disk.sync_folder(&beside.join(path))?;
            if !self.matched(&beside.join(path), &self.folder.join(path))? {
                return Ok(None);
            }
        }
        self.write_down(kept)?;
        Ok(Some(lock))
    }

    /// Gives a new folder the mode and the owner of the old one, where there is one; whether it has them now.
    fn matched(self, new: &Path, old: &Path) -> io::Result<bool> {
        let before = match fs::symlink_metadata(old) {
            Ok(before) => before,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        self.disk.make_like(new, &before)?;
        Ok(!has_attributes(old) && same_owner(&before, &fs::symlink_metadata(new)?))
    }

    /// Which files of the old folder are replaced or gone, and which have a second name in the new one.
    fn write_down(self, kept: &[String]) -> io::Result<()> {
        let own = self.files.iter().map(|file| file.path).chain(self.gone.iter().copied());
        let own = own.map(|path| format!("- {path}\n"));
        let text: String = own.chain(kept.iter().map(|path| format!("= {path}\n"))).collect();
        let path = self.folder.join(WORK).join(REPLACED);
        let file = self.disk.create(&path, true)?;
        self.disk.write(&file, text.as_bytes())?;
        self.disk.sync(&file)?;
        self.disk.sync_folder(&self.folder.join(WORK))
    }
}

/// Whether an error says that the system, the file system or the folder above does not allow the way by exchange.
fn cannot_be_done(error: &io::Error) -> bool {
    use ErrorKind::{
        CrossesDevices, InvalidInput, PermissionDenied, ReadOnlyFilesystem, ResourceBusy, TooManyLinks,
        Unsupported,
    };
    let kinds = [
        CrossesDevices,
        InvalidInput,
        PermissionDenied,
        ReadOnlyFilesystem,
        ResourceBusy,
        TooManyLinks,
        Unsupported,
    ];
    kinds.contains(&error.kind())
}

/// Removes what is beside a folder: a new one that was not exchanged, or the old one after what others put into it was
/// brought over.
pub(super) fn finish(disk: Disk<'_>, folder: &Path, beside: &Path) -> io::Result<()> {
    let Ok(there) = fs::symlink_metadata(beside) else { return Ok(()) };
    let Ok(lock) = fs::symlink_metadata(folder.join(WORK).join(LOCK)) else { return Ok(()) };
    if !there.is_dir() || !same_user(&there, &lock) {
        return Ok(());
    }
    let work = beside.join(WORK);
    if work.join(STAGED).exists() {
        let others = |path: &str| gone_is_no_error(disk.remove(&beside.join(path)));
        each_file(beside, others)?;
    } else if work.join(REPLACED).exists() {
        bring_over(disk, folder, beside)?;
    }
    remove_folders(disk, beside)?;
    gone_is_no_error(disk.remove(&work.join(LOCK)))?;
    clear(disk, &work)?;
    let _ = disk.remove_folder(&work);
    let _ = disk.remove_folder(beside);
    Ok(())
}

/// Removes what says on which side a run was stopped.
pub(super) fn clear(disk: Disk<'_>, work: &Path) -> io::Result<()> {
    gone_is_no_error(disk.remove(&work.join(REPLACED)))?;
    gone_is_no_error(disk.remove(&work.join(STAGED)))
}

/// Takes out of an old folder what is others' and came there after second names were made; removes the rest.
fn bring_over(disk: Disk<'_>, folder: &Path, old: &Path) -> io::Result<()> {
    let text = fs::read_to_string(old.join(WORK).join(REPLACED))?;
    let lines = || text.lines().filter_map(|line| line.split_once(' '));
    let named = |mark: &str| lines().filter(|(found, _)| *found == mark).map(|(_, path)| path).collect();
    let (replaced, linked): (HashSet<&str>, HashSet<&str>) = (named("-"), named("="));
    each_file(old, |path| {
        let from = old.join(path);
        let Ok(to) = place(folder, path) else { return Ok(()) };
        let here = fs::symlink_metadata(&to).ok();
        let is_others = match &here {
            _ if replaced.contains(path) => false,
            // A second name that is gone was removed by somebody since.
            None => !linked.contains(path),
            Some(_) if Identity::of(&from) == Identity::of(&to) => false,
            Some(here) => is_newer(&from, here),
        };
        if !is_others {
            return gone_is_no_error(disk.remove(&from));
        }
        if let Some(above) = to.parent() {
            disk.make_folders(above)?;
        }
        disk.rename(&from, &to)
    })
}

/// Whether a file was changed after another.
fn is_newer(path: &Path, than: &Metadata) -> bool {
    let changed = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
    matches!((changed, than.modified()), (Ok(one), Ok(other)) if one > other)
}

/// Calls `act` with every file below a folder, but those of [`WORK`]; links are not followed.
fn each_file(folder: &Path, mut act: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    let mut next = vec![String::new()];
    while let Some(within) = next.pop() {
        for entry in fs::read_dir(folder.join(&within))? {
            let entry = entry?;
            // A name that is no text is nobody's of ours: its folder stays.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if within.is_empty() { name } else { format!("{within}/{name}") };
            match entry.file_type()?.is_dir() {
                _ if path == WORK => {}
                true => next.push(path),
                false => act(&path)?,
            }
        }
    }
    Ok(())
}

/// Removes the folders in a folder that are empty, from below.
fn remove_folders(disk: Disk<'_>, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != WORK {
            remove_folders(disk, &entry.path())?;
            let _ = disk.remove_folder(&entry.path());
        }
    }
    Ok(())
}

/// Whether a folder has extended attributes, access lists among them. A label that the system gives to every file is
/// none.
fn has_attributes(folder: &Path) -> bool {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        let mut names = [0_u8; 4096];
        match rustix::fs::listxattr(folder, &mut names[..]) {
            Ok(length) => names[..length].split(|byte| *byte == 0).any(|name| {
                !name.is_empty() && name != b"security.selinux" && name != b"com.apple.provenance"
            }),
            Err(rustix::io::Errno::RANGE) => true,
            Err(_) => false,
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        let _ = folder;
        false
    }
}

fn same_owner(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.uid(), one.gid()) == (other.uid(), other.gid())
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

fn same_user(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        one.uid() == other.uid()
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}
