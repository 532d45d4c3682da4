//! Pool every group of a table, each on its own.
//!
//! Run it with `cargo run --example many_groups`.

use metaprop::prelude::*;

/// Region, study, cases, people tested.
const SURVEYS: [(&str, &str, u64, u64); 9] = [
    ("north", "Alpha 2011", 12, 310),
    ("north", "Beta 2012", 9, 204),
    ("south", "Gamma 2012", 41, 398),
    ("north", "Delta 2014", 22, 512),
    ("south", "Epsilon 2015", 30, 250),
    ("south", "Zeta 2015", 18, 221),
    ("east", "Eta 2016", 0, 65),
    ("east", "Theta 2018", 2, 140),
    ("north", "Iota 2019", 7, 190),
];

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// A line a group.
pub fn run() -> Result<String, Error> {
    // A table read from a file has all its columns already: Dataset::read("surveys.csv")?.
    let data = Dataset::proportions(SURVEYS.iter().map(|&(_, study, cases, tested)| (study, cases, tested)))?;
    let data = data.with_covariates(Covariates::new([("region", SURVEYS.iter().map(|survey| survey.0))])?)?;

    let analysis = MetaAnalysis::of_proportions().tau2(Tau2Method::Reml).ci(Ci::Hk);
    let mut page = String::new();
    for (region, studies) in data.groups("region")? {
        let result = analysis.fit(&studies)?;
        let pooled = result.pooled();
        let percent =
            |proportion: Option<f64>| proportion.map_or("-".into(), |p| format!("{:.1}%", 100.0 * p));
        page += &format!(
            "{region}: {} studies, {} ({} to {})\n",
            result.k(),
            percent(Some(pooled.estimate)),
            percent(pooled.lower),
            percent(pooled.upper),
        );
    }
    Ok(page)
}
