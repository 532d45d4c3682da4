//! The pages of `docs/` as tests see them: their fenced blocks, and the commands in them.

// Each test uses a part of it.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::program::Bench;

/// A page of the book, or the README.
pub struct Page {
    /// Its path from `docs/`, with `/` between folders.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block: what stands behind its fence, and its lines.
pub struct Block<'p> {
    pub head: &'p str,
    pub lines: Vec<&'p str>,
}

/// The folder of the pages.
pub fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// Every page below `docs/`, in the order of their names.
pub fn pages() -> Vec<Page> {
    let (docs, mut folders, mut pages) = (docs(), vec![docs()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(Page::read(&docs, path));
            }
        }
    }
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    pages
}

impl Page {
    pub fn read(root: &Path, path: PathBuf) -> Self {
        let name: Vec<_> =
            path.strip_prefix(root).expect("below it").iter().map(|part| part.to_string_lossy()).collect();
        let text = fs::read_to_string(&path).expect("a page");
        Self { name: name.join("/"), path, text }
    }

    pub fn blocks(&self) -> Vec<Block<'_>> {
        let (mut blocks, mut open) = (Vec::new(), None::<Block<'_>>);
        for line in self.text.lines() {
            match (line.strip_prefix("```"), open.take()) {
                (Some(_), Some(block)) => blocks.push(block),
                (Some(head), None) => open = Some(Block { head, lines: Vec::new() }),
                (None, Some(mut block)) => {
                    block.lines.push(line);
                    open = Some(block);
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block without an end", self.name);
        blocks
    }

    /// The page without its fenced blocks.
    pub fn prose(&self) -> String {
        let mut inside = false;
        let outside = |line: &&str| {
            let fence = line.starts_with("```");
            inside ^= fence;
            !inside && !fence
        };
        self.text.lines().filter(outside).collect::<Vec<_>>().join("\n")
    }

    /// The files that the page shows: blocks with a name behind their language.
    pub fn files(&self) -> Vec<(&str, String)> {
        let named = self.blocks().into_iter().filter_map(|block| {
            let (_, name) = block.head.split_once(' ')?;
            (!name.contains('/')).then(|| (name, block.lines.join("\n") + "\n"))
        });
        named.collect()
    }

    /// A folder with the files of the page.
    pub fn bench(&self) -> Bench {
        let files = self.files();
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        Bench::with(&files)
    }
}

/// The words of a line, with single blanks between them.
pub fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The arguments of a command line, in which single quotes hold blanks together.
pub fn arguments(command: &str) -> Vec<String> {
    let (mut arguments, mut quoted) = (vec![String::new()], false);
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => arguments.push(String::new()),
            c => arguments.last_mut().expect("one").push(c),
        }
    }
    arguments.into_iter().filter(|argument| !argument.is_empty()).collect()
}

/// Runs what stands behind `metaprop` in a line.
pub fn typed(bench: &Bench, command: &str) -> Output {
    bench.run(&arguments(command).iter().map(String::as_str).collect::<Vec<_>>())
}

/// All that was said, as words.
pub fn said(done: &Output) -> String {
    words(&[&done.stdout, &done.stderr].map(|text| String::from_utf8_lossy(text)).join("\n"))
}
