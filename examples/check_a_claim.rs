//! Does what a paper prints follow from its data?
//!
//! Run it with `cargo run --example check_a_claim`.

use metaprop::prelude::*;

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// The verdict on every printed figure, and whether a percentage is possible.
pub fn run() -> Result<String, Error> {
    // The table of a review, as it is printed.
    let data = Dataset::proportions([
        ("Alpha 2001", 8, 12),
        ("Beta 2002", 9, 13),
        ("Gamma 2003", 21, 66),
        ("Delta 2004", 8, 18),
    ])?;

    // Its methods section: logits, DerSimonian and Laird, Wald intervals. A profile says all of that at once.
    let result = MetaAnalysis::of_proportions().profile(Profile::DlWald).fit(&data)?;

    // Its abstract. The digits carry the rounding: "50.1%" is everything that is printed so. The total is a misprint.
    let claim = Claim::printed(["estimate=50.1%", "ci=31.1%,69.0%", "k=4", "total=119"])?;
    let checked = result.check(&claim);
    let mut page = checked.to_string();

    // A percentage alone can be impossible: no whole number of 90 people is 58.4%.
    let percentage = grim(&"58.4%".parse()?, 90)?;
    page.push_str(&format!("\n{percentage}"));
    Ok(page)
}
