//! What stands behind the data of a file of Stata: long texts, and the labels of values.

use std::collections::HashMap;

use super::bytes::{Broken, Bytes, until_zero};
use super::layout::Layout;

/// The type of a long text that holds any bytes; the other one, 130, ends at a zero.
const BINARY: usize = 129;

/// Long texts by the variable and the observation that they are kept under.
pub(super) type LongTexts<'a> = HashMap<(u64, u64), LongText<'a>>;

/// A text as its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LongText<'a> {
    Text(&'a [u8]),
    Binary,
}

/// The labels of values in a set. A label is looked for the end of when it is asked for: many may begin in one long text.
#[derive(Debug)]
pub(super) struct Labels<'a> {
    /// Where the label of a value begins in the texts.
    begins: HashMap<i32, usize>,
    texts: &'a [u8],
}

impl<'a> Labels<'a> {
    pub(super) fn has(&self, value: i32) -> bool {
        self.begins.contains_key(&value)
    }

    pub(super) fn get(&self, value: i32) -> Option<&'a [u8]> {
        self.texts.get(*self.begins.get(&value)?..).map(until_zero)
    }
}

/// The long texts of a tagged file, from behind the data on.
pub(super) fn long_texts<'a>(bytes: &mut Bytes<'a>, layout: &Layout<'a>) -> Result<LongTexts<'a>, Broken> {
    const PART: &str = "the long texts";
    let mut texts = LongTexts::new();
    bytes.tag("</data><strls>")?;
    while bytes.passes("GSO") {
        let variable = bytes.order.whole(bytes.take(4, PART)?);
        let observation = bytes.order.whole(bytes.take(layout.widths.observation_of_text, PART)?);
        let kind = bytes.number(1, PART)?;
        let length = bytes.number(4, PART)?;
        let text = bytes.take(length, PART)?;
        let text = if kind == BINARY { LongText::Binary } else { LongText::Text(until_zero(text)) };
        texts.insert((variable, observation), text);
    }
    bytes.tag("</strls>")?;
    Ok(texts)
}

/// The sets of labels by their names, from where they begin to the end of the file.
pub(super) fn labels<'a>(
    bytes: &mut Bytes<'a>,
    layout: &Layout<'a>,
) -> Result<HashMap<&'a [u8], Labels<'a>>, Broken> {
    let mut sets = HashMap::new();
    if !layout.is_tagged {
        while !bytes.is_at_end() {
            let (name, labels) = set(bytes, layout.widths.name)?;
            sets.insert(name, labels);
        }
        return Ok(sets);
    }
    bytes.tag("<value_labels>")?;
    while bytes.passes("<lbl>") {
        let (name, labels) = set(bytes, layout.widths.name)?;
        sets.insert(name, labels);
        bytes.tag("</lbl>")?;
    }
    bytes.tag("</value_labels>")?;
    Ok(sets)
}

/// One set: its length, its name, how many labels it has, where each begins, their values, their texts.
fn set<'a>(bytes: &mut Bytes<'a>, width: usize) -> Result<(&'a [u8], Labels<'a>), Broken> {
    const PART: &str = "the labels of values";
    let length = bytes.number(4, PART)?;
    let name = until_zero(bytes.take(width, PART)?);
    bytes.take(3, PART)?;
    let mut inside = Bytes::new(bytes.take(length, PART)?);
    inside.order = bytes.order;
    let read = |inside: &mut Bytes<'a>| {
        let count = inside.number(4, PART)?;
        let length = inside.number(4, PART)?;
        let offsets = inside.parts(count, 4, PART)?;
        let values = inside.parts(count, 4, PART)?;
        Ok((offsets, values, inside.take(length, PART)?))
    };
    let begins = bytes.at - length;
    let within = |broken: Broken| Broken { at: begins + broken.at, ..broken };
    let (offsets, values, texts) = read(&mut inside).map_err(within)?;
    let order = bytes.order;
    let label = |(offset, value): (&[u8], &[u8])| {
        let begin = usize::try_from(order.whole(offset)).ok()?;
        (begin <= texts.len()).then_some((order.signed(value), begin))
    };
    let labels: Option<_> = offsets.chunks_exact(4).zip(values.chunks_exact(4)).map(label).collect();
    let outside = || Broken { what: format!("a label begins outside {PART}"), at: begins };
    labels.map(|begins| (name, Labels { begins, texts })).ok_or_else(outside)
}
