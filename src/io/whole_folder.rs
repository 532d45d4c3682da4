//! A folder of files that are replaced together: a reader finds all the new ones or all the old ones.
//!
//! Where the system can exchange two folders, the new folder is made beside the old one and exchanged with it
//! ([`folder_exchange`]). Elsewhere the new files are made inside it and moved one after another, by a list that the
//! next run finishes where this one is stopped ([`folder_moves`]). docs/security.md says which holds where.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::disk::{self, Disk};
use super::file_lock;
use super::files;
use super::folder_exchange::{self, Exchange};
use super::folder_moves;
use super::inside::{is_a_link, place};
use super::new_file::{LOCK, NewFile, WORK};
use super::output_file::writable;
use crate::error::Error;

/// A folder that nobody else writes, as long as this lives.
pub(crate) struct WholeFolder<'a> {
    disk: Disk<'a>,
    /// As it was named, for messages.
    shown: PathBuf,
    /// Where it is, behind all links.
    folder: PathBuf,
    work: PathBuf,
    /// Whether it was not there before.
    made: bool,
    /// Of the folder as it was found, and of the one that took its place.
    locks: Vec<File>,
}

impl WholeFolder<'static> {
    /// Takes the folder, which is made where there is none, and finishes what a run that was stopped left in it.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_on(disk::REAL, folder)
    }
}

impl<'a> WholeFolder<'a> {
    fn open_on(disk: Disk<'a>, shown: &Path) -> Result<Self, Error> {
        let cannot = |source| Error::File { path: shown.to_path_buf(), action: "cannot write", source };
        let made = !shown.exists();
        disk.make_folders(shown).map_err(cannot)?;
        let folder = fs::canonicalize(shown).map_err(cannot)?;
        let work = folder.join(WORK);
        let mut held = Self { disk, shown: shown.to_path_buf(), folder, work, made, locks: Vec::new() };
        held.lock().and_then(|()| held.recover()).map_err(cannot)?;
        Ok(held)
    }

    fn lock(&mut self) -> io::Result<()> {
        // Who ends just now may remove the folder, and that of the lock, between two steps.
        for _ in 0..100 {
            match self.disk.make_folder(&self.work) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.disk.make_folders(&self.folder)?;
                    continue;
                }
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                Err(_) if !is_folder(&self.work) => {
                    return Err(io::Error::other(format!("{WORK} in it is no folder")));
                }
                _ => {}
            }
            match file_lock::lock(self.disk, &self.work.join(LOCK)) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                locked => {
                    self.locks.push(locked?);
                    return Ok(());
                }
            }
        }
        Err(io::Error::other("other runs begin and end in it all the time"))
    }

    fn recover(&self) -> io::Result<()> {
        folder_moves::finish(self.disk, &self.folder, &self.work)?;
        if let Some(beside) = folder_exchange::beside(&self.folder) {
            folder_exchange::finish(self.disk, &self.folder, &beside)?;
        }
        self.tidy()
    }

    /// Removes what is of no use any more but the lock.
    fn tidy(&self) -> io::Result<()> {
        folder_moves::clear(self.disk, &self.work)?;
        folder_exchange::clear(self.disk, &self.work)
    }

    /// The bytes of a file in it; nothing where there is none, or where a link leads out.
    pub(crate) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let Ok(place) = place(&self.folder, path) else { return Ok(None) };
        if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file()) {
            return files::read_if_there(&place);
        }
        Ok(None)
    }

    /// Replaces the files of the folder by these, and removes those that are `gone`; all others stay.
    pub(crate) fn replace(mut self, files: &[NewFile<'_>], gone: &[&str]) -> Result<(), Error> {
        let before = self.places(files)?;
        let replaced = self.exchange_or_move(files, &before, gone);
        replaced.map_err(|source| Error::File { path: self.shown.clone(), action: "cannot write", source })
    }

    fn exchange_or_move(
        &mut self,
        files: &[NewFile<'_>],
        before: &[Option<Metadata>],
        gone: &[&str],
    ) -> io::Result<()> {
        let exchange = Exchange { disk: self.disk, folder: &self.folder, files, before, gone };
        if let Some(lock) = exchange.run()? {
            self.locks.push(lock);
            return Ok(());
        }
        folder_moves::run(self.disk, &self.folder, files, before, gone)
    }

    /// What is where the files go: nothing, or a file that may be replaced.
    fn places(&self, files: &[NewFile<'_>]) -> Result<Vec<Option<Metadata>>, Error> {
        let one = |file: &NewFile<'_>| {
            let place = place(&self.folder, file.path)?;
            match fs::symlink_metadata(&place) {
                Ok(there) if there.is_symlink() => Err(is_a_link()),
                Ok(there) if there.is_dir() => Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder")),
                Ok(there) => writable(&place, &there).map(|()| Some(there)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        let named = |file: &NewFile<'_>| {
            one(file).map_err(|source| Error::File {
                path: self.shown.join(file.path),
                action: "cannot write",
                source,
            })
        };
        files.iter().map(named).collect()
    }
}

impl Drop for WholeFolder<'_> {
    fn drop(&mut self) {
        if !self.locks.is_empty() && !folder_moves::is_half_done(&self.work) && self.tidy().is_ok() {
            let _ = self.disk.remove(&self.work.join(LOCK));
        }
        let _ = self.disk.remove_folder(&self.work);
        if self.made {
            // It stays where something is in it.
            let _ = self.disk.remove_folder(&self.folder);
        }
    }
}

/// Whether a run was stopped while it moved its files into a folder: some are the new ones and some the old ones.
pub(crate) fn is_half_written(folder: &Path) -> bool {
    folder_moves::is_half_done(&folder.join(WORK))
}

/// Waits until nobody writes a folder.
pub(crate) fn wait_for_writer(folder: &Path) {
    file_lock::wait(&folder.join(WORK).join(LOCK));
}

/// Whether there is a folder, and no link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;

    use super::*;

    const OLD: [NewFile<'static>; 3] = [
        NewFile { path: "a.txt", bytes: b"old a" },
        NewFile { path: "x/b.txt", bytes: b"old b" },
        NewFile { path: "y/c.txt", bytes: b"old c" },
    ];
    const NEW: [NewFile<'static>; 3] = [
        NewFile { path: "a.txt", bytes: b"new a" },
        NewFile { path: "x/b.txt", bytes: b"new b" },
        NewFile { path: "z/d.txt", bytes: b"new d" },
    ];

    type State = BTreeMap<String, Vec<u8>>;

    /// Every file below a folder.
    fn state(folder: &Path) -> State {
        let (mut state, mut next) = (State::new(), vec![folder.to_path_buf()]);
        while let Some(within) = next.pop() {
            for entry in fs::read_dir(within).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    next.push(path);
                } else {
                    let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
                    state.insert(name, fs::read(&path).expect("a file"));
                }
            }
        }
        state
    }

    fn without_work(mut state: State) -> State {
        state.retain(|path, _| !path.starts_with(WORK));
        state
    }

    /// The old files, and those of somebody else.
    fn old(folder: &Path, others: &[&str]) {
        let held = WholeFolder::open(folder).expect("a folder");
        held.replace(&OLD, &[]).expect("the old state");
        for path in others {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("above")).expect("a folder");
            fs::write(path, "mine").expect("a file");
        }
    }

    /// Puts the new files in the place of the old ones with a fault at an operation, and at all after it where it is
    /// `last`ing, as where the power goes; how many operations there were.
    fn with_fault(folder: &Path, at: usize, lasting: bool) -> (Result<(), Error>, usize) {
        let count = Cell::new(0);
        let fault = || {
            count.set(count.get() + 1);
            let fails = if lasting { count.get() >= at } else { count.get() == at };
            if fails { Err(io::Error::other("a fault")) } else { Ok(()) }
        };
        let held = WholeFolder::open_on(Disk { fault: Some(&fault) }, folder);
        let done = held.and_then(|held| held.replace(&NEW, &["y/c.txt"]));
        (done, count.get())
    }

    /// Every operation fails in turn; how many there were, and after how many the folder was between old and new.
    fn every_fault(others: &[&str]) -> (usize, usize) {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("report");
        old(&folder, others);
        let old_state = state(&folder);
        let (done, operations) = with_fault(&folder, usize::MAX, false);
        done.expect("the new state");
        let new_state = state(&folder);
        assert!(new_state["a.txt"] == b"new a" && new_state["z/d.txt"] == b"new d");
        assert!(!folder.join("y").exists() && others.iter().all(|path| new_state[*path] == b"mine"));
        let mut between = 0;
        for (at, lasting) in (1..=operations).flat_map(|at| [(at, false), (at, true)]) {
            fs::remove_dir_all(&folder).expect("a folder");
            old(&folder, others);
            let (done, _) = with_fault(&folder, at, lasting);
            let half = is_half_written(&folder);
            between += usize::from(half);
            let found = without_work(state(&folder));
            let expected = if done.is_ok() { &new_state } else { &old_state };
            assert!(half || found == *expected, "operation {at}, {done:?}: {:?}", found.keys());
            assert!(!(half && done.is_ok()), "operation {at}");
            // The next run finds the one or the other, finishes what is to finish, and leaves nothing.
            drop(WholeFolder::open(&folder).expect("the next run"));
            let found = state(&folder);
            let expected = if half { &new_state } else { expected };
            assert!(found == *expected, "after operation {at}: {:?}", found.keys());
            assert_eq!(fs::read_dir(root.path()).expect("a folder").count(), 1, "operation {at}");
        }
        (operations, between)
    }

    #[test]
    fn whatever_operation_fails_the_folder_is_the_old_or_the_new_one() {
        let (operations, between) = every_fault(&["notes.txt", "x/mine.txt"]);
        assert!(operations > 30, "{operations}");
        if cfg!(target_os = "linux") {
            assert_eq!(between, 0, "of {operations}");
        }
    }

    /// A folder of somebody else is not taken along in an exchange: the files are moved, and the list finishes it.
    #[test]
    fn where_files_are_moved_one_by_one_the_next_run_finishes_what_was_begun() {
        let (operations, between) = every_fault(&["notes.txt", "theirs/mine.txt"]);
        assert!(operations > 25 && between > 0, "{between} of {operations}");
    }

    #[test]
    fn two_that_write_at_once_give_one_of_the_two() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("report");
        std::thread::scope(|scope| {
            for files in [OLD, NEW, OLD, NEW] {
                let folder = &folder;
                scope.spawn(move || {
                    let held = WholeFolder::open(folder).expect("a folder");
                    let gone: Vec<&str> = ["y/c.txt", "z/d.txt"]
                        .into_iter()
                        .filter(|path| held.read(path).expect("a file").is_some())
                        .filter(|path| files.iter().all(|file| file.path != *path))
                        .collect();
                    held.replace(&files, &gone).expect("a state");
                });
            }
        });
        let found = state(&folder);
        let whole = |files: &[NewFile<'_>]| -> State {
            files.iter().map(|file| (file.path.to_string(), file.bytes.to_vec())).collect()
        };
        assert!(found == whole(&OLD) || found == whole(&NEW), "{:?}", found.keys());
    }

    /// What another process put into the old folder between the second names and the exchange.
    #[test]
    fn what_others_wrote_in_between_is_brought_over() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("report");
        old(&folder, &["notes.txt"]);
        let Some(beside) = folder_exchange::beside(&folder) else { return };
        let wrote = Cell::new(false);
        let fault = || {
            if !wrote.get() && beside.join("notes.txt").exists() {
                wrote.set(true);
                fs::write(folder.join("late.txt"), "late").expect("a file");
                fs::write(folder.join("other"), "changed").expect("a file");
                fs::rename(folder.join("other"), folder.join("notes.txt")).expect("a file");
            }
            Ok(())
        };
        let held = WholeFolder::open_on(Disk { fault: Some(&fault) }, &folder).expect("a folder");
        held.replace(&NEW, &["y/c.txt"]).expect("the new state");
        let found = state(&folder);
        assert!(wrote.get() || !cfg!(target_os = "linux"));
        if wrote.get() {
            assert_eq!((&found["late.txt"][..], &found["notes.txt"][..]), (&b"late"[..], &b"changed"[..]));
        }
        assert_eq!(found["a.txt"], b"new a");
    }

    #[cfg(unix)]
    #[test]
    fn modes_are_kept_and_nothing_is_written_through_a_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("report");
        old(&folder, &[]);
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        let set =
            |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
        set(&folder, 0o700);
        set(&folder.join("x"), 0o750);
        set(&folder.join("x/b.txt"), 0o600);
        let write = || WholeFolder::open(&folder).and_then(|held| held.replace(&NEW, &["y/c.txt"]));
        write().expect("the new state");
        assert_eq!(
            (mode(&folder), mode(&folder.join("x")), mode(&folder.join("x/b.txt"))),
            (0o700, 0o750, 0o600)
        );
        set(&folder.join("a.txt"), 0o444);
        let said = write().expect_err("read-only").to_string();
        assert!(said.contains("a.txt: cannot write: it is read-only"), "{said}");
        fs::remove_file(folder.join("a.txt")).expect("a file");
        symlink(root.path().join("victim"), folder.join("a.txt")).expect("a link");
        let said = write().expect_err("a link").to_string();
        assert!(said.contains("a report is not written through links"), "{said}");
        fs::remove_file(folder.join("a.txt")).expect("a link");
        fs::remove_dir_all(folder.join("z")).expect("a folder");
        symlink(root.path(), folder.join("z")).expect("a link");
        let said = write().expect_err("a link").to_string();
        assert!(said.contains("a report is not written through links"), "{said}");
        assert_eq!(fs::read_dir(root.path()).expect("a folder").count(), 1);
    }

    /// A list that came with the folder, from anybody, moves nothing out of it.
    #[test]
    fn a_list_of_somebody_else_leads_nowhere() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("report");
        fs::create_dir_all(folder.join(".metaprop/new")).expect("a folder");
        fs::write(folder.join(".metaprop/new/0"), "evil").expect("a file");
        fs::write(root.path().join("victim"), "mine").expect("a file");
        fs::write(folder.join(".metaprop/moves"), "0 ../victim\n- ../victim\n../../x y\n0\n")
            .expect("a file");
        drop(WholeFolder::open(&folder));
        assert_eq!(fs::read(root.path().join("victim")).expect("a file"), b"mine");
    }
}
