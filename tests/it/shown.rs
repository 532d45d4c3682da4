//! Which parts of a result people are shown, what its totals count, and how the table was read, in words.

use crate::common::program::Bench;
use metaprop::options::{Choice, Measure, Model, Parts, Profile, Request, Shown, ZeroCells};
use metaprop::{Code, Dataset, MetaAnalysis, fit};

const COUNTS: &str = "study,events,total\nA,8,12\nB,9,13\nC,21,66\nD,8,18\n";

fn bench() -> Bench {
    Bench::with(&[
        ("counts.csv", COUNTS),
        ("provinces.csv", "study,province,x,n\nA,North,8,12\nB,South,9,13\nC,North,21,66\nD,North,NA,18\n"),
        ("names.csv", "Kodex,events,total\nAx,1,100\nBx,4,120\nCx,7,90\n"),
        ("rates.csv", "study,events,person-years\nA,1,100\nB,4,120\n"),
        ("none.csv", "study,events,total\nA,0,10\nB,0,20\nC,0,9\nD,0,7\n"),
        ("fractions.csv", "study,events,total\nA,0.5,10\nB,1.5,20\nC,2.5,7\n"),
        ("kr.csv", "study,events,total\nA,3,5\nB,2,4\nC,500000000,1000000000\n"),
    ])
}

fn pooled(rows: &[(u64, u64)], request: Request) -> MetaAnalysis {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    fit(&Dataset::proportions(named).expect("counts"), &request.resolve().expect("a spec")).expect("a result")
}

#[test]
fn the_test_is_there_where_it_was_asked_for_or_the_package_prints_it() {
    let tested = |request: Request, null_given| {
        Parts::default().over(&request.resolve().expect("a spec"), null_given).test
    };
    for &profile in Profile::ALL {
        let prints = matches!(profile, Profile::Cochrane | Profile::Metafor | Profile::Revman5);
        let of = |measure| Request { profile: Some(profile), measure: Some(measure), ..Request::default() };
        for &measure in Measure::OF_PROPORTIONS {
            // The packages test 0 on the scale that is pooled: 50% on these two alone.
            let is_half = matches!(measure, Measure::Logit | Measure::Probit);
            assert_eq!(tested(of(measure), false), prints && is_half, "{profile:?} {measure:?}");
            assert!(tested(of(measure), true), "{profile:?} {measure:?}");
        }
    }
    let bench = bench();
    let says = |arguments: &[&str]| {
        let pages = ["text", "md", "html"].map(|format| {
            bench
                .ends(0, &[&["pool", "counts.csv", "--format", format], arguments].concat())
                .contains("Test of ")
        });
        assert!(pages.iter().all(|page| *page == pages[0]), "{arguments:?}: {pages:?}");
        pages[0]
    };
    assert!(!says(&[]) && !says(&["--profile", "meta"]));
    assert!(says(&["--null", "50%"]) && says(&["--null", "40%"]) && says(&["--profile", "metafor"]));
    assert!(!says(&["--null", "40%", "--no-test"]) && !says(&["--profile", "metafor", "--no-test"]));
    let document = bench.json(0, &["pool", "counts.csv", "--no-test"]);
    assert!(document["random"]["p"].is_f64());
}

#[test]
fn the_common_effect_is_left_out_everywhere_but_in_the_document() {
    let bench = bench();
    for format in ["text", "md", "html"] {
        let page = |arguments: &[&str]| {
            bench.ends(0, &[&["pool", "counts.csv", "--format", format], arguments].concat())
        };
        let with = page(&[]);
        assert!(with.contains("Common-effect model") && with.contains("ommon)"), "{format}");
        let without = page(&["--no-common"]);
        assert!(!without.contains("Common-effect") && !without.contains("ommon)"), "{format}: {without}");
        assert!(without.contains("109"), "{format}: the sums stand in the other row");
    }
    for arguments in [&["plot", "forest", "counts.csv"][..], &["pool", "counts.csv", "-q", "-o", "a.svg"]] {
        let drawn = |more: &[&str]| {
            let printed = bench.ends(0, &[arguments, more].concat());
            if printed.is_empty() { bench.read("a.svg") } else { printed }
        };
        assert!(drawn(&[]).contains("Common-effect model"));
        assert!(!drawn(&["--no-common"]).contains("Common-effect"));
    }
    let document = bench.json(0, &["pool", "counts.csv", "--no-common"]);
    assert!(document["common"]["estimate"].is_f64());
    let refused = bench.complains(2, &["pool", "counts.csv", "--no-common", "--model", "common"]);
    assert!(refused.contains("no-common does not apply to model = common"), "{refused}");
}

#[test]
fn what_is_counted_has_its_name() {
    let bench = bench();
    for format in ["text", "md", "html"] {
        let page = |arguments: &[&str]| {
            bench.ends(0, &[&["pool", "counts.csv", "--format", format], arguments].concat())
        };
        assert!(page(&[]).contains("109 people"));
        let eyes = page(&["--unit", "eyes"]);
        assert!(eyes.contains("109 eyes") && !eyes.contains("people"), "{format}: {eyes}");
    }
    let figure = bench.ends(0, &["plot", "forest", "counts.csv", "--unit", "eyes", "--scale", "1000"]);
    assert!(figure.contains("109 eyes") && figure.contains("per 1,000 eyes"), "{figure}");
    assert!(bench.complains(2, &["pool", "counts.csv", "--unit", " "]).contains("unit is empty"));
}

#[test]
fn an_analysis_file_has_the_same_parts() {
    let file = |outcome: &str| {
        format!(
            "schema = 1\ntitle = \"T\"\n[data]\nfile = \"counts.csv\"\nevents = \"events\"\ntotal = \"total\"\n\
             [analysis]\nunit = \"eyes\"\nno-common = true\n[[outcome]]\nid = \"a\"\n{outcome}"
        )
    };
    let (plain, tested, common) = (file(""), file("null = \"50%\"\n"), file("model = \"common\"\n"));
    let bench = Bench::with(&[
        ("counts.csv", COUNTS),
        ("plain.toml", &plain),
        ("tested.toml", &tested),
        ("common.toml", &common),
        ("own.toml", &file("model = \"common\"\nno-common = true\n")),
    ]);
    let report = |name: &str| {
        bench.ends(0, &["report", name, "-o", "out"]);
        (bench.read("out/report.md"), bench.read("out/a/forest.svg"))
    };
    let (page, figure) = report("plain.toml");
    assert!(
        page.contains("109 eyes") && !page.contains("Common-effect") && !page.contains("Test of"),
        "{page}"
    );
    assert!(!figure.contains("Common-effect") && figure.contains("109 eyes"));
    assert!(report("tested.toml").0.contains("Test of 50%"));
    // A shared choice gives way where the common effect is all there is; one's own is refused.
    assert!(report("common.toml").0.contains("Common-effect model"));
    assert!(bench.complains(2, &["report", "own.toml", "-o", "out"]).contains("no-common does not apply"));
}

#[test]
fn rows_and_columns_are_told_where_there_is_something_to_tell() {
    let bench = bench();
    for format in ["text", "md", "html"] {
        let page = bench.ends(0, &["pool", "provinces.csv", "--where", "province=North", "--format", format]);
        let said =
            "4 read; 1 set aside: only those with province=North were wanted; 1 left out as listed; 2 used";
        assert!(page.contains(said), "{format}: {page}");
        let all = bench.ends(0, &["pool", "provinces.csv", "--where", "n>=1", "--format", format]);
        assert!(all.contains("none set aside: all meet n"), "{format}: {all}");
        let plain = bench.ends(0, &["pool", "counts.csv", "--format", format]);
        assert!(!plain.contains("set aside") && !plain.contains("Study names"), "{format}: {plain}");
        let by_content = bench.ends(0, &["pool", "names.csv", "--format", format]);
        assert!(by_content.contains("Kodex") && by_content.contains("--study names another"), "{by_content}");
        let named = bench.ends(0, &["pool", "names.csv", "--study", "Kodex", "--format", format]);
        assert!(!named.contains("--study"), "{named}");
    }
    // `-v` says every column, on standard error.
    let said = bench.run(&["pool", "names.csv", "-v"]).stderr;
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("study = 'Kodex' (by its content), events = 'events', total = 'total'"), "{said}");
}

#[test]
fn time_under_observation_is_no_total() {
    let bench = bench();
    let words = "rates are not proportions";
    assert!(bench.complains(3, &["pool", "rates.csv"]).contains(words));
    assert!(bench.complains(3, &["pool", "rates.csv", "--total", "person-years"]).contains(words));
    let names = [
        "Person years",
        "patient-years",
        "PY",
        "years of follow-up",
        "Follow-up years",
        "person_time",
        "patient days",
        "patients years",
    ];
    for name in names {
        let table = format!("study,events,{name}\nA,1,100\nB,4,120\n");
        let bench = Bench::with(&[("rates.csv", &table)]);
        assert!(bench.complains(3, &["pool", "rates.csv"]).contains(words), "{name}");
        assert!(bench.complains(3, &["pool", "rates.csv", "--total", name]).contains(words), "{name}");
        // Beside a column of people it is one column more.
        let both = format!("study,events,{name},n\nA,1,100,50\nB,4,120,60\n");
        assert!(
            Bench::with(&[("both.csv", &both)]).ends(0, &["pool", "both.csv"]).contains("among 110 people")
        );
    }
    for name in ["patients day 30", "people", "n at 1 year"] {
        let table = format!("study,events,{name}\nA,1,100\nB,4,120\n");
        let bench = Bench::with(&[("counts.csv", &table)]);
        assert!(
            bench.ends(0, &["pool", "counts.csv", "--total", name]).contains("among 220 people"),
            "{name}"
        );
    }
}

#[test]
fn limits_that_are_one_value_are_no_interval() {
    let bench = bench();
    let text = bench.ends(0, &["pool", "none.csv", "--measure", "arcsine"]);
    assert!(text.contains("Random-effects model                     0.0  no interval"), "{text}");
    assert!(text.contains("its limits are the estimate itself, and no interval"), "{text}");
    for format in ["text", "md", "html"] {
        let page = bench.ends(0, &["pool", "none.csv", "--measure", "arcsine", "--format", format]);
        assert!(!page.contains("0.0 to 0.0<") && !page.contains("0.0 to 0.0 "), "{format}: {page}");
    }
    let page = bench.ends(0, &["pool", "none.csv", "--measure", "arcsine", "--format", "md"]);
    assert!(page.contains("is 0.0% (without an interval: all estimates are equal)"), "{page}");
    assert!(!page.contains("In a further study"), "{page}");
    let figure = bench.ends(0, &["plot", "forest", "none.csv", "--measure", "arcsine"]);
    assert!(figure.contains("(no interval)") && !figure.contains("Prediction interval"), "{figure}");
    // The document has the limits as they are computed.
    let document = bench.json(0, &["pool", "none.csv", "--measure", "arcsine"]);
    assert_eq!((&document["random"]["lower"], &document["random"]["upper"]), (&0.0.into(), &0.0.into()));
}

#[test]
fn kenward_roger_without_limits_says_why() {
    let text = bench().ends(0, &["pool", "kr.csv", "--ci", "kr"]);
    assert!(
        text.contains("the Kenward-Roger interval has no limits: its degrees of freedom are 5.9e"),
        "{text}"
    );
    let rows = [(3, 5), (2, 4), (500_000_000, 1_000_000_000)];
    let asked = Request { ci: Some(metaprop::options::Ci::Kr), ..Request::default() };
    let result = pooled(&rows, asked);
    assert!(result.advisories.iter().any(|advisory| advisory.code == Code::IntervalMissing));
    assert_eq!(result.pooled().ci_y, None);
}

#[test]
fn a_correction_is_refused_where_nothing_is_corrected() {
    for model in [Model::Glmm, Model::BetaBinomial] {
        let of = |zero_cells| Request { model: Some(model), zero_cells, ..Request::default() };
        for &rule in ZeroCells::ALL {
            let resolved = of(Some(rule)).resolve();
            // That nothing is added is true of them.
            assert_eq!(resolved.is_ok(), rule == ZeroCells::None, "{model:?} {rule:?}");
        }
        let amount = Request { zero_amount: Some(0.5), ..of(None) };
        let error = amount.resolve().expect_err("no amount").to_string();
        assert!(
            error.contains(&format!("zero-amount = 0.5 does not apply to model = {}", model.key())),
            "{error}"
        );
    }
    bench().complains(2, &["pool", "counts.csv", "--model", "glmm", "--zero-cells", "only0"]);
}

#[test]
fn errors_are_short() {
    let bench = bench();
    let unknown = bench.complains(2, &["pool", "counts.csv", "--qqzz"]);
    assert!(unknown.contains("--qqzz") && !unknown.contains("-- --"), "{unknown}");
    let near = bench.complains(2, &["pool", "counts.csv", "--nulll", "0.4"]);
    assert!(near.contains("'--null'") && !near.contains("-- --"), "{near}");
    let fractions = bench.complains(3, &["pool", "fractions.csv"]);
    assert_eq!(fractions.matches("is a fraction").count(), 3, "{fractions}");
    assert_eq!(fractions.matches("help:").count(), 1, "{fractions}");
    assert!(
        fractions.trim_end().lines().last().is_some_and(|line| line.starts_with("  help:")),
        "{fractions}"
    );
    let refused = bench.complains(2, &["pool", "counts.csv", "--model", "glmm", "--ci", "hk"]);
    assert!(refused.contains("it takes ci = wald, t, profile"), "{refused}");
}

#[test]
fn the_words_on_the_bootstrap_say_what_is_done() {
    let bench = bench();
    let ci = bench.ends(0, &["list", "ci"]);
    let prediction = bench.ends(0, &["list", "prediction"]);
    for word in ["9,999 samples", "percentiles", "random-effects model", "tau2 is estimated anew"] {
        assert!(ci.replace('\n', " ").contains(word), "{word}: {ci}");
    }
    for word in ["25,000 values", "percentiles", "no model is fitted anew"] {
        assert!(prediction.replace('\n', " ").contains(word), "{word}: {prediction}");
    }
    assert_eq!(metaprop::model::ci::bootstrap::DRAWS, 9_999);
    assert_eq!(metaprop::model::prediction_bootstrap::DRAWS, 25_000);
}

#[test]
fn what_is_shown_of_a_result_can_be_chosen_in_the_library() {
    let result = pooled(&[(8, 12), (9, 13), (21, 66)], Request::default());
    let mut shown = Shown::of(&result.spec);
    assert_eq!((shown.unit(), shown.common, shown.test), ("people", true, false));
    (shown.common, shown.test, shown.unit) = (false, true, Some("teeth".to_string()));
    let page = result.page().shown(shown).text(false);
    assert!(
        page.contains("91 teeth") && page.contains("Test of 50%") && !page.contains("Common-effect"),
        "{page}"
    );
}

#[test]
fn the_table_of_studies_can_be_left_out_of_what_people_read() {
    let bench = bench();
    for format in ["text", "md", "html"] {
        let with = bench.ends(0, &["pool", "@miller1978", "--format", format]);
        let without = bench.ends(0, &["pool", "@miller1978", "--no-studies", "--format", format]);
        // The figure of a page keeps its rows.
        let page = without.split("<svg").next().unwrap_or_default().to_owned()
            + without.split("</svg>").nth(1).unwrap_or_default();
        assert!(with.contains("Study 3") && !page.contains("Study 3"), "{format}: {page}");
        assert!(page.contains("37.2") && page.contains("20.7 to 57.4"), "{format}: {page}");
    }
    let document = bench.ends(0, &["pool", "@miller1978", "--no-studies", "--format", "json"]);
    assert!(document.contains("Study 3"));
}
