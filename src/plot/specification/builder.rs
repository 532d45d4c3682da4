//! A specification curve that is asked for step by step.

use std::path::Path;

use super::options::Options;
use super::sheet::figure;
use crate::error::Error;
use crate::format::NumberFormat;
use crate::options::Spec;
use crate::plot::figure::Figure;
use crate::plot::theme::Theme;
use crate::published::multiverse::Multiverse;

/// The specification curve of a multiverse, from [`Multiverse::curve`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct SpecificationCurve<'a> {
    all: &'a Multiverse,
    options: Options,
}

impl Multiverse {
    /// The specification curve: every estimate with its interval, sorted, and the choices that made it.
    ///
    /// ```
    /// use metaprop::{Dataset, published::multiverse::multiverse};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let all = multiverse(&data, &Default::default(), Some("lower > 50%".parse()?), |_, _| true)?;
    /// let svg = all.curve().title("Good response").svg();
    /// assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\"") && svg.contains("freeman-tukey"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn curve(&self) -> SpecificationCurve<'_> {
        let options = Options { display: self.number_format(), ..Options::default() };
        SpecificationCurve { all: self, options }
    }
}

impl SpecificationCurve<'_> {
    /// The title over the figure, "Specification curve" where nothing is said.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.with_title(Some(title.into()))
    }

    /// The specification that was asked for: it is marked in the curve, and so is the default one, where they are among
    /// those that were computed.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, published::multiverse::multiverse};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let all = multiverse(&data, &Default::default(), None, |_, _| true)?;
    /// let svg = all.curve().asked(&Spec::default()).svg();
    /// assert!(svg.contains("asked for (the default)"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn asked(mut self, spec: &Spec) -> Self {
        self.options.asked = Some(spec.clone());
        self
    }

    /// A title over the figure, or the usual one.
    pub(crate) fn with_title(mut self, title: Option<String>) -> Self {
        self.options.title = title;
        self
    }

    /// Per how many proportions are printed; [`number_format`](Multiverse::number_format) where nothing is said.
    pub fn display(mut self, display: NumberFormat) -> Self {
        self.options.display = display;
        self
    }

    /// The id of the figure and the first part of every id in it, `specification` where nothing is said.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.options.id = id.into();
        self
    }

    /// Colours and sizes.
    pub fn theme(mut self, theme: Theme) -> Self {
        self.options.theme = theme;
        self
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        figure(self.all, &self.options)
    }

    /// The figure as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        self.figure().to_svg()
    }

    /// Writes the figure into a file, in the format of its extension: `.svg`, `.png` or `.pdf`.
    ///
    /// # Errors
    ///
    /// As [`Figure::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.figure().save(path)
    }
}
