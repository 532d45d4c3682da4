//! The forest plot: a row a study, the pooled rows below, an axis of proportions.
//!
//! `table` says what stands in each row (`study_rows`, `subgroup_rows`, `summary_rows`), `layout` measures where it stands,
//! `marks` clips what is drawn, `paint` draws it, `caption` says in words what the figure shows. `refits` and `refit_table`
//! make the same figure of pooled values without or with more studies.
//!
//! `text` draws the same rows, the same axis and what `marks` leaves of them in cells of a terminal: `text_columns`
//! measures, `text_marks` finds the cells, `signs` has the characters.

mod band;
mod bias;
mod builder;
mod caption;
mod columns;
mod field;
mod figure;
mod layout;
mod marks;
mod options;
mod paint;
mod refit_table;
mod refits;
mod row;
mod signs;
mod study_rows;
mod subgroup_rows;
mod summary_rows;
mod table;
mod text;
mod text_columns;
mod text_marks;

pub use builder::Forest;
pub use figure::{draw, figure};
pub use options::Options;
pub use refits::Refits;
pub use signs::Signs;
