//! What results look like, in every format: the content, the harmlessness, the way back.

mod report {
    mod analysis_file;
    mod documents;
    mod harmless;
    mod pages;
    mod stale;
    pub mod support;
    pub mod xml;
}
