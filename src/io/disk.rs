//! What changes a disk, one operation a method. A test can put a fault before each of them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The disk, where nothing fails that the system does not fail.
pub(super) const REAL: Disk<'static> = Disk { fault: None };

/// The operations that change it.
#[derive(Clone, Copy)]
pub(super) struct Disk<'a> {
    /// Asked before each operation.
    pub fault: Option<&'a dyn Fn() -> io::Result<()>>,
}

impl Disk<'_> {
    fn may(self) -> io::Result<()> {
        self.fault.map_or(Ok(()), |fault| fault())
    }

    /// A new file: an error where there is one of that name, or a link (`O_EXCL`). A private one is its owner's alone.
    pub fn create(self, path: &Path, private: bool) -> io::Result<File> {
        self.may()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        #[cfg(not(unix))]
        let _ = private;
        options.open(path)
    }

    /// All these bytes into a file.
    pub fn write(self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        self.may()?;
        file.write_all(bytes)
    }

    /// Until the file is on the disk and not in memory alone.
    pub fn sync(self, file: &File) -> io::Result<()> {
        self.may()?;
        file.sync_all()
    }

    /// Until the names in a folder are on the disk. Where the system cannot do that to a folder, it is not done.
    pub fn sync_folder(self, folder: &Path) -> io::Result<()> {
        self.may()?;
        if cfg!(unix) {
            // Some file systems refuse it, and the files themselves are on the disk.
            let _ = File::open(folder)?.sync_all();
        }
        Ok(())
    }

    /// Until everything of the file system that a folder stands on is on the disk. Linux alone can be asked for that.
    pub fn sync_all(self, folder: &Path) -> io::Result<()> {
        self.may()?;
        let open = File::open(folder)?;
        #[cfg(target_os = "linux")]
        rustix::fs::syncfs(&open)?;
        drop(open);
        Ok(())
    }

    /// Gives a file another name; what bore that name is gone, at once.
    pub fn rename(self, from: &Path, to: &Path) -> io::Result<()> {
        self.may()?;
        fs::rename(from, to)
    }

    /// Exchanges two names at once, where the system can.
    pub fn exchange(self, one: &Path, other: &Path) -> io::Result<()> {
        self.may()?;
        #[cfg(any(target_os = "linux", target_os = "macos"))]
        return rustix::fs::renameat_with(
            rustix::fs::CWD,
            one,
            rustix::fs::CWD,
            other,
            rustix::fs::RenameFlags::EXCHANGE,
        )
        .map_err(io::Error::from);
        #[cfg(not(any(target_os = "linux", target_os = "macos")))]
        {
            let _ = (one, other);
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    /// A second name of a file.
    pub fn link(self, from: &Path, to: &Path) -> io::Result<()> {
        self.may()?;
        fs::hard_link(from, to)
    }

    pub fn remove(self, file: &Path) -> io::Result<()> {
        self.may()?;
        fs::remove_file(file)
    }

    /// A folder in one that is there.
    pub fn make_folder(self, folder: &Path) -> io::Result<()> {
        self.may()?;
        fs::create_dir(folder)
    }

    /// A folder and those above it.
    pub fn make_folders(self, folder: &Path) -> io::Result<()> {
        self.may()?;
        fs::create_dir_all(folder)
    }

    /// Removes a folder that is empty.
    pub fn remove_folder(self, folder: &Path) -> io::Result<()> {
        self.may()?;
        fs::remove_dir(folder)
    }

    /// The mode and, where that is allowed, the owner of the file or folder that another takes the place of.
    pub fn make_like(self, path: &Path, before: &fs::Metadata) -> io::Result<()> {
        self.may()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, chown};
            let now = fs::symlink_metadata(path)?;
            if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
                let _ = chown(path, Some(before.uid()), Some(before.gid()));
            }
        }
        fs::set_permissions(path, before.permissions())
    }
}
