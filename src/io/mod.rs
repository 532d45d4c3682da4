//! From files and bytes to a [`Dataset`](crate::Dataset).

mod columns;
mod count;
mod percent;
pub mod read;
mod records;
mod roles;
mod rows;
mod text;
mod totals;
