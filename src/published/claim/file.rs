//! The claims of an analysis file.

use super::Claim;
use crate::error::{Error, Problem};
use crate::options::analysis_file::{AnalysisFile, ClaimEntry, ClaimField};

/// Every claim of an analysis file, in its order; `name` is what errors call the file.
///
/// # Errors
///
/// [`Error::AnalysisFile`] with every key that is no key of a claim and every text that cannot be
/// read, each with its line.
///
/// ```
/// use metaprop::published::claim::{claims_of, Field};
/// use metaprop::options::analysis_file::parse;
///
/// let text = "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"a\"\n[[claim]]\noutcome = \"a\"\nsource = \"x\"\nestimat = \"54%\"\n";
/// let error = claims_of(&parse(text, "a.toml")?, "a.toml").unwrap_err().to_string();
/// assert!(error.contains("a.toml:8") && error.contains("did you mean 'estimate'?"), "{error}");
/// let claims = claims_of(&parse(&text.replace("estimat ", "estimate "), "a.toml")?, "a.toml")?;
/// assert_eq!(claims[0].one(Field::Estimate).unwrap().to_string(), "54%");
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn claims_of(file: &AnalysisFile, name: &str) -> Result<Vec<Claim>, Error> {
    let mut problems = Vec::new();
    let claims = file.claims.iter().map(|entry| claim(entry, name, &mut problems)).collect();
    if problems.is_empty() { Ok(claims) } else { Err(Error::AnalysisFile(problems)) }
}

fn claim(entry: &ClaimEntry, name: &str, problems: &mut Vec<Problem>) -> Claim {
    let mut claim = Claim::new(&entry.outcome, &entry.source);
    for field in &entry.fields {
        keep(claim.set(&field.key, &field.texts), field, name, problems);
    }
    for study in &entry.studies {
        for field in &study.fields {
            keep(claim.set_of_study(&study.study, &field.key, &field.texts), field, name, problems);
        }
    }
    claim
}

/// Keeps what is wrong with a field, with its line.
fn keep(set: Result<(), Error>, field: &ClaimField, name: &str, problems: &mut Vec<Problem>) {
    match set {
        Ok(()) => {}
        Err(Error::Usage(found)) => {
            problems.extend(found.into_iter().map(|problem| problem.at(name, field.line.0)))
        }
        Err(other) => problems.push(Problem::new(other.to_string()).at(name, field.line.0)),
    }
}
