//! The lock of an analysis: digests of its data, specifications and results, with the pooled numbers.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::json::{Layout, text};
use super::version::VERSION;
use crate::analysis::MetaAnalysis;
use crate::data::Provenance;
use crate::error::{Error, Problem};
use crate::format::{hexadecimal, sanitize};
use crate::model::Prediction;

/// What an analysis was when it was locked, the document `metaprop/lock/1`.
///
/// ```
/// use metaprop::Project;
/// use metaprop::report::lock::Lock;
///
/// let lock = Project::demonstration()?.lock()?;
/// assert_eq!(lock.outcomes[0].k, 14);
/// assert!(lock.differences(&Lock::parse(&lock.json(), "analysis.toml.lock")?).is_empty());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lock {
    /// The name and version of the document.
    pub schema: String,
    /// The version of the program that wrote it.
    pub metaprop: String,
    /// The analysis file, without its folders.
    pub analysis: String,
    /// The SHA-256 of the analysis file.
    pub sha256: String,
    /// Each outcome that is pooled, in the order of the file.
    pub outcomes: Vec<LockedOutcome>,
}

/// One outcome of a lock; numbers are as in the result document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockedOutcome {
    /// Its id.
    pub id: String,
    /// Its data, as its result names them.
    pub data: String,
    /// The SHA-256 of its data.
    pub data_sha256: String,
    /// The SHA-256 of its complete specification, as JSON on one line.
    pub spec_sha256: String,
    /// The SHA-256 of its result document, as JSON on one line.
    pub result_sha256: String,
    /// The number of studies pooled.
    pub k: usize,
    /// The number of events, of counts.
    pub events: Option<u64>,
    /// The number of people, of counts.
    pub total: Option<u64>,
    /// The pooled value.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance.
    pub tau2: Option<f64>,
    /// I² as a fraction.
    pub i2: Option<f64>,
    /// The lower limit of the prediction interval.
    pub prediction_lower: Option<f64>,
    /// The upper limit of the prediction interval.
    pub prediction_upper: Option<f64>,
}

impl Lock {
    /// The name and version of the document. Within a version, keys are only ever added.
    pub const SCHEMA: &str = "metaprop/lock/1";

    /// The lock of an analysis file of these results.
    #[must_use]
    pub fn of<'a>(
        analysis: &Provenance,
        outcomes: impl IntoIterator<Item = (&'a str, &'a MetaAnalysis)>,
    ) -> Self {
        let name = analysis.data.rsplit(['/', '\\']).next().unwrap_or_default();
        Self {
            schema: Self::SCHEMA.to_owned(),
            metaprop: VERSION.to_owned(),
            analysis: name.to_owned(),
            sha256: analysis.sha256.clone(),
            outcomes: outcomes.into_iter().map(|(id, result)| LockedOutcome::of(id, result)).collect(),
        }
    }

    /// Reads a lock; `file` stands in errors.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where the text is no such document.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let wrong = |what: String| {
            let problem = Problem::new(what).at(file, None);
            Error::Data(vec![problem.help("write it again: metaprop lock ANALYSIS")])
        };
        let read: Self = serde_json::from_str(text).map_err(|error| wrong(format!("not a lock: {error}")))?;
        if read.schema == Self::SCHEMA {
            return Ok(read);
        }
        Err(wrong(format!("its schema is '{}', not '{}'", sanitize(&read.schema), Self::SCHEMA)))
    }

    /// The document.
    #[must_use]
    pub fn json(&self) -> String {
        // Strings and numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// What is other in `now`, in words; nothing where everything is as it was. The version of the program and the text of
    /// the analysis file are no results: they are not compared.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut moved = Vec::new();
        for was in &self.outcomes {
            match now.outcomes.iter().find(|outcome| outcome.id == was.id) {
                Some(is) => was.compare(is, &mut moved),
                None => moved.push(format!("{}: not pooled any more", sanitize(&was.id))),
            }
        }
        let is_new = |is: &&LockedOutcome| !self.outcomes.iter().any(|was| was.id == is.id);
        moved
            .extend(now.outcomes.iter().filter(is_new).map(|is| format!("{}: not locked", sanitize(&is.id))));
        moved
    }
}

impl LockedOutcome {
    fn of(id: &str, result: &MetaAnalysis) -> Self {
        let pooled = result.pooled();
        let [lower, upper] = pooled.shown_limits();
        let predicted = result.prediction.as_ref().map_or([None; 2], Prediction::shown_limits);
        let (events, total) = result.sums().unzip();
        let provenance = &result.data().provenance();
        Self {
            id: id.to_owned(),
            data: provenance.data.clone(),
            data_sha256: provenance.sha256.clone(),
            spec_sha256: digest(&text(&result.spec, Layout::Line)),
            result_sha256: digest(&text(result, Layout::Line)),
            k: result.k(),
            events,
            total,
            estimate: pooled.estimate,
            lower,
            upper,
            tau2: result.heterogeneity.tau2.map(|tau2| tau2.estimate),
            i2: result.heterogeneity.i2.map(|i2| i2.estimate / 100.0),
            prediction_lower: predicted[0],
            prediction_upper: predicted[1],
        }
    }

    /// Says what moved to `now`; where a number did, the digest of the result says nothing more.
    fn compare(&self, now: &Self, moved: &mut Vec<String>) {
        let id = sanitize(&self.id);
        let before = moved.len();
        let number =
            |value: Option<f64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
        let whole =
            |value: Option<u64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
        if self.data_sha256 != now.data_sha256 {
            moved.push(format!("{id}: the data differ: {}", sanitize(&now.data)));
        }
        if self.spec_sha256 != now.spec_sha256 {
            moved.push(format!("{id}: the specification differs"));
        }
        let counts = [
            ("k", Some(self.k as u64), Some(now.k as u64)),
            ("events", self.events, now.events),
            ("total", self.total, now.total),
        ];
        for (name, was, is) in counts.into_iter().filter(|(_, was, is)| was != is) {
            moved.push(format!("{id}: {name} {} → {}", whole(was), whole(is)));
        }
        let numbers = [
            ("estimate", Some(self.estimate), Some(now.estimate)),
            ("lower", self.lower, now.lower),
            ("upper", self.upper, now.upper),
            ("tau2", self.tau2, now.tau2),
            ("i2", self.i2, now.i2),
            ("prediction lower", self.prediction_lower, now.prediction_lower),
            ("prediction upper", self.prediction_upper, now.prediction_upper),
        ];
        for (name, was, is) in numbers.into_iter().filter(|(_, was, is)| was != is) {
            moved.push(format!("{id}: {name} {} → {}", number(was), number(is)));
        }
        if moved.len() == before && self.result_sha256 != now.result_sha256 {
            moved.push(format!("{id}: the result document differs, the pooled numbers do not"));
        }
    }
}

fn digest(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}
