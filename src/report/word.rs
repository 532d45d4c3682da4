//! Documents of Word (ECMA-376, WordprocessingML): paragraphs, lists, tables and one picture.

use super::escape::escaped;
use super::table::{Align, Row, Table};
use crate::format::sanitize;
use crate::io::packed::packed;

/// A part of a document.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// The title of the document.
    Title(String),
    Heading(String),
    Paragraph(String),
    /// A line of a list.
    Item(String),
    Table(Box<Table>),
    Picture(Picture),
}

/// A picture of pixels.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub png: Vec<u8>,
    /// Its width and height on paper, in mm.
    pub size: [f64; 2],
    /// What it shows, for those who do not see it.
    pub description: String,
}

/// The widest a picture is on paper, in mm: A4 with margins of 20 mm.
const TEXT_WIDTH: f64 = 170.0;
/// The highest.
const TEXT_HEIGHT: f64 = 247.0;
/// English Metric Units in a mm.
const EMU: f64 = 36_000.0;

const TYPES: &str = include_str!("templates/word/content-types.xml");
const RELATIONS: &str = include_str!("templates/word/relations.xml");
const STYLES: &str = include_str!("templates/word/styles.xml");
const NUMBERING: &str = include_str!("templates/word/numbering.xml");
/// The namespaces of the document.
const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// The bytes of a `.docx` file with these blocks; at most one of them is a picture.
pub(super) fn document(title: &str, blocks: &[Block]) -> std::io::Result<Vec<u8>> {
    let body: String = blocks.iter().map(block).collect();
    let page = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" \
        w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>";
    let document = format!("{HEAD}<w:document {NAMESPACES}><w:body>{body}{page}</w:body></w:document>");
    let core = format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:language>en</dc:language>\
         </cp:coreProperties>",
        text(title)
    );
    let picture = blocks.iter().find_map(|block| match block {
        Block::Picture(picture) => Some(picture.png.as_slice()),
        _ => None,
    });
    let relations = relations(picture.is_some());
    let mut files = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/numbering.xml", NUMBERING.as_bytes()),
    ];
    files.extend(picture.map(|png| ("word/media/figure.png", png)));
    packed(&files)
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What the document refers to.
fn relations(picture: bool) -> String {
    let one = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" \
             Target=\"{target}\"/>"
        )
    };
    let mut all = one("styles", "styles", "styles.xml") + &one("numbering", "numbering", "numbering.xml");
    if picture {
        all += &one("figure", "image", "media/figure.png");
    }
    let namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
    format!("{HEAD}<Relationships xmlns=\"{namespace}\">{all}</Relationships>")
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(words) => paragraph("Title", &run(words, false)),
        Block::Heading(words) => paragraph("Heading1", &run(words, false)),
        Block::Paragraph(words) => paragraph("Normal", &run(words, false)),
        Block::Item(words) => paragraph("ListBullet", &run(words, false)),
        Block::Table(of) => table(of),
        Block::Picture(of) => paragraph("Normal", &picture(of)),
    }
}

fn paragraph(style: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

fn run(words: &str, bold: bool) -> String {
    let bold = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
    let lines: Vec<String> =
        words.split('\n').map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", text(line))).collect();
    format!("<w:r>{bold}{}</w:r>", lines.join("<w:br/>"))
}

fn text(words: &str) -> String {
    escaped(&sanitize(words))
}

/// The caption above, the table, its notes below.
fn table(table: &Table) -> String {
    let columns = table.columns.iter().map(|_| "<w:gridCol/>").collect::<String>();
    let titles: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    let head = row(&titles, table, true, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", "head");
    let body: String = table.body.iter().map(|of| self::row_of(of, table, "")).collect();
    let foot: String = table.foot.iter().map(|of| self::row_of(of, table, "foot")).collect();
    let notes: String = table.notes.iter().map(|note| paragraph("TableNote", &run(note, false))).collect();
    format!(
        "{}<w:tbl><w:tblPr><w:tblStyle w:val=\"Rules\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLook \
         w:firstRow=\"1\" w:val=\"0020\"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{head}{body}{foot}</w:tbl>{}",
        paragraph("Caption", &run(&table.caption, false)),
        // Word joins tables that stand side by side: a paragraph parts them.
        if notes.is_empty() { paragraph("TableNote", "") } else { notes },
    )
}

fn row_of(of: &Row, table: &Table, kind: &str) -> String {
    row(&of.cells, table, of.strong, "<w:trPr><w:cantSplit/></w:trPr>", kind)
}

/// A row; `kind` is where it stands: the head has a rule below it, the first row of the foot one above it.
fn row(cells: &[String], table: &Table, bold: bool, properties: &str, kind: &str) -> String {
    let rule = match kind {
        "head" => {
            "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"auto\"/></w:tcBorders>"
        }
        "foot" => {
            "<w:tcBorders><w:top w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tcBorders>"
        }
        _ => "",
    };
    let cells: String = cells
        .iter()
        .zip(&table.columns)
        .map(|(cell, column)| {
            let side = if column.align == Align::Left { "left" } else { "right" };
            format!(
                "<w:tc><w:tcPr>{rule}</w:tcPr><w:p><w:pPr><w:pStyle w:val=\"TableCell\"/><w:jc w:val=\"{side}\"/></w:pPr>{}\
                 </w:p></w:tc>",
                run(cell, bold)
            )
        })
        .collect();
    format!("<w:tr>{properties}{cells}</w:tr>")
}

fn picture(of: &Picture) -> String {
    let [width, height] = of.size;
    let shrunk = (TEXT_WIDTH / width).min(TEXT_HEIGHT / height).min(1.0);
    let [width, height] = [width, height].map(|mm| (mm * shrunk * EMU).round());
    let description = text(&of.description);
    format!(
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/>\
         <wp:docPr id=\"1\" name=\"Figure\" descr=\"{description}\"/><a:graphic><a:graphicData \
         uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" \
         name=\"figure.png\" descr=\"{description}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip \
         r:embed=\"figure\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
         <a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>\
         </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
}
