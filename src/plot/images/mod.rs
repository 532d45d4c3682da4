//! Figures as PNG and PDF: the SVG document, laid out with the fonts of the program, as pixels and as a page.

mod fonts;
mod pdf;
mod png;
mod tree;

pub(super) use pdf::pdf;
pub(super) use png::png;
