//! What several modules share.

pub mod program;
pub mod reference;
