//! From bytes to text: encodings, files that are no text, line ends, and text as messages show it.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr, memchr_iter};

use crate::advisory::{Advisory, Code};
use crate::error::{Error, ManyProblems, Problem};
pub(super) use crate::error::{quoted, shown};

/// A text, and the remark where it was not UTF-8.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// The name of its encoding.
    pub encoding: &'static str,
    pub advisory: Option<Advisory>,
}

/// The text in the bytes: in the encoding that is named; else UTF-8 or UTF-16, with or without a mark; else
/// Windows-1252, which is said.
pub(super) fn decode<'a>(bytes: &'a [u8], file: &str, named: Option<&str>) -> Result<Decoded<'a>, Error> {
    let encoding = match named {
        None => guessed(bytes),
        Some(name) => Some(encoding_named(name)?),
    };
    let (text, encoding, advisory) = match encoding {
        Some(encoding) => {
            let (text, used, wrong) = encoding.decode(bytes);
            if wrong && used != UTF_8 {
                let what = format!("this is no {} text from its beginning to its end", used.name());
                return Err(refused(file, what, "save the table as UTF-8"));
            }
            if wrong {
                utf8(bytes, file)?;
            }
            (text, used.name(), None)
        }
        None => {
            let (text, used, _) = WINDOWS_1252.decode(bytes);
            (text, used.name(), Some(read_as_windows_1252()))
        }
    };
    if memchr(0, text.as_bytes()).is_some() {
        let places = text.match_indices('\0').map(|(at, _)| (at, 0));
        let help = "this is no text, or UTF-16 without a byte-order mark: save the table as CSV in UTF-8";
        return Err(bad_bytes(text.as_bytes(), places, file, help));
    }
    Ok(Decoded { text, encoding, advisory })
}

/// What is said where Windows-1252 was not named.
pub(super) fn read_as_windows_1252() -> Advisory {
    let message = "the text is not UTF-8 and was read as Windows-1252; --encoding names another";
    Advisory::new(Code::Encoding, format!("encoding: {message}"))
}

/// The encoding of this name.
///
/// # Errors
///
/// [`Error::Usage`] where there is none.
pub(super) fn encoding_named(name: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    let problem = Problem::new(format!("{} is no encoding that is known", quoted(name)));
    Error::Usage(vec![problem.help("such as utf-8, utf-16le, windows-1252, iso-8859-2, shift_jis, gb18030")])
}

/// The encoding that a mark or the bytes say; `None` where they are no Unicode.
fn guessed(bytes: &[u8]) -> Option<&'static Encoding> {
    /// As much as is looked at for the zeros of UTF-16.
    const BEGINNING: usize = 512;
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let beginning = &bytes[..bytes.len().min(BEGINNING) & !1];
    let zeros = |first: usize| beginning.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let [even, odd] = [0, 1].map(zeros);
    // In UTF-16 every second byte of Latin text is 0, and no other.
    match beginning.len() / 4 {
        many if many > 0 && odd > many && even == 0 => Some(UTF_16LE),
        many if many > 0 && even > many && odd == 0 => Some(UTF_16BE),
        _ => {
            // A control byte is in no text of one byte a letter.
            let is_binary = || bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31));
            if std::str::from_utf8(bytes).is_ok() || is_binary() { Some(UTF_8) } else { None }
        }
    }
}

/// One problem with the file as a whole.
pub(super) fn refused(file: &str, what: impl Into<String>, help: impl Into<String>) -> Error {
    Error::Data(vec![Problem::new(what).at(file, None).help(help)])
}

/// Says what is wrong with bytes that are no UTF-8.
fn utf8(bytes: &[u8], file: &str) -> Result<(), Error> {
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(());
    }
    let mut end = 0;
    let places = bytes.utf8_chunks().filter_map(|chunk| {
        let at = end + chunk.valid().len();
        end = at + chunk.invalid().len();
        Some((at, *chunk.invalid().first()?))
    });
    Err(bad_bytes(bytes, places, file, "save the table as UTF-8 (in a spreadsheet: 'CSV UTF-8')"))
}

/// An error naming the first bad byte of every line that has one.
fn bad_bytes(bytes: &[u8], bad: impl Iterator<Item = (usize, u8)>, file: &str, help: &str) -> Error {
    let (mut problems, mut line, mut start, mut cursor, mut named) = (ManyProblems::default(), 1, 0, 0, 0);
    for (at, byte) in bad {
        for index in cursor..at {
            if ends_line(bytes, index) {
                line += 1;
                start = index + 1;
            }
        }
        cursor = at;
        if named < line {
            named = line;
            let position = at - start + 1;
            let what = match byte {
                0 => format!("byte 0x00 at position {position} of the line is a NUL byte, which no text has"),
                _ => format!("byte 0x{byte:02X} at position {position} of the line is not UTF-8 text"),
            };
            problems.push(Problem::new(what).at(file, line).help(help));
        }
    }
    Error::Data(problems.in_order(file))
}

/// Whether a line ends with this byte: a line feed, or a carriage return without one.
pub(super) fn ends_line(bytes: &[u8], index: usize) -> bool {
    match bytes.get(index) {
        Some(b'\n') => true,
        Some(b'\r') => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    }
}

/// How many lines end within this range of the bytes.
pub(super) fn line_ends(bytes: &[u8], range: Range<usize>) -> u32 {
    let feeds = memchr_iter(b'\n', &bytes[range.clone()]).count();
    let alone = |at: &usize| bytes.get(range.start + at + 1) != Some(&b'\n');
    let returns = memchr_iter(b'\r', &bytes[range.clone()]).filter(alone).count();
    u32::try_from(feeds + returns).unwrap_or(u32::MAX)
}

/// The ending of a file's name in lower case, without that of a compressed one.
pub(super) fn ending(file: &str) -> String {
    let path = Path::new(file);
    let of = |path: &Path| path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match of(path) {
        gz if gz == "gz" => of(Path::new(path.file_stem().unwrap_or_default())),
        ending => ending,
    }
}
