//! The certified data sets, read from their files.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::options::Request;

/// The files of `tests/reference/certified/`, each under its name.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../tests/reference/certified/", $name, ".json")))),*]
    };
}

static FILES: [(&str, &str); 56] = files![
    "all-full",
    "all-the-weight",
    "all-zero",
    "aneurysm-occlusion",
    "big-and-small",
    "billion-close",
    "billion-each",
    "catheter-control",
    "catheter-treated",
    "dominating",
    "duplicates",
    "equal-proportions",
    "full-but-one",
    "full-to-a-billion",
    "good-response",
    "huge-heterogeneity",
    "just-above-zero",
    "just-below-zero",
    "miller",
    "million-each",
    "ml-three-modes",
    "ml-two-modes",
    "near-half",
    "near-one",
    "near-zero",
    "no-excess",
    "one-event",
    "one-of-two",
    "one-outlier",
    "one-person-each",
    "one-study",
    "one-to-a-billion",
    "opioid-misuse",
    "p16-normal-smears",
    "rare",
    "rare-among-a-billion",
    "rare-thirty",
    "reml-far-mode-wins",
    "reml-three-modes",
    "reml-two-modes-raw",
    "reml-zero-loses",
    "reml-zero-loses-raw",
    "reml-zero-wins",
    "sixty",
    "symmetric",
    "three-in-a-billion",
    "three-with-zeros",
    "tiny",
    "two-clusters",
    "two-far-apart",
    "two-hundred",
    "two-near-equal",
    "two-people-each",
    "two-studies",
    "zero-but-one",
    "zero-to-full",
];

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

/// Every certified data set, by name.
///
/// # Errors
///
/// [`Error::Data`] where a file cannot be read, which is a defect of the build.
///
/// ```
/// let sets = metaprop::selftest::set::all()?;
/// assert!(sets.len() >= 40);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn all() -> Result<Vec<CertifiedSet>, Error> {
    FILES.iter().map(|(name, text)| read(text, &format!("{name}.json"))).collect()
}

/// One data set from the text of its file; `name` is the file's name in error messages.
///
/// # Errors
///
/// [`Error::Data`] where the text is not a certified set, with what is wrong.
pub fn read(text: &str, name: &str) -> Result<CertifiedSet, Error> {
    let wrong = |what: String| Error::Data(vec![Problem::new(what).at(name, None)]);
    let file: File = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let named: Vec<_> = (1..).map(|number: u32| number.to_string()).take(file.studies.len()).collect();
    let rows =
        named.iter().zip(&file.studies).map(|(name, (events, total))| (name.as_str(), *events, *total));
    Ok(CertifiedSet {
        name: file.dataset,
        about: file.about,
        class: file.class,
        table: Dataset::proportions(rows)?,
        cases: file.cases.iter().map(|case| case.read().map_err(wrong)).collect::<Result<_, _>>()?,
    })
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
