//! How specifications do under a stated truth, as text, Markdown, CSV and a document.

use serde::Serialize;

use super::csv::field;
use super::document::{Document, Format, displayed};
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::analysis::{Performance, SimulatedRow, Simulation, Truth};
use crate::data::Provenance;
use crate::format::{NumberFormat, counted, fixed, grouped, sanitize, significant};
use crate::options::{Choice, Measure, Specifications, Target};

/// How every specification does on every truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/simulate/1")]
pub struct SimulationReport {
    /// The table that the numbers of people were taken from; empty where they were stated.
    provenance: Provenance,
    truth: Stated,
    repetitions: u32,
    seed: u64,
    stopped: bool,
    /// How many combinations of the choices do not go together.
    left_out: usize,
    rows: Vec<SimulatedRow>,
    #[serde(skip)]
    display: NumberFormat,
}

/// What was stated to be true.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Stated {
    /// What the estimates are compared with.
    target: Target,
    scenarios: Vec<Scenario>,
}

/// One of the truths.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Scenario {
    #[serde(flatten)]
    truth: Truth,
    true_value: f64,
    at_ends: f64,
}

impl SimulationReport {
    /// Of a simulation.
    ///
    /// ```
    /// use metaprop::analysis::{SimulationOptions, StudySizes, Truth, simulate};
    /// use metaprop::report::{Document, SimulationReport};
    /// use metaprop::Spec;
    ///
    /// let truth = Truth::new(5, StudySizes::Between { least: 20, most: 80 }, 0.3).tau2(0.5);
    /// let mut options = SimulationOptions::default();
    /// options.repetitions = 100;
    /// let report = SimulationReport::new(&simulate(&[truth], &[Spec::default()], &options)?);
    /// assert!(report.text(false).contains("100 meta-analyses"));
    /// assert_eq!(report.csv().unwrap().lines().count(), 2);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn new(simulation: &Simulation) -> Self {
        let mut scenarios: Vec<Scenario> = Vec::new();
        for SimulatedRow { truth, true_value, at_ends, .. } in &simulation.rows {
            if !scenarios.iter().any(|scenario| scenario.truth == *truth) {
                scenarios.push(Scenario { truth: truth.clone(), true_value: *true_value, at_ends: *at_ends });
            }
        }
        let rare = |value: f64| NumberFormat::of_proportion(value, None);
        let formats = scenarios.iter().map(|scenario| rare(scenario.true_value));
        let display = formats.max_by_key(|format| format.digits).unwrap_or_default();
        Self {
            provenance: Provenance::default(),
            truth: Stated { target: simulation.options.target, scenarios },
            repetitions: simulation.options.repetitions,
            seed: simulation.options.seed,
            stopped: simulation.stopped,
            left_out: 0,
            rows: simulation.rows.clone(),
            display,
        }
    }

    /// With the table that the numbers of people are those of.
    #[must_use]
    pub fn sizes_from(self, provenance: &Provenance) -> Self {
        Self { provenance: provenance.clone(), ..self }
    }

    /// With the number of combinations of choices that do not go together.
    #[must_use]
    pub fn left_out(self, left_out: usize) -> Self {
        Self { left_out, ..self }
    }

    /// Per how many proportions are written for people, and with how many decimals; documents and CSV have fractions.
    #[must_use]
    pub fn display(self, display: NumberFormat) -> Self {
        Self { display, ..self }
    }

    /// How proportions are written where nothing else is said.
    #[must_use]
    pub fn number_format(&self) -> NumberFormat {
        self.display
    }

    fn sentences(&self) -> Vec<String> {
        let scenarios = &self.truth.scenarios;
        let drawn = match scenarios.len() {
            1 => String::new(),
            many => format!(" of each of {}", counted(many as u64, "truth", "truths")),
        };
        let asked = counted(u64::from(self.repetitions), "meta-analysis", "meta-analyses");
        let mut sentences = vec![if self.stopped {
            let done = self.rows.iter().map(|row| row.performance.repetitions).min().unwrap_or(0);
            format!("{} of {asked} were drawn{drawn}, until Ctrl-C (seed {}).", grouped(done), self.seed)
        } else {
            format!("{asked} were drawn{drawn} (seed {}).", self.seed)
        }];
        sentences.push(self.what_is_true());
        sentences.push(format!("Estimates are compared with {}.", self.compared_with()));
        let same = self.same_choices();
        if !same.is_empty() {
            sentences.push(format!("All specifications, where it applies: {}.", same.join(", ")));
        }
        if self.left_out > 0 {
            let what = counted(self.left_out as u64, "combination", "combinations");
            let are = if self.left_out == 1 { "does" } else { "do" };
            sentences.push(format!("{what} of the choices {are} not go together, and {are} not appear."));
        }
        sentences
    }

    /// What all scenarios have in common of the truth.
    fn what_is_true(&self) -> String {
        let same: Vec<String> = TRUTH
            .iter()
            .filter(|column| !self.varies(column))
            .filter_map(|column| {
                let first = &self.truth.scenarios.first()?.truth;
                let shown = match column.head {
                    "n" if !self.provenance.data.is_empty() => {
                        format!("those of {}", sanitize(&self.provenance.data))
                    }
                    _ => (column.shown)(first, self.display),
                };
                Some(format!("{} = {shown}", column.words))
            })
            .collect();
        if same.is_empty() {
            return "The truths are in the table.".to_string();
        }
        format!("Truth: {}.", same.join(", "))
    }

    /// `the median of the true proportions, 20.0% (their mean is 21.3%)`.
    fn compared_with(&self) -> String {
        let title = self.truth.target.title();
        let [first, rest @ ..] = &self.truth.scenarios[..] else { return title.to_string() };
        let same = rest.iter().all(|other| other.true_value.to_bits() == first.true_value.to_bits());
        if !same {
            return title.to_string();
        }
        let shown = if first.true_value.to_bits() == first.truth.p.to_bits() {
            self.display.exact(first.true_value)
        } else {
            NumberFormat { digits: self.display.digits + 1, ..self.display }.with_sign(first.true_value)
        };
        format!("{title}, {shown}")
    }

    /// The choices that all specifications share to which they apply.
    fn same_choices(&self) -> Vec<String> {
        let specs = || self.rows.iter().map(|row| &row.spec);
        Specifications::keys()
            .filter_map(|key| match &Specifications::values(specs(), key)[..] {
                [value] => Some(format!("{key} {value}")),
                _ => None,
            })
            .collect()
    }

    fn varies(&self, column: &TruthColumn) -> bool {
        let mut all = self.truth.scenarios.iter().map(|scenario| (column.exact)(&scenario.truth));
        all.next().is_some_and(|first| all.any(|other| other != first))
    }

    fn table(&self) -> Table {
        let display = self.display;
        let finer = NumberFormat { digits: display.digits + 1, ..display };
        let unit = self.unit();
        let truths: Vec<&TruthColumn> = TRUTH.iter().filter(|column| self.varies(column)).collect();
        let specs = || self.rows.iter().map(|row| &row.spec);
        let mut keys: Vec<&str> =
            Specifications::keys().filter(|key| Specifications::values(specs(), key).len() > 1).collect();
        if truths.is_empty() && keys.is_empty() {
            keys.push(Measure::NAME);
        }
        let first = self.truth.scenarios.first();
        let has_own_value = self.truth.scenarios.iter().any(|scenario| {
            scenario.true_value.to_bits() != scenario.truth.p.to_bits()
                && first.is_some_and(|first| first.true_value.to_bits() != scenario.true_value.to_bits())
        });
        let headed = |head: &str| format!("{head}\n{unit}").trim_end().to_string();
        let (bias, rmse, width) = (headed("bias"), headed("RMSE"), headed("width"));
        let mut columns: Vec<(&str, Align)> =
            truths.iter().map(|column| (column.head, column.align)).collect();
        if has_own_value {
            columns.push((self.truth.target.key(), Align::Right));
        }
        columns.extend(keys.iter().map(|key| (*key, Align::Left)));
        columns.extend([
            (bias.as_str(), Align::Right),
            (rmse.as_str(), Align::Right),
            ("coverage", Align::Right),
            (width.as_str(), Align::Right),
            ("failed", Align::Right),
        ]);
        let mut table = Table::new(format!("Bias, coverage and width of {}", self.what()), &columns);
        for row in &self.rows {
            let figures = &row.performance;
            let shown = |value: Option<f64>, format: NumberFormat| {
                value.map_or_else(|| NONE.to_string(), |value| format.number(value))
            };
            let mut cells: Vec<String> =
                truths.iter().map(|column| (column.shown)(&row.truth, display)).collect();
            if has_own_value {
                cells.push(finer.with_sign(row.true_value));
            }
            cells.extend(
                keys.iter()
                    .map(|key| Specifications::value(&row.spec, key).unwrap_or_else(|| NONE.to_string())),
            );
            cells.extend([
                shown(figures.bias, finer),
                shown(figures.rmse, finer),
                figures
                    .coverage
                    .map_or_else(|| NONE.to_string(), |coverage| format!("{}%", fixed(100.0 * coverage, 1))),
                shown(figures.width, display),
                grouped(figures.failed),
            ]);
            table.body.push(Row::new(cells));
        }
        table.notes = self.notes(finer);
        table
    }

    /// What a difference of proportions is in: points of percent, or per so many people.
    fn unit(&self) -> String {
        let points = if self.display.scale == 100 { "in points" } else { "" };
        self.display.unit().unwrap_or_else(|| points.to_string())
    }

    fn what(&self) -> String {
        let rows = self.rows.len() / self.truth.scenarios.len().max(1);
        counted(rows as u64, "specification", "specifications")
    }

    /// How exact the figures are, and what is left out of them.
    fn notes(&self, finer: NumberFormat) -> Vec<String> {
        let most = |of: fn(&Performance) -> Option<f64>| {
            self.rows.iter().filter_map(|row| of(&row.performance)).reduce(f64::max)
        };
        let mut notes = Vec::new();
        if let Some((bias, coverage)) = most(|of| of.bias_se).zip(most(|of| of.coverage_se)) {
            let finest = NumberFormat { digits: finer.digits + 1, ..finer };
            let bias = format!("{} {}", finest.number(bias), self.unit().trim_start_matches("in "));
            notes.push(format!(
                "Monte Carlo standard errors: of the bias at most {}, of the coverage at most {} points.",
                bias.trim_end(),
                fixed(100.0 * coverage, 2)
            ));
        }
        let without = self.rows.iter().map(|row| row.performance.without_interval).max().unwrap_or(0);
        if without > 0 {
            notes.push(format!(
                "Coverage and width are of the estimates with an interval; up to {} a row have none.",
                grouped(without)
            ));
        }
        if self.rows.iter().any(|row| row.performance.failed > 0) {
            notes.push("Bias, RMSE, coverage and width are of the tables that did not fail.".to_string());
        }
        let ends = self.truth.scenarios.iter().map(|scenario| scenario.at_ends).fold(0.0, f64::max);
        if ends > 0.0 {
            notes.push(format!(
                "Up to {}% of the true proportions are 0 or 1, because their draw lies beyond the end of the scale.",
                significant(100.0 * ends, 2)
            ));
        }
        notes
    }
}

impl Document for SimulationReport {
    const SCHEMA: &'static str = "metaprop/simulate/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &[self.table()], color)
    }

    fn markdown(&self) -> String {
        markdown::page(
            "# Specifications under a stated truth".to_string(),
            &self.sentences(),
            &[self.table()],
        )
    }

    /// A row a truth and specification, with all digits; empty where there is none.
    fn csv(&self) -> Option<String> {
        let keys: Vec<&str> = Specifications::keys().collect();
        let mut text = format!(
            "k,n,p,true_tau2,link,distribution,target,true_value,at_ends,{},repetitions,failed,without_interval,mean,bias,bias_se,\
             empirical_se,empirical_se_se,rmse,rmse_se,coverage,coverage_se,below,above,width,width_se\n",
            keys.join(",")
        );
        for row in &self.rows {
            let Truth { k, n, p, tau2, link, distribution, .. } = &row.truth;
            let choices: Vec<String> =
                keys.iter().map(|key| Specifications::value(&row.spec, key).unwrap_or_default()).collect();
            let of = &row.performance;
            let numbers = [
                of.mean,
                of.bias,
                of.bias_se,
                of.empirical_se,
                of.empirical_se_se,
                of.rmse,
                of.rmse_se,
                of.coverage,
                of.coverage_se,
                of.below,
                of.above,
                of.width,
                of.width_se,
            ];
            text.push_str(&format!(
                "{k},{},{p},{tau2},{},{},{},{},{},{},{},{},{},{}\n",
                field(&n.to_string()),
                link.key(),
                distribution.key(),
                self.truth.target.key(),
                row.true_value,
                row.at_ends,
                choices.join(","),
                of.repetitions,
                of.failed,
                of.without_interval,
                super::cells::csv_numbers(numbers)
            ));
        }
        Some(text)
    }
}

displayed!(SimulationReport);

/// What a truth has in a column.
struct TruthColumn {
    /// Its head.
    head: &'static str,
    /// What a sentence calls it.
    words: &'static str,
    align: Align,
    shown: fn(&Truth, NumberFormat) -> String,
    /// What tells two truths apart.
    exact: fn(&Truth) -> String,
}

const TRUTH: [TruthColumn; 6] = [
    TruthColumn {
        head: "k",
        words: "k",
        align: Align::Right,
        shown: |truth, _| grouped(truth.k as u64),
        exact: |truth| truth.k.to_string(),
    },
    TruthColumn {
        head: "n",
        words: "n",
        align: Align::Left,
        shown: |truth, _| truth.n.to_string(),
        exact: |truth| truth.n.to_string(),
    },
    TruthColumn {
        head: "p",
        words: "p",
        align: Align::Right,
        shown: |truth, display| display.exact(truth.p),
        exact: |truth| truth.p.to_string(),
    },
    TruthColumn {
        head: "true τ²",
        words: "τ²",
        align: Align::Right,
        shown: |truth, _| truth.tau2.to_string(),
        exact: |truth| truth.tau2.to_string(),
    },
    TruthColumn {
        head: "link",
        words: "link",
        align: Align::Left,
        shown: |truth, _| truth.link.key().to_string(),
        exact: |truth| truth.link.key().to_string(),
    },
    TruthColumn {
        head: "distribution",
        words: "distribution",
        align: Align::Left,
        shown: |truth, _| truth.distribution.key().to_string(),
        exact: |truth| truth.distribution.key().to_string(),
    },
];
