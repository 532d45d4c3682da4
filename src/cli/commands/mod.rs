//! One file a command.

pub(super) mod check;
mod check_line;
pub(super) mod columns;
pub(super) mod data;
pub(super) mod explain;
pub(super) mod further;
pub(super) mod generate;
pub(super) mod grim;
mod group_output;
mod groups;
mod line;
pub(super) mod list;
pub(super) mod lock;
pub(super) mod multiverse;
pub(super) mod plot;
pub(super) mod pool;
pub(super) mod reconstruct;
pub(super) mod report;
pub(super) mod reproduce;
mod reproduce_level;
pub(super) mod scan;
pub(super) mod selftest;
pub(super) mod simulate;
