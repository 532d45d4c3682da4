//! What can be asked of a forest plot: themes, columns, axis, width, pages, legend, several outcomes.

use metaprop::data::Covariates;
use metaprop::options::{Column, Drawing, OptionSet, Page};
use metaprop::plot::figure::{Anchor, Colour, Figure, Node, Rect, Text};
use metaprop::plot::{Appearance, Theme};
use metaprop::{Dataset, MetaAnalysis, Spec, fit};

use crate::common::program::Bench;

fn data() -> Dataset {
    let rows =
        [("Alpha 2001", 3, 40), ("Beta 2005", 12, 1150), ("Gamma, a study with a long name 2010", 7, 88)];
    let data = Dataset::proportions(rows.into_iter().chain([("Delta 2019", 1, 61), ("Epsilon 2020", 0, 45)]));
    let year = ("year", ["2001", "2005", "2010", "2019", "2020"]);
    let country = ("country", ["Germany", "United Kingdom", "Japan", "Italy", ""]);
    let bias = ("overall", ["low", "Some concerns", "HIGH", "critical", "not assessed"]);
    let covariates = Covariates::new([year, country, bias]).expect("columns");
    data.and_then(|data| data.with_covariates(covariates)).expect("counts")
}

fn result() -> MetaAnalysis {
    fit(&data(), &Spec::default()).expect("a result")
}

/// The options that these flags give.
fn drawing(flags: &[(&str, &str)]) -> Drawing {
    let mut drawing = Drawing::default();
    for (key, typed) in flags {
        let row =
            Drawing::ROWS.iter().find(|row| row.key == *key).unwrap_or_else(|| panic!("no option {key}"));
        (row.set)(&mut drawing, typed).unwrap_or_else(|error| panic!("{key}: {error}"));
    }
    drawing
}

fn figure(flags: &[(&str, &str)]) -> Figure {
    let result = result();
    let appearance = Appearance::new(&drawing(flags), result.data()).expect("an appearance");
    result.forest().title("Relapse").appearance(&appearance).figure()
}

fn words(figure: &Figure) -> Vec<String> {
    figure.texts().iter().map(|text| text.content()).collect()
}

/// No text overlaps another or leaves the figure.
fn is_clean(figure: &Figure) {
    let texts = figure.texts();
    let of = |(at, text): (usize, &&Text)| text.boxes().map(|area| (at, area)).collect::<Vec<_>>();
    let boxes: Vec<(usize, Rect)> = texts.iter().enumerate().flat_map(of).collect();
    for (at, (text, area)) in boxes.iter().enumerate() {
        let words = texts[*text].content();
        let inside = area.x >= 0.0 && area.x + area.width <= figure.width + 0.01;
        assert!(
            inside && area.y >= 0.0 && area.y + area.height <= figure.height,
            "{words} leaves {}",
            figure.title
        );
        // The parts of a text may stand beside each other without a space.
        for (other, second) in boxes[at + 1..].iter().filter(|(other, _)| other != text) {
            let touched = area.overlaps(second);
            assert!(!touched, "'{words}' touches '{}' in {}", texts[*other].content(), figure.title);
        }
    }
}

/// Relative luminance, WCAG 2.2.
fn contrast(one: Colour, two: Colour) -> f64 {
    let luminance = |Colour(r, g, b): Colour| {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    };
    let (a, b) = (luminance(one), luminance(two));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_theme_can_be_read_and_seen() {
    for name in Theme::names() {
        let t = Theme::named(name).unwrap();
        for text in [t.title, t.strong, t.body, t.muted, t.axis_type, t.result, t.note] {
            assert!(contrast(text.fill, t.paper) >= 4.5, "{name}: words of {}", text.class);
            assert!(text.size * 0.75 >= 6.5, "{name}: words of {} have {} px", text.class, text.size);
        }
        let marks = [t.rule, t.reference, t.interval, t.arrow, t.square, t.common, t.random, t.point, t.held];
        for ink in marks.into_iter().chain([t.prediction, t.curve]) {
            let outline = ink.stroke.or(ink.fill).unwrap();
            assert!(contrast(outline, t.paper) >= 3.0, "{name}: marks of {}", ink.class);
        }
        let dot = t.dot.fill.unwrap();
        for behind in t.shades[..2].iter().filter_map(|ink| ink.fill).chain([t.paper]) {
            assert!(contrast(dot, behind) >= 4.5, "{name}: a point on a region");
        }
        assert!(
            contrast(t.interval.stroke.unwrap(), t.square.fill.unwrap()) >= 1.5 || name == "lancet",
            "{name}"
        );
    }
}

#[test]
fn plain_is_written_out_in_full() {
    let text = Theme::embedded_text("plain").unwrap();
    assert_eq!(Theme::from_toml(text, "plain").unwrap(), Theme::DEFAULT);
}

#[test]
fn every_theme_draws_every_row_without_a_touch() {
    for name in Theme::names() {
        for width in [None, Some("85"), Some("130"), Some("178")] {
            let mut flags = vec![("theme", name), ("columns", "year"), ("rob", "overall")];
            flags.extend(width.map(|width| ("width", width)));
            let figure = figure(&flags);
            is_clean(&figure);
            let studies = figure.groups().iter().filter(|group| group.class == "study").count();
            assert_eq!(studies, 5, "{name}");
        }
    }
}

#[test]
fn what_a_theme_file_gets_wrong_is_said_with_its_line() {
    let refused = |text: &str, line: u64, words: &str| {
        let error = Theme::from_toml(text, "mine.toml").unwrap_err().to_string();
        assert!(error.contains(&format!("mine.toml:{line}")) && error.contains(words), "{error}");
    };
    refused("[colours]\nsquare = \"green\"\n", 2, "#rrggbb");
    refused("[colours]\nsqare = \"#000000\"\n", 2, "sqare");
    refused("[sizes]\n\ntext = -3.0\n", 3, "above 0");
    refused("[table]\nleft = [\"study\", \"evnts\"]\n", 2, "evnts");
    refused("[table]\nleft = [\"events\"]\n", 2, "study");
    refused("[table]\nleft = [\"study\", \"effect\"]\n", 2, "twice");
    refused("[heads]\nwieght = \"W\"\n", 2, "wieght");
    refused("[colours\n", 1, "");
}

#[test]
fn columns_stand_where_the_theme_has_them() {
    let axis = |theme: &str| {
        let figure = figure(&[("theme", theme)]);
        let of = figure.texts().iter().find(|text| text.anchor == Anchor::Middle).map(|text| text.spans[0].x);
        of.unwrap()
    };
    // The estimates are left of the axis in JAMA's, and right of it in ours.
    for (theme, left) in [("plain", false), ("jama", true), ("revman", true), ("bmj", false)] {
        let figure = figure(&[("theme", theme)]);
        let texts = figure.texts();
        let estimate = texts.iter().find(|text| text.content().starts_with("7.5 ")).expect("an estimate");
        assert_eq!(estimate.spans[0].x < axis(theme), left, "{theme}");
    }
}

#[test]
fn journals_write_numbers_their_way() {
    let has = |theme: &str, what: &str| {
        let all = words(&figure(&[("theme", theme)]));
        assert!(all.iter().any(|text| text.contains(what)), "{theme}: no {what} in {all:?}");
    };
    has("plain", "7.5 (1.6 to 20.4)");
    has("revman", "7.5 [1.6, 20.4]");
    has("jama", "7.5 (1.6-20.4)");
    has("lancet", "7·5 (1·6–20·4)");
    has("lancet", "12/1150");
    has("bmj", "12/1,150");
    has("revman", "Tau² = ");
    has("jama", "(P = .0");
}

#[test]
fn limits_stand_beside_the_word_between_them() {
    let figure = figure(&[]);
    for text in figure.texts().iter().filter(|text| text.spans.len() == 3 && text.content().contains(" to "))
    {
        // Each part ends at its place: the next begins where the one before ends, and a space.
        let [lower, upper] = [&text.spans[1], &text.spans[2]];
        let begins = upper.x - text.style.width(upper.text.trim_start());
        let gap = begins - lower.x;
        let space = text.style.width(" ");
        assert!((gap - space).abs() < 0.11, "{}: {gap} for {space}", text.content());
    }
}

#[test]
fn covariates_and_judgements_have_columns() {
    let figure = figure(&[("columns", "year"), ("columns", "country"), ("rob", "overall")]);
    let all = words(&figure);
    for what in ["Year", "Country", "Overall", "2001", "United Kingdom", "+", "×", "!"] {
        assert!(all.iter().any(|text| text == what), "no {what}");
    }
    let note = "Risk of bias: + low; − some concerns or unclear; × high; ! critical; ? no information.";
    assert!(all.iter().any(|text| text == note), "{all:?}");
    let mut discs = Vec::new();
    figure.walk(&mut |node| {
        if let Node::Circle { ink, .. } = node {
            discs.push(ink.fill.unwrap());
        }
    });
    assert_eq!(discs.len(), 5);
    // White signs on discs, discs on paper.
    for disc in discs {
        assert!(contrast(disc, Colour(255, 255, 255)) >= 4.5, "{disc:?}");
    }
    let unknown = drawing(&[("columns", "yaer")]);
    let error = Appearance::new(&unknown, result().data()).unwrap_err().to_string();
    assert!(error.contains("no column 'yaer'") && error.contains("did you mean 'year'"), "{error}");
}

/// A list names as many columns as it has parts; a column whose name has a comma is one.
#[test]
fn a_list_of_columns_is_shown_in_figures_and_tables() {
    let drawn = words(&figure(&[("columns", "year,country")]));
    assert!(
        drawn.iter().any(|text| text == "Year") && drawn.iter().any(|text| text == "Country"),
        "{drawn:?}"
    );
    let table = "study,year,\"type, of disease\",events,total\nA,2001,AA,8,12\nB,2005,AT,9,13\n";
    let bench = Bench::with(&[("t.csv", table)]);
    let text = bench.ends(0, &["pool", "t.csv", "--columns", "year", "--columns", "type, of disease"]);
    let [head, first] = ["Study", "A  "].map(|start| text.lines().find(|line| line.starts_with(start)));
    let words =
        |line: Option<&str>| line.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(head), "Study year type, of disease Events Total Percent 95% CI (common) (random)");
    assert!(words(first).starts_with("A 2001 AA 8 12 66.7"), "{text}");
    for (format, cell) in [("md", "| A | 2001 | 8 | 12 |"), ("html", ">2001</td>")] {
        let page = bench.ends(0, &["pool", "t.csv", "--columns", "year", "--format", format]);
        assert!(page.contains(cell), "{page}");
    }
    let error = bench.complains(2, &["pool", "t.csv", "--columns", "year,yaer"]);
    assert!(error.contains("no column 'yaer'"), "{error}");
}

#[test]
fn columns_are_left_out_and_renamed() {
    let all = words(&figure(&[
        ("hide", "weight"),
        ("hide", "total"),
        ("label", "study=Cohort"),
        ("label", "axis=Relapsed"),
    ]));
    assert!(all.iter().any(|text| text == "Cohort") && all.iter().any(|text| text == "Relapsed"));
    assert!(!all.iter().any(|text| text.contains("Weight") || text == "Total"), "{all:?}");
    assert_eq!(drawing(&[("hide", "events/total")]).hide, [Column::EventsOfTotal]);
}

#[test]
fn an_axis_has_the_ends_that_were_asked_for() {
    let ticks = |flags: &[(&str, &str)]| {
        let figure = figure(flags);
        let texts = figure.texts();
        let on_axis = texts.iter().filter(|text| text.anchor == Anchor::Middle && text.style.class == "mp-a");
        on_axis.map(|text| text.content()).collect::<Vec<_>>()
    };
    assert_eq!(ticks(&[("axis-limits", "0%,10%")]), ["0", "2", "4", "6", "8", "10", "Proportion, %"]);
    let log = ticks(&[("axis", "log")]);
    assert!(log.contains(&"0.1".to_string()) && log.last().unwrap().contains("logarithmic"), "{log:?}");
    // Limits beyond the axis are arrows, and the legend says so.
    assert!(words(&figure(&[("axis-limits", "0,0.1")])).iter().any(|text| text.starts_with("Arrows: ")));
    let wrong = drawing(&[("axis-limits", "0,60")]);
    let error = Appearance::new(&wrong, result().data()).unwrap_err().to_string();
    assert!(error.contains("0%,60%"), "{error}");
}

#[test]
fn a_width_in_millimetres_is_kept_with_words_of_eight_points() {
    for (width, theme) in [(85.0, "jama"), (130.0, "plain"), (178.0, "plain"), (178.0, "revman")] {
        let typed = width.to_string();
        let figure = figure(&[("width", &typed), ("theme", theme)]);
        let millimetres = figure.width * figure.unit * 25.4 / 96.0;
        assert!((millimetres - width).abs() < 0.6, "{theme}: {millimetres} for {width}");
        let body = figure.texts().iter().find(|text| text.content() == "Alpha 2001").unwrap().style;
        assert!((body.size * 0.75 - 8.0).abs() < 1e-9, "{} pt", body.size * 0.75);
    }
}

#[test]
fn long_figures_are_divided_into_pages_with_heads_and_numbers() {
    let names: Vec<String> = (0..150).map(|number| format!("Study {number}")).collect();
    let data =
        Dataset::proportions(names.iter().zip(0..).map(|(name, at)| (name.as_str(), at % 9, 40))).unwrap();
    let many = fit(&data, &Spec::default()).unwrap();
    for (page, [width, height]) in [(Page::A4, [210.0, 297.0]), (Page::Letter, [215.9, 279.4])] {
        let pages = many.forest().title("Many").pages(page);
        assert!(pages.len() > 2);
        let mut seen = Vec::new();
        for (figure, number) in pages.iter().zip(1..) {
            is_clean(figure);
            assert!(
                (figure.width * 25.4 / 96.0 - width).abs() < 0.6
                    && (figure.height * 25.4 / 96.0 - height).abs() < 0.6
            );
            let all = words(figure);
            for what in
                ["Study".to_string(), "Events".to_string(), format!("Page {number} of {}", pages.len())]
            {
                assert!(all.contains(&what), "no {what}");
            }
            seen.extend(
                figure.groups().iter().filter(|group| group.class == "study").map(|group| group.id.clone()),
            );
        }
        // Every study once, in order; the pooled rows and the notes on the last page.
        assert_eq!(seen, (1..=150).map(|number| format!("s{number}")).collect::<Vec<_>>());
        let last = words(pages.last().unwrap());
        assert!(last.iter().any(|text| text.starts_with("Heterogeneity: ")), "{last:?}");
        assert!(last.iter().any(|text| text.starts_with("Random-effects model")));
    }
    assert_eq!(result().forest().pages(Page::A4).len(), 1);
}

#[test]
fn rows_that_were_left_out_stand_in_their_place_with_their_total() {
    let csv = b"study,events,total\nA,3,10\nB,NR,52\nC,5,9\n";
    let data = metaprop::io::read::read_bytes(csv, "-", &Default::default()).unwrap();
    let figure = fit(&data, &Spec::default()).unwrap().forest().figure();
    let groups = figure.groups();
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).take(3).collect();
    assert_eq!(ids, ["s1", "x1", "s2"]);
    assert!(words(&figure).iter().any(|text| text == "52"));
}

#[test]
fn both_weights_have_a_column_and_one_alone_needs_no_name() {
    let all = words(&figure(&[]));
    assert!(
        all.iter().any(|text| text == "Weight, % (common)")
            && all.iter().any(|text| text == "Weight, % (random)")
    );
    let result = result();
    let shown = metaprop::options::Parts { no_common: Some(metaprop::options::Yes), ..Default::default() };
    let alone = result.forest().shown(shown.over(&result.spec, false)).figure();
    assert!(words(&alone).iter().any(|text| text == "Weight, %"));
}

#[test]
fn the_legend_is_what_the_figure_leaves_out() {
    let result = result();
    let (with, without) =
        (words(&result.forest().figure()), words(&result.forest().without_notes().figure()));
    assert!(with.len() > without.len());
    let legend = result.forest().legend();
    assert!(legend.len() > 3 && without.iter().any(|text| *text == legend[0]));
    for sentence in &legend[1..] {
        assert!(
            !without.iter().any(|text| sentence.starts_with(text.as_str()) && text.len() > 20),
            "{sentence}"
        );
    }
}

#[test]
fn several_outcomes_share_a_figure_and_no_id() {
    let (good, bad) = (result(), result());
    let figure = good.forest().outcome("Good").and("Bad", &bad).figure();
    is_clean(&figure);
    let mut ids: Vec<String> =
        figure.groups().iter().map(|group| group.id.clone()).filter(|id| !id.is_empty()).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(figure.description.contains("Good: ") && figure.description.contains("Bad: "));
    let lines = words(&figure).iter().filter(|text| text.starts_with("Heterogeneity: ")).count();
    assert_eq!(lines, 2);
}
