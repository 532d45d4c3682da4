//! From a file to a [`Manuscript`]: text without mark-up, with the place of every character.
//!
//! | file | what it reads |
//! |---|---|
//! | `plain` | text: lines, paragraphs apart by blank lines |
//! | `markdown` | paragraphs, lists and tables of Markdown; code is left out |
//! | `latex` | paragraphs, tables and footnotes of LaTeX; comments and what is verbatim are left out |
//! | `latex_words` | what the commands of LaTeX stand for |
//! | `docx` | paragraphs, tables and notes of a document of Word, as they are with all changes accepted |
//! | `collector` | the passages that a reader has finished |
//! | `entities` | characters that Markdown writes as `&nbsp;` |

mod collector;
mod docx;
mod entities;
mod latex;
mod latex_words;
mod markdown;
mod plain;

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::files;
use super::limits::LARGEST_MANUSCRIPT;
use super::text::decode;
use crate::advisory::{Advisory, Code};
use crate::data::{Manuscript, ManuscriptFormat, Passage, Provenance};
use crate::error::{Error, Problem};
use crate::format::{self, hexadecimal};

impl Manuscript {
    /// Reads a manuscript; its extension says its format (`.md`, `.docx`, `.tex`, `.txt`), and `-` is plain text from
    /// standard input.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the extension is none of these, and [`Error::File`] where the file cannot be read or is
    /// not of its format.
    ///
    /// ```
    /// use metaprop::data::Manuscript;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let file = folder.path().join("paper.md");
    /// std::fs::write(&file, "# Results\n\n54.0%&nbsp;(**46.3** to 61.5)\n").unwrap();
    /// let read = Manuscript::read(&file)?;
    /// assert_eq!(read.passages[1].text().trim_end(), "54.0%\u{a0}(46.3 to 61.5)");
    /// assert_eq!(read.passages[1].place(8).to_string(), "3:15");
    /// assert_eq!(Manuscript::read("paper.pdf").unwrap_err().exit_code(), 2);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if path == Path::new("-") {
            let bytes = files::read_standard_input_up_to(LARGEST_MANUSCRIPT)?;
            return Self::parse(&bytes, "-", ManuscriptFormat::Text);
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let format = ManuscriptFormat::of_extension(extension).ok_or_else(|| unknown(path))?;
        let bytes = files::read_up_to(path, LARGEST_MANUSCRIPT)?;
        Self::parse(&bytes, &path.display().to_string(), format)
    }

    /// The same of bytes that are at hand; `shown` is how messages call them.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where they are not of this format.
    ///
    /// ```
    /// use metaprop::data::{Manuscript, ManuscriptFormat};
    /// let read = Manuscript::parse(br"54.0\,\% (46.3--61.5\,\%)", "a.tex", ManuscriptFormat::Latex)?;
    /// assert_eq!(read.passages[0].text(), "54.0\u{2009}% (46.3–61.5\u{2009}%)");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn parse(bytes: &[u8], shown: &str, format: ManuscriptFormat) -> Result<Self, Error> {
        let (mut advisories, refused) = (Vec::new(), |why: String| refused(shown, why));
        let mut text = |read: fn(&str) -> Vec<Passage>| -> Result<Vec<Passage>, Error> {
            let decoded = decode(bytes, shown, None).map_err(|error| refused(in_one_line(&error)))?;
            advisories.extend(decoded.advisory.map(|_| not_utf8(shown)));
            Ok(read(&decoded.text))
        };
        let passages = match format {
            ManuscriptFormat::Text => text(plain::passages)?,
            ManuscriptFormat::Markdown => text(markdown::passages)?,
            ManuscriptFormat::Latex => text(latex::passages)?,
            ManuscriptFormat::Docx => docx::passages(bytes, LARGEST_MANUSCRIPT).map_err(refused)?,
        };
        let sha256 = hexadecimal(&Sha256::digest(bytes));
        let provenance = Provenance { data: as_shown(shown), sha256, ..Provenance::default() };
        Ok(Self { format, passages, provenance, advisories })
    }
}

/// The relative path as typed, else the file's name.
fn as_shown(typed: &str) -> String {
    let path = Path::new(typed);
    let name = path.file_name().map_or_else(|| typed.to_string(), |name| name.to_string_lossy().into_owned());
    if path.is_absolute() { name } else { typed.to_string() }
}

fn unknown(path: &Path) -> Error {
    let problem = Problem::new(format!("{}: this is no manuscript that is read", format::path(path)));
    let help = "give a file .md, .docx, .tex or .txt (save others as one of them), or - for plain text from standard input";
    Error::Usage(vec![problem.help(help)])
}

fn refused(shown: &str, why: String) -> Error {
    let source = io::Error::new(io::ErrorKind::InvalidData, why);
    Error::File { path: shown.into(), action: "cannot read", source }
}

/// What is wrong with a text, without its place: the name of the file is said anyway.
fn in_one_line(error: &Error) -> String {
    match error {
        Error::Data(problems) => problems.first().map(|problem| problem.what.clone()).unwrap_or_default(),
        other => other.to_string(),
    }
}

fn not_utf8(shown: &str) -> Advisory {
    let message = format!("{shown} is not UTF-8 and was read as Windows-1252");
    Advisory::new(Code::Encoding, message)
}
