//! How figures look, with everything read that is needed to draw them.

use std::path::Path;

use super::theme::Theme;
use crate::data::Dataset;
use crate::error::{Error, Problem, nearest};
use crate::io::files;
use crate::options::{Drawing, InputScale};

/// A [`Drawing`] whose theme is read and whose columns are there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Appearance {
    pub(super) drawing: Drawing,
    pub(super) theme: Theme,
}

impl Appearance {
    /// Reads the theme, and finds the columns in the data set.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where a theme is unknown, or a column is not there, or limits of the axis are no proportions;
    /// [`Error::File`] where a theme file cannot be read.
    ///
    /// ```
    /// use metaprop::options::Drawing;
    /// use metaprop::plot::Appearance;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
    /// let drawing = Drawing { theme: Some("jama".into()), width: Some(178.0), ..Drawing::default() };
    /// let appearance = Appearance::new(&drawing, &data)?;
    /// let figure = fit(&data, &Spec::default())?.forest().appearance(&appearance).figure();
    /// assert!((figure.width - 178.0 * 96.0 / 25.4).abs() < 2.0);
    ///
    /// let unknown = Drawing { columns: vec!["year".into()], ..Drawing::default() };
    /// assert!(Appearance::new(&unknown, &data).unwrap_err().to_string().contains("no column 'year'"));
    ///
    /// let covariates = [("year", vec!["2001", "2002", "2003"]), ("type", vec!["AA", "AT", "AA"])];
    /// let data = data.with_covariates(metaprop::data::Covariates::new(covariates)?)?;
    /// let both = Drawing { columns: vec!["year, type".into()], ..Drawing::default() };
    /// assert_eq!(Appearance::new(&both, &data)?.drawing().columns, ["year", "type"]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn new(drawing: &Drawing, data: &Dataset) -> Result<Self, Error> {
        let theme = drawing.theme.as_deref().map(Theme::read).transpose()?.unwrap_or_default();
        let columns = named_columns(&drawing.columns, data, "show")?;
        let risk_of_bias =
            named_columns(&drawing.risk_of_bias, data, "take judgements of the risk of bias from")?;
        let proportions = data.counts().is_some() || data.input_scale() == InputScale::Logit;
        if let Some(limits) = drawing.axis_limits.filter(|_| proportions) {
            let [low, high] = limits.ends;
            if low < 0.0 || high > 1.0 {
                let what = format!("axis-limits = {low},{high}: proportions are from 0% to 100%");
                return Err(Error::Usage(vec![Problem::new(what).help("write percent signs: 0%,60%")]));
            }
        }
        Ok(Self { drawing: Drawing { columns, risk_of_bias, ..drawing.clone() }, theme })
    }

    /// The look of figures that are no forest plots.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// What was asked for.
    #[must_use]
    pub fn drawing(&self) -> &Drawing {
        &self.drawing
    }
}

/// The columns that are named, one by one or in lists: `year,country`. A column whose own name has a comma comes first.
fn named_columns(typed: &[String], data: &Dataset, to: &str) -> Result<Vec<String>, Error> {
    let mut columns = Vec::new();
    for typed in typed {
        if !typed.contains(',') || data.column(typed, to).is_ok() {
            columns.push(typed.clone());
        } else {
            columns.extend(typed.split(',').map(|name| name.trim().to_owned()));
        }
    }
    for column in &columns {
        data.column(column, to)?;
    }
    Ok(columns)
}

impl Theme {
    /// The theme of this name, or of the file at this path: a TOML file.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml); [`Error::Usage`] where there is no theme of this name, [`Error::File`] where
    /// the file cannot be read.
    ///
    /// ```
    /// use metaprop::plot::Theme;
    /// assert!(Theme::read("lancet").is_ok());
    /// let error = Theme::read("lancett").unwrap_err().to_string();
    /// assert!(error.contains("did you mean 'lancet'"), "{error}");
    /// ```
    pub fn read(name: &str) -> Result<Self, Error> {
        if let Some(theme) = Self::named(name) {
            return Ok(theme);
        }
        let path = Path::new(name);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
            return Self::from_toml(&files::read_document(path)?, &crate::format::path(path));
        }
        let names = Self::names();
        let problem = Problem::new(format!("there is no theme '{}'", crate::format::sanitize(name)));
        let known = format!("known are {}; a file of your own ends in .toml", names.join(", "));
        Err(Error::Usage(vec![problem.help(match nearest(name, names) {
            Some(near) => format!("did you mean '{near}'? {known}"),
            None => known,
        })]))
    }
}
