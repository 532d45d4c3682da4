//! The version that is named in documents and reports.

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
