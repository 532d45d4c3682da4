//! A figure as a file: SVG, PNG or PDF.

use std::path::Path;

use super::figure::Figure;
use crate::error::{Error, Problem};
use crate::io::output_file;
use crate::io::output_format::{FIGURES, Format};

/// The dots an inch of a PNG file where nothing is said: what journals ask of figures at least.
pub const DEFAULT_DPI: u32 = 300;
/// The fewest and the most dots an inch.
pub(crate) const DPI: [u32; 2] = [10, 2400];

impl Figure {
    /// Writes the figure into a file, in the format of its extension: `.svg`, `.png` or `.pdf`, which need the feature
    /// `images`. A PNG file has 300 dots an inch; [`to_png`](Self::to_png) takes another number. The file is written
    /// whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the extension is of no format that is drawn, or as of [`to_png`](Self::to_png) and
    /// [`to_pdf`](Self::to_pdf); [`Error::File`] where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let bytes = self.written_as(Format::of_file(path, &FIGURES)?, DEFAULT_DPI)?;
        output_file::write(path, |out| out.write_all(&bytes))
    }

    /// The bytes of a file in this format.
    pub(crate) fn written_as(&self, format: Format, dpi: u32) -> Result<Vec<u8>, Error> {
        match format {
            Format::Png => self.to_png(dpi),
            Format::Pdf => self.to_pdf(),
            _ => Ok(self.to_svg().into_bytes()),
        }
    }

    /// The figure as the bytes of a PNG file with this many dots an inch, from 10 to 2,400; a CSS pixel, in which
    /// figures are measured, is a 96th of an inch.
    ///
    /// Text is set in Liberation Sans, which is part of the program, and the same figure gives the same bytes. What
    /// that font lacks (Chinese, Arabic) is set in fonts of the machine, and the bytes are then those of this machine.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] in a build without the feature `images`, where no font has a character, and where there would
    /// be more than 200 million pixels.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
    /// let figure = fit(&data, &Spec::default())?.forest().figure();
    /// match figure.to_png(96) {
    ///     Ok(png) => assert!(png.starts_with(b"\x89PNG\r\n")),
    ///     Err(error) => assert!(error.to_string().contains("the feature 'images'")),
    /// }
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn to_png(&self, dpi: u32) -> Result<Vec<u8>, Error> {
        built_with_images(Format::Png)?;
        let [fewest, most] = DPI;
        if !(fewest..=most).contains(&dpi) {
            return Err(Error::usage(format!("{dpi} dots an inch: from {fewest} to {most} can be drawn")));
        }
        #[cfg(feature = "images")]
        return super::images::png(self, dpi);
        #[cfg(not(feature = "images"))]
        Err(Error::usage("a figure of pixels or a page needs the feature 'images'"))
    }

    /// The figure as the bytes of a PDF file: a page of its size, with text as text and the letters that it uses of
    /// its fonts. As of [`to_png`](Self::to_png), the same figure gives the same bytes; there is no date in them.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] in a build without the feature `images`, and where no font has a character.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
    /// let figure = fit(&data, &Spec::default())?.forest().figure();
    /// match figure.to_pdf() {
    ///     Ok(pdf) => assert!(pdf.starts_with(b"%PDF-")),
    ///     Err(error) => assert!(error.to_string().contains("the feature 'images'")),
    /// }
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn to_pdf(&self) -> Result<Vec<u8>, Error> {
        built_with_images(Format::Pdf)?;
        #[cfg(feature = "images")]
        return super::images::pdf(std::slice::from_ref(self));
        #[cfg(not(feature = "images"))]
        Err(Error::usage("a figure of pixels or a page needs the feature 'images'"))
    }

    /// Several figures as the pages of one PDF file, each of its size; as [`to_pdf`](Self::to_pdf) otherwise.
    ///
    /// # Errors
    ///
    /// As [`to_pdf`](Self::to_pdf).
    pub fn pages_to_pdf(pages: &[Self]) -> Result<Vec<u8>, Error> {
        built_with_images(Format::Pdf)?;
        #[cfg(feature = "images")]
        return super::images::pdf(pages);
        #[cfg(not(feature = "images"))]
        Err(Error::usage(format!("no PDF of {} pages without the feature 'images'", pages.len())))
    }
}

fn built_with_images(format: Format) -> Result<(), Error> {
    format.drawn_here().map_err(|problem: Problem| Error::Usage(vec![problem]))
}
