//! Pool what your program already has: counts, or estimates with their standard errors.
//!
//! Run it with `cargo run --example own_data`.

use metaprop::prelude::*;

/// A trial, as a program of yours may hold it.
struct Trial {
    author: &'static str,
    year: u16,
    responders: u64,
    randomised: u64,
}

/// A published log odds ratio.
struct Effect {
    study: &'static str,
    log_odds_ratio: f64,
    standard_error: f64,
}

const TRIALS: [Trial; 4] = [
    Trial { author: "Alpha", year: 2001, responders: 8, randomised: 12 },
    Trial { author: "Beta", year: 2002, responders: 9, randomised: 13 },
    Trial { author: "Gamma", year: 2003, responders: 21, randomised: 66 },
    Trial { author: "Delta", year: 2004, responders: 8, randomised: 18 },
];

const EFFECTS: [Effect; 3] = [
    Effect { study: "Alpha 2001", log_odds_ratio: -0.42, standard_error: 0.21 },
    Effect { study: "Beta 2002", log_odds_ratio: -0.10, standard_error: 0.17 },
    Effect { study: "Gamma 2003", log_odds_ratio: -0.65, standard_error: 0.33 },
];

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// Both results as text.
pub fn run() -> Result<String, Error> {
    // Counts: a name, the events, the total. What is impossible, more events than people, is an error.
    let named =
        |trial: &Trial| (format!("{} {}", trial.author, trial.year), trial.responders, trial.randomised);
    let data = Dataset::proportions(TRIALS.iter().map(named))?;
    let result = MetaAnalysis::of_proportions().fit(&data)?;
    let mut page = format!("{result}\n");

    // Estimates: a name, the estimate, its variance. Logarithms are shown as the ratios that they are of.
    let estimates = |effect: &Effect| {
        (effect.study, effect.log_odds_ratio, effect.standard_error * effect.standard_error)
    };
    let data = Dataset::estimates(EFFECTS.iter().map(estimates))?;
    let result = MetaAnalysis::of_estimates().input_scale(InputScale::Log).fit(&data)?;
    page.push_str(&result.to_string());
    Ok(page)
}
