//! What results look like, in every format: the content, the harmlessness, the way back.

mod analysis_file;
mod documents;
mod pages;
mod sanitize;
mod stale;
pub mod support;
pub mod xml;
