//! One file a command.

pub(super) mod data;
pub(super) mod generate;
pub(super) mod list;
pub(super) mod pool;
pub(super) mod report;
