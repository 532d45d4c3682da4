//! A figure as a page: shapes and text, with the letters of its fonts that it uses.

use krilla::Document;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{ContentTag, Tag, TagGroup, TagTree};
use krilla_svg::{SurfaceExt, SvgSettings};

use super::tree::tree;
use crate::error::Error;
use crate::plot::figure::Figure;

/// A CSS pixel in points, of which 72 make an inch.
const POINTS: f64 = 0.75;

/// Each figure on a page of its size. The title of the first and what each shows in sentences are those of the document,
/// for search and for readers that read aloud; there is no date in it.
pub(in crate::plot) fn pdf(pages: &[Figure]) -> Result<Vec<u8>, Error> {
    let failed = |why: &str| Error::usage(format!("the figure cannot be written as PDF: {why}"));
    let first = pages.first().ok_or_else(|| failed("there is none"))?;
    let mut document = Document::new();
    let mut tags = TagTree::new().with_lang(Some(first.language.to_string()));
    for figure in pages {
        let tree = tree(figure)?;
        let [width, height] =
            [figure.width, figure.height].map(|length| (length * figure.unit * POINTS) as f32);
        let size = Size::from_wh(width, height).ok_or_else(|| failed("it has no size"))?;
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| failed("it has no size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let content = surface.start_tagged(ContentTag::Other);
        surface
            .draw_svg(&tree, size, SvgSettings::default())
            .ok_or_else(|| failed("a shape has no place"))?;
        surface.end_tagged();
        surface.finish();
        page.finish();
        let mut whole = TagGroup::new(Tag::Figure(Some(figure.description.clone())));
        whole.push(content);
        tags.push(whole);
    }
    document.set_tag_tree(tags);
    document.set_metadata(
        Metadata::new()
            .title(first.title.clone())
            .description(first.description.clone())
            .language(first.language.to_string()),
    );
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}
