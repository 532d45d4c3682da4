//! The searches of the reviewer's bench against brute force, and what they say of Guo 2020.

use metaprop::options::{Ci, Measure, Model, Profile, Tau2Method, ZeroCells};
use metaprop::options::{Request, Spec, Tau2};
use metaprop::published::claim::{Claim, Verdict, check};
use metaprop::published::multiverse::{Conclusion, multiverse};
use metaprop::published::reconstruct::{KnownRow, ReconstructQuery, Reconstruction, reconstruct};
use metaprop::published::reproduce::subsets;
use metaprop::{Dataset, fit};

type Rows = Vec<(String, u64, u64)>;

fn claim(fields: &[&str]) -> Claim {
    let mut claim = Claim::new("", "");
    fields.iter().for_each(|field| claim.set_printed(field).expect("a field"));
    claim
}

fn dl_wald(measure: Measure) -> Spec {
    dl_wald_with(measure, Request::default())
}

fn dl_wald_with(measure: Measure, choices: Request) -> Spec {
    Request { profile: Some(Profile::DlWald), measure: Some(measure), ..choices }.resolve().expect("a spec")
}

fn search(query: &ReconstructQuery<'_>) -> Reconstruction {
    reconstruct(query, |_, _| true).expect("a search")
}

fn fits(rows: &[(String, u64, u64)], printed: &Claim, spec: &Spec) -> bool {
    let table =
        Dataset::proportions(rows.iter().map(|(name, events, total)| (name.as_str(), *events, *total)))
            .expect("counts");
    fit(&table, spec).is_ok_and(|outcome| check(printed, &outcome).verdict == Verdict::Holds)
}

/// Every multiset of rows of that many people, added to the known ones, that fits.
fn brute(known: &Rows, rows: usize, people: u64, last: (u64, u64), printed: &Claim, spec: &Spec) -> u64 {
    if rows == 0 {
        return u64::from(people == 0 && fits(known, printed, spec));
    }
    let mut found = 0;
    for total in 1..=people.min(last.0) {
        for events in 0..=if total == last.0 { last.1 } else { total } {
            let more = [known.clone(), vec![(format!("r{rows}"), events, total)]].concat();
            found += brute(&more, rows - 1, people - total, (total, events), printed, spec);
        }
    }
    found
}

mod reconstruction {
    use super::*;

    /// Each size by itself gives what it gives among others, and "none" is said of a k only where every total of it was
    /// examined.
    #[test]
    fn sizes_within_bounds_are_each_searched() {
        let spec = dl_wald(Measure::Logit);
        let known = vec![KnownRow::new("A", 8, 12).unwrap(), KnownRow::new("B", 9, 20).unwrap()];
        let figures = ["estimate=53.2%", "ci=40.4%,65.5%"];
        let open = claim(&figures);
        let query = ReconstructQuery {
            k: Some("2..4".parse().unwrap()),
            total: Some("58..60".parse().unwrap()),
            list: 100,
            ..ReconstructQuery::new(&open, &spec, known.clone())
        };
        let all = search(&query);
        assert!(all.exhaustive && all.by_size.len() == 9 && all.found > 0);
        assert_eq!(all.found, all.by_size.iter().map(|size| size.found).sum::<u64>());
        for size in &all.by_size {
            let [k, total] = [format!("k={}", size.k), format!("total={}", size.total)];
            let one = claim(&[figures[0], figures[1], &k, &total]);
            let alone = search(&ReconstructQuery::new(&one, &spec, known.clone()));
            assert_eq!((alone.found, alone.exhaustive), (size.found, size.exhaustive), "{k} {total}");
            assert!(alone.by_size.is_empty());
        }
        assert_eq!(all.tables.len(), all.table_sizes.len());
        for (rows, size) in all.tables.iter().zip(&all.table_sizes) {
            let total: u64 = rows.iter().map(|row| row.total).sum();
            assert_eq!((rows.len() as u64, total), (size.k, size.total));
        }
        let by_k = all.by_k();
        assert!(by_k[0].starts_with("k = 2: for no total of 58 to 60 people does a table exist"), "{by_k:?}");

        // With no budget nothing is proved where there is a table to be made, and nothing is said to be.
        let unproved = search(&ReconstructQuery { budget: 0, tries: 1, ..query.clone() });
        assert!(!unproved.exhaustive);
        for (said, sizes) in unproved.by_k().iter().zip(unproved.by_size.chunk_by(|a, b| a.k == b.k)) {
            let proved = sizes.iter().all(|size| size.exhaustive);
            assert_eq!(
                said.contains("does a table exist"),
                proved && sizes.iter().all(|size| size.found == 0)
            );
        }
        // Stopped at once, nothing is said to be none.
        let stopped = reconstruct(&query, |_, _| false).unwrap();
        assert!(stopped.stopped && !stopped.exhaustive && stopped.found == 0);
        assert!(stopped.by_k().iter().all(|said| !said.contains("does a table exist")));
    }

    #[test]
    fn ranges_that_cannot_be_searched_are_refused() {
        let spec = dl_wald(Measure::Logit);
        let printed = claim(&["estimate=53.2%", "k=4"]);
        let query = ReconstructQuery::new(&printed, &spec, Vec::new());
        let refused = |query: &ReconstructQuery<'_>| reconstruct(query, |_, _| true).unwrap_err().to_string();
        let no_total = ReconstructQuery { k: Some("3..4".parse().unwrap()), ..query.clone() };
        assert!(refused(&no_total).contains("the number of studies and of people are needed"));
        let many = ReconstructQuery { total: Some("1..100000".parse().unwrap()), ..query };
        assert!(refused(&many).contains("more than 2000 sizes"));
    }

    /// Figures of a table with this unknown row and these two more, printed with one decimal.
    fn printed(spec: &Spec, rows: &[(&str, u64, u64)]) -> Claim {
        let outcome =
            fit(&Dataset::proportions(rows.iter().copied()).expect("counts"), spec).expect("an outcome");
        let pooled = outcome.pooled();
        let percent = |value: f64| format!("{:.0}%", 100.0 * value);
        let (lower, upper) = (pooled.lower.expect("a limit"), pooled.upper.expect("a limit"));
        let total: u64 = rows.iter().map(|row| row.2).sum();
        claim(&[
            &format!("estimate={}", percent(pooled.estimate)),
            &format!("ci={},{}", percent(lower), percent(upper)),
            &format!("k={}", rows.len()),
            &format!("total={total}"),
        ])
    }

    #[test]
    fn the_exhaustive_search_finds_what_brute_force_finds() {
        let table = [("A", 9, 14), ("B", 2, 6), ("C", 3, 4), ("D", 1, 3)];
        let mut specs = vec![
            dl_wald(Measure::Logit),
            dl_wald(Measure::Raw),
            dl_wald(Measure::Arcsine),
            dl_wald(Measure::FreemanTukey),
        ];
        let with = |measure, ci, tau2: Tau2| {
            dl_wald_with(measure, Request { ci: Some(ci), tau2: Some(tau2), ..Request::default() })
        };
        let common = Request { model: Some(Model::Common), ..Request::default() };
        let if0all = Request { zero_cells: Some(ZeroCells::If0All), ..Request::default() };
        specs.push(dl_wald_with(Measure::Logit, common));
        specs.push(dl_wald_with(Measure::Logit, if0all));
        specs.push(with(Measure::Probit, Ci::Hk, Tau2Method::Pm.into()));
        specs.push(with(Measure::Cloglog, Ci::T, Tau2::Fixed(0.3)));
        for spec in &specs {
            let printed = printed(spec, &table);
            let known = vec![KnownRow::new("A", 9, 14).expect("a row")];
            let found = search(&ReconstructQuery::new(&printed, spec, known));
            let expected = brute(&vec![("A".to_string(), 9, 14)], 3, 13, (13, 13), &printed, spec);
            assert!(found.exhaustive && expected > 0, "{spec:?}");
            assert_eq!(found.found, expected, "{spec:?}");
        }
    }

    #[test]
    fn every_reading_and_every_optional_row_is_examined() {
        let spec = dl_wald(Measure::Logit);
        let printed = printed(&spec, &[("A", 4, 12), ("B", 7, 9), ("C", 1, 3)]);
        let known = vec![
            KnownRow::new("A", 5, 12).and_then(|row| row.or(4, 12)).expect("a row"),
            KnownRow::new("B", 7, 9).expect("a row").optional(),
        ];
        let found = search(&ReconstructQuery::new(&printed, &spec, known));
        let mut expected = 0;
        for a in [5, 4] {
            let alone = vec![("A".to_string(), a, 12)];
            expected += brute(&alone, 2, 12, (12, 12), &printed, &spec);
            expected +=
                brute(&[alone, vec![("B".to_string(), 7, 9)]].concat(), 1, 3, (3, 3), &printed, &spec);
        }
        assert_eq!(
            (found.found, found.exhaustive, found.selections.map(|s| s[0])),
            (expected, true, Some(4))
        );
        let in_tables = |study: &str| {
            found
                .common
                .as_ref()
                .expect("tables")
                .known
                .iter()
                .filter(|row| row.study == study)
                .map(|row| row.tables)
                .sum::<u64>()
        };
        assert_eq!(in_tables("A"), expected);
        assert!(in_tables("B") <= expected);
    }

    #[test]
    fn none_found_is_not_none_exists() {
        let spec = dl_wald(Measure::Logit);
        let printed = claim(&["estimate=54.0%", "ci=53.9%,54.1%", "k=5", "total=60"]);
        let mut query =
            ReconstructQuery::new(&printed, &spec, vec![KnownRow::new("A", 10, 20).expect("a row")]);
        query.tries = 2;
        let shown = search(&query);
        assert!(
            shown.exhaustive && shown.found == 0 && shown.sentence().starts_with("No table exists"),
            "{}",
            shown.sentence()
        );
        // An estimator without a bound, and no budget: nothing is shown.
        let reml = Request { tau2: Some(Tau2Method::Reml.into()), ..Request::default() };
        let spec = dl_wald_with(Measure::Logit, reml);
        let mut query = ReconstructQuery { spec: &spec, budget: 0, ..query };
        let tried = search(&query);
        assert!(!tried.exhaustive && tried.found == 0 && tried.tries == 2);
        assert!(
            tried.sentence().starts_with("None found in 2 tries") && tried.nearest.is_some(),
            "{}",
            tried.sentence()
        );
        // A search that was stopped has shown nothing either.
        query.budget = u64::MAX;
        let stopped = reconstruct(&query, |_, _| false).expect("a search");
        assert!(stopped.stopped && !stopped.exhaustive);
    }

    #[test]
    fn a_seed_gives_the_same_tables() {
        let spec = dl_wald(Measure::Logit);
        let printed = claim(&["estimate=54.0%", "ci=46.3%,61.5%", "k=14", "total=275"]);
        let mut query = ReconstructQuery::new(
            &printed,
            &spec,
            vec![KnownRow::new("A", 8, 12).expect("a row").optional()],
        );
        (query.tries, query.list) = (6, 6);
        let (one, same) = (search(&query), search(&query));
        assert_eq!(one, same);
        query.seed = 2;
        assert_ne!(one.tables, search(&query).tables);
        assert!(one.found > 0 && !one.exhaustive);
        for table in &one.tables {
            let rows: Rows = table.iter().map(|row| (row.study.clone(), row.events, row.total)).collect();
            assert!(fits(&rows, &printed, &spec));
            assert!(table.iter().all(|row| row.origin.contains("reconstruct")));
        }
    }

    #[test]
    fn a_query_without_k_total_or_a_figure_is_refused() {
        let spec = dl_wald(Measure::Logit);
        let error = |fields: &[&str]| {
            reconstruct(&ReconstructQuery::new(&claim(fields), &spec, Vec::new()), |_, _| true)
                .expect_err("a defect")
                .to_string()
        };
        assert!(error(&["estimate=54%", "k=3"]).contains("number of studies and of people"));
        assert!(error(&["total=30", "k=3"]).contains("depends on the counts"));
    }

    #[test]
    fn a_reconstruction_is_a_document() {
        let spec = dl_wald(Measure::Logit);
        let printed = claim(&["estimate=50%", "k=2", "total=4"]);
        let document = serde_json::to_value(search(&ReconstructQuery::new(&printed, &spec, Vec::new())))
            .expect("it is serialisable");
        for key in ["found", "exhaustive", "tries", "nearest", "tables", "seed", "spec"] {
            assert!(document.get(key).is_some(), "{key}");
        }
        assert_eq!(document["tables"][0][0]["known"], false);
    }
}

mod guo {
    use super::*;

    fn sourced(left_out: &[&str]) -> Vec<KnownRow> {
        let rows = include_str!("../../datasets/guo-2020/good.csv")
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>());
        let known = rows.filter(|row| !left_out.contains(&row[0])).map(|row| {
            let known =
                KnownRow::new(row[0], row[1].parse().expect("events"), row[2].parse().expect("a total"));
            if row[0] == "Liu 2017" { known.and_then(|row| row.or(52, 90)) } else { known }
        });
        known.collect::<Result<_, _>>().expect("rows")
    }

    fn completed(left_out: &[&str], tries: u64) -> Reconstruction {
        let (printed, spec) =
            (claim(&["estimate=54.0%", "ci=46.3%,61.5%", "k=14", "total=275"]), dl_wald(Measure::Logit));
        let mut query = ReconstructQuery::new(&printed, &spec, sourced(left_out));
        query.tries = tries;
        search(&query)
    }

    #[test]
    fn no_table_has_all_nine_sourced_series() {
        let found = completed(&[], 1);
        assert_eq!((found.found, found.exhaustive, found.selections), (0, true, Some([2, 2])));
        assert_eq!(found.table_count, Some(3_883_244_076.0)); // 3,745,079,460 with 38/65 and 138,164,616 with 52/90
    }

    #[test]
    fn of_the_nine_sourced_series_only_one_can_have_been_left_out() {
        for study in [
            "Liu 2017",
            "Craiglow 2017",
            "Jabbari 2018",
            "Castelo-Soccio 2017",
            "Shin 2019",
            "Craiglow 2019",
            "Dai 2019",
            "Akdogan 2019",
        ] {
            let found = completed(&[study], 0);
            assert!(found.exhaustive && found.found == 0, "{study}: {}", found.sentence());
        }
        let found = completed(&["Kennedy Crispin 2016"], 8);
        assert!(found.found > 0 && !found.exhaustive, "{}", found.sentence());
    }
}

mod specifications {
    use super::*;

    fn table() -> Dataset {
        Dataset::proportions([("A", 21, 66), ("B", 38, 65), ("C", 9, 13), ("D", 8, 8), ("E", 2, 9)])
            .expect("counts")
    }

    #[test]
    fn every_row_is_what_run_gives() {
        let all = multiverse(&table(), &Request::default(), None, |_, _| true).expect("a multiverse");
        assert_eq!(all.specifications as usize, all.rows.len());
        for row in all.rows.iter().step_by(7) {
            let outcome = fit(&table(), &row.spec).expect("an outcome");
            let pooled = outcome.pooled();
            assert_eq!(
                (row.estimate, row.lower, row.upper),
                (pooled.estimate, pooled.lower, pooled.upper),
                "{}",
                row.label()
            );
        }
        let labels: std::collections::BTreeSet<_> = all.rows.iter().map(|row| row.label()).collect();
        assert_eq!(labels.len(), all.rows.len());
    }

    #[test]
    fn a_choice_that_is_made_moves_nothing() {
        let explicit = Request {
            measure: Some(Measure::Logit),
            zero_cells: Some(ZeroCells::Only0),
            model: Some(Model::Random),
            ..Request::default()
        };
        let all = multiverse(&table(), &explicit, None, |_, _| true).expect("a multiverse");
        // Eleven estimators with four intervals, pmm with the same, and Kenward-Roger, profile and Henmi-Copas.
        assert_eq!(all.specifications, 51);
        let effect = |choice: &str| all.summary.choice_effects.iter().find(|effect| effect.choice == choice);
        assert!(effect("measure").is_none() && effect("zero-cells").is_none());
        // By hand: the estimate depends on the estimator alone.
        assert_eq!(effect("ci").map(|effect| (effect.mean, effect.comparisons)), Some((0.0, 11)));
        let tau2 = effect("tau2").expect("it has levels");
        // Henmi-Copas has the common-effect estimate, and pmm stands outside the comparison.
        let compared = all.rows.iter().filter(|row| {
            row.spec.ci() != Ci::HenmiCopas && row.spec.tau2() != Tau2::Estimated(Tau2Method::Pmm)
        });
        let range = compared
            .fold([1.0_f64, 0.0_f64], |range, row| [range[0].min(row.estimate), range[1].max(row.estimate)]);
        assert!((tau2.mean - (range[1] - range[0])).abs() < 1e-15);
        assert_eq!(tau2.comparisons, 4);
    }

    #[test]
    fn a_conclusion_is_counted() {
        let conclusion: Conclusion = "lower > 50%".parse().expect("a conclusion");
        let all =
            multiverse(&table(), &Request::default(), Some(conclusion), |_, _| true).expect("a multiverse");
        let held = all.summary.conclusion.as_ref().expect("it was asked for");
        let counted = all.rows.iter().filter(|row| row.lower.is_some_and(|lower| lower > 0.5)).count() as u64;
        assert_eq!((held.holds, held.of), (counted, all.specifications));
        assert!(all.summary.sentence.contains("\"lower > 50%\" holds in"));
    }

    #[test]
    fn every_subset_is_gone_through() {
        let rows = [("A", 21, 66), ("B", 38, 65), ("C", 9, 13), ("D", 8, 8), ("E", 2, 9), ("F", 30, 41)];
        let table = Dataset::proportions(rows).expect("counts");
        let specs = [
            dl_wald(Measure::Logit),
            dl_wald_with(
                Measure::Logit,
                Request { ci: Some(Ci::Hk), tau2: Some(Tau2Method::Reml.into()), ..Request::default() },
            ),
        ];
        for spec in &specs {
            let printed = claim(&["estimate=60%"]);
            let brute = (1_u32..64).filter(|subset| {
                let chosen: Rows = (0..6)
                    .filter(|at| subset >> at & 1 == 1)
                    .map(|at| (rows[at].0.to_string(), rows[at].1, rows[at].2))
                    .collect();
                fits(&chosen, &printed, spec) || {
                    let table = Dataset::proportions(
                        chosen.iter().map(|(name, events, total)| (name.as_str(), *events, *total)),
                    )
                    .expect("counts");
                    fit(&table, spec)
                        .is_ok_and(|outcome| check(&printed, &outcome).verdict == Verdict::HoldsTruncated)
                }
            });
            let found =
                subsets(&table, &printed, std::slice::from_ref(spec), 100, |_, _| true).expect("a search");
            assert_eq!((found.tried, found.complete), (63, brute.count() as u64), "{:?}", spec.ci());
            assert!(found.matches.windows(2).all(|pair| pair[0].left_out.len() <= pair[1].left_out.len()));
        }
    }

    #[test]
    fn a_subset_of_twenty_is_found_by_its_digits() {
        let rows: Vec<(String, u64, u64)> =
            (0..20).map(|at| (format!("S{at}"), 3 + at * 7 % 11, 20 + at * 5 % 23)).collect();
        let table =
            Dataset::proportions(rows.iter().map(|(name, events, total)| (name.as_str(), *events, *total)))
                .expect("counts");
        let kept: Vec<_> = rows
            .iter()
            .enumerate()
            .filter(|(at, _)| ![2, 9, 17].contains(at))
            .map(|(_, row)| row.clone())
            .collect();
        let spec = dl_wald(Measure::Logit);
        let outcome = fit(
            &Dataset::proportions(kept.iter().map(|(name, events, total)| (name.as_str(), *events, *total)))
                .expect("counts"),
            &spec,
        )
        .expect("an outcome");
        let pooled = outcome.pooled();
        let percent = |value: f64| format!("{:.4}%", 100.0 * value);
        let printed = claim(&[
            &format!("estimate={}", percent(pooled.estimate)),
            &format!(
                "ci={},{}",
                percent(pooled.lower.expect("a limit")),
                percent(pooled.upper.expect("a limit"))
            ),
        ]);
        let found = subsets(&table, &printed, &[spec], 5, |_, _| true).expect("a search");
        assert_eq!(found.tried, (1 << 20) - 1);
        assert!(found.matches.iter().any(|one| one.left_out == ["S2", "S9", "S17"]));
    }
}

mod quadratures {
    use super::*;
    use metaprop::options::Quadrature;
    use metaprop::published::reproduce::{ReproduceQuery, reproduce};

    /// What glmer prints by default: the limits by the exact likelihood round to other digits.
    #[test]
    fn a_line_of_glmer_is_found() {
        let table = Dataset::proportions([
            ("A", 8, 12),
            ("B", 9, 13),
            ("C", 21, 66),
            ("D", 8, 18),
            ("E", 0, 10),
            ("F", 3, 30),
        ])
        .unwrap();
        let printed = |quadrature| {
            let asked = Request { model: Some(Model::Glmm), ci: Some(Ci::Wald), ..Request::default() };
            let spec = Request { quadrature: Some(quadrature), ..asked }.resolve().unwrap();
            let outcome = fit(&table, &spec).unwrap();
            let percent = |value: f64| format!("{:.2}%", 100.0 * value);
            let pooled = outcome.pooled();
            let limits = format!("ci={},{}", percent(pooled.lower.unwrap()), percent(pooled.upper.unwrap()));
            let tau2 = outcome.heterogeneity.tau2.unwrap().estimate;
            claim(&[&format!("estimate={}", percent(pooled.estimate)), &limits, &format!("tau2={tau2:.4}")])
        };
        for quadrature in [Quadrature::Laplace, Quadrature::Aghq7, Quadrature::Exact] {
            let printed = printed(quadrature);
            let found = reproduce(&ReproduceQuery::new(&table, &printed), |_, _| true).unwrap();
            let complete = found.matches.iter().filter(|found| found.fields_hold == 4);
            let mut of: Vec<_> =
                complete.map(|found| (found.spec.model(), found.spec.quadrature())).collect();
            of.dedup();
            // With seven points the digits that are printed are those of the exact integral, and usual packages print them.
            let truth = (Model::Glmm, Some(quadrature));
            assert!(of.contains(&truth), "{quadrature:?}: {of:?}");
            assert!(of[0] == truth || quadrature == Quadrature::Exact, "{quadrature:?}: {of:?}");
        }
    }

    #[test]
    fn a_multiverse_has_the_exact_one_unless_another_is_asked_for() {
        let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)]).unwrap();
        let of = |explicit: Request| {
            let all = multiverse(&table, &explicit, None, |_, _| true).unwrap();
            let mut seen: Vec<_> = all.rows.iter().filter_map(|row| row.spec.quadrature()).collect();
            seen.dedup();
            (all.rows.len(), seen)
        };
        assert_eq!(of(Request::default()).1, [Quadrature::Exact]);
        let (rows, seen) = of(Request { quadrature: Some(Quadrature::Laplace), ..Request::default() });
        assert_eq!((rows, seen), (9, vec![Quadrature::Laplace]));
    }
}
