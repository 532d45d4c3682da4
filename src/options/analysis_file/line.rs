//! Where an entry of an analysis file stands.

/// A line of the file, from 1. Any two are equal: the same claim on another line is the same claim.
#[derive(Debug, Clone, Copy, Eq, Default)]
pub struct Line(pub u64);

impl PartialEq for Line {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
