//! Every integration test, in one program: one link instead of twenty-six.

mod common;

mod advisories;
mod architecture;
mod bootstrap;
mod cli;
mod contributing;
mod distribution;
mod edge_cases;
mod estimators;
mod examples;
mod explain;
mod figures;
mod identities;
mod library;
mod likelihood_models;
mod options;
mod percentages;
mod prediction;
mod profiles;
mod promises;
mod public_api;
mod published;
mod published_cli;
mod published_search;
mod read;
mod read_any;
mod reference;
mod regression;
mod report;
mod second_opinion;
mod selftest;
mod special_functions;
mod study_intervals;
mod ten_thousand;
mod units;
