//! Outcomes whose figures are looked at: the ordinary, the extreme and the hostile.

use metaprop::data::Excluded;
use metaprop::format::NumberFormat;
use metaprop::io::read::read_embedded;
use metaprop::options::ReadOptions;
use metaprop::options::{Measure, Model, PredictionMethod, Profile, Tau2Method, ZeroCells};
use metaprop::options::{Request, Tau2};
use metaprop::plot::forest::Options;
use metaprop::{Dataset, MetaAnalysis, fit};

/// A figure to be: its name, what it shows, and how.
pub struct Case {
    pub name: String,
    pub outcome: MetaAnalysis,
    pub options: Options,
}

pub const EVIL: [&str; 9] = [
    "<script>alert(1)</script> & \"Co\" 'x'",
    "Müller-Łukaszewicz & 山田 2019 (a name that goes on for a very long while indeed)",
    "東京大学医学部附属病院皮膚科学教室および慶應義塾大学医学部皮膚科共同研究班（二〇一九年）最終報告書",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 1998",
    "esc \u{1b}[31mred\u{7} bidi \u{202e}drow\u{2066} nul \u{0} tab\tend \u{FFFF}",
    "]]><!--<svg onload=alert(1)>--><![CDATA[",
    "Ελληνική μελέτη, Исследование, ŻÓŁĆ, نتائج دراسة, 😀, e\u{301}\u{308}",
    "",
    "  ",
];

pub fn table(rows: &[(&str, u64, u64)]) -> Dataset {
    Dataset::proportions(rows.iter().copied()).expect("counts")
}

pub fn embedded(name: &str) -> Dataset {
    read_embedded(name, &ReadOptions::default()).expect("a data set of the program")
}

pub fn pooled(table: &Dataset, request: Request) -> MetaAnalysis {
    fit(table, &request.resolve().expect("a spec")).expect("an outcome")
}

/// The 14 series as the demonstration draws them.
pub fn demonstration() -> Case {
    let options = Options { title: Some("Good or complete regrowth".to_string()), ..Options::default() };
    Case::new("tofacitinib", &embedded("tofacitinib-aa"), Request::default(), options)
}

impl Case {
    pub fn new(name: &str, table: &Dataset, request: Request, options: Options) -> Self {
        Self { name: name.to_string(), outcome: pooled(table, request), options }
    }
}

/// Studies with made-up counts, some of them with none or all events.
pub fn many(k: u64) -> Dataset {
    Dataset::proportions((0..k).map(|i| (format!("Study {i}"), (i * 7919) % 40, 40 + (i * 31) % 300)))
        .expect("counts")
}

pub fn evil() -> Case {
    let table =
        Dataset::proportions((3..).zip(EVIL).map(|(events, name)| (name, events, 14))).expect("counts");
    let mut case = Case::new("evil names", &table, Request::default(), Options::default());
    case.options.title = Some(format!("{} {}", EVIL[0], EVIL[1].repeat(3)));
    for (line, name) in (20..).zip(EVIL) {
        let reason = format!("{name} is not a count");
        case.outcome.excluded.push(Excluded::new(name, line, reason));
    }
    case
}

/// Every case.
pub fn all() -> Vec<Case> {
    let (request, options) = (Request::default, Options::default);
    let per = |scale| Options { display: NumberFormat::per(scale), ..Options::default() };
    let rare = [("A", 2, 200_000), ("B", 1, 16_000), ("C", 1, 700), ("D", 1, 45), ("E", 1, 30)];
    let equal = [("A", 1, 10), ("B", 2, 20), ("C", 3, 30), ("D", 4, 40)];
    let dominated = [("Registry", 300_000, 1_000_000), ("A", 4, 20), ("B", 10, 25), ("C", 1, 2)];
    let mut cases = vec![
        demonstration(),
        evil(),
        Case::new("one study", &table(&[("SummaryCheck 2001", 7, 25)]), request(), options()),
        Case::new("two studies", &table(&[("A", 5, 20), ("B", 30, 60)]), request(), options()),
        Case::new("sixty studies", &many(60), request(), options()),
        Case::new("too many studies", &many(501), request(), options()),
        Case::new("all zero", &table(&[("A", 0, 10), ("B", 0, 15), ("C", 0, 20)]), request(), options()),
        Case::new("all full", &table(&[("A", 10, 10), ("B", 15, 15), ("C", 20, 20)]), request(), options()),
        Case::new("zero-width interval", &table(&equal), request(), options()),
        Case::new("one dominates", &table(&dominated), request(), options()),
        Case::new("one dominates, common", &table(&dominated), common(), options()),
        Case::new("an outlier among the rare", &outlier(false), request(), options()),
        Case::new("an outlier among the certain", &outlier(true), request(), options()),
        Case::new("rare events", &table(&rare), request(), per(100_000)),
        Case::new("rare events in percent", &table(&rare), request(), options()),
        Case::new("large totals", &embedded("opioid-jordan2017"), request(), options()),
        Case::new("many zeros", &embedded("stijnen2010-treated"), request(), per(1000)),
        Case::new("fractions", &embedded("tsoumpou2009-wnl"), request(), per(1)),
        Case::new("common effect", &embedded("pritz1997"), common(), options()),
        Case::new("every study corrected", &embedded("miller1978"), corrected(), options()),
        Case::new("three-line title", &embedded("miller1978"), quiet(), titled()),
    ];
    for &measure in Measure::OF_PROPORTIONS {
        let asked = Request { measure: Some(measure), ..Request::default() };
        let name = format!("measure {measure:?}");
        cases.push(Case::new(&name, &embedded("tsoumpou2009-wnl"), asked, options()));
    }
    cases
}

/// Twenty studies near 1 %, one near 90 % and one of three people; or their complements.
fn outlier(mirrored: bool) -> Dataset {
    let rare = (0..20).map(|i| (2 + i % 5, 300 + 10 * i)).chain([(9, 10), (0, 3)]);
    let counts = rare.map(|(events, total)| (if mirrored { total - events } else { events }, total));
    let named = counts.enumerate().map(|(index, (events, total))| (format!("Study {index}"), events, total));
    Dataset::proportions(named).expect("counts")
}

fn common() -> Request {
    Request { model: Some(Model::Common), ..Request::default() }
}

fn corrected() -> Request {
    Request { zero_cells: Some(ZeroCells::All), ..Request::default() }
}

fn quiet() -> Request {
    Request {
        profile: Some(Profile::DlWald),
        tau2: Some(Tau2::Estimated(Tau2Method::Sj)),
        prediction: Some(PredictionMethod::None),
        ..Request::default()
    }
}

fn titled() -> Options {
    Options { title: Some("A title that is far too long for one line. ".repeat(6)), ..Options::default() }
}
