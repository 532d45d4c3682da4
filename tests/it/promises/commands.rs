//! Every command and flag of `tests/promises/commands.txt`.

use super::cases::split;
use super::lists::sections;
use crate::common::program::Bench;

const COMMANDS: &str = include_str!("../../promises/commands.txt");

/// A command with its flags.
pub struct Command {
    /// One word, or two: `plot forest`.
    pub name: String,
    pub arguments: Vec<String>,
    pub flags: Vec<Flag>,
}

pub struct Flag {
    /// The long name, with its hyphens.
    pub long: String,
    pub short: Option<String>,
    /// What its value is called in the help; none where it takes none.
    pub value: Option<String>,
    /// Values that it takes.
    pub values: Vec<String>,
}

/// The list.
pub fn commands() -> Vec<Command> {
    sections(COMMANDS).into_iter().map(|(head, below)| command(head, &below)).collect()
}

fn command(head: &str, below: &[&str]) -> Command {
    let (arguments, words): (Vec<&str>, Vec<&str>) =
        head.split(' ').partition(|word| word.starts_with(['[', '<']));
    Command {
        name: words.join(" "),
        arguments: arguments.into_iter().map(str::to_string).collect(),
        flags: below.iter().map(|line| flag(line)).collect(),
    }
}

fn flag(line: &str) -> Flag {
    let (names, values) = line.split_once("  =  ").unwrap_or((line, ""));
    let (names, value) = names.split_once(" <").unwrap_or((names, ""));
    let (short, long) = names.split_once(", ").map_or((None, names), |(short, long)| (Some(short), long));
    Flag {
        long: long.to_string(),
        short: short.map(str::to_string),
        value: (!value.is_empty()).then(|| value.trim_end_matches('>').to_string()),
        values: values
            .split("  ")
            .filter(|value| !value.is_empty())
            .map(|value| split(value).concat())
            .collect(),
    }
}

impl Flag {
    /// Whether it prints something about the program and ends it.
    pub fn ends_the_program(&self) -> bool {
        matches!(self.long.as_str(), "--help" | "--version")
    }
}

#[test]
fn the_list_is_read() {
    let commands = commands();
    assert_eq!(commands.len(), 24);
    assert_eq!(commands.iter().map(|command| command.flags.len()).sum::<usize>(), 406);
}

/// With `--help` at the end everything before it is parsed, its values too, and nothing is run.
#[test]
fn every_flag_takes_its_values() {
    let bench = Bench::with(&[]);
    for command in commands() {
        let flags: Vec<&Flag> = command.flags.iter().filter(|flag| !flag.ends_the_program()).collect();
        let rounds = flags.iter().map(|flag| flag.values.len()).max().unwrap_or(0).max(2);
        for round in 0..rounds {
            let mut arguments: Vec<&str> = command.name.split(' ').collect();
            for flag in &flags {
                let short = flag.short.as_deref().filter(|_| round % 2 == 1);
                arguments.push(short.unwrap_or(&flag.long));
                if !flag.values.is_empty() {
                    arguments.push(&flag.values[round % flag.values.len()]);
                }
            }
            arguments.push("--help");
            bench.ends(0, &arguments);
        }
    }
}

#[test]
fn every_command_has_its_help_with_flags_and_names_of_values() {
    let bench = Bench::with(&[]);
    let overview = bench.ends(0, &["--help"]);
    let manual = bench.ends(0, &["man"]).replace('\\', "");
    let version = bench.ends(0, &["--version"]);
    for command in commands() {
        let name: Vec<&str> = command.name.split(' ').collect();
        assert!(overview.contains(&format!("\n  {} ", name[0])), "{} is not in --help", name[0]);
        let with = |flag: &'static str| bench.ends(0, &[&name[..], &[flag]].concat());
        let help = with("--help");
        assert!(!with("-h").is_empty() && help == bench.ends(0, &[&["help"], &name[..]].concat()));
        assert_eq!((with("--version").split(' ').next_back(), with("-V").split(' ').next_back()), {
            let number = version.split(' ').next_back();
            (number, number)
        });
        for argument in &command.arguments {
            let listed = argument.trim_matches(['[', ']', '<', '>']);
            assert!(help.contains(listed), "{}: {argument} is not in its help", command.name);
        }
        for flag in &command.flags {
            let value = flag.value.as_ref().map(|value| format!(" <{value}>")).unwrap_or_default();
            let names =
                flag.short.as_ref().map(|short| format!("{short}, ")).unwrap_or_default() + &flag.long;
            let entry = format!(" {names}{value}\n");
            assert!(help.contains(&entry), "{}: '{}' is not in its help", command.name, entry.trim());
            assert!(manual.contains(&flag.long), "{} is not in the manual", flag.long);
        }
    }
}
