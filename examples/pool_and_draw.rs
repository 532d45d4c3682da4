//! Pool a table of events and totals, print the result, draw its forest plot.
//!
//! Run it with `cargo run --example pool_and_draw`; it writes `forest.svg` and `result.json` beside you.

use std::path::Path;

use metaprop::prelude::*;

fn main() -> Result<(), Error> {
    print!("{}", run(Path::new("."))?);
    Ok(())
}

/// Writes the figure and the document into this folder, and gives the result as text.
pub fn run(folder: &Path) -> Result<String, Error> {
    // A name with an @ is a data set that comes with the library. For a table of your own, give its path: the
    // columns of studies, events and totals are found by their names.
    let data = Dataset::read("@tofacitinib-aa")?;

    // What is not said here takes a default: the logit scale, a random-effects model, a prediction interval.
    let result = MetaAnalysis::of_proportions().tau2(Reml).ci(HartungKnapp).fit(&data)?;

    // Every number is there as a number: proportions are fractions, I² is in percent.
    let pooled = result.pooled();
    assert!(pooled.lower < Some(pooled.estimate) && Some(pooled.estimate) < pooled.upper);

    result.forest().title("Good or complete regrowth").save(folder.join("forest.svg"))?;
    result.save(folder.join("result.json"))?;

    // As text the result reads as `metaprop pool` prints it.
    Ok(result.to_string())
}
