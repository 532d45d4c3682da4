//! Data sets that come with the program, each with its sources.

use crate::error::{Error, Problem, nearest};

/// A data set that comes with the program.
///
/// ```
/// use metaprop::data::embedded;
/// let names: Vec<_> = embedded::all().iter().map(|set| set.name).collect();
/// assert!(names.contains(&"tofacitinib-aa"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// Its name, which a user types after `@`.
    pub name: &'static str,
    /// One line on the studies.
    pub title: &'static str,
    /// What counts as an event.
    pub events: &'static str,
    /// The publication that it is from.
    pub source: &'static str,
    /// The table, as CSV.
    pub csv: &'static str,
    /// Where each number was printed, in Markdown.
    pub sources: &'static str,
    /// Its analysis file, if it has one.
    pub analysis: Option<&'static str>,
}

/// A data set from a folder of `datasets/`.
macro_rules! embedded {
    ($name:literal, $title:literal, $events:literal, $source:literal, $analysis:expr) => {
        Embedded {
            name: $name,
            title: $title,
            events: $events,
            source: $source,
            csv: include_str!(concat!("../../datasets/", $name, "/counts.csv")),
            sources: include_str!(concat!("../../datasets/", $name, "/SOURCES.md")),
            analysis: $analysis,
        }
    };
}

/// The data sets; the first is the demonstration.
static ALL: [Embedded; 7] = [
    embedded!(
        "tofacitinib-aa",
        "14 single-arm series of tofacitinib in alopecia areata",
        "good or complete regrowth, as each series defined it",
        "14 publications, 2016 to 2025; a demonstration, no published pooled value belongs to it",
        Some(include_str!("../../datasets/tofacitinib-aa/analysis.toml"))
    ),
    embedded!(
        "miller1978",
        "Four small studies of the Freeman-Tukey inverse",
        "deaths among animals",
        "Miller 1978, The American Statistician 32:138",
        None
    ),
    embedded!(
        "pritz1997",
        "14 studies of hyperdynamic therapy for cerebral vasospasm",
        "clinical improvement",
        "Zhou, Brizendine and Pritz 1999, Statistics in Medicine 18:557",
        None
    ),
    embedded!(
        "opioid-jordan2017",
        "15 studies of prescription opioid misuse in young people in the United States",
        "prescription opioid misuse",
        "Jordan et al. 2017, Journal of Substance Abuse Treatment 77:31 (a subset, for illustration)",
        None
    ),
    embedded!(
        "stijnen2010-control",
        "18 control arms: standard central venous catheters",
        "catheter-related bloodstream infection",
        "Stijnen, Hamza and Özdemir 2010, Statistics in Medicine 29:3046",
        None
    ),
    embedded!(
        "stijnen2010-treated",
        "18 treated arms: anti-infective central venous catheters",
        "catheter-related bloodstream infection",
        "Stijnen, Hamza and Özdemir 2010, Statistics in Medicine 29:3046",
        None
    ),
    embedded!(
        "tsoumpou2009-wnl",
        "19 studies of p16 staining in normal cervical smears",
        "smears positive for p16",
        "Tsoumpou et al. 2009, Cancer Treatment Reviews 35:210",
        None
    ),
];

/// Every data set that comes with the program; the first is the demonstration.
#[must_use]
pub fn all() -> &'static [Embedded] {
    &ALL
}

/// The data set with this name, in any case.
///
/// # Errors
///
/// [`Error::Usage`] where there is none, with all names.
///
/// ```
/// use metaprop::data::embedded;
/// assert_eq!(embedded::find("miller1978")?.name, "miller1978");
/// assert!(embedded::find("miller1987").unwrap_err().to_string().contains("miller1978"));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn find(name: &str) -> Result<&'static Embedded, Error> {
    ALL.iter().find(|set| set.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let near = nearest(name, ALL.iter().map(|set| set.name));
        let names: Vec<_> = ALL.iter().map(|set| set.name).collect();
        let meant = near.map(|near| format!("is it @{near}? ")).unwrap_or_default();
        let problem = Problem::new(format!("there is no embedded data set '@{}'", name.escape_debug()));
        Error::Usage(vec![problem.help(format!("{meant}there are {}", names.join(", ")))])
    })
}
