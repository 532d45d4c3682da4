//! One analysis.

use std::sync::Arc;

use metaprop::options::{Drawing, Page};
use metaprop::plot::{Appearance, Forest};
use metaprop::report::Document;
use metaprop::{Error, MetaAnalysis, fit};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::choices::{Choices, Given};
use crate::documents::titled;
use crate::errors::usage;
use crate::table::Source;
use crate::worker;

/// The options of `pool` beside those of the tables.
const OWN: [&str; 1] = ["title"];

/// A pooled result.
#[pyclass(frozen, module = "metaprop._native")]
#[derive(Debug, Clone)]
pub struct Pooled {
    source: Arc<Source>,
    result: Arc<MetaAnalysis>,
    choices: Arc<Choices>,
    title: Option<String>,
}

/// Pools a table.
///
/// `source` is a name, an object with an Arrow stream, or columns of texts; `given` has each option with its values as they
/// are typed.
#[pyfunction]
#[pyo3(signature = (source, given, threads=None))]
pub fn pool(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    given: Given,
    threads: Option<usize>,
) -> PyResult<Pooled> {
    let source = Source::of(source)?;
    worker::run(py, threads, move |_| Pooled::new(source.loaded()?, given))
}

impl Pooled {
    fn new(source: Source, given: Given) -> Result<Self, Error> {
        let choices = Choices::take(given, &OWN)?;
        let title = choices.one("title")?.map(str::to_owned);
        let spec = choices.spec()?;
        let data = source.read(&choices.read)?;
        // What is wrong with the figure is said before anything is drawn.
        Appearance::new(&choices.drawing, &data)?;
        let result =
            fit(&data, &spec)?.with_subgroups(&choices.parts.subgroup, choices.parts.subgroup_tau2())?;
        Ok(Self { source: Arc::new(source), result: Arc::new(result), choices: Arc::new(choices), title })
    }

    /// What is shown, in the format that was asked for.
    fn page<T>(&self, of: impl FnOnce(metaprop::report::Page<'_>) -> T) -> Result<T, Error> {
        let (result, choices) = (&self.result, &self.choices);
        let display = choices.presentation.over(result.number_format());
        let shown = choices.parts.over(&result.spec, choices.request.null.is_some());
        let appearance = Appearance::new(&choices.drawing, result.data())?;
        let page = titled!(result.page(), &self.title).display(display).shown(shown);
        Ok(of(page.appearance(appearance)))
    }

    /// The forest plot, with options that go before those of the result.
    fn forest<T>(
        &self,
        given: Given,
        of: impl FnOnce(&Forest<'_>, Option<Page>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let asked = Choices::take(given, &OWN)?;
        let title = asked.one("title")?.map(str::to_owned).or_else(|| self.title.clone());
        let (result, choices) = (&self.result, &self.choices);
        let presentation = asked.presentation.or(choices.presentation);
        let parts = asked.parts.or(choices.parts.clone());
        let drawing: Drawing = asked.drawing.or(choices.drawing.clone());
        let appearance = Appearance::new(&drawing, result.data())?;
        let shown = parts.over(&result.spec, choices.request.null.is_some());
        let forest = titled!(result.forest(), title).display(presentation.over(result.number_format()));
        of(&forest.shown(shown).appearance(&appearance), drawing.page)
    }
}

#[pymethods]
impl Pooled {
    /// The name of the file, where there is one, and the bytes of the table: `pool` takes both again.
    fn source<'py>(&self, py: Python<'py>) -> (Option<String>, Bound<'py, PyBytes>) {
        let (name, bytes) = self.source.state();
        (name.map(str::to_owned), PyBytes::new(py, bytes))
    }

    /// The document, as `--format json` prints it.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        let of = self.clone();
        worker::run(py, None, move |_| Ok(of.result.json()))
    }

    /// As the program prints it.
    fn text(&self, py: Python<'_>) -> PyResult<String> {
        let of = self.clone();
        worker::run(py, None, move |_| of.page(|page| page.text(false)))
    }

    /// As Markdown.
    fn markdown(&self, py: Python<'_>) -> PyResult<String> {
        let of = self.clone();
        worker::run(py, None, move |_| of.page(|page| page.markdown()))
    }

    /// As a page that stands alone.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        let of = self.clone();
        worker::run(py, None, move |_| of.page(|page| page.html()))
    }

    /// The table of studies, as `--format csv` prints it.
    fn csv(&self, py: Python<'_>) -> PyResult<Option<String>> {
        let of = self.clone();
        worker::run(py, None, move |_| Ok(of.result.csv()))
    }

    /// The forest plot as SVG.
    fn svg(&self, py: Python<'_>, given: Given) -> PyResult<String> {
        let of = self.clone();
        worker::run(py, None, move |_| {
            of.forest(given, |forest, page| match page {
                None => Ok(forest.svg()),
                Some(_) => {
                    Err(usage("page: one text takes one figure, and pages may be several", "name a file"))
                }
            })
        })
    }

    /// The forest plot as the texts of SVG files: one a page where pages were asked for.
    fn svg_pages(&self, py: Python<'_>, given: Given) -> PyResult<Vec<String>> {
        let of = self.clone();
        worker::run(py, None, move |_| {
            of.forest(given, |forest, page| {
                Ok(match page {
                    None => vec![forest.svg()],
                    Some(page) => forest.pages(page).iter().map(|figure| figure.to_svg()).collect(),
                })
            })
        })
    }
}
