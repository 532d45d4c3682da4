//! A figure as a tree of shapes and texts, measured from the top left corner.
//!
//! Each kind of figure builds such a tree; [`Figure::to_svg`] writes it, and with the feature `plotters`
//! [`draw_onto`](super::draw_onto) draws it. A text knows the box it covers, so a test can check that
//! nothing overlaps.

use super::metrics::width;

pub use super::metrics::Face;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// How a shape is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Its class in the style sheet; where it is empty the paint stands on the shape itself.
    pub class: &'static str,
    /// The colour inside.
    pub fill: Option<Colour>,
    /// The colour of the outline.
    pub stroke: Option<Colour>,
    /// The width of the outline.
    pub width: f64,
    /// Lengths of dash and gap; a solid line where there are none.
    pub dash: Option<[f64; 2]>,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Its class in the style sheet; where it is empty the style stands on the text itself.
    pub class: &'static str,
    /// The size of the font.
    pub size: f64,
    /// The weight of the font.
    pub face: Face,
    /// The colour of the letters.
    pub fill: Colour,
}

impl Type {
    /// The width of a line set so.
    #[must_use]
    pub fn width(&self, text: &str) -> f64 {
        width(text, self.size, self.face)
    }
}

/// Which point of a text its position names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The left end of the baseline.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Rect {
    /// Whether two rectangles share more than an edge.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A part of a text at its own place.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Where its anchor is.
    pub x: f64,
    /// Where its baseline is.
    pub y: f64,
    /// The words.
    pub text: String,
}

/// A text of one or more parts; read aloud, copied and searched as the parts joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The point of each part that its position names.
    pub anchor: Anchor,
    /// How it is set.
    pub style: Type,
    /// Its parts: lines, or pieces aligned in columns.
    pub spans: Vec<Span>,
}

impl Text {
    /// One line.
    #[must_use]
    pub fn line(x: f64, y: f64, anchor: Anchor, style: Type, text: impl Into<String>) -> Self {
        Self { anchor, style, spans: vec![Span { x, y, text: text.into() }] }
    }

    /// What it says.
    #[must_use]
    pub fn content(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// The box of each part by the metrics, without the spaces at its ends: from the height of
    /// accented capitals to the depth of descenders.
    pub fn boxes(&self) -> impl Iterator<Item = Rect> {
        self.spans.iter().map(|span| {
            let wide = self.style.width(span.text.trim());
            let shift = match self.anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => 0.5,
                Anchor::End => 1.0,
            };
            let (ascent, descent) = (0.76 * self.style.size, 0.21 * self.style.size);
            Rect { x: span.x - shift * wide, y: span.y - ascent, width: wide, height: ascent + descent }
        })
    }
}

/// Nodes that belong together: a study with its words and its marks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Its id within the figure; made of letters, digits and hyphens.
    pub id: String,
    /// What kind of group it is.
    pub class: &'static str,
    /// What it says in a sentence; shown by browsers where the pointer rests on it.
    pub title: String,
    /// The numbers drawn: name of the data attribute and value.
    pub data: Vec<(&'static str, String)>,
    /// Its nodes, the first at the back.
    pub children: Vec<Node>,
}

/// A part of a figure.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Node {
    /// Nodes that belong together.
    Group(Group),
    /// A rectangle.
    Rect(Rect, Ink),
    /// Points joined by lines; closed where the last is joined to the first.
    Path {
        /// The corners.
        points: Vec<[f64; 2]>,
        /// Whether the outline returns to its start.
        closed: bool,
        /// How it is painted.
        ink: Ink,
    },
    /// Separate straight lines that look the same: a curve has thousands, and the file one path for all.
    Lines(Vec<[[f64; 2]; 2]>, Ink),
    /// A circle.
    Circle {
        /// Its middle.
        centre: [f64; 2],
        /// Its radius.
        radius: f64,
        /// How it is painted.
        ink: Ink,
    },
    /// Words.
    Text(Text),
}

impl Node {
    /// One straight line.
    #[must_use]
    pub fn line(from: [f64; 2], to: [f64; 2], ink: Ink) -> Self {
        Self::Path { points: vec![from, to], closed: false, ink }
    }

    /// A text of one part.
    #[must_use]
    pub fn text(at: [f64; 2], anchor: Anchor, style: Type, text: impl Into<String>) -> Self {
        Self::Text(Text::line(at[0], at[1], anchor, style, text))
    }
}

/// A drawing with what is said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The id of the root and the first part of every id in it.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// What it shows, in sentences.
    pub description: String,
    /// The language of its words, as BCP 47 has it.
    pub language: &'static str,
    /// How wide it is, in its own units.
    pub width: f64,
    /// How high it is, in its own units.
    pub height: f64,
    /// How many CSS pixels a unit is: every length in the tree is in these units.
    pub unit: f64,
    /// The fonts, the first that the reader has.
    pub fonts: &'static str,
    /// The colour behind everything.
    pub paper: Colour,
    /// Its nodes, the first at the back.
    pub nodes: Vec<Node>,
}

impl Figure {
    /// Shows every node to `visit`, groups before what is in them.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Node)) {
        walk(&self.nodes, visit);
    }

    /// Every text, in the order it is written.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        texts(&self.nodes)
    }

    /// Every group, in the order it is written.
    #[must_use]
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups = Vec::new();
        self.walk(&mut |node| {
            if let Node::Group(group) = node {
                groups.push(group);
            }
        });
        groups
    }
}

/// Every text in these nodes and in their groups.
pub(super) fn texts(nodes: &[Node]) -> Vec<&Text> {
    let mut texts = Vec::new();
    walk(nodes, &mut |node| {
        if let Node::Text(text) = node {
            texts.push(text);
        }
    });
    texts
}

fn walk<'a>(nodes: &'a [Node], visit: &mut impl FnMut(&'a Node)) {
    for node in nodes {
        visit(node);
        if let Node::Group(group) = node {
            walk(&group.children, visit);
        }
    }
}
