//! What was asked for. Flags, the analysis file, the builder and the library give the same [`Request`];
//! [`Request::resolve`] turns it into a complete [`Spec`] or says everything that is wrong with it.
//!
//! Every option is a row of one of four tables: the choices of an analysis in `table.rs`, the columns and rows
//! of a table in `reading.rs`, how proportions are printed in `presentation.rs`, which parts of a result in `parts.rs`. [`OptionRow`] says what a row
//! gives; the words of the choices are in `choices.rs`.

#[doc(hidden)]
pub mod analysis_file;
mod applicable;
mod choice;
mod choice_row;
mod choices;
#[doc(hidden)]
pub mod conventions;
mod drawing;
mod kind;
mod parts;
mod presentation;
#[doc(hidden)]
pub mod profile;
mod reading;
mod request;
mod row;
mod spec;
mod specifications;
mod table;
#[doc(hidden)]
pub mod values;

pub use choice::{Choice, Word};
pub(crate) use choice_row::{ChoiceRow, Presence};
pub use choices::*;
pub use conventions::{Conventions, IteratedTau2Se, LogDenominator, RawCorrection, WilsonCcEnds};
pub use drawing::{AxisKind, AxisLimits, Column, Drawing, Label, Page};
#[doc(hidden)]
pub use kind::Yes;
#[doc(hidden)]
pub use kind::{Shape, Typed};
pub use parts::{Parts, Shown};
pub use presentation::Presentation;
pub use reading::{Comparison, Decimal, Filter, ReadOptions};
#[doc(hidden)]
pub use row::{Flag, Many, OptionRow, OptionSet};
pub use specifications::{CombinedSpecs, Specifications};
pub use table::{Request, Spec};
pub(crate) use table::{UncheckedSpec, each_choice};
#[doc(hidden)]
pub use values::DEFAULT_SEED;
pub use values::{Level, Tau2};
