//! A report is the old one or the new one, whenever the program is killed, and two that write it at once do not mix.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::common::program::{Bench, TINY};

type Files = BTreeMap<String, Vec<u8>>;

/// Two outcomes of one table, under a title.
fn analysis(data: &str, ids: [&str; 2]) -> String {
    let outcome = |id: &str| {
        format!("[[outcome]]\nid = \"{id}\"\nfile = \"{data}\"\nevents = \"events\"\ntotal = \"total\"\n")
    };
    format!("schema = 1\ntitle = \"{data}\"\n{}{}", outcome(ids[0]), outcome(ids[1]))
}

fn bench() -> Bench {
    let bench = Bench::with(&[]);
    bench.file("other.csv", TINY.replace(",21,", ",22,"));
    bench.file("a.toml", analysis("counts.csv", ["both", "of-a"]));
    bench.file("b.toml", analysis("other.csv", ["both", "of-b"]));
    bench
}

/// Every file of a folder but those of a run that writes.
fn files(folder: &Path) -> Files {
    let (mut files, mut next) = (Files::new(), vec![folder.to_path_buf()]);
    while let Some(within) = next.pop() {
        for entry in fs::read_dir(within).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
            if name == ".metaprop" {
                continue;
            } else if path.is_dir() {
                next.push(path);
            } else {
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

/// Random enough to kill at.
struct Moments(u64);

impl Moments {
    fn below(&mut self, most: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        most.mul_f64((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// What a folder was found to be after kills.
#[derive(Debug, Default)]
struct Count {
    a: usize,
    b: usize,
    /// Neither, and said so.
    half: usize,
    /// Killed while it wrote.
    in_writing: usize,
}

/// Kills the program `kills` times while it writes the one report over the other, into a folder with these files of
/// somebody else.
fn kill(kills: usize, others: &[&str]) -> Count {
    let bench = bench();
    let out = bench.path().join("out");
    let report = |analysis: &'static str| ["report", analysis, "-o", "out", "-q"];
    bench.ends(0, &["report", "a.toml", "-o", "a", "-q"]);
    bench.ends(0, &["report", "b.toml", "-o", "b", "-q"]);
    let whole = |folder: &str| {
        let mut whole = files(&bench.path().join(folder));
        whole.extend(others.iter().map(|path| ((*path).to_string(), b"mine".to_vec())));
        whole
    };
    let (a, b) = (whole("a"), whole("b"));
    bench.ends(0, &report("a.toml"));
    for path in others {
        let path = out.join(path);
        fs::create_dir_all(path.parent().expect("above")).expect("a folder");
        fs::write(path, "mine").expect("a file");
    }
    let begun = Instant::now();
    bench.ends(0, &report("b.toml"));
    let lasts = begun.elapsed();
    let (mut moments, mut count) = (Moments(1), Count::default());
    for round in 0..kills {
        let new = if files(&out) == a { "b.toml" } else { "a.toml" };
        let mut child = bench.command(&report(new)).spawn().expect("the program");
        let started = Instant::now();
        if round % 4 == 0 {
            std::thread::sleep(moments.below(lasts.mul_f64(1.2)));
        } else {
            // From the moment that it begins to write.
            while !out.join(".metaprop").exists() && started.elapsed() < 4 * lasts {
                std::thread::yield_now();
            }
            std::thread::sleep(moments.below(Duration::from_millis(12)));
        }
        count.in_writing += usize::from(child.try_wait().expect("a child").is_none() && round % 4 != 0);
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let found = files(&out);
        if found == a {
            count.a += 1;
        } else if found == b {
            count.b += 1;
        } else {
            let said = bench.ends(1, &["report", new, "-o", "out", "--check"]);
            assert!(said.contains("half written"), "{:?}: {said}", found.keys());
            count.half += 1;
        }
    }
    // The next run leaves nothing of those before it.
    bench.ends(0, &report("b.toml"));
    bench.ends(0, &["report", "b.toml", "-o", "out", "--check"]);
    assert!(files(&out) == b && !out.join(".metaprop").exists());
    let left: Vec<String> = fs::read_dir(bench.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    count
}

#[test]
fn two_hundred_kills_leave_the_old_report_or_the_new_one() {
    let count = kill(200, &["notes.txt", "both/mine.txt"]);
    println!("{count:?}");
    assert!(count.in_writing > 20, "{count:?}");
    if cfg!(target_os = "linux") {
        assert_eq!(count.half, 0, "{count:?}");
    }
}

/// Beside a folder of somebody else the files are moved one by one: a kill between two of them is said, and mended.
#[test]
fn where_files_are_moved_one_by_one_a_kill_is_seen_and_mended() {
    let count = kill(60, &["notes.txt", "theirs/notes.txt"]);
    println!("{count:?}");
    assert!(count.in_writing > 6, "{count:?}");
}

#[test]
fn two_that_write_at_once_leave_the_report_of_one() {
    let bench = bench();
    bench.ends(0, &["report", "a.toml", "-o", "a", "-q"]);
    bench.ends(0, &["report", "b.toml", "-o", "b", "-q"]);
    for _ in 0..5 {
        let start =
            |analysis| bench.command(&["report", analysis, "-o", "out", "-q"]).spawn().expect("the program");
        let running = [start("a.toml"), start("b.toml"), start("a.toml"), start("b.toml")];
        for mut child in running {
            assert_eq!(child.wait().expect("an end").code(), Some(0));
        }
        let found = files(&bench.path().join("out"));
        assert!(
            ["a", "b"].iter().any(|whole| found == files(&bench.path().join(whole))),
            "{:?}",
            found.keys()
        );
    }
}

/// Files that no report lists are kept and make none stale; so are those of an outcome that is gone and were edited.
#[test]
fn what_is_somebodys_never_makes_a_report_stale() {
    let bench = bench();
    let out = bench.path().join("out");
    bench.ends(0, &["report", "a.toml", "-o", "out", "-q"]);
    // What versions of before left when they were killed.
    for path in ["notes.txt", ".report.html.123.part", "of-a/notes.txt"] {
        fs::write(out.join(path), "mine").expect("a file");
    }
    bench.ends(0, &["report", "b.toml", "-o", "out", "-q"]);
    bench.ends(0, &["report", "b.toml", "-o", "out", "--check"]);
    for path in ["notes.txt", ".report.html.123.part", "of-a/notes.txt"] {
        assert_eq!(fs::read(out.join(path)).expect("a file"), b"mine", "{path}");
    }
    assert!(!out.join("of-a/result.json").exists());
}

#[cfg(unix)]
#[test]
fn standard_input_is_not_written_over_and_modes_are_kept() {
    use std::fs::File;
    use std::os::unix::fs::{PermissionsExt, symlink};
    let bench = bench();
    let input = || File::open(bench.path().join("counts.csv")).expect("a file");
    for output in ["counts.csv", "hard.csv", "soft.csv"] {
        match output {
            "hard.csv" => {
                fs::hard_link(bench.path().join("counts.csv"), bench.path().join(output)).expect("a link")
            }
            "soft.csv" => symlink("counts.csv", bench.path().join(output)).expect("a link"),
            _ => {}
        }
        let run = bench.command(&["pool", "-", "-o", output]).stdin(input()).output().expect("the program");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code() == Some(2) && said.contains("is the input"), "{output}: {said}");
    }
    assert_eq!(bench.read("counts.csv"), TINY);
    let mode = |name: &str, mode| {
        fs::set_permissions(bench.path().join(name), fs::Permissions::from_mode(mode)).expect("a mode");
    };
    bench.file("out.json", "old");
    mode("out.json", 0o600);
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "out.json"]);
    let metadata = fs::metadata(bench.path().join("out.json")).expect("a file");
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    mode("out.json", 0o444);
    let said = bench.complains(5, &["pool", "counts.csv", "-q", "-o", "out.json"]);
    assert!(said.contains("out.json: cannot write: it is read-only"), "{said}");
    let long = format!("{}.json", "x".repeat(250));
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", &long]);
    assert!(bench.read(&long).starts_with('{'));
}
