//! A figure laid out: every shape and every letter at its place.

use std::collections::BTreeSet;

use resvg::usvg::{Group, Node, Options, Tree};

use super::fonts::Fonts;
use crate::error::{Error, Problem};
use crate::plot::figure::Figure;

/// How many characters without a font are named.
const NAMED: usize = 10;

/// The figure laid out; refused where no font has a character of its texts.
pub(super) fn tree(figure: &Figure) -> Result<Tree, Error> {
    laid_out(figure, &Fonts::new(true))
}

fn laid_out(figure: &Figure, fonts: &Fonts) -> Result<Tree, Error> {
    let options =
        Options { fontdb: fonts.database.clone(), font_resolver: fonts.resolver(), ..Options::default() };
    // What stands for a character that cannot be shown is in no font of the program; a square is.
    let svg = figure.to_svg().replace(char::REPLACEMENT_CHARACTER, "\u{25a1}");
    let tree = Tree::from_str(&svg, &options)
        .map_err(|error| Error::usage(format!("the figure cannot be drawn: {error}")))?;
    let mut missing = BTreeSet::new();
    without_font(tree.root(), &mut missing);
    if missing.is_empty() { Ok(tree) } else { Err(refused(&missing)) }
}

/// Adds every text that is set as the sign for a missing letter.
fn without_font(group: &Group, missing: &mut BTreeSet<String>) {
    for node in group.children() {
        match node {
            Node::Group(group) => without_font(group, missing),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                missing.extend(glyphs.filter(|glyph| glyph.id.0 == 0).map(|glyph| glyph.text.clone()));
            }
            _ => {}
        }
    }
}

fn refused(missing: &BTreeSet<String>) -> Error {
    let named = missing.iter().take(NAMED).map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ");
    let more = if missing.len() > NAMED { " and others" } else { "" };
    let problem = Problem::new(format!("no font of this machine has {named}{more}, which the figure shows"));
    Error::Usage(vec![problem.help(
        "install a font that has them, such as one of the Noto fonts, or write an .svg file, which is shown with \
         the fonts of its reader",
    )])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dataset, Spec, fit};

    fn figure(name: &str) -> Figure {
        let data = Dataset::proportions([(name, 8, 12), ("Beta 2002", 9, 13)]).unwrap();
        fit(&data, &Spec::default()).unwrap().forest().figure()
    }

    #[test]
    fn a_figure_with_a_character_of_no_font_is_refused_with_its_name() {
        let error = laid_out(&figure("山田 2019"), &Fonts::new(false)).unwrap_err().to_string();
        assert!(error.contains("'山'") && error.contains("'田'") && error.contains(".svg"), "{error}");
        assert!(!error.contains("'2'"), "{error}");
    }

    #[test]
    fn the_fonts_of_the_program_have_the_letters_of_europe_and_what_stands_for_control_characters() {
        for name in [
            "Müller-Łukaszewicz ŻÓŁĆ",
            "Ελληνική μελέτη",
            "Исследование",
            "a\u{1b}b \u{feff}c",
            "e\u{301}\u{308}",
        ] {
            assert!(laid_out(&figure(name), &Fonts::new(false)).is_ok(), "{name}");
        }
    }

    #[test]
    fn letters_are_as_wide_as_the_figure_measures_them() {
        let figure = figure("Alpha 2001, a name of some length");
        let tree = laid_out(&figure, &Fonts::new(false)).unwrap();
        let mut widths = Vec::new();
        lines(tree.root(), &mut widths);
        for (text, wide) in widths {
            let own =
                figure.texts().into_iter().find(|own| own.content() == text).expect("a text of the figure");
            let measured = own.style.width(&text);
            // Kerning brings letters closer.
            assert!(wide <= measured + 0.1 && wide >= 0.95 * measured - 1.0, "{text}: {wide} and {measured}");
        }
    }

    /// Every text of one piece, with its width.
    fn lines(group: &Group, widths: &mut Vec<(String, f64)>) {
        for node in group.children() {
            match node {
                Node::Group(group) => lines(group, widths),
                Node::Text(text) if text.chunks().len() == 1 => {
                    let advance = f64::from(text.bounding_box().width());
                    widths.push((text.chunks()[0].text().to_string(), advance));
                }
                _ => {}
            }
        }
    }
}
