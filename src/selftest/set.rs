//! The certified data sets, read from their files.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::options::Request;

/// The files of `tests/reference/certified/` in the order of their names, one after the other, compressed. Written by
/// `UPDATE_CERTIFIED=1 cargo test --test it selftest`.
#[cfg(feature = "selftest")]
static PACKED: &[u8] = include_bytes!("certified.json.gz");

/// A data set with the certified values of its cases.
#[derive(Debug, Clone)]
pub struct CertifiedSet {
    /// Its name, which is that of its file.
    pub name: String,
    /// Why it is in the set.
    pub about: String,
    /// From `easy` to `vicious`.
    pub class: String,
    /// The counts.
    pub table: Dataset,
    /// The specifications with their certified values.
    pub cases: Vec<Case>,
}

/// One specification with its certified values.
#[derive(Debug, Clone)]
pub struct Case {
    /// The choices.
    pub request: Request,
    /// The choices as words, for people: `measure=logit tau2=reml`.
    pub words: String,
    /// Path, kind and value of each statistic.
    pub values: Vec<Certified>,
}

/// The certified value of one path of the result document.
#[derive(Debug, Clone)]
pub struct Certified {
    /// The path: `random.y`, `heterogeneity.tau2`, `studies.v`.
    pub path: String,
    /// How the value is computed.
    pub kind: Kind,
    /// The nearest doubles; a list has one for each entry, `None` where the value does not exist.
    pub want: Vec<Option<f64>>,
}

/// How a value is computed, which limits its accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A finite formula, special functions included.
    Closed,
    /// A root or an optimum, or a value that depends on one.
    Iterated,
    /// A numerical integral.
    Quadrature,
}

impl Kind {
    /// All three, from the most to the least accurate.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Iterated, Self::Quadrature];

    /// The word in the files and documents.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Iterated => "iterated",
            Self::Quadrature => "quadrature",
        }
    }

    /// The number of digits that a value of this kind should have at least.
    #[must_use]
    pub const fn goal(self) -> f64 {
        match self {
            Self::Closed => 14.0,
            Self::Iterated => 11.0,
            Self::Quadrature => 10.0,
        }
    }
}

#[derive(Deserialize)]
struct File {
    dataset: String,
    about: String,
    class: String,
    studies: Vec<(u64, u64)>,
    cases: Vec<FileCase>,
}

#[derive(Deserialize)]
struct FileCase {
    spec: Map<String, Value>,
    #[serde(default)]
    closed: Map<String, Value>,
    #[serde(default)]
    iterated: Map<String, Value>,
    #[serde(default)]
    quadrature: Map<String, Value>,
}

/// Every certified data set, in the order of their names.
///
/// # Errors
///
/// [`Error::Usage`] where the crate was built without the feature `selftest`, which has the data.
/// [`Error::Data`] where the data cannot be read, which is a defect of the build.
///
/// ```
/// # #[cfg(feature = "selftest")] {
/// let sets = metaprop::selftest::set::all()?;
/// assert!(sets.len() >= 40);
/// # }
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn all() -> Result<Vec<CertifiedSet>, Error> {
    read_all(&unpacked()?)
}

/// The text of all files.
///
/// # Errors
///
/// As of [`all`].
#[cfg(feature = "selftest")]
pub fn unpacked() -> Result<String, Error> {
    use std::io::Read;
    let mut text = String::new();
    match flate2::read::GzDecoder::new(PACKED).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Error::data(format!("the certified values cannot be unpacked: {error}"))),
    }
}

/// The text of all files.
///
/// # Errors
///
/// [`Error::Usage`]: this build has none.
#[cfg(not(feature = "selftest"))]
pub fn unpacked() -> Result<String, Error> {
    let problem = Problem::new("this build has no certified values");
    Err(Error::Usage(vec![
        problem.help("build it with the feature selftest: cargo build --features selftest"),
    ]))
}

/// Data sets from the text of their files, one after the other.
///
/// # Errors
///
/// [`Error::Data`] where the text is not that of certified sets, with what is wrong.
pub fn read_all(text: &str) -> Result<Vec<CertifiedSet>, Error> {
    let files = serde_json::Deserializer::from_str(text).into_iter::<File>();
    files.map(|file| file.map_err(|error| wrong(error.to_string())).and_then(read)).collect()
}

fn wrong(what: String) -> Error {
    Error::Data(vec![Problem::new(what).at("the certified values", None)])
}

fn read(file: File) -> Result<CertifiedSet, Error> {
    let named: Vec<_> = (1..).map(|number: u32| number.to_string()).take(file.studies.len()).collect();
    let rows =
        named.iter().zip(&file.studies).map(|(name, (events, total))| (name.as_str(), *events, *total));
    let table = Dataset::proportions(rows)?;
    let case = |case: &FileCase| case.read().map_err(|what| wrong(format!("{}: {what}", file.dataset)));
    let cases = file.cases.iter().map(case).collect::<Result<_, _>>()?;
    Ok(CertifiedSet { name: file.dataset, about: file.about, class: file.class, table, cases })
}

impl FileCase {
    fn read(&self) -> Result<Case, String> {
        let request = Request::deserialize(Value::Object(self.spec.clone())).map_err(|e| e.to_string())?;
        let words: Vec<_> = self.spec.iter().map(|(key, value)| format!("{key}={}", word(value))).collect();
        let groups = [&self.closed, &self.iterated, &self.quadrature];
        let values = Kind::ALL.into_iter().zip(groups).flat_map(|(kind, group)| {
            group.iter().map(move |(path, value)| {
                let want = wanted(value).ok_or_else(|| format!("{path}: {value} is not a number"))?;
                Ok(Certified { path: path.clone(), kind, want })
            })
        });
        Ok(Case { request, words: words.join(" "), values: values.collect::<Result<_, String>>()? })
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// A decimal, a list of decimals or null, as the nearest doubles.
fn wanted(value: &Value) -> Option<Vec<Option<f64>>> {
    match value {
        Value::Null => Some(vec![None]),
        // A number beyond the largest double is missing in a result document too.
        Value::String(decimal) => {
            Some(vec![Some(decimal.parse().ok()?).filter(|number: &f64| number.is_finite())])
        }
        Value::Array(items) => {
            Some(items.iter().map(wanted).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        }
        _ => None,
    }
}
