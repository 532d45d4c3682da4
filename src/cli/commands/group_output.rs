//! Where the rows of many groups go: files that are whole or that end with a whole row, and standard output.

use std::collections::HashSet;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::analysis::GroupRow;
use crate::error::{Error, Problem};
use crate::format;
use crate::io::{files, output_file};
use crate::report::Format;
#[cfg(feature = "tables")]
use crate::report::group_parquet::GroupParquet;
use crate::report::group_rows::{csv_has_error, csv_header, csv_key, json_has_error, json_key};

/// A file of rows.
#[derive(Debug)]
pub(super) struct RowFile {
    pub path: PathBuf,
    pub format: Format,
}

/// The rows that a file has.
#[derive(Debug, Default)]
pub(super) struct KeptRows {
    /// Its header and its whole rows, as they stand there.
    pub bytes: Vec<u8>,
    /// What each row begins with.
    keys: HashSet<String>,
    /// How many of them are of groups that could not be pooled.
    pub errors: usize,
}

impl KeptRows {
    /// Whether the row of a group is there.
    pub fn has(&self, columns: &[String], values: &[String], format: Format) -> bool {
        self.keys.contains(&key(columns, values, format))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }
}

fn key(columns: &[String], values: &[String], format: Format) -> String {
    if format == Format::Csv { csv_key(values) } else { json_key(columns, values) }
}

impl RowFile {
    /// What the file begins with.
    pub fn header(&self, columns: &[String]) -> String {
        if self.format == Format::Csv { csv_header(columns) } else { String::new() }
    }

    /// The whole rows of the file as it is, or as a run that was killed left it, whichever has more.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the rows are not those of such groups; [`Error::File`] where the file cannot be read.
    pub fn kept(&self, columns: &[String]) -> Result<KeptRows, Error> {
        let there = files::read_if_there(&self.path)?;
        let left = output_file::left_behind(&self.path);
        let mut kept = KeptRows::default();
        for bytes in there.into_iter().chain(left).filter(|bytes| !bytes.is_empty()) {
            let of_file = self.rows(&bytes, columns)?;
            if of_file.len() >= kept.len() {
                kept = of_file;
            }
        }
        Ok(kept)
    }

    fn rows(&self, bytes: &[u8], columns: &[String]) -> Result<KeptRows, Error> {
        // What follows the last line feed is half a row.
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| self.other_rows())?;
        let header = self.header(columns);
        if header.as_bytes().starts_with(bytes) {
            return Ok(KeptRows::default());
        }
        let rows = text.strip_prefix(&header).ok_or_else(|| self.other_rows())?;
        let mut kept = KeptRows { bytes: text.into(), ..KeptRows::default() };
        for line in rows.lines() {
            let key = if self.format == Format::Csv {
                csv_start(line, columns.len())
            } else {
                line.find("\"k\":").map(|at| &line[..at])
            };
            kept.keys.insert(key.ok_or_else(|| self.other_rows())?.to_owned());
            let has_error = if self.format == Format::Csv { csv_has_error } else { json_has_error };
            kept.errors += usize::from(has_error(line));
        }
        Ok(kept)
    }

    fn other_rows(&self) -> Error {
        let what = format!("--resume: {} does not hold the rows of these groups", format::path(&self.path));
        Error::Usage(vec![
            Problem::new(what).help("name the file of the run that was stopped, or leave --resume out"),
        ])
    }
}

/// The first fields of a line of CSV, with the comma behind each.
fn csv_start(line: &str, fields: usize) -> Option<&str> {
    let (mut quoted, mut commas) = (false, 0);
    for (at, byte) in line.bytes().enumerate() {
        quoted ^= byte == b'"';
        commas += usize::from(byte == b',' && !quoted);
        if commas == fields {
            return Some(&line[..=at]);
        }
    }
    None
}

/// A file that is being written, or standard output.
pub(super) struct Sink<'o> {
    pub format: Format,
    /// How messages call it.
    name: PathBuf,
    out: &'o mut dyn Write,
    /// Whether the others go on where nobody reads this one any more.
    may_close: bool,
    is_closed: bool,
    #[cfg(feature = "tables")]
    parquet: Option<GroupParquet>,
}

impl<'o> Sink<'o> {
    pub fn new(format: Format, name: &Path, out: &'o mut dyn Write) -> Self {
        Self {
            format,
            name: name.to_path_buf(),
            out,
            may_close: false,
            is_closed: false,
            #[cfg(feature = "tables")]
            parquet: None,
        }
    }

    /// Whether the others go on where nobody reads this one any more.
    pub fn may_close(self, may_close: bool) -> Self {
        Self { may_close, ..self }
    }

    /// The same for a shorter time.
    fn again<'s>(self) -> Sink<'s>
    where
        'o: 's,
    {
        Sink {
            format: self.format,
            name: self.name,
            out: self.out,
            may_close: self.may_close,
            is_closed: self.is_closed,
            #[cfg(feature = "tables")]
            parquet: self.parquet,
        }
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::File { path: self.name.clone(), action: "cannot write", source }
    }

    /// Begins a Parquet file of groups that are told apart by these columns.
    #[cfg(feature = "tables")]
    pub fn begin_parquet(&mut self, columns: &[String]) -> Result<(), Error> {
        self.parquet = Some(GroupParquet::new(columns).map_err(|source| self.failed(source))?);
        Ok(())
    }

    /// Adds a row to a Parquet file.
    #[cfg(feature = "tables")]
    pub fn push_parquet(&mut self, row: &GroupRow) -> Result<(), Error> {
        let bytes = self.parquet.as_mut().map_or(Ok(Vec::new()), |parquet| parquet.push(row));
        let bytes = bytes.map_err(|source| self.failed(source))?;
        self.write(&bytes)
    }

    /// Writes what comes behind the last row.
    #[cfg(feature = "tables")]
    pub fn finish(mut self) -> Result<(), Error> {
        let Some(parquet) = self.parquet.take() else { return Ok(()) };
        let bytes = parquet.finish().map_err(|source| self.failed(source))?;
        self.write(&bytes)
    }

    /// Parquet files are refused before.
    #[cfg(not(feature = "tables"))]
    pub fn begin_parquet(&mut self, _: &[String]) -> Result<(), Error> {
        Ok(())
    }

    /// Parquet files are refused before.
    #[cfg(not(feature = "tables"))]
    pub fn push_parquet(&mut self, _: &GroupRow) -> Result<(), Error> {
        Ok(())
    }

    /// Other files end with their last row.
    #[cfg(not(feature = "tables"))]
    pub fn finish(self) -> Result<(), Error> {
        Ok(())
    }

    /// Writes these bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.is_closed {
            return Ok(());
        }
        match self.out.write_all(bytes) {
            Err(error) if self.may_close && error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            written => written.map_err(|source| self.failed(source)),
        }
    }
}

/// Opens these files one after the other, and lets `run` write to all of them. Where it gives an error, every file is as
/// it was.
pub(super) fn with_files(
    files: &[RowFile],
    sinks: Vec<Sink<'_>>,
    run: &mut dyn FnMut(Vec<Sink<'_>>) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some((file, others)) = files.split_first() else { return run(sinks) };
    let mut failed = None;
    let written = output_file::write(&file.path, |out| {
        let mut sinks: Vec<Sink<'_>> = sinks.into_iter().map(Sink::again).collect();
        sinks.push(Sink::new(file.format, &file.path, out));
        with_files(others, sinks, run).map_err(|error| {
            failed = Some(error);
            io::Error::from(ErrorKind::Interrupted)
        })
    });
    failed.map_or(written, Err)
}
