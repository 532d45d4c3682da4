//! A model matrix of one constant column is [`Design::Mean`], to a few units in the last place.

use std::collections::BTreeMap;

use metaprop::effect::EffectSizes;
use metaprop::model::{Design, Fit, ModelMatrix, Prepared, Rows};
use metaprop::options::{Choice, Ci, Measure, Request, Tau2, Tau2Method};
use metaprop::{Dataset, Spec};

fn pair(data: &Dataset, spec: &Spec, worst: &mut BTreeMap<String, (f64, String)>) {
    let (sizes, _) = EffectSizes::new(data.studies(), spec);
    let k = sizes.k();
    if k < 2 {
        return;
    }
    let prepared = Prepared::new(&sizes, data.studies());
    let matrix = ModelMatrix::ones(k).unwrap();
    let mean = match prepared.fit(Rows::All, Design::Mean, spec) {
        Ok(Fit::Weighted(f)) => f,
        _ => return,
    };
    let reg = match prepared.fit(Rows::All, Design::Moderators(&matrix), spec) {
        Ok(Fit::Regression(f)) => f,
        other => {
            println!("REG FAIL {other:?} {:?}", spec.tau2());
            return;
        }
    };
    let m = mean.summary(spec).unwrap();
    let c = &reg.coefficients(spec).unwrap()[0];
    let (mh, _) = prepared.fit(Rows::All, Design::Mean, spec).unwrap().heterogeneity(spec).unwrap();
    let (rh, _) = reg.heterogeneity(spec).unwrap();
    let mut check = |name: &str, a: f64, b: f64, scale: f64| {
        let off = if a == b { 0.0 } else { (a - b).abs() / (f64::EPSILON * scale) };
        let entry = worst.entry(name.to_string()).or_insert((0.0, String::new()));
        if !(off <= entry.0) {
            *entry =
                (off, format!("{a:e} {b:e} k={k} {:?} {:?} {:?}", spec.measure(), spec.tau2(), spec.ci()));
        }
    };
    let se = m.se.unwrap();
    let (mt, rt) = (mh.tau2.unwrap(), rh.tau2.unwrap());
    let tscale = mt.estimate.abs().max(mt.se.unwrap_or(0.0));
    check("tau2", mt.estimate, rt.estimate, tscale);
    check("tau2_se", mt.se.unwrap(), rt.se.unwrap(), mt.se.unwrap());
    check("tau2_lower", mt.lower.unwrap(), rt.lower.unwrap(), tscale.max(mt.lower.unwrap()));
    check("tau2_upper", mt.upper.unwrap(), rt.upper.unwrap(), tscale.max(mt.upper.unwrap()));
    check("y", m.y.unwrap(), c.estimate, se.max(m.y.unwrap().abs()));
    check("se", se, c.se, se);
    assert_eq!(m.ci_y.is_some(), c.lower.is_some());
    if let Some(ci) = m.ci_y {
        check("lower", ci[0], c.lower.unwrap(), se.max(ci[0].abs()).max(ci[1].abs()));
    }
    check("q", mh.cochran.unwrap().statistic, rh.cochran.unwrap().statistic, mh.cochran.unwrap().statistic);
    check("i2", mh.i2.unwrap().estimate, rh.i2.unwrap().estimate, 100.0);
    if let (Some(a), Some(b)) = (mh.h2, rh.h2) {
        check("h2", a, b, a);
    }
    if let Some(df) = m.df {
        check("df", df, c.df.unwrap(), df);
    }
    let ll = m.log_likelihood.unwrap();
    let r = reg.criteria();
    let terms: f64 = sizes.v.iter().map(|v| 0.5 * (v + mt.estimate).ln().abs()).sum::<f64>() + k as f64;
    check("ll", ll, r.log_likelihood, terms);
    check("aic", m.aic.unwrap(), r.aic, terms);
    check("bic", m.bic.unwrap(), r.bic, terms);
    let p = mean.prediction(spec).unwrap();
    let q = reg.predict(&[1.0], spec).unwrap();
    check("natural", m.estimate, q.estimate, m.estimate);
    assert_eq!(p.is_some(), q.prediction.is_some());
    if let (Some(p), Some(q)) = (p, q.prediction) {
        check("prediction", p.ci_y[0], q.ci_y[0], p.ci_y[0].abs().max(p.ci_y[1].abs()));
    }
}

#[test]
fn explore() {
    let mut worst = BTreeMap::new();
    let tofa = Dataset::proportions([
        ("A", 8, 12),
        ("B", 9, 13),
        ("C", 21, 66),
        ("D", 8, 18),
        ("E", 0, 9),
        ("F", 32, 90),
    ])
    .unwrap();
    let mut sets = vec![tofa];
    #[cfg(feature = "selftest")]
    for set in metaprop::selftest::set::all().unwrap() {
        sets.push(set.table.clone());
    }
    for (index, data) in sets.iter().enumerate() {
        let mut here = BTreeMap::new();
        for measure in Measure::OF_PROPORTIONS {
            for &method in Tau2Method::ALL {
                for ci in [Ci::Wald, Ci::T, Ci::Hk, Ci::HkFloor, Ci::Kr] {
                    if ci == Ci::Kr && method != Tau2Method::Reml {
                        continue;
                    }
                    let request = Request {
                        measure: Some(*measure),
                        tau2: Some(Tau2::Estimated(method)),
                        ci: Some(ci),
                        ..Request::default()
                    };
                    pair(data, &request.resolve().unwrap(), &mut here);
                }
            }
        }
        let top = here
            .iter()
            .map(|(n, v): (&String, &(f64, String))| format!("{n} {:.0}", v.0))
            .collect::<Vec<_>>()
            .join(", ");
        println!("set {index} k={}: {top}", data.k());
        for (name, value) in here {
            let entry = worst.entry(name).or_insert((0.0, String::new()));
            if value.0 > entry.0 {
                *entry = value;
            }
        }
    }
    for (name, (off, what)) in worst {
        println!("{name}: {off:.1} {what}");
    }
}
