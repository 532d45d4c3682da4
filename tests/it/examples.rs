//! The programs in `examples/`, run: each is compiled into this test as a module.

#[allow(dead_code)]
#[path = "../../examples/check_a_claim.rs"]
mod check_a_claim;
#[allow(dead_code)]
#[path = "../../examples/large_table.rs"]
mod large_table;
#[allow(dead_code)]
#[path = "../../examples/longest_answer.rs"]
mod longest_answer;
#[allow(dead_code)]
#[path = "../../examples/many_groups.rs"]
mod many_groups;
#[allow(dead_code)]
#[path = "../../examples/own_data.rs"]
mod own_data;
#[allow(dead_code)]
#[path = "../../examples/pool_and_draw.rs"]
mod pool_and_draw;

use crate::common::program::Bench;

#[test]
fn pool_and_draw() {
    let bench = Bench::with(&[]);
    let text = pool_and_draw::run(bench.path()).unwrap();
    assert!(text.starts_with("@tofacitinib-aa: 14 studies,"), "{text}");
    let document: serde_json::Value = serde_json::from_str(&bench.read("result.json")).unwrap();
    assert_eq!((&document["k"], &document["spec"]["ci"]), (&14.into(), &"hk".into()));
    assert!(bench.read("forest.svg").contains("Good or complete regrowth"));
}

#[test]
fn check_a_claim() {
    let text = check_a_claim::run().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "fails");
    for (line, start) in lines[1..].iter().zip([
        "  estimate 50.1%: holds",
        "  lower 31.1%: holds",
        "  upper 69.0%: holds",
        "  k 4: holds",
        "  total 119: fails",
    ]) {
        assert!(line.starts_with(start), "{text}");
    }
    assert!(text.contains("58.4% is not a plain count of 90"), "{text}");
}

#[test]
fn own_data() {
    let text = own_data::run().unwrap();
    assert!(text.starts_with("4 studies, 46 events among 109 people\n"), "{text}");
    assert!(text.contains("\n3 studies\n") && text.contains("Test of 1"), "{text}");
    assert!(text.contains("Estimate") && text.contains("0.6"), "{text}");
}

#[test]
fn large_table() {
    let text = large_table::run("@tofacitinib-aa").unwrap();
    assert!(text.starts_with("14 studies, pooled proportion 0.5") && text.contains("read in "), "{text}");
}

#[test]
fn many_groups() {
    let text = many_groups::run().unwrap();
    let starts: Vec<&str> = text.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(starts, ["north: 4 studies", "south: 3 studies", "east: 2 studies"], "{text}");
    // The result of a group is that of its studies alone.
    let south = [("Gamma 2012", 41, 398), ("Epsilon 2015", 30, 250), ("Zeta 2015", 18, 221)];
    let alone = metaprop::MetaAnalysis::of_proportions()
        .fit(&metaprop::Dataset::proportions(south).unwrap())
        .unwrap();
    assert!(text.contains(&format!("south: 3 studies, {:.1}% (", 100.0 * alone.pooled().estimate)), "{text}");
}

#[test]
fn longest_answer() {
    let text = longest_answer::run(1, 3, 7).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0] == "2 tables" && lines[2].starts_with("beta-binomial logit ci=t "), "{text}");
    // 57 specifications, every seventh of which each of the two tables has.
    assert!(lines.iter().any(|line| line.starts_with("all ") && line.contains(" 16 ")), "{text}");
}
