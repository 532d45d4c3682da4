//! A column of the figure: what stands in it, and its head.

use super::options::Options;
use super::row::Row;
use crate::format::capitalised;
use crate::options::Column;
use crate::plot::figure::Type;
use crate::plot::text::{shown, wrap};

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The names.
    Study,
    /// The cells of a covariate: which of those that were asked for.
    Covariate(usize),
    /// The judgements of a domain of the risk of bias.
    Bias(usize),
    /// Events.
    Events,
    /// Totals.
    Total,
    /// Events and totals.
    EventsOfTotal,
    /// Estimates and intervals.
    Effect,
    /// Weights: which of the columns.
    Weight(usize),
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What stands in it.
    pub content: Content,
    /// The lines of its head.
    pub head: Vec<String>,
}

impl Field {
    /// How wide its head is.
    pub fn head_width(&self, style: Type) -> f64 {
        self.head.iter().map(|line| style.width(line)).fold(0.0, f64::max)
    }

    /// The same with a head in lines no wider than this, where its words allow it.
    pub fn broken(&self, room: f64, style: Type) -> Self {
        let longest = self.head.iter().flat_map(|line| line.split(' ')).map(|word| style.width(word));
        let room = longest.fold(room, f64::max);
        let lines = self.head.iter().flat_map(|line| wrap(line, room, style.size, style.face));
        Self { head: lines.map(|line| line.trim_end().to_owned()).collect(), ..self.clone() }
    }
}

/// What the columns are made from.
pub struct Heads<'a> {
    /// The heads of names and estimates, where nobody asked for others.
    pub study: &'a str,
    /// The head of the estimates.
    pub effect: &'a str,
    /// The heads of the columns of weights: none where there are no weights.
    pub weights: Vec<String>,
    /// Whether the rows have counts.
    pub counts: bool,
}

impl Heads<'_> {
    /// The columns left of the axis, and right of it.
    pub fn fields(&self, options: &Options) -> [Vec<Field>; 2] {
        let house = &options.theme.house;
        [&house.left, &house.right].map(|side| {
            let shown = side.iter().filter(|column| !options.hidden.contains(column));
            shown.flat_map(|column| self.of(*column, options)).collect()
        })
    }

    fn of(&self, column: Column, options: &Options) -> Vec<Field> {
        let one = |content: Content, own: &str| {
            let head = options.head(column).unwrap_or(own);
            vec![Field { content, head: lines(head) }]
        };
        match column {
            Column::Study => one(Content::Study, self.study),
            Column::Covariates => named(&options.covariates, Content::Covariate),
            Column::Bias => named(&options.bias, Content::Bias),
            Column::Events if self.counts => one(Content::Events, "Events"),
            Column::Total if self.counts => one(Content::Total, "Total"),
            Column::EventsOfTotal if self.counts => one(Content::EventsOfTotal, "Events/total"),
            Column::Events | Column::Total | Column::EventsOfTotal => Vec::new(),
            Column::Effect => one(Content::Effect, self.effect),
            Column::Weight => self.weights(options),
        }
    }

    /// A column for each model; a head of the theme stands over the models' names.
    fn weights(&self, options: &Options) -> Vec<Field> {
        let head = options.head(Column::Weight);
        let of = |(at, own): (usize, &String)| {
            let own = lines(own);
            let head = match (head, own.split_first()) {
                (Some(head), Some((_, model))) => {
                    lines(head).into_iter().chain(model.iter().cloned()).collect()
                }
                _ => own,
            };
            Field { content: Content::Weight(at), head }
        };
        self.weights.iter().enumerate().map(of).collect()
    }
}

fn named(names: &[String], content: fn(usize) -> Content) -> Vec<Field> {
    let of = |(at, name): (usize, &String)| Field {
        content: content(at),
        head: vec![capitalised(&shown(name)).replace('_', " ")],
    };
    names.iter().enumerate().map(of).collect()
}

fn lines(head: &str) -> Vec<String> {
    head.split('\n').map(|line| shown(line).into_owned()).collect()
}

impl Row {
    /// The text of a column that is one line of words or numbers.
    pub fn cell(&self, content: Content) -> &str {
        match content {
            Content::Covariate(at) => self.covariates.get(at).map_or("", String::as_str),
            Content::Events => self.counts.as_ref().map_or("", |counts| &counts[0]),
            Content::Total => self.counts.as_ref().map_or("", |counts| &counts[1]),
            Content::EventsOfTotal => &self.events_of_total,
            Content::Weight(at) => self.weights.get(at).map_or("", String::as_str),
            Content::Study | Content::Effect | Content::Bias(_) => "",
        }
    }
}
