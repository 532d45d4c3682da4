//! `digest.txt`: which files a report has, and the SHA-256 of each.
//!
//! A line a file in the order of the paths, as `sha256sum` writes and `sha256sum --check` reads them. A
//! file that is not kept beside it, because it is large and made for programs, can still be compared: the
//! digest says whether it would be written as before.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use sha2::{Digest, Sha256};

use super::file::File;
use crate::format::hexadecimal;
use crate::io::inside::stays_inside;

/// The name of the file.
pub const NAME: &str = "digest.txt";

/// The files of a report by their paths, with the digest of each.
///
/// ```
/// use metaprop::report::folder::File;
/// use metaprop::report::manifest::Manifest;
///
/// let file = File { path: "a/studies.csv".to_string(), bytes: b"abc".to_vec() };
/// let manifest = Manifest::of(std::slice::from_ref(&file));
/// let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a/studies.csv\n";
/// assert_eq!(manifest.to_string(), text);
/// assert_eq!(Manifest::parse(text), manifest);
/// assert_eq!(manifest.agrees_with(&file), Some(true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    digests: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of these files.
    #[must_use]
    pub fn of(files: &[File]) -> Self {
        Self { digests: files.iter().map(|file| (file.path.clone(), sha256(&file.bytes))).collect() }
    }

    /// Reads a manifest. A line that is none of its own says nothing, and so does a path that leads out of
    /// the folder: a manifest comes with the folder, from whoever made it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let entries = text.lines().filter_map(|line| {
            let (digest, path) = line.split_once("  ")?;
            let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            (is_digest && stays_inside(path)).then(|| (path.to_string(), digest.to_ascii_lowercase()))
        });
        Self { digests: entries.collect() }
    }

    /// Whether a file is as it was when the manifest was made; nothing where the manifest lacks it.
    #[must_use]
    pub fn agrees_with(&self, file: &File) -> Option<bool> {
        self.digests.get(&file.path).map(|digest| *digest == sha256(&file.bytes))
    }

    /// The paths that are listed here and not among these files.
    #[must_use]
    pub fn beyond(&self, files: &[File]) -> Vec<&str> {
        let among: HashSet<&str> = files.iter().map(|file| &*file.path).collect();
        self.digests.keys().map(String::as_str).filter(|path| !among.contains(path)).collect()
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digests.iter().try_for_each(|(path, digest)| writeln!(f, "{digest}  {path}"))
    }
}

fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_of_the_folder_is_no_entry() {
        let digest = "0".repeat(64);
        for path in ["../x", "/etc/x", "a/../../x", "", "a//b", ".", "C:x", "a\\..\\x"] {
            assert_eq!(Manifest::parse(&format!("{digest}  {path}\n")), Manifest::default(), "{path}");
        }
        let kept = Manifest::parse(&format!("{digest}  a/x.csv\nrubbish\n\n{digest} one-blank\n12  short\n"));
        assert_eq!(kept.beyond(&[]), ["a/x.csv"]);
    }

    #[test]
    fn files_stand_in_the_order_of_their_paths() {
        let file = |path: &str| File { path: path.to_string(), bytes: Vec::new() };
        let manifest = Manifest::of(&[file("report.html"), file("b/x.csv"), file("a/x.csv")]);
        let paths: Vec<String> = manifest.to_string().lines().map(|line| line[66..].to_string()).collect();
        assert_eq!(paths, ["a/x.csv", "b/x.csv", "report.html"]);
        assert_eq!(manifest.agrees_with(&file("c/x.csv")), None);
    }
}
