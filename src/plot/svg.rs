//! A figure's tree as SVG text.
//!
//! Everything from outside is escaped; numbers have at most two decimals; ids begin with the
//! figure's own; the style sheet has one rule for each ink and type that is used, under class names
//! with a prefix of their own so that a page which embeds the figure keeps its looks. There is no
//! script, no external resource, no clock: the same tree gives the same bytes.

use std::fmt::Write;

use super::figure::{Anchor, Colour, Face, Figure, Group, Ink, Node, Text, Type, texts};
use super::text::shown;

impl Figure {
    /// The figure as an SVG document.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit, plot::forest};
    ///
    /// let table = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
    /// let figure = forest::figure(&fit(&table, &Spec::default())?, &forest::Options::default());
    /// let svg = figure.to_svg();
    /// assert!(svg.contains(&format!("<title id=\"forest-title\">{}</title>", figure.title)));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn to_svg(&self) -> String {
        let id = safe_id(&self.id);
        let mut out = String::with_capacity(4096 + 700 * self.nodes.len());
        root(&mut out, self, &id);
        style_sheet(&mut out, self, &id);
        for node in &self.nodes {
            self::node(&mut out, node, &id, Inherited::default());
        }
        out.push_str("</svg>\n");
        out
    }
}

/// The letters, digits, hyphens and underscores of a text, with a letter in front.
fn safe_id(text: &str) -> String {
    let kept: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    if kept.starts_with(|c: char| c.is_ascii_alphabetic()) { kept } else { format!("figure{kept}") }
}

fn root(out: &mut String, figure: &Figure, id: &str) {
    let (width, height) = (Number(figure.width), Number(figure.height));
    let shown = [figure.width, figure.height].map(|length| Number(length * figure.unit));
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" class=\"mp\" lang=\"{}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" width=\"{}\" height=\"{}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{}\">\n\
         <title id=\"{id}-title\">",
        figure.language, shown[0], shown[1], figure.fonts
    );
    escape(out, &figure.title);
    let _ = write!(out, "</title>\n<desc id=\"{id}-desc\">");
    escape(out, &figure.description);
    out.push_str("</desc>\n");
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", Hex(figure.paper));
}

/// One rule for each ink and type in the order they first appear.
///
/// The rules of one figure apply to all figures of a page. With the same theme they are the same, unless
/// the sizes are in another unit: then they are for this figure alone.
fn style_sheet(out: &mut String, figure: &Figure, id: &str) {
    let scope = if figure.unit == 1.0 { String::new() } else { format!("#{id} ") };
    let (mut inks, mut types): (Vec<Ink>, Vec<Type>) = (Vec::new(), Vec::new());
    figure.walk(&mut |node| match node {
        Node::Rect(_, ink) | Node::Path { ink, .. } | Node::Lines(_, ink) | Node::Circle { ink, .. }
            if !inks.iter().any(|known| known.class == ink.class) =>
        {
            inks.push(*ink)
        }
        Node::Text(text) if !types.iter().any(|known| known.class == text.style.class) => {
            types.push(text.style)
        }
        _ => {}
    });
    out.push_str("<style>\n.mp{font-variant-numeric:tabular-nums}\n");
    for style in types.iter().filter(|style| !style.class.is_empty()) {
        let (class, size, fill) = (style.class, Number(style.size), Hex(style.fill));
        let _ = write!(out, "{scope}.{class}{{font-size:{size}px;fill:{fill}");
        out.push_str(if style.face == Face::Bold { ";font-weight:700}\n" } else { "}\n" });
    }
    for ink in inks.iter().filter(|ink| !ink.class.is_empty()) {
        let _ = write!(out, "{scope}.{}{{", ink.class);
        paint(ink, |name, value| {
            let _ = write!(out, "{name}:{value};");
        });
        out.pop();
        out.push_str("}\n");
    }
    out.push_str("</style>\n");
}

/// The properties of an ink, by name.
fn paint(ink: &Ink, mut property: impl FnMut(&str, &str)) {
    property("fill", &ink.fill.map_or_else(|| "none".to_string(), |fill| Hex(fill).to_string()));
    if let Some(stroke) = ink.stroke {
        property("stroke", &Hex(stroke).to_string());
        property("stroke-width", &Number(ink.width).to_string());
        if ink.fill.is_some() {
            // A mitre at the tip of a flat diamond would reach beyond its limit.
            property("stroke-linejoin", "round");
        }
    }
    if let Some([dash, gap]) = ink.dash {
        property("stroke-dasharray", &format!("{} {}", Number(dash), Number(gap)));
    }
}

/// What texts take from the group they are in, so that rows stay short.
#[derive(Clone, Copy, Default)]
struct Inherited {
    class: &'static str,
    anchor: Anchor,
}

impl Inherited {
    /// The style that all texts of a group share, and the anchor that most have.
    fn of(group: &Group) -> Self {
        let texts = texts(&group.children);
        let class = texts.first().map_or("", |text| text.style.class);
        let ends = texts.iter().filter(|text| text.anchor == Anchor::End).count();
        Self {
            class: if texts.iter().all(|text| text.style.class == class) { class } else { "" },
            anchor: if 2 * ends > texts.len() { Anchor::End } else { Anchor::Start },
        }
    }
}

fn node(out: &mut String, node: &Node, id: &str, inherited: Inherited) {
    match node {
        Node::Group(group) => self::group(out, group, id, inherited),
        Node::Rect(area, ink) => {
            let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(Number);
            let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
            inked(out, ink);
        }
        Node::Path { points, closed, ink } => {
            out.push_str("<path d=\"");
            path(out, points, *closed);
            out.push('"');
            inked(out, ink);
        }
        Node::Lines(lines, ink) => {
            out.push_str("<path d=\"");
            self::lines(out, lines);
            out.push('"');
            inked(out, ink);
        }
        Node::Circle { centre, radius, ink } => {
            let [x, y, r] = [centre[0], centre[1], *radius].map(Number);
            let _ = write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"");
            inked(out, ink);
        }
        Node::Text(text) => self::text(out, text, inherited),
    }
}

/// Closes a shape's tag with its class, or with its paint where it has none.
fn inked(out: &mut String, ink: &Ink) {
    if ink.class.is_empty() {
        paint(ink, |name, value| {
            let _ = write!(out, " {name}=\"{value}\"");
        });
        out.push_str("/>\n");
    } else {
        let _ = writeln!(out, " class=\"{}\"/>", ink.class);
    }
}

fn group(out: &mut String, group: &Group, id: &str, outer: Inherited) {
    out.push_str("<g");
    if !group.id.is_empty() {
        let _ = write!(out, " id=\"{id}-{}\"", group.id);
    }
    let inherited = Inherited::of(group);
    let class = if inherited.class == outer.class { "" } else { inherited.class };
    let classes = [group.class, class].join(" ");
    if !classes.trim().is_empty() {
        let _ = write!(out, " class=\"{}\"", classes.trim());
    }
    if inherited.anchor != outer.anchor {
        let _ = write!(out, " text-anchor=\"{}\"", anchor_name(inherited.anchor));
    }
    for (name, value) in &group.data {
        let _ = write!(out, " data-{name}=\"");
        escape(out, value);
        out.push('"');
    }
    out.push('>');
    if !group.title.is_empty() {
        out.push_str("<title>");
        escape(out, &group.title);
        out.push_str("</title>");
    }
    out.push('\n');
    for child in &group.children {
        node(out, child, id, inherited);
    }
    out.push_str("</g>\n");
}

/// Points as the shortest of the line commands.
fn path(out: &mut String, points: &[[f64; 2]], closed: bool) {
    let mut before: Option<[String; 2]> = None;
    for point in points {
        let [x, y] = point.map(|value| Number(value).to_string());
        let _ = match &before {
            None => write!(out, "M{x} {y}"),
            Some([_, last]) if *last == y => write!(out, "H{x}"),
            Some([last, _]) if *last == x => write!(out, "V{y}"),
            Some(_) => write!(out, "L{x} {y}"),
        };
        before = Some([x, y]);
    }
    if closed {
        out.push('Z');
    }
}

/// Separate lines as one path, in steps from where the one before ended; each is drawn from the end that
/// is nearer, so that the steps stay short.
fn lines(out: &mut String, lines: &[[[f64; 2]; 2]]) {
    let mut pen: Option<[i64; 2]> = None;
    for line in lines {
        let [first, last] = line.map(|point| point.map(hundredths));
        let distance = |end: [i64; 2]| pen.map_or(0, |pen| end[0].abs_diff(pen[0]) + end[1].abs_diff(pen[1]));
        let [from, to] = if distance(last) < distance(first) { [last, first] } else { [first, last] };
        match pen {
            None => step(out, 'M', from),
            Some(pen) => step(out, 'm', [from[0] - pen[0], from[1] - pen[1]]),
        }
        let _ = match [to[0] - from[0], to[1] - from[1]] {
            [across, 0] => write!(out, "h{}", Hundredths(across)),
            [0, down] => write!(out, "v{}", Hundredths(down)),
            both => {
                step(out, 'l', both);
                Ok(())
            }
        };
        pen = Some(to);
    }
}

/// A path command with two numbers; a minus sign parts them as well as a space.
fn step(out: &mut String, command: char, [x, y]: [i64; 2]) {
    let space = if y < 0 { "" } else { " " };
    let _ = write!(out, "{command}{}{space}{}", Hundredths(x), Hundredths(y));
}

const fn anchor_name(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    }
}

fn text(out: &mut String, text: &Text, inherited: Inherited) {
    let Some(first) = text.spans.first() else { return };
    out.push_str("<text");
    if text.spans.len() == 1 {
        let _ = write!(out, " x=\"{}\"", Number(first.x));
    }
    let _ = write!(out, " y=\"{}\"", Number(first.y));
    if text.anchor != inherited.anchor {
        let _ = write!(out, " text-anchor=\"{}\"", anchor_name(text.anchor));
    }
    set(out, &text.style, inherited.class);
    if text.spans.len() == 1 {
        escape(out, &first.text);
    } else {
        spans(out, text, first.y);
    }
    out.push_str("</text>\n");
}

/// Closes a text's opening tag with its class, or with its style where it has none.
fn set(out: &mut String, style: &Type, inherited: &str) {
    let _ = match style.class {
        class if !class.is_empty() && class == inherited => write!(out, ">"),
        "" => write!(out, " font-size=\"{}\" fill=\"{}\">", Number(style.size), Hex(style.fill)),
        class => write!(out, " class=\"{class}\">"),
    };
}

fn spans(out: &mut String, text: &Text, mut baseline: f64) {
    for span in &text.spans {
        let _ = write!(out, "<tspan x=\"{}\"", Number(span.x));
        if span.y != baseline {
            let _ = write!(out, " y=\"{}\"", Number(span.y));
            baseline = span.y;
        }
        out.push('>');
        escape(out, &span.text);
        out.push_str("</tspan>");
    }
}

/// Text for the inside of an element or of a double-quoted attribute.
fn escape(out: &mut String, text: &str) {
    for character in shown(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

/// A length with at most two decimals, without trailing zeros or a negative zero.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Hundredths(hundredths(self.0)).fmt(f)
    }
}

fn hundredths(length: f64) -> i64 {
    (length * 100.0).round() as i64
}

/// A length in hundredths, written as [`Number`] writes it.
struct Hundredths(i64);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        f.write_str(if self.0 < 0 { "-" } else { "" })?;
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl Colour {
    /// As figures write it: `#1a1a1a`, in three digits where they are enough.
    pub(crate) fn hex(self) -> String {
        Hex(self).to_string()
    }
}

/// A colour as CSS writes it, in three digits where they are enough.
struct Hex(Colour);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Colour(r, g, b) = self.0;
        if [r, g, b].iter().all(|c| c >> 4 == c & 15) {
            write!(f, "#{:x}{:x}{:x}", r & 15, g & 15, b & 15)
        } else {
            write!(f, "#{r:02x}{g:02x}{b:02x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written =
            [1.0, 1.5, 1.25, 1.255, -0.001, -0.5, 100.0, 0.05, 1234.999].map(|v| Number(v).to_string());
        assert_eq!(written, ["1", "1.5", "1.25", "1.25", "0", "-0.5", "100", "0.05", "1235"]);
    }

    #[test]
    fn paths_take_the_short_commands() {
        let mut out = String::new();
        path(&mut out, &[[0.0, 1.0], [5.0, 1.0], [5.0, 3.0], [6.0, 4.5]], true);
        assert_eq!(out, "M0 1H5V3L6 4.5Z");
    }

    #[test]
    fn separate_lines_are_one_path_of_short_steps() {
        let mut out = String::new();
        let upright = |x: f64, top: f64, bottom: f64| [[x, top], [x, bottom]];
        lines(&mut out, &[upright(10.0, 5.0, 25.0), upright(12.0, 4.0, 24.5), upright(14.0, 5.0, 20.0)]);
        // The second goes up from below, where the first has ended, and the third down again.
        assert_eq!(out, "M10 5v20m2-0.5v-20.5m2 1v15");
        let mut out = String::new();
        lines(&mut out, &[[[0.0, 0.0], [3.0, 0.0]], [[5.0, 0.0], [6.0, 0.0]], [[6.0, 0.0], [7.0, 1.5]]]);
        assert_eq!(out, "M0 0h3m2 0h1m0 0l1 1.5");
    }

    #[test]
    fn what_comes_from_outside_is_text() {
        let mut out = String::new();
        escape(&mut out, "<script>alert(\"1\")</script> & \u{1b}[2J");
        assert_eq!(out, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; \u{FFFD}[2J");
        assert_eq!(safe_id("../\"><b>"), "b");
        assert_eq!(safe_id("2020 <b>"), "figure2020b");
        assert_eq!(safe_id("good-2"), "good-2");
    }
}
