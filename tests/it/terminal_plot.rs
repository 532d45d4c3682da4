//! The forest plot in text: what stands where, that it says what the figure says, and when the program prints it.

use metaprop::format::NumberFormat;
use metaprop::options::{Measure, Model, Request};
use metaprop::plot::Signs;
use metaprop::plot::figure::{Figure, Group, Node};
use metaprop::report::width::width;
use metaprop::{Dataset, MetaAnalysis, Spec, fit};

use crate::common::program::{Bench, TINY};

const UNICODE: &str = "
                                                                       Proportion, %  Weight  Weight
Study                        Events  Total                                  (95% CI)  common  random
────────────────────────────────────────────────────────────────────────────────────────────────────
Alpha 2001                        8     12        ──────■────    66.7 (34.9 to 90.1)   11.0%   20.4%
Beta 2002                         9     13         ─────■────    69.2 (38.6 to 90.9)   11.4%   20.8%
Gamma 2003                       21     66      ──■──┊           31.8 (20.9 to 44.4)   59.2%   33.6%
Delta 2004                        8     18      ────■────        44.4 (21.5 to 69.2)   18.4%   25.3%
────────────────────────────────────────────────────────────────────────────────────────────────────
Total (4 studies)                46    109           ┊
Common-effect model                               ◁─◇▷           42.0 (32.7 to 51.9)  100.0%
Random-effects model (REML, Hartung-Knapp)      ◀━━━━◆━━━━▶      49.9 (22.7 to 77.2)          100.0%
Prediction interval                           ╞═════════════╡          (8.6 to 91.3)
                                            ┬───┬──┬───┬──┬───┬
                                            0  20 40  60 80  100
                                               Proportion, %

Heterogeneity: τ² = 0.401, I² = 65.6% (0.0 to 97.3), Q = 9.12, df = 3, p = 0.028
Logit-transformed proportion. Random-effects model, τ² by restricted maximum likelihood. 95%
intervals: studies Clopper-Pearson; pooled Hartung-Knapp-Sidik-Jonkman; prediction t with k\u{a0}−\u{a0}1
degrees of freedom, Hartung-Knapp standard error.

■ studies by weight; ◁◇▷ common-effect estimate with its interval; ◀◆▶ pooled estimate with its
interval; ╞═╡ prediction interval; ┊ pooled estimate.
";

const ASCII: &str = "
                                                           Proportion, %  Weight
Study                Events  Total                              (95% CI)  random
--------------------------------------------------------------------------------
Alpha 2001                8     12       ----#----   66.7 (34.9 to 90.1)   20.4%
Beta 2002                 9     13       -----#---   69.2 (38.6 to 90.9)   20.8%
Gamma 2003               21     66     -#--:         31.8 (20.9 to 44.4)   33.6%
Delta 2004                8     18     ---#----      44.4 (21.5 to 69.2)   25.3%
--------------------------------------------------------------------------------
Total (4 studies)        46    109         :
Common-effect model                      (o)         42.0 (32.7 to 51.9)
Random-effects model (REML, Hartu~     (===O===)     49.9 (22.7 to 77.2)  100.0%
Prediction interval                  [===========]         (8.6 to 91.3)
                                    +--+--+-+--+--+
                                    0    40   80
                                     Proportion, %
";

fn table(rows: &[(&str, u64, u64)]) -> Dataset {
    Dataset::proportions(rows.iter().copied()).expect("counts")
}

fn four() -> MetaAnalysis {
    let data =
        table(&[("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66), ("Delta 2004", 8, 18)]);
    fit(&data, &Spec::default()).expect("a result")
}

#[test]
fn the_plot_of_four_studies() {
    let drawn = four().forest().text(100);
    assert!(drawn == UNICODE[1..], "{drawn}");
}

#[test]
fn the_plot_in_ascii_leaves_out_what_has_no_room() {
    let drawn = four().forest().signs(Signs::Ascii).text(80);
    assert!(drawn.starts_with(&ASCII[1..]), "{drawn}");
}

/// The lines of the rows: between the first rule and the axis, without rules.
fn rows(text: &str) -> Vec<&str> {
    let is_rule = |line: &&str| !line.is_empty() && line.chars().all(|sign| sign == '─');
    let below = text.lines().skip_while(|line| !is_rule(line));
    let rows = below.take_while(|line| !line.trim_start().starts_with('┬'));
    rows.filter(|line| !is_rule(line)).collect()
}

/// The columns of the ticks.
fn ticks(text: &str) -> Vec<usize> {
    let axis = text.lines().find(|line| line.trim_start().starts_with('┬')).expect("an axis");
    axis.chars().enumerate().filter(|(_, sign)| *sign == '┬').map(|(at, _)| at).collect()
}

fn line_from(node: &Node) -> Option<[f64; 2]> {
    match node {
        Node::Path { points, closed: false, .. } if points[0][1] == points[1][1] => {
            Some([points[0][0], points[1][0]])
        }
        _ => None,
    }
}

/// Where the figure has the ticks of its axis.
fn figure_ticks(figure: &Figure) -> Vec<f64> {
    let upright = |node: &Node| match node {
        Node::Path { points, closed: false, .. } if points[0][0] == points[1][0] => {
            Some((points[0], points[1]))
        }
        _ => None,
    };
    let lines: Vec<_> = figure.nodes.iter().filter_map(upright).collect();
    // Ticks are short; the lines at the null value and at the estimate cross every row.
    lines.iter().filter(|(from, to)| to[1] - from[1] < 6.0).map(|(from, _)| from[0]).collect()
}

/// The words of a row's first text.
fn label(group: &Group) -> String {
    let text = group.children.iter().find_map(|node| match node {
        Node::Text(text) => Some(text.content()),
        _ => None,
    });
    text.expect("a label")
}

/// The plot says what the figure says: the same rows in the same order, and every square and every end of an interval
/// in the cell where the figure has it.
fn says_what_the_figure_says(result: &MetaAnalysis, display: NumberFormat) {
    let figure = result.forest().display(display).figure();
    let text = result.forest().display(display).text(140);
    let (rows, cells, places) = (rows(&text), ticks(&text), figure_ticks(&figure));
    assert_eq!(cells.len(), places.len(), "{text}");
    let (first, last) = (cells[0] as f64, cells[cells.len() - 1] as f64);
    let span = places[places.len() - 1] - places[0];
    let cell = |x: f64| first + (x - places[0]) / span * (last - first);
    let groups = figure.groups();
    assert_eq!(groups.len(), rows.len(), "{text}");
    for (group, row) in groups.iter().zip(&rows) {
        assert!(row.starts_with(&label(group)), "{row}: {}", label(group));
        if group.class != "study" {
            continue;
        }
        let signs: Vec<char> = row.chars().collect();
        let drawn = |sign: &char| "─■▪┼".contains(*sign);
        let marks: Vec<usize> = (0..signs.len()).filter(|at| drawn(&signs[*at])).collect();
        assert!(marks.windows(2).all(|pair| pair[1] == pair[0] + 1), "an interval is one line: {row}");
        let near = |at: usize, x: f64| (at as f64 - cell(x)).abs() <= 1.05;
        for child in &group.children {
            if let Some([from, to]) = line_from(child) {
                assert!(near(marks[0], from) && near(marks[marks.len() - 1], to), "{row}\n{from} {to}");
            }
            if let Node::Rect(area, _) = child {
                let squares: Vec<usize> = (0..signs.len()).filter(|at| "■▪".contains(signs[*at])).collect();
                assert!(squares.len() == 1 && near(squares[0], area.x + area.width / 2.0), "{row}");
            }
        }
        let arrows = |pointing: &dyn Fn(f64) -> bool| {
            let is = |node: &&Node| matches!(node, Node::Path { points, closed: true, .. } if pointing(points[1][0] - points[0][0]));
            group.children.iter().filter(is).count()
        };
        let counted = |sign: char| signs.iter().filter(|own| **own == sign).count();
        assert_eq!([counted('←'), counted('→')], [arrows(&|by| by < 0.0), arrows(&|by| by > 0.0)], "{row}");
    }
}

/// Numbers that look random, the same each time.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// A table, often with studies of none or all events.
    fn table(&mut self) -> Dataset {
        let (k, most) = (1 + self.below(12), [5, 40, 3_000][self.below(3) as usize]);
        let rare = self.below(3) == 0;
        let rows: Vec<(String, u64, u64)> = (0..k)
            .map(|at| {
                let total = 1 + self.below(most);
                let events = self.below(if rare { total / 20 + 1 } else { total + 1 });
                (format!("Study {at}"), events, total)
            })
            .collect();
        Dataset::proportions(rows).expect("counts")
    }
}

#[test]
fn no_line_is_wider_than_asked_for_and_the_plot_says_what_the_figure_says() {
    let mut draws = Draws(7);
    for round in 0..60 {
        let measure = Measure::OF_PROPORTIONS[round % Measure::OF_PROPORTIONS.len()];
        let request = Request { measure: Some(measure), ..Request::default() };
        let Ok(result) = fit(&draws.table(), &request.resolve().expect("a spec")) else { continue };
        for display in [NumberFormat::default(), NumberFormat::per(100_000)] {
            says_what_the_figure_says(&result, display);
            for room in [40, 47, 60, 80, 99, 120, 200] {
                let text = result.forest().display(display).text(room);
                assert!(
                    text.lines().all(|line| width(line) <= room && line == line.trim_end()),
                    "{room}\n{text}"
                );
                let shown = result.rows().all(|row| text.contains(&display.number(row.shown())));
                assert!(shown, "{room}: every estimate stays\n{text}");
            }
        }
    }
}

#[test]
fn estimates_exact_models_and_one_study_are_drawn_as_the_figure_has_them() {
    let one = fit(&table(&[("A", 5, 20)]), &Spec::default()).expect("a result");
    let zero = table(&[("A", 0, 10), ("B", 0, 15), ("C", 0, 20)]);
    let exact = [Model::Glmm, Model::BetaBinomial].map(|model| {
        let request = Request { model: Some(model), ..Request::default() };
        fit(&zero, &request.resolve().expect("a spec")).expect("a result")
    });
    let many = (0..200).map(|at| (format!("Study {at}"), (at * 7919) % 40, 40 + (at * 31) % 300));
    let many = fit(&Dataset::proportions(many).expect("counts"), &Spec::default()).expect("a result");
    for result in [&one, &exact[0], &exact[1], &many] {
        says_what_the_figure_says(result, result.number_format());
    }
    assert_eq!(rows(&many.forest().text(120)).iter().filter(|row| row.starts_with("Study ")).count(), 200);
    let text = one.forest().text(120);
    assert!(text.contains("┃ pooled estimate without an interval"), "{text}");
}

#[test]
fn a_wide_interval_of_a_ratio_ends_in_an_arrow_on_a_logarithmic_axis() {
    let ratios = "study,OR,lower,upper\nAlpha,1.5,1.2,1.9\nBeta,2.1,1.7,2.6\nGamma,2.2,0.0001,48400\nDelta,3,2.3,3.9\n";
    let bench = Bench::with(&[("ratios.csv", ratios)]);
    let arguments =
        ["pool", "ratios.csv", "--estimate", "OR", "--lower", "lower", "--upper", "upper", "--plot"];
    let text = bench.ends(0, &[&arguments[..], &["--input-scale", "log"]].concat());
    let row = text.lines().find(|line| line.starts_with("Gamma")).expect("a row");
    assert!(row.contains('←') && row.contains('→') && !row.contains('┊'), "{text}");
    assert!(text.contains("Arrows: the interval goes on beyond the axis"), "{text}");
    assert!(text.contains("(logarithmic scale)") && text.contains("│ 1."), "{text}");
}

#[test]
fn subgroups_stand_in_blocks_and_wide_letters_keep_the_columns() {
    let table =
        "study,events,total,route\n山田 2019,5,20,oral\nMüller,30,60,oral\nC,1,9,topical\nD,4,12,topical\n";
    let bench = Bench::with(&[("routes.csv", table)]);
    let text = bench.ends(0, &["pool", "routes.csv", "--subgroup", "route", "--plot"]);
    let order =
        ["oral", "山田 2019", "Müller", "Subtotal (2 studies)", "τ² =", "topical", "C ", "D ", "Subtotal"];
    let mut lines = text.lines();
    for label in order {
        assert!(lines.any(|line| line.starts_with(label)), "{label} comes next:\n{text}");
    }
    let before = |name: &str, numbers: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).expect("a row");
        width(&line[..line.find(numbers).expect("numbers")])
    };
    assert_eq!(before("山田", " (8.7"), before("Müller", "(36.8"));
}

/// The program with these variables of the environment and no other that matter here.
fn printed(bench: &Bench, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = bench.command(arguments);
    for name in ["COLUMNS", "LC_ALL", "LC_CTYPE", "LANG", "TERM"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_program_prints_it_where_it_is_asked_for_and_into_no_pipe_otherwise() {
    let bench = Bench::with(&[]);
    let run = |arguments: &[&str], variables: &[(&str, &str)]| printed(&bench, arguments, variables);
    let plain = run(&["pool", "counts.csv"], &[("COLUMNS", "200"), ("LANG", "C.UTF-8")]);
    assert!(!plain.contains('■') && plain == run(&["pool", "counts.csv", "--no-plot"], &[]));
    assert_eq!(plain, run(&["pool", "counts.csv", "--plot", "--no-plot"], &[]), "the last one counts");
    let plot = run(&["pool", "counts.csv", "--plot"], &[("COLUMNS", "100")]);
    let block = UNICODE[1..].split("\n\n").next().expect("a plot");
    assert!(plot.contains(block), "{plot}");
    // What does not stand in the plot is as it was.
    let (_, after) = plain.split_once("Heterogeneity").expect("a summary");
    assert!(plot.ends_with(after), "{plot}");
    let wide = run(&["pool", "counts.csv", "--plot"], &[]);
    assert_eq!(wide.lines().map(width).find(|wide| *wide > 100), Some(120), "{wide}");
    for variables in [&[("LC_ALL", "C")][..], &[("LANG", "de_DE.ISO-8859-1")], &[("TERM", "dumb")]] {
        let text = run(&["pool", "counts.csv", "--plot"], variables);
        assert!(text.contains("--#--") && !text.contains(['■', '┊']), "{variables:?}: {text}");
    }
    let text = run(&["pool", "counts.csv", "--plot"], &[("LC_ALL", "de_DE.utf8"), ("LANG", "C")]);
    assert!(text.contains('■'), "{text}");
}

#[test]
fn a_plot_without_a_text_is_refused_and_a_text_file_has_it() {
    let bench = Bench::with(&[("counts.csv", TINY)]);
    for arguments in [&["--format", "json"][..], &["-q"], &["-q", "-o", "x.json"]] {
        let said = bench.complains(2, &[&["pool", "counts.csv", "--plot"], arguments].concat());
        assert!(said.contains("--plot is part of the text"), "{said}");
    }
    bench.ends(0, &["pool", "counts.csv", "--plot", "-q", "-o", "x.txt"]);
    assert!(bench.read("x.txt").contains("──■──"));
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "x.txt"]);
    assert!(!bench.read("x.txt").contains('■'));
}
