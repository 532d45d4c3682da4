//! Reading, fitting and drawing, at 14, 1,000 and 1,000,000 studies: `cargo bench`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use metaprop::plot::forest;
use metaprop::pool::tau2;
use metaprop::report::json;
use metaprop::study::read::{ReadOptions, read_bytes};
use metaprop::vocabulary::{Choice, Tau2Method};
use metaprop::{Spec, StudyTable, effect, run};

const SIZES: [usize; 3] = [14, 1_000, 1_000_000];

/// Counts that differ by more than chance, the same on every run: a multiplicative generator of
/// Lehmer's kind is enough for a table.
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

fn table(k: usize) -> StudyTable {
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
        let effects = effect::estimate(&table(k).studies, &Spec::default()).0;
        for &method in Tau2Method::ALL {
            group.bench_function(BenchmarkId::new(method.key(), k), |bencher| {
                bencher.iter(|| tau2::fit(method, black_box(&effects.y), black_box(&effects.v)));
            });
        }
    }
}

fn whole_analyses(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run");
    for k in SIZES {
        let table = table(k);
        group.bench_function(BenchmarkId::from_parameter(k), |bencher| {
            bencher.iter(|| run(black_box(&table), &Spec::default()));
        });
    }
}

fn drawing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("forest plot");
    for k in [14, 60, 500] {
        let outcome = run(&table(k), &Spec::default()).expect("an outcome");
        group.bench_function(BenchmarkId::from_parameter(k), |bencher| {
            bencher.iter(|| forest::draw(black_box(&outcome), &forest::Options::default()));
        });
    }
    group.finish();
    let outcome = run(&table(14), &Spec::default()).expect("an outcome");
    criterion.bench_function("result document/14", |bencher| {
        bencher.iter(|| json::text(black_box(&outcome), json::Layout::Indented));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = reading, fitting, whole_analyses, drawing
}
criterion_main!(benches);
