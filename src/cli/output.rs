//! What the commands share: the formats of their files, and handing a result over.

use std::path::{Path, PathBuf};

use super::args::{self, DocumentFormat, ImageArgs, TableFormat};
use super::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::options::Drawing;
use crate::plot::save::DEFAULT_DPI;
use crate::plot::{Figure, Forest};
use crate::report::{self, Document, Format};

/// The files that were asked for, each in the format of its extension, checked before any work is done.
pub(super) fn targets(
    output: &[PathBuf],
    known: &[Format],
    inputs: &Inputs,
) -> Result<Vec<(PathBuf, Format)>, Error> {
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    for path in output {
        match Format::of_output(path, known) {
            Ok(format) => targets.push((path.clone(), format)),
            Err(problem) => {
                problems.push(Problem { what: format!("--output {}", problem.what), ..problem });
            }
        }
    }
    if !problems.is_empty() {
        return Err(Error::Usage(problems));
    }
    targets.iter().try_for_each(|(path, _)| output_file::check(path, inputs))?;
    Ok(targets)
}

/// The files of a figure among those that were asked for, and how many dots an inch those of pixels have.
#[derive(Debug)]
pub(super) struct FigureFiles {
    files: Vec<(PathBuf, Format)>,
    dpi: u32,
}

impl FigureFiles {
    /// Takes them out of the files. Dots an inch are of no use where no file has them.
    pub(super) fn among(targets: &mut Vec<(PathBuf, Format)>, args: &ImageArgs) -> Result<Self, Error> {
        let files: Vec<_> = targets.extract_if(.., |(_, format)| format.is_of_a_figure()).collect();
        if args.dpi.is_some() && !files.iter().any(|(_, format)| *format == Format::Png) {
            let problem = Problem::new("--dpi: no file that is written has pixels");
            return Err(Error::Usage(vec![problem.help("name one: -o NAME.png, or leave --dpi out")]));
        }
        Ok(Self { files, dpi: args.dpi.unwrap_or(DEFAULT_DPI) })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes the figure into each of them.
    pub(super) fn write(&self, figure: &Figure) -> Result<(), Error> {
        for (path, format) in &self.files {
            let bytes = figure.written_as(*format, self.dpi)?;
            output_file::write(path, |out| out.write_all(&bytes))?;
        }
        Ok(())
    }

    /// Writes a forest plot into each of them, on pages where that is asked for: a PDF has them all, of other formats
    /// each page is a file with its number. What is said where the figure is wider than was asked for.
    pub(super) fn write_forest(
        &self,
        forest: &Forest<'_>,
        drawing: &Drawing,
        inputs: &Inputs,
        terminal: &Terminal,
    ) -> Result<(), Error> {
        let pages = drawing.page.map_or_else(|| vec![forest.figure()], |page| forest.pages(page));
        too_wide(&pages, drawing.width).iter().for_each(|what| terminal.say(what));
        let [_] = &pages[..] else { return self.write_pages(&pages, inputs) };
        self.write(&pages[0])
    }

    fn write_pages(&self, pages: &[Figure], inputs: &Inputs) -> Result<(), Error> {
        for (path, format) in &self.files {
            if *format == Format::Pdf {
                let bytes = Figure::pages_to_pdf(pages)?;
                output_file::write(path, |out| out.write_all(&bytes))?;
                continue;
            }
            for (figure, number) in pages.iter().zip(1..) {
                let path = of_page(path, number);
                output_file::check(&path, inputs)?;
                let bytes = figure.written_as(*format, self.dpi)?;
                output_file::write(&path, |out| out.write_all(&bytes))?;
            }
        }
        Ok(())
    }
}

/// `forest.svg` of the second page: `forest-2.svg`.
fn of_page(path: &Path, page: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy()));
    path.with_file_name(format!("{stem}-{page}{}", extension.unwrap_or_default()))
}

/// Writes what is said of a figure, a sentence a line.
pub(super) fn write_legend(path: &Path, title: Option<&str>, legend: &[String]) -> Result<(), Error> {
    let lines = title.into_iter().chain(legend.iter().map(String::as_str));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    output_file::write(path, |out| out.write_all(text.as_bytes()))
}

/// What to say where a figure is wider than was asked for.
fn too_wide(figures: &[Figure], asked: Option<f64>) -> Option<String> {
    let (asked, figure) = (asked?, figures.first()?);
    let width = (figure.width * figure.unit * 25.4 / 96.0).round();
    (width > asked.round()).then(|| {
        format!(
            "the forest plot is {width} mm wide, not {asked}: its columns need as much; --hide weight, --theme jama or a \
             shorter head make it narrower"
        )
    })
}

/// Prints a result in one format, and writes it in those of the files.
pub(super) fn hand_over(
    terminal: &Terminal,
    format: Option<Format>,
    targets: &[(PathBuf, Format)],
    document: &impl Document,
) -> Result<(), Error> {
    // Files first: a reader of standard output that goes away costs none of them.
    for (path, format) in targets {
        let text = report::write(document, *format, false).unwrap_or_default();
        output_file::write(path, |out| out.write_all(text.as_bytes()))?;
    }
    let printed = format.and_then(|format| report::write(document, format, terminal.color));
    printed.map_or(Ok(()), |text| terminal.print(text.as_bytes()))
}

impl From<args::Format> for Format {
    fn from(asked: args::Format) -> Self {
        match asked {
            args::Format::Text => Self::Text,
            args::Format::Json => Self::Json,
            args::Format::Jsonl => Self::Jsonl,
            args::Format::Csv => Self::Csv,
            args::Format::Md => Self::Markdown,
            args::Format::Html => Self::Html,
        }
    }
}

impl From<DocumentFormat> for Format {
    fn from(asked: DocumentFormat) -> Self {
        match asked {
            DocumentFormat::Text => Self::Text,
            DocumentFormat::Json => Self::Json,
            DocumentFormat::Md => Self::Markdown,
        }
    }
}

impl From<TableFormat> for Format {
    fn from(asked: TableFormat) -> Self {
        match asked {
            TableFormat::Text => Self::Text,
            TableFormat::Json => Self::Json,
            TableFormat::Csv => Self::Csv,
            TableFormat::Md => Self::Markdown,
        }
    }
}
