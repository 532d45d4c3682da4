//! `docs/reading.md`, `docs/after-pooling.md`, `docs/figures.md`, `docs/groups.md` and `docs/simulate.md`: what they show
//! below a command is what the command says.

use crate::common::program::Bench;

/// A fenced block: what stands behind its fence, and its lines.
struct Block<'p> {
    head: &'p str,
    lines: Vec<&'p str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open) = (Vec::new(), None::<Block<'_>>);
    for line in page.lines() {
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
    blocks
}

/// The words of a line, with single blanks between them.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The arguments of a command line, in which single quotes hold blanks together.
fn arguments(command: &str) -> Vec<String> {
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

#[test]
fn the_examples_of_reading_say_what_the_program_says() {
    let (commands, files) = run(include_str!("../../docs/reading.md"));
    assert!(commands > 10 && files > 8, "{commands} commands, {files} files");
}

#[test]
fn the_examples_after_pooling_say_what_the_program_says() {
    let (commands, files) = run(include_str!("../../docs/after-pooling.md"));
    assert_eq!((commands, files), (9, 2));
}

#[test]
fn the_examples_of_figures_say_what_the_program_says() {
    let (commands, files) = run(include_str!("../../docs/figures.md"));
    assert_eq!((commands, files), (5, 2));
}

#[test]
fn the_examples_of_groups_say_what_the_program_says() {
    let (commands, files) = run(include_str!("../../docs/groups.md"));
    assert_eq!((commands, files), (2, 1));
}

#[test]
fn the_examples_of_simulations_say_what_the_program_says() {
    let (commands, files) = run(include_str!("../../docs/simulate.md"));
    assert_eq!((commands, files), (3, 0));
}

/// Runs the commands of a page on its files; every line below a command has to be in what it says.
fn run(page: &str) -> (usize, usize) {
    let blocks = blocks(page);
    let files: Vec<(&str, String)> = blocks
        .iter()
        .filter_map(|block| {
            Some((
                block.head.strip_prefix("csv ").or(block.head.strip_prefix("toml "))?,
                block.lines.join("\n") + "\n",
            ))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let bench = Bench::with(&files);
    let (mut commands, mut complaints) = (0, Vec::new());
    for block in blocks.iter().filter(|block| block.head == "console") {
        let mut output = String::new();
        for line in &block.lines {
            if let Some(command) = line.strip_prefix("$ metaprop ") {
                let typed = arguments(command);
                let done = bench.run(&typed.iter().map(String::as_str).collect::<Vec<_>>());
                let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).expect("text"));
                output = words(&said.join("\n"));
                commands += 1;
            } else if *line != "…" && !output.contains(&words(line)) {
                complaints.push(format!("{line:?} is not in {output:?}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    (commands, files.len())
}
