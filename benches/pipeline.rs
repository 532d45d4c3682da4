//! Benchmarks of reading, fitting, drawing and the searches for published results: `cargo bench`.
//!
//! `benches/peers/run.py` compares the group `peers` with R on the same data.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use metaprop::analysis::{Formula, GoshOptions, RegressionOptions};
use metaprop::data::Covariates;
use metaprop::effect::EffectSizes;
use metaprop::io::read::read_bytes;
use metaprop::model::likelihood::Link;
use metaprop::model::likelihood::{beta_binomial, glmm};
use metaprop::model::{MeanResiduals, WeightedMean, tau2};
use metaprop::options::ReadOptions;
use metaprop::options::{Choice, Ci, Profile, Request, Tau2, Tau2Method};
use metaprop::plot::forest;
use metaprop::published::claim::Claim;
use metaprop::published::reconstruct::{KnownRow, ReconstructQuery, reconstruct};
use metaprop::published::reproduce::{ReproduceQuery, reproduce};
use metaprop::report::json;
use metaprop::{Dataset, Error, MetaAnalysis, Spec, fit};

const SIZES: [usize; 3] = [14, 1_000, 1_000_000];

/// A table of heterogeneous counts, the same on every run. A linear congruential generator is good enough
/// here.
fn csv(k: usize) -> String {
    let mut state: u64 = 20_201_121;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = String::from("study,events,total\n");
    for study in 0..k {
        let total = 10 + next(190);
        let events = next(total + 1);
        text.push_str(&format!("Study {study},{events},{total}\n"));
    }
    text
}

fn table(k: usize) -> Dataset {
    read_bytes(csv(k).as_bytes(), "bench", &ReadOptions::default()).expect("a table")
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for k in SIZES {
        let text = csv(k);
        group.throughput(Throughput::Elements(k as u64));
        group.bench_function(BenchmarkId::from_parameter(k), |bencher| {
            bencher.iter(|| read_bytes(black_box(text.as_bytes()), "bench", &ReadOptions::default()));
        });
    }
}

fn fitting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fit");
    for k in SIZES {
        let effects = EffectSizes::new(table(k).studies(), &Spec::default()).0;
        for &method in Tau2Method::ALL {
            group.bench_function(BenchmarkId::new(method.key(), k), |bencher| {
                bencher.iter(|| {
                    tau2::fit(method, &MeanResiduals::new(black_box(&effects.deviations), &effects.v))
                });
            });
        }
    }
}

fn whole_analyses(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run");
    for k in SIZES {
        let table = table(k);
        group.bench_function(BenchmarkId::from_parameter(k), |bencher| {
            bencher.iter(|| fit(black_box(&table), &Spec::default()));
        });
    }
}

fn drawing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("forest plot");
    for k in [14, 60, 500] {
        let outcome = fit(&table(k), &Spec::default()).expect("an outcome");
        group.bench_function(BenchmarkId::from_parameter(k), |bencher| {
            bencher.iter(|| forest::draw(black_box(&outcome), &forest::Options::default()));
        });
    }
    group.finish();
    let outcome = fit(&table(14), &Spec::default()).expect("an outcome");
    criterion.bench_function("result document/14", |bencher| {
        bencher.iter(|| json::text(black_box(&outcome), json::Layout::Indented));
    });
}

/// The 14 tofacitinib series, on which R is timed too.
fn series() -> Dataset {
    let bytes = include_bytes!("../datasets/tofacitinib-aa/counts.csv");
    read_bytes(bytes, "counts.csv", &ReadOptions::default()).expect("a table")
}

/// Pools every non-empty subset by REML. The sum of the pooled values is returned so that the compiler cannot
/// remove the computation.
fn every_subset(y: &[f64], v: &[f64]) -> Result<f64, Error> {
    let (mut total, mut ys, mut vs) = (0.0, Vec::new(), Vec::new());
    for subset in 1_u32..1 << y.len() {
        let chosen = (0..y.len()).filter(|study| subset >> study & 1 == 1);
        ys.clear();
        vs.clear();
        for study in chosen {
            ys.push(y[study]);
            vs.push(v[study]);
        }
        let tau2 =
            if ys.len() > 1 { tau2::fit(Tau2Method::Reml, &MeanResiduals::new(&ys, &vs))?.tau2 } else { 0.0 };
        total += WeightedMean::at(&ys, &vs, tau2).mean;
    }
    Ok(total)
}

fn peers(criterion: &mut Criterion) {
    let table = series();
    let spec = Spec::default();
    let effects = EffectSizes::new(table.studies(), &spec).0;
    let counts = table.counts().expect("counts").to_vec();
    let (y, v) = (&effects.deviations, &effects.v);
    let mut group = criterion.benchmark_group("peers");
    for method in [Tau2Method::Dl, Tau2Method::Reml] {
        group.bench_function(method.key(), |bencher| {
            bencher.iter(|| {
                tau2::fit(method, &MeanResiduals::new(black_box(y), v))
                    .map(|fit| WeightedMean::at(y, v, fit.tau2).mean)
            });
        });
    }
    group.bench_function("glmm", |bencher| bencher.iter(|| glmm::fit(Link::Logit, black_box(&counts))));
    group.bench_function("beta-binomial", |bencher| bencher.iter(|| beta_binomial::fit(black_box(&counts))));
    group.bench_function("reml of every subset", |bencher| bencher.iter(|| every_subset(black_box(y), v)));
    let outcome = fit(&table, &spec).expect("an outcome");
    group.bench_function("forest plot", |bencher| {
        bencher.iter(|| forest::draw(black_box(&outcome), &forest::Options::default()));
    });
}

/// What follows a pooled result, on the series and on many studies.
fn after_pooling(criterion: &mut Criterion) {
    let spec =
        |tau2| Request { tau2: Some(Tau2::Estimated(tau2)), ..Request::default() }.resolve().expect("a spec");
    let mut group = criterion.benchmark_group("after");
    let few = fit(&series(), &spec(Tau2Method::Reml)).expect("an outcome");
    group.bench_function("leave-one-out/14", |bencher| bencher.iter(|| black_box(&few).leave_one_out()));
    group.bench_function("influence/14", |bencher| bencher.iter(|| black_box(&few).influence()));
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("gosh/14", |bencher| bencher.iter(|| black_box(&few).gosh(&GoshOptions::default())));
    let formula: Formula = "dose".parse().expect("a formula");
    let mut permuted = RegressionOptions::default();
    permuted.permutations = Some(100_000);
    let quick = with_dose(14, &spec(Tau2Method::Dl));
    group.bench_function("permutations/100000", |bencher| {
        bencher.iter(|| black_box(&quick).regress(&formula, &permuted));
    });
    for (name, tau2) in [("dl", Tau2Method::Dl), ("reml", Tau2Method::Reml), ("pm", Tau2Method::Pm)] {
        let many = fit(&table(10_000), &spec(tau2)).expect("an outcome");
        group.bench_function(BenchmarkId::new("leave-one-out of 10000", name), |bencher| {
            bencher.iter(|| black_box(&many).leave_one_out());
        });
        group.bench_function(BenchmarkId::new("influence of 10000", name), |bencher| {
            bencher.iter(|| black_box(&many).influence());
        });
    }
    let twenty = fit(&table(20), &spec(Tau2Method::Dl)).expect("an outcome");
    group.bench_function("gosh/20", |bencher| {
        bencher.iter(|| black_box(&twenty).gosh(&GoshOptions::default()))
    });
    let million = with_dose(1_000_000, &spec(Tau2Method::Reml));
    let three: Formula = "dose + week + age".parse().expect("a formula");
    group.bench_function("regression/1000000", |bencher| {
        bencher.iter(|| black_box(&million).regress(&three, &RegressionOptions::default()));
    });
}

/// So many studies with three columns of numbers, pooled.
fn with_dose(k: usize, spec: &Spec) -> MetaAnalysis {
    let column =
        |factor: usize, of: usize| (0..k).map(|row| (row * factor % of).to_string()).collect::<Vec<_>>();
    let columns = [("dose", column(7, 11)), ("week", column(13, 53)), ("age", column(29, 71))];
    let columns = Covariates::new(columns).expect("columns");
    fit(&table(k).with_covariates(columns).expect("as many rows"), spec).expect("an outcome")
}

/// A claim with these printed fields.
fn printed(fields: &[&str]) -> Claim {
    let mut claim = Claim::new("", "");
    fields.iter().for_each(|field| claim.set_printed(field).expect("a field"));
    claim
}

/// `reproduce` on the data as read and with data errors allowed, and `reconstruct` by local search.
fn searches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search");
    let (table, guo) = (series(), guo());
    let series_printed = printed(&["estimate=57.1%", "ci=45.8%,67.7%", "i2=63.2%", "tau2=0.36"]);
    let guo_printed = printed(&["estimate=54.0%", "ci=46.3%,61.5%"]);
    for (name, table, printed, data_errors) in [
        ("reproduce/14 series", &table, &series_printed, false),
        ("reproduce/14 series, slips", &table, &series_printed, true),
        ("reproduce/guo-2020", &guo, &guo_printed, false),
    ] {
        let query = ReproduceQuery { data_errors, ..ReproduceQuery::new(table, printed) };
        group.bench_function(name, |bencher| bencher.iter(|| reproduce(black_box(&query), |_, _| true)));
    }
    let printed = printed(&["estimate=54.0%", "ci=46.3%,61.5%", "k=14", "total=275"]);
    let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve().expect("a spec");
    for (name, ci) in [("reconstruct/guo-2020", None), ("reconstruct/guo-2020, hk", Some(Ci::Hk))] {
        let spec = Request { ci, ..spec.request() };
        let spec = Request { prediction: None, ..spec }.resolve().expect("a spec");
        let known = KnownRow::from_table(&guo).expect("rows");
        let query = ReconstructQuery { tries: 8, list: 3, ..ReconstructQuery::new(&printed, &spec, known) };
        group.bench_function(name, |bencher| bencher.iter(|| reconstruct(black_box(&query), |_, _| true)));
    }
}

/// The data of guo-2020.
fn guo() -> Dataset {
    let bytes = include_bytes!("../datasets/guo-2020/good.csv");
    read_bytes(bytes, "good.csv", &ReadOptions::default()).expect("a table")
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = reading, fitting, whole_analyses, drawing, peers, after_pooling, searches
}
criterion_main!(benches);
