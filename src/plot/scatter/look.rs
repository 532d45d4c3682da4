//! What every figure can be asked.

use crate::format::NumberFormat;
use crate::plot::theme::Theme;

/// Title, format of numbers, id and theme of a figure.
#[derive(Debug, Clone)]
pub(in crate::plot) struct Look {
    /// A title over the figure.
    pub title: Option<String>,
    /// Per how many proportions are printed, and with how many decimals.
    pub display: NumberFormat,
    /// The id of the figure and the first part of every id in it.
    pub id: String,
    /// Colours and sizes.
    pub theme: Theme,
}

impl Look {
    /// With this id, and nothing else that was said.
    pub fn new(id: &str, display: NumberFormat) -> Self {
        Self { title: None, display, id: id.to_string(), theme: Theme::DEFAULT }
    }

    /// The title of the whole, with the kind of figure in front.
    pub fn titled(&self, kind: &str) -> String {
        self.title.as_ref().map_or_else(|| kind.to_string(), |title| format!("{kind}: {title}"))
    }
}

/// The methods that every figure has: how it looks, and writing it.
macro_rules! looks {
    ($name:ident) => {
        impl $name<'_> {
            /// A title over the figure.
            pub fn title(self, title: impl Into<String>) -> Self {
                self.with_title(Some(title.into()))
            }

            /// A title over the figure, or none.
            #[allow(dead_code)]
            pub(crate) fn with_title(mut self, title: Option<String>) -> Self {
                self.look.title = title;
                self
            }

            /// Per how many proportions are printed, and with how many decimals.
            pub fn display(mut self, display: $crate::format::NumberFormat) -> Self {
                self.look.display = display;
                self
            }

            /// The id of the figure and the first part of every id in it.
            pub fn id(mut self, id: impl Into<String>) -> Self {
                self.look.id = id.into();
                self
            }

            /// Colours and sizes.
            pub fn theme(mut self, theme: $crate::plot::theme::Theme) -> Self {
                self.look.theme = theme;
                self
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
            /// As [`Figure::save`](crate::plot::Figure::save).
            pub fn save(&self, path: impl AsRef<std::path::Path>) -> Result<(), $crate::error::Error> {
                self.figure().save(path)
            }
        }
    };
}

pub(in crate::plot) use looks;
