//! Meta-analysis of proportions: from a table of events and totals to a pooled proportion, a forest plot, a
//! report, and a check of what others printed. It is the library of the program `metaprop`; what the program
//! prints, the library has as values.
//!
//! This page goes once through all of it: [data](#data), [analysis](#analysis), [result](#result),
//! [figure](#figure), [other choices](#other-choices), [many groups](#many-groups), [claims](#claims),
//! [project](#project). The programs in `examples/` do the same at length.
//!
//! # Data
//!
//! A study is a name, how many people had the event, and how many there were. A CSV file is read by its path;
//! the columns are found by their names, and every row that cannot be used is named, not the first alone.
//!
//! ```no_run
//! use metaprop::prelude::*;
//!
//! let data = Dataset::read("series.csv")?;
//! # Ok::<(), Error>(())
//! ```
//!
//! Counts that a program already has make a data set too. What is impossible, such as more events than people,
//! is an error.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
//! assert_eq!((data.k(), data.sums()), (3, Some((38, 91))));
//! assert!(Dataset::proportions([("Delta 2004", 19, 18)]).is_err());
//! # Ok::<(), Error>(())
//! ```
//!
//! A few data sets come with the library, each with where its numbers were printed. The rest of this page uses
//! one of them: 14 series of a treatment, with how many people responded.
//!
//! # Analysis
//!
//! An analysis is put together choice by choice and then fitted. What is not chosen takes the default: logits,
//! a random-effects model, τ² by restricted maximum likelihood, a Hartung-Knapp interval.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let data = Dataset::read("@tofacitinib-aa")?;
//! let result = MetaAnalysis::of_proportions().tau2(PauleMandel).ci(HartungKnapp).level(90.0).fit(&data)?;
//! # let _ = result;
//! # Ok::<(), Error>(())
//! ```
//!
//! The same inputs give the same bits on every machine and on any number of threads.
//!
//! # Result
//!
//! A result has every number as a number. Proportions are fractions; I² is in percent; `y`, `se` and τ² are on
//! the scale of the analysis, here logits.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let result = MetaAnalysis::of_proportions().fit(&Dataset::read("@tofacitinib-aa")?)?;
//! let pooled = result.pooled();
//! assert_eq!(format!("{:.3}", pooled.estimate), "0.571");
//! assert!(pooled.lower < Some(pooled.estimate) && Some(pooled.estimate) < pooled.upper);
//! assert!(result.heterogeneity.i2.unwrap().estimate > 50.0);
//! assert_eq!(result.rows().next().unwrap().study, "Kennedy Crispin 2016");
//! # Ok::<(), Error>(())
//! ```
//!
//! What a statistician would remark on travels with it as [advisories](Advisory). Printed, a result reads as on
//! the command line; serialised, it is the document that the program writes as JSON. [`Document`](report::Document)
//! has both, with Markdown and CSV, for every kind of result.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let result = MetaAnalysis::of_proportions().fit(&Dataset::read("@tofacitinib-aa")?)?;
//! println!("{result}");
//! let document: serde_json::Value = serde_json::from_str(&result.json()).unwrap();
//! assert_eq!(document["k"], 14);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Figure
//!
//! ```
//! use metaprop::prelude::*;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("forest.svg");
//! let result = MetaAnalysis::of_proportions().fit(&Dataset::read("@tofacitinib-aa")?)?;
//! result.forest().title("Good or complete regrowth").save(&path)?;
//! # Ok::<(), Error>(())
//! ```
//!
//! # Other choices
//!
//! A choice is a value ([`options`] has them all, each with its formula and its source) or the word that the
//! command line takes. A [`Profile`] is a package whose defaults are taken, so that its numbers
//! come out. What is wrong, alone or together, is said when the analysis is fitted, all of it at once.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let data = Dataset::read("@tofacitinib-aa")?;
//! let meta = MetaAnalysis::of_proportions().profile(Profile::Meta).fit(&data)?;
//! let exact = MetaAnalysis::of_proportions().model("glmm").fit(&data)?;
//! let error = MetaAnalysis::of_proportions().ci("hkk").null(7.0).fit(&data).unwrap_err().to_string();
//! assert!(error.contains("did you mean 'hk'?") && error.contains("null"), "{error}");
//! # let _ = (meta, exact);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Many groups
//!
//! An analysis is put together once and fitted as often as there are groups; one that cannot be pooled is an
//! error of its own.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let groups = [("adults", [("A", 3, 10), ("B", 5, 20)]), ("children", [("C", 2, 9), ("D", 0, 4)])];
//! let analysis = MetaAnalysis::of_proportions().measure(FreemanTukey);
//! for (group, rows) in groups {
//!     let result = analysis.fit(&Dataset::proportions(rows)?)?;
//!     println!("{group}: {:.1} %", 100.0 * result.pooled().estimate);
//! }
//! # Ok::<(), Error>(())
//! ```
//!
//! # Claims
//!
//! Printed digits are intervals: "57.1%" stands for everything that is printed so. A claim is held against a
//! result figure by figure, and a percentage can be impossible for the number of people it is of.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let result = MetaAnalysis::of_proportions().fit(&Dataset::read("@tofacitinib-aa")?)?;
//! let checked = result.check(&Claim::printed(["estimate=57.1%", "k=13"])?);
//! assert_eq!(checked.field("estimate").unwrap().verdict, Verdict::Holds);
//! assert_eq!(checked.field("k").unwrap().verdict, Verdict::Fails);
//! assert!(!grim(&"58.4%".parse()?, 90)?.possible);
//! # Ok::<(), Error>(())
//! ```
//!
//! [`published`] also searches for the specification, or for the tables, that give printed figures, and computes
//! every defensible specification.
//!
//! # Project
//!
//! An analysis file names data, outcomes, choices and claims. A [`Project`] opens it, checks the claims, builds
//! the report and says what moved since it was built.
//!
//! ```
//! use metaprop::prelude::*;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path();
//! let project = Project::demonstration()?; // or Project::open("analysis.toml")
//! project.build(folder)?;
//! assert!(project.compare(folder)?.is_fresh());
//! # Ok::<(), Error>(())
//! ```
//!
//! # What is promised
//!
//! What these pages show keeps its meaning within a version. Other modules can be reached, because tests and
//! benchmarks of this repository use them; they are hidden and change without notice.

pub mod analysis;
pub mod data;
pub mod options;
pub mod plot;
pub mod prelude;
pub mod published;
pub mod report;

// Rooms below and above these: reached by the tests, the benchmarks and the program, and promised to nobody.
#[doc(hidden)]
pub mod advisory;
#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod cli;
#[doc(hidden)]
pub mod effect;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod format;
#[doc(hidden)]
pub mod io;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod numeric;
#[doc(hidden)]
pub mod printed;
#[doc(hidden)]
pub mod project;
#[doc(hidden)]
pub mod selftest;

#[doc(inline)]
pub use advisory::{Advisory, Code};
pub use analysis::{Analysis, MetaAnalysis, fit};
pub use data::{Counts, Dataset, Estimate, Study};
#[doc(inline)]
pub use error::{Error, Problem};
#[doc(inline)]
pub use format::NumberFormat;
pub use options::{Profile, ReadOptions, Request, Spec};
#[doc(inline)]
pub use printed::Printed;
#[doc(inline)]
pub use printed::grim::{Grim, grim};
#[doc(inline)]
pub use project::{Project, Written};
