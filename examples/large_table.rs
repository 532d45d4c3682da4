//! From a large table to the pooled proportion, with the time of each step.
//!
//! Run it with `cargo run --release --example large_table -- counts.csv`; without a file it takes a small one.

use std::fmt::Write as _;
use std::time::Instant;

use metaprop::options::Profile;
use metaprop::prelude::*;

fn main() -> Result<(), Error> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "@tofacitinib-aa".to_owned());
    print!("{}", run(&file)?);
    Ok(())
}

/// The pooled proportion by DerSimonian and Laird, and how long reading and pooling took.
pub fn run(file: &str) -> Result<String, Error> {
    let start = Instant::now();
    let data = Dataset::read(file)?;
    let read = start.elapsed();
    let analysis = MetaAnalysis::of_proportions().profile(Profile::DlWald);
    let result = analysis.prediction(PredictionMethod::None).tau2_ci(Tau2Ci::None).fit(&data)?;
    let pooled = start.elapsed();
    let mut text = String::new();
    let (k, estimate) = (result.k(), result.pooled().estimate);
    writeln!(text, "{k} studies, pooled proportion {estimate:.6}").expect("text");
    writeln!(text, "read in {:.3} s, pooled in {:.3} s", read.as_secs_f64(), (pooled - read).as_secs_f64())
        .expect("text");
    Ok(text)
}
