//! From files and bytes to a [`Dataset`](crate::Dataset), and every file that is written.

mod columns;
mod count;
pub(crate) mod files;
pub(crate) mod open;
mod percent;
pub mod read;
mod records;
mod roles;
mod rows;
mod text;
mod totals;
