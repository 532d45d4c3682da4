//! What `--printed` says of one level of a column: `subgroup."AT/AU".estimate=35.2%`.

use super::Field;
use crate::error::{Error, Problem};

/// Printed figures that are all of one result: of all studies, or of one level of a column.
///
/// Figures of other results, which no search for a pooled one can find, are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrintedOf {
    /// The level; `None` for all studies.
    pub level: Option<String>,
    /// The figures, each as `FIELD=VALUE`.
    pub figures: Vec<String>,
}

impl PrintedOf {
    /// Takes the level off each figure, or names everything that is wrong.
    pub(crate) fn read(printed: &[String]) -> Result<Self, Error> {
        let (mut levels, mut figures, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for typed in printed {
            match parted(typed) {
                Ok((level, figure)) => {
                    problems.extend(of_another_result(typed, figure, level));
                    levels.push(level);
                    figures.push(figure.to_string());
                }
                Err(problem) => problems.push(problem),
            }
        }
        levels.dedup();
        if let [one, other, ..] = &levels[..] {
            let what = format!("the printed figures are of {} and of {}", whose(*one), whose(*other));
            let help =
                "a search is for one result: give the figures of one level, and run it again for the next";
            problems.push(Problem::new(what).help(help));
        }
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        Ok(Self { level: levels.first().copied().flatten().map(str::to_string), figures })
    }
}

fn whose(level: Option<&str>) -> String {
    level.map_or_else(|| "all studies".to_string(), |level| format!("the level '{level}'"))
}

/// The level and the rest of `subgroup."AT/AU".estimate=35.2%`; quotation marks may be missing, as a shell takes them.
fn parted(typed: &str) -> Result<(Option<&str>, &str), Problem> {
    let Some(rest) = typed.trim_start().strip_prefix("subgroup.") else { return Ok((None, typed)) };
    let parts = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\"."),
        None => {
            let head = rest.split_once('=').map_or("", |(head, _)| head);
            head.rfind('.').map(|dot| (&rest[..dot], &rest[dot + 1..]))
        }
    };
    match parts.filter(|(level, _)| !level.is_empty()) {
        Some((level, figure)) => Ok((Some(level), figure)),
        None => Err(Problem::new(format!("'{typed}' is no figure of a level"))
            .help("write subgroup.\"LEVEL\".FIELD=VALUE, such as 'subgroup.\"AT/AU\".estimate=35.2%'")),
    }
}

/// Why a figure is not of a pooled result.
fn of_another_result(typed: &str, figure: &str, level: Option<&str>) -> Option<Problem> {
    let (key, value) = figure.split_once('=').unwrap_or((figure, "0.03"));
    let key = key.trim().replace('_', "-").to_lowercase();
    let coefficient = Field::Coefficient.key();
    let (what, claim) = if key == Field::BetweenP.key() {
        match level {
            Some(_) => ("between_p is of a column of subgroups and of no single level", "between_p"),
            None => ("between_p tests the levels of a column against each other", "between_p"),
        }
    } else if key.split('.').next() == Some(coefficient) {
        let named = if key == coefficient { "coefficient.NAME" } else { figure.split('=').next()?.trim() };
        ("a coefficient is of a meta-regression", named)
    } else {
        return None;
    };
    let what = format!("'{typed}': {what}, and what is searched for is one pooled result");
    let help = format!(
        "write it into a [[claim]] of an analysis file, which metaprop check holds against the data: {claim} = \"{}\"",
        value.trim()
    );
    Some(Problem::new(what).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(printed: &[&str]) -> Result<PrintedOf, String> {
        let printed: Vec<String> = printed.iter().map(|figure| (*figure).to_string()).collect();
        PrintedOf::read(&printed).map_err(|error| error.to_string())
    }

    #[test]
    fn a_level_is_taken_off_with_and_without_quotation_marks() {
        for (typed, level) in [
            ("subgroup.\"AT/AU\".estimate=35.2%", "AT/AU"),
            ("subgroup.AT/AU.estimate=35.2%", "AT/AU"),
            ("subgroup.\"dose = 1.5\".estimate=35.2%", "dose = 1.5"),
            ("subgroup.1.5 mg.estimate=35.2%", "1.5 mg"),
        ] {
            let of = read(&[typed]).unwrap();
            assert_eq!(
                (of.level.as_deref(), &of.figures[..]),
                (Some(level), &["estimate=35.2%".to_string()][..])
            );
        }
        assert_eq!(read(&["estimate=35.2%", "k=3"]).unwrap().level, None);
    }

    #[test]
    fn figures_of_several_results_and_of_none_that_is_pooled_are_refused() {
        let mixed = read(&["subgroup.a.estimate=35.2%", "k=3"]).unwrap_err();
        assert!(mixed.contains("of the level 'a' and of all studies"), "{mixed}");
        assert!(read(&["subgroup.a.k=1", "subgroup.b.k=2"]).is_err());
        for typed in
            ["between_p=0.03", "subgroup.a.between-p=0.03", "coefficient.dose=0.1", "coefficient=0.1"]
        {
            let refused = read(&[typed]).unwrap_err();
            assert!(refused.contains("metaprop check") && refused.contains(typed), "{refused}");
        }
        assert!(read(&["subgroup.estimate=3%"]).unwrap_err().contains("subgroup.\"LEVEL\".FIELD=VALUE"));
    }
}
