//! What can be typed for figures of pixels.

use clap::Args;

use crate::plot::save::DPI;

/// How fine a figure is.
#[derive(Debug, Clone, Args)]
pub struct ImageArgs {
    /// Dots an inch of a .png file, from 10 to 2400 [default: 300].
    #[arg(help_heading = "Output", long, value_name = "N", value_parser = dpi)]
    pub dpi: Option<u32>,
}

fn dpi(typed: &str) -> Result<u32, String> {
    let [fewest, most] = DPI;
    match typed.trim().parse::<u32>() {
        Ok(dpi) if (fewest..=most).contains(&dpi) => Ok(dpi),
        _ => Err(format!("not a whole number from {fewest} to {most}")),
    }
}
