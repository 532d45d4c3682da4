//! A table by its name, as a person types it: a path, `@NAME` of the embedded sets, or `-` for standard input.

use std::borrow::Cow;
use std::path::Path;

use super::{files, read};
use crate::data::{Dataset, embedded};
use crate::error::Error;
use crate::options::ReadOptions;

/// The bytes of the table of this name, and what messages and the provenance call it.
///
/// # Errors
///
/// [`Error::File`] where the file cannot be read, [`Error::Usage`] where there is no data set of this name.
///
/// ```
/// use metaprop::io::open::load;
/// let (bytes, shown) = load("@miller1978")?;
/// assert!(bytes.starts_with(b"study,") && shown == "@miller1978");
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn load(name: &str) -> Result<(Cow<'static, [u8]>, String), Error> {
    Ok(match name.strip_prefix('@') {
        Some(embedded_name) => {
            let set = embedded::find(embedded_name)?;
            (set.csv.as_bytes().into(), format!("@{}", set.name))
        }
        None if name == "-" => (files::read_standard_input()?.into(), name.to_string()),
        None => (read::load(Path::new(name), name)?.into(), name.to_string()),
    })
}

impl Dataset {
    /// Reads a table of events and totals; its columns are found by their names.
    ///
    /// `name` is a path, `@NAME` for a data set that comes with the program ([`embedded`]), or `-` for standard
    /// input.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where the file cannot be read, [`Error::Usage`] where a column is not found, and
    /// [`Error::Data`] with every problem of the table: each bad row, not the first alone.
    ///
    /// ```
    /// use metaprop::Dataset;
    ///
    /// let data = Dataset::read("@tofacitinib-aa")?;
    /// assert_eq!(data.k(), 14);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn read(name: &str) -> Result<Self, Error> {
        Self::read_with(name, &ReadOptions::default())
    }

    /// Reads a table as the options say: which columns hold what, and which rows are taken.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); [`Error::Usage`] too where an option names a column that is not there.
    ///
    /// ```
    /// use metaprop::Dataset;
    /// use metaprop::options::ReadOptions;
    ///
    /// let options = ReadOptions { events: Some("events".into()), ..ReadOptions::default() };
    /// let data = Dataset::read_with("@tofacitinib-aa", &options)?;
    /// assert_eq!(data.columns().events, "events");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn read_with(name: &str, options: &ReadOptions) -> Result<Self, Error> {
        let (bytes, shown) = load(name)?;
        read::read_bytes(&bytes, &shown, options)
    }
}
