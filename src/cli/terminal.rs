//! Standard output and standard error.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use super::args::Color;
use crate::error::Error;
use crate::format::sanitize;
use crate::plot::Signs;

/// The columns of what is no terminal, or one that does not say how many it has.
pub(crate) const COLUMNS: usize = 120;

/// Where results and remarks go.
pub(crate) struct Terminal {
    /// Whether standard output is coloured.
    pub color: bool,
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    error_color: bool,
}

impl Terminal {
    /// `auto` colours a terminal, unless NO_COLOR is set to something (no-color.org) or the terminal is a dumb one.
    pub fn new(when: Color) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && !is_dumb();
        let decide = |is_terminal: bool| match when {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && wanted,
        };
        let is_terminal = std::io::stdout().is_terminal();
        Self { color: decide(is_terminal), is_terminal, error_color: decide(std::io::stderr().is_terminal()) }
    }

    /// How many columns standard output has, where that is known: as COLUMNS says, else those of the terminal.
    pub fn known_columns(&self) -> Option<usize> {
        let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        let own =
            || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        said.filter(|columns| *columns > 0).or_else(own)
    }

    /// The characters that standard output shows: those of ASCII on a dumb terminal and where the locale names
    /// another encoding than UTF-8.
    pub fn signs(&self) -> Signs {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
        let locale =
            locale.filter(|locale| !locale.is_empty()).map(|locale| locale.to_ascii_uppercase()).next();
        let is_unicode = locale.is_none_or(|locale| locale.contains("UTF-8") || locale.contains("UTF8"));
        if is_unicode && !is_dumb() { Signs::Unicode } else { Signs::Ascii }
    }

    /// Writes a result to standard output, all of it.
    pub fn print(&self, bytes: &[u8]) -> Result<(), Error> {
        self.stream(|out| out.write_all(bytes))
    }

    /// Lets `write` stream a result to standard output.
    pub fn stream(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Error> {
        let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        let failed =
            |source| Error::File { path: PathBuf::from("standard output"), action: "cannot write", source };
        write(&mut out).and_then(|()| out.flush()).map_err(failed)
    }

    /// A remark for the person at the terminal. A closed standard error is no reason to stop.
    pub fn say(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{}", sanitize(text));
    }

    /// What clap has to say: help and versions on standard output, errors on standard error.
    pub fn clap(&self, said: &clap::Error) -> Result<(), Error> {
        let text = said.render();
        let (plain, color) = if said.use_stderr() {
            // What was typed stands in it as it was typed.
            let plain = text.to_string();
            let safe: String = plain.lines().map(|line| format!("{}\n", sanitize(line))).collect();
            let color = self.error_color && safe.trim_end() == plain.trim_end();
            (safe, color)
        } else {
            (text.to_string(), self.color)
        };
        let shown = if color { text.ansi().to_string() } else { plain };
        if said.use_stderr() {
            let _ = std::io::stderr().write_all(shown.as_bytes());
            return Ok(());
        }
        self.print(shown.as_bytes())
    }

    /// Everything an error has to say.
    pub fn error(&self, error: &Error) {
        let head = if self.error_color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        let text = error.to_string();
        let lines: Vec<_> = text.lines().map(|line| sanitize(line).into_owned()).collect();
        let separator = if lines.len() > 1 { ":\n" } else { ": " };
        let _ = writeln!(std::io::stderr(), "{head}{separator}{}", lines.join("\n"));
    }
}

/// Whether the terminal says of itself that it can do nothing but print.
pub(super) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}
