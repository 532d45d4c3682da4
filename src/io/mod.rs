//! From files and bytes to a [`Dataset`](crate::Dataset), and every file that is written.

mod columns;
mod count;
mod delimiter;
mod estimates;
pub(crate) mod files;
mod given;
mod header;
pub(crate) mod open;
mod percent;
pub mod read;
mod records;
mod roles;
mod rows;
mod table;
mod text;
mod totals;
