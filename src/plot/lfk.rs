//! The reading of the LFK index.

/// The words of the authors for their index.
pub(crate) fn reading(lfk: Option<f64>) -> String {
    let Some(lfk) = lfk else { return "not computed".to_string() };
    let towards = if lfk > 0.0 { "larger" } else { "smaller" };
    match lfk.abs() {
        size if size <= 1.0 => "no asymmetry".to_string(),
        size if size <= 2.0 => format!("minor asymmetry, towards {towards} estimates"),
        _ => format!("major asymmetry, towards {towards} estimates"),
    }
}
