//! From files and bytes to a [`Dataset`](crate::Dataset), and every file that is written.

mod candidates;
mod cell_rules;
mod cells;
mod columns;
mod contents;
mod count;
mod days;
mod decimals;
mod delimiter;
mod estimates;
pub(crate) mod files;
mod filter;
mod given;
mod header;
mod header_rows;
mod json;
mod notes;
pub(crate) mod open;
mod outcomes;
#[cfg(feature = "tables")]
mod parquet;
mod percent;
pub mod read;
mod records;
mod remarks;
mod revman;
mod revman_exports;
mod roles;
mod rows;
mod source;
mod stata;
mod table;
mod text;
mod totals;
mod workbook;
