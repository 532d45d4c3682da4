//! A result as a document of Word, for manuscripts and supplements.

use super::methods::Statement;
use super::one_result::Page;
use super::page::{Content, Extent, Methods, Report, ResultChapter};
use super::references::Reference;
use super::version::VERSION;
use super::word::{Block, Picture, document};
use crate::error::Error;
use crate::io::output_format::Format;
use crate::plot::Figure;

/// How fine the picture is, in dots an inch.
const DPI: u32 = 300;
/// CSS pixels in a mm.
const PIXELS: f64 = 96.0 / 25.4;

impl Page<'_> {
    /// The result as the bytes of a `.docx` file: its sentences, its tables as tables of Word, methods and references, and
    /// in builds with the feature `images` the forest plot as a picture. The same result gives the same bytes.
    ///
    /// # Errors
    ///
    /// What drawing the picture gives: [`Error::Usage`] where it has too many pixels.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13)])?;
    /// let bytes = fit(&data, &Spec::default())?.page().title("Two series").word()?;
    /// assert!(bytes.starts_with(b"PK"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn word(&self) -> Result<Vec<u8>, Error> {
        let content = Content::of(&Report::of_one(self, String::new()), Extent::FULL);
        let picture = self.picture()?;
        let blocks = blocks(&content, picture);
        document(&content.title, &blocks)
            .map_err(|error| Error::usage(format!("a document cannot be packed: {error}")))
    }

    /// The forest plot; none in builds that draw no pixels.
    fn picture(&self) -> Result<Option<Picture>, Error> {
        if Format::Png.drawn_here().is_err() {
            return Ok(None);
        }
        let forest = self.result.forest().display(self.display).shown(self.shown.clone());
        let figure: Figure = forest.appearance(&self.appearance).figure();
        let size = [figure.width, figure.height].map(|length| length * figure.unit / PIXELS);
        let png = figure.written_as(Format::Png, DPI)?;
        Ok(Some(Picture { png, size, description: figure.description }))
    }
}

fn blocks(content: &Content, picture: Option<Picture>) -> Vec<Block> {
    let mut blocks = vec![Block::Title(content.title.clone())];
    let mut picture = picture.map(Block::Picture);
    for chapter in &content.chapters {
        blocks.push(Block::Paragraph(chapter.summary.join(" ")));
        blocks.extend(picture.take());
        blocks.extend(tables(chapter));
    }
    if !content.methods.is_empty() {
        blocks.push(Block::Heading("Methods".to_owned()));
        blocks.extend(content.methods.iter().flat_map(methods));
        blocks.push(Block::Heading("References".to_owned()));
        let numbered = content.references.iter().zip(1..);
        blocks.extend(numbered.map(|(of, number)| Block::Paragraph(format!("{number}. {}", reference(of)))));
    }
    blocks.push(Block::Paragraph(format!("Made by metaprop {VERSION}.")));
    blocks
}

/// Remarks, tables and where the data come from.
fn tables(chapter: &ResultChapter) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !chapter.advisories.is_empty() {
        blocks.push(Block::Paragraph("Advisories".to_owned()));
        blocks.extend(chapter.advisories.iter().cloned().map(Block::Item));
    }
    let tables = [&chapter.studies, &chapter.pooled, &chapter.heterogeneity];
    let tables = tables.into_iter().filter(|table| !table.columns.is_empty());
    let tables = tables.chain(&chapter.subgroups).chain(&chapter.left_out);
    blocks.extend(tables.map(|table| Block::Table(Box::new(table.clone()))));
    blocks.extend(chapter.notes.iter().cloned().map(Block::Paragraph));
    blocks.extend(chapter.provenance.iter().map(|[label, text]| Block::Item(format!("{label}: {text}"))));
    blocks
}

fn methods(methods: &Methods) -> Vec<Block> {
    let words = methods.statements.iter().map(statement).collect::<Vec<_>>().join(" ");
    vec![Block::Paragraph(words), Block::Table(Box::new(methods.choices.clone()))]
}

fn statement(statement: &Statement) -> String {
    if statement.cites.is_empty() {
        return format!("{}.", statement.text);
    }
    let cites: Vec<String> = statement.cites.iter().map(usize::to_string).collect();
    format!("{} [{}].", statement.text, cites.join(", "))
}

fn reference(reference: &Reference) -> String {
    match &reference.doi {
        Some(doi) => format!("{}. doi:{doi}", reference.text),
        None => format!("{}.", reference.text),
    }
}
