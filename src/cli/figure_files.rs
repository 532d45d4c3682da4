//! Figures and their legends as files.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::plot::{Figure, Forest};

/// The forest plot: one figure, or one a page.
pub(crate) fn figures(forest: &Forest<'_>, page: Option<crate::options::Page>) -> Vec<Figure> {
    match page {
        Some(page) => forest.pages(page),
        None => vec![forest.figure()],
    }
}

/// Writes figures: one into the file of this name, several into `name-1.svg`, `name-2.svg` and so on. None of them is
/// one of the inputs.
pub(crate) fn write(path: &Path, figures: &[Figure], inputs: &Inputs) -> Result<(), Error> {
    let paths: Vec<PathBuf> = match figures {
        [_] => vec![path.to_owned()],
        several => (1..=several.len()).map(|page| of_page(path, page)).collect(),
    };
    paths.iter().try_for_each(|path| output_file::check(path, inputs))?;
    for (path, figure) in paths.iter().zip(figures) {
        output_file::write(path, |out| out.write_all(figure.to_svg().as_bytes()))?;
    }
    Ok(())
}

fn of_page(path: &Path, page: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy()));
    path.with_file_name(format!("{stem}-{page}{}", extension.unwrap_or_default()))
}

/// Writes what is said of a figure, a sentence a line.
pub(crate) fn write_legend(path: &Path, title: Option<&str>, legend: &[String]) -> Result<(), Error> {
    let lines = title.into_iter().chain(legend.iter().map(String::as_str));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    output_file::write(path, |out| out.write_all(text.as_bytes()))
}

/// What to say where a figure is wider than was asked for.
pub(crate) fn too_wide(figures: &[Figure], asked: Option<f64>) -> Option<String> {
    let (asked, figure) = (asked?, figures.first()?);
    let width = (figure.width * figure.unit * 25.4 / 96.0).round();
    (width > asked.round()).then(|| {
        format!(
            "the forest plot is {width} mm wide, not {asked}: its columns need as much; --hide weight, --theme jama or a \
             shorter head make it narrower"
        )
    })
}
