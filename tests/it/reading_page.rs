//! Every page of `docs/`: what it shows below a command is what the command says, and the commands of its shell blocks
//! run.

use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::common::page::{Page, pages, said, typed, words};
use crate::common::program::Bench;

/// Commands of shell blocks that are not run here, by how they begin, and why.
const NOT_RUN: [(&str, &str); 3] = [
    ("reconstruct ", "minutes: tests/it/flagship.rs runs these searches"),
    ("scan paper.docx", "a Word file: tests/it/scan.rs makes one"),
    ("check datasets/", "an analysis of the repository: tests/it/flagship.rs computes what it says"),
];

/// What the commands of shell blocks are run on.
const STAND_INS: [(&str, &str); 7] = [
    (
        "series.csv",
        "study,events,n,responders_percent\nAlpha 2001,8,12,66.7%\nBeta 2002,9,13,69.2%\nGamma 2003,21,66,31.8%\n",
    ),
    ("series.tsv", "Author\tYear\tresponders\tn\nAlpha\t2001\t8\t12\nBeta\t2002\t9\t13\n"),
    ("effects.csv", "study,yi,sei\nA,0.1,0.2\nB,0.4,0.25\n"),
    ("trials.csv", "study,hr,lo,hi\nA,0.7,0.5,0.98\nB,0.9,0.7,1.157\n"),
    ("pair.csv", "study,events,total\nA,5,119\nB,116,170\n"),
    ("two.csv", "study,events,total\nA,5,119\nB,116,170\n"),
    (
        "analysis.toml",
        "schema = 1\ntitle = \"Three\"\n[data]\nfile = \"series.csv\"\n[[outcome]]\nid = \"good\"\nevents = \"events\"\ntotal = \"n\"\n[[claim]]\noutcome = \"good\"\nsource = \"the abstract\"\nk = 3\n",
    ),
];

#[test]
fn the_examples_of_every_page_say_what_the_program_says() {
    let counted: Vec<(String, usize, Vec<String>)> = pages().par_iter().map(examples).collect();
    let complaints: Vec<&str> =
        counted.iter().flat_map(|(_, _, complaints)| complaints).map(String::as_str).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let commands: usize = counted.iter().map(|(_, commands, _)| commands).sum();
    assert!(commands > 150, "{commands} commands");
    for page in ["reading.md", "after-pooling.md", "figures.md", "groups.md", "reviewing.md"] {
        let (_, commands, _) = counted.iter().find(|(name, ..)| name == page).expect("the page");
        assert!(*commands > 0, "{page} shows no command");
    }
    let methods =
        counted.iter().filter(|(name, ..)| name.starts_with("methods/") && name != "methods/index.md");
    for (name, commands, _) in methods {
        assert!(*commands > 0, "{name} has no example");
    }
}

/// Runs the commands of a page on its files; every line below a command has to be in what it says.
fn examples(page: &Page) -> (String, usize, Vec<String>) {
    let bench = page.bench();
    let (mut commands, mut complaints) = (0, Vec::new());
    for block in page.blocks().iter().filter(|block| block.head == "console") {
        let mut output = String::new();
        for line in &block.lines {
            if let Some(command) = line.strip_prefix("$ metaprop ") {
                output = said(&typed(&bench, command));
                commands += 1;
            } else if *line != "…" && !output.contains(&words(line)) {
                complaints.push(format!("{}: {line:?} is not in {output:?}", page.name));
            }
        }
    }
    (page.name.clone(), commands, complaints)
}

#[test]
fn the_commands_of_shell_blocks_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = pages();
    all.push(Page::read(root, root.join("README.md")));
    let mut run = 0;
    for page in &all {
        let bench = Bench::with(&STAND_INS);
        for block in page.blocks().iter().filter(|block| block.head == "sh") {
            for line in block.lines.join("\n").replace("\\\n", "").lines() {
                let Some(command) = line.strip_prefix("metaprop ") else { continue };
                let command = command.split_once(" #").map_or(command, |(command, _)| command);
                let drawn = [".png", ".pdf"].iter().any(|format| command.contains(format));
                if NOT_RUN.iter().any(|(begins, _)| command.starts_with(begins))
                    || (drawn && !cfg!(feature = "images"))
                {
                    continue;
                }
                let done = typed(&bench, command);
                assert!(matches!(done.status.code(), Some(0 | 1)), "{}: {line}: {}", page.name, said(&done));
                run += 1;
            }
        }
    }
    assert!(run > 12, "{run} commands");
}

/// Each reason of [`NOT_RUN`] is of a command that is there, and names a test that is there.
#[test]
fn what_is_not_run_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text: String = pages().iter().map(|page| page.text.as_str()).collect();
    text += &fs::read_to_string(root.join("README.md")).expect("the README");
    for (begins, why) in NOT_RUN {
        assert!(text.contains(&format!("metaprop {begins}")), "no command begins with {begins}");
        for name in why.split_whitespace().filter(|word| word.starts_with("tests/")) {
            let name = name.trim_end_matches(':');
            assert!(root.join(name).exists(), "there is no {name}");
        }
    }
}
