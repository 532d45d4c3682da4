//! The promises of docs/security.md that no other file holds: analysis files and names of somebody else, and a system
//! that gives little.

use std::fs;
use std::path::Path;

use crate::common::program::{Bench, TINY};

fn analysis(file: &str) -> String {
    format!(
        "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"main\"\nfile = {file:?}\nevents = \"events\"\ntotal = \"total\"\n"
    )
}

/// A folder `own` with an analysis file, beside data of somebody else.
fn bench(file: &str) -> Bench {
    let bench = Bench::with(&[]);
    fs::create_dir(bench.path().join("own")).expect("a folder");
    bench.file("own/counts.csv", TINY);
    bench.file("own/a.toml", analysis(file));
    bench
}

/// Standard input belongs to who runs the program, and waiting for it would hold up a job.
#[test]
fn an_analysis_file_does_not_read_standard_input() {
    let bench = Bench::with(&[]);
    bench.file("a.toml", analysis("-"));
    bench.file("rows.csv", TINY);
    let rows = fs::File::open(bench.path().join("rows.csv")).expect("a table");
    let output =
        bench.command(&["report", "a.toml", "-o", "out", "-q"]).stdin(rows).output().expect("an end");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("-: cannot read"), "{said}");
}

#[test]
fn data_outside_of_the_folder_are_refused() {
    let report = ["report", "own/a.toml", "-o", "out", "-q"];
    let absolute = bench("x");
    let absolute_path = absolute.path().join("counts.csv").to_string_lossy().into_owned();
    for file in [
        "../counts.csv",
        "./../counts.csv",
        "../own/../counts.csv",
        "../nowhere.csv",
        "/nowhere",
        &absolute_path,
    ] {
        let bench = bench(file);
        bench.file(
            "own/claimed.toml",
            analysis(file) + "[[claim]]\noutcome = \"main\"\nsource = \"s\"\nk = 4\n",
        );
        for arguments in [&report[..], &["check", "own/claimed.toml"], &[&report[..], &["--check"]].concat()]
        {
            let said = bench.complains(2, arguments);
            assert!(
                said.contains("leads out of the folder") && said.contains("--allow-outside"),
                "{file}: {said}"
            );
        }
        assert!(!bench.path().join("out").exists());
    }
    for inside in ["counts.csv", "./counts.csv", "../own/counts.csv"] {
        bench(inside).ends(0, &report);
    }
    let bench = bench("../counts.csv");
    bench.ends(0, &[&report[..], &["--allow-outside"]].concat());
    bench.ends(0, &[&report[..], &["--allow-outside", "--check"]].concat());
    bench.file(
        "own/a.toml",
        analysis("../counts.csv") + "[[claim]]\noutcome = \"main\"\nsource = \"s\"\nk = 4\n",
    );
    bench.ends(0, &["check", "own/a.toml", "--allow-outside"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../counts.csv", bench.path().join("own/link.csv")).expect("a link");
        symlink("counts.csv", bench.path().join("own/near.csv")).expect("a link");
        bench.file("own/a.toml", analysis("link.csv"));
        assert!(bench.complains(2, &report).contains("leads out of the folder"));
        bench.file("own/a.toml", analysis("near.csv"));
        bench.ends(0, &report);
    }
    // From inside the folder the path of the analysis file has no folder.
    bench.file("own/a.toml", analysis("../counts.csv"));
    let run =
        bench.command(&["report", "a.toml"]).current_dir(bench.path().join("own")).output().expect("a run");
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn nothing_of_a_file_that_is_no_table_is_shown() {
    const KEYS: [(&str, &str); 8] = [
        (
            "passwd",
            "root:x:0:0:root:/root:/bin/SECRET\nSECRET:x:1:1:SECRET,a,b:/usr/sbin:/usr/sbin/nologin\n",
        ),
        (
            "key.pem",
            "-----BEGIN PRIVATE KEY-----\nSECRETb3BlbnNzaC1rZXktdjEAAAAA\nSECRET7bm9uZQAAAAEAAA\n-----END PRIVATE KEY-----\n",
        ),
        (
            "config",
            "[http \"https://github.com/\"]\n\textraheader = AUTHORIZATION: basic SECRET\n\tbare = false\n",
        ),
        (".env", "TOKEN=SECRET\nNAME=SECRET, SECRET\nOTHER=SECRET\n"),
        ("credentials.csv", "Access key ID,Secret access key\nSECRET,SECRET/K7MDENG/bPxRfiCY\n"),
        ("account.json", "{\"type\": \"service\", \"private_key\": \"SECRET\"}\n"),
        (
            "list.json",
            "[{\"name\": \"SECRET\", \"key\": \"SECRET\"}, {\"name\": \"SECRET\", \"key\": \"b\"}]\n",
        ),
        ("netrc", "machine api.example.com\n  login SECRET\n  password SECRET\n"),
    ];
    for (name, text) in KEYS {
        let bench = bench(name);
        bench.file(&format!("own/{name}"), text);
        for columns in [
            "events = \"events\"\ntotal = \"total\"",
            "events = \"#1\"\ntotal = \"#2\"",
            "study = \"#1\"\nevents = \"#1\"\ntotal = \"#1\"",
            "percent = \"#1\"\ntotal = \"#2\"",
            "estimate = \"#2\"\nse = \"#1\"",
            "events = \"#1\"\ntotal = \"#1\"\nskip = 1",
            "events = \"#1\"\nwhere = [\"#1=x\"]",
            "events = \"#1\"\nwhere = [\"#1>3\"]",
            "events = \"events\"\noutcome = \"x\"",
            "events = \"events\"\nsheet = \"x\"",
            "events = \"#1\"\ntotal = \"#1\"\ndecimal = \",\"",
            "events = \"#1\"\ntotal = \"#1\"\nround-events = true",
        ] {
            let text = format!(
                "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"main\"\nfile = {name:?}\n{columns}\n"
            );
            bench.file("own/a.toml", text);
            let run = bench.run(&["report", "own/a.toml", "-o", "out"]);
            let said = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
            assert!(matches!(run.status.code(), Some(2 | 3)), "{name} {columns}: {said}");
            assert!(!said.contains("SECRET"), "{name} {columns}: {said}");
        }
    }
    // Of a table, errors show the cells.
    let bench = bench("counts.csv");
    bench.file("own/counts.csv", TINY.replace("Beta 2002,9", "Beta 2002,nine"));
    assert!(bench.complains(3, &["report", "own/a.toml", "-o", "out"]).contains("'nine'"));
}

#[test]
fn an_id_is_the_name_of_a_folder_on_every_system() {
    let bench = bench("counts.csv");
    for id in ["con", "NUL", "aux", "Prn", "com1", "LPT9", "..", "a/b", "a.b", "é"] {
        bench.file("own/a.toml", analysis("counts.csv").replace("\"main\"", &format!("{id:?}")));
        let said = bench.complains(2, &["report", "own/a.toml", "-o", "out"]);
        assert!(said.contains("is not a plain name of a folder"), "{id}: {said}");
    }
    for id in ["console", "com", "com10", "nul-1", "lpt"] {
        bench.file("own/a.toml", analysis("counts.csv").replace("\"main\"", &format!("{id:?}")));
        bench.ends(0, &["report", "own/a.toml", "-o", "out", "-q"]);
    }
}

#[test]
fn addresses_in_names_stay_text() {
    let bench = bench("counts.csv");
    bench.file(
        "urls.csv",
        "study,events,total\nhttps://a.example/x,3,10\nWWW.b.example,4,12\nc@d.example,5,9\n",
    );
    let page = bench.ends(0, &["pool", "urls.csv", "--format", "md"]);
    assert!(!page.contains("https://a") && !page.contains("WWW.b") && !page.contains("c@d"), "{page}");
    assert!(page.contains("https\\://a.example/x") && page.contains("c<!-- -->@d.example"), "{page}");
    assert!(!bench.ends(0, &["pool", "urls.csv", "--format", "html"]).contains("href=\"https://a"));
}

#[test]
fn control_characters_in_arguments_are_shown() {
    let bench = Bench::with(&[("bad.csv", "study,ev\u{1b}[2Jents,total\nA,x,9\nB,2,9\n")]);
    for arguments in [
        &["pool", "counts.csv", "--tau2", "a\u{1b}]0;title\u{7}b"][..],
        &["pool", "counts.csv", "--\u{1b}[31mred"],
        &["po\u{1b}[31mol"],
        &["pool", "counts.csv", "--events", "e\u{1b}[31m"],
        &["pool", "a\u{1b}[31m\nerror: b.csv"],
        &["pool", "bad.csv", "--events", "#2"],
        &["report", "a\u{1b}[31m.toml"],
        &["pool", "counts.csv", "-o", "a\u{1b}\nb.odt"],
        &["pool", "counts.csv", "-o", "\u{9b}31m/b.json"],
        &["data", "\u{1b}[31m"],
        &["list", "\u{1b}[31m"],
        &["grim", "\u{1b}[31m", "--n", "5"],
    ] {
        let run = bench.run(arguments);
        let said = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
        assert_ne!(run.status.code(), Some(0), "{arguments:?}");
        assert!(
            !said.contains(['\u{1b}', '\u{7}', '\u{9b}']) && !said.contains("\nerror: b"),
            "{arguments:?}: {said:?}"
        );
    }
}

#[test]
fn what_is_no_number_is_called_what_it_is() {
    let bench = Bench::with(&[
        ("signs.csv", "study,events,total\nA,++5,10\nB,+-3,9\nC,2,9\n"),
        ("nul.csv", "study,events,total\nA\0,5,10\nB,3,9\n"),
        ("nul.toml", "schema = 1\0\n"),
    ]);
    let said = bench.complains(3, &["pool", "signs.csv"]);
    assert!(said.contains("'++5' is not a count") && said.contains("'+-3' is not a count"), "{said}");
    let said = bench.complains(3, &["pool", "nul.csv"]);
    assert!(said.contains("NUL byte") && !said.contains("not UTF-8"), "{said}");
    assert!(bench.complains(2, &["report", "nul.toml"]).contains("NUL bytes"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error() {
    let bench = bench("counts.csv");
    let report = ["report", "own/a.toml", "-o", "out"];
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["help", "pool"],
        &["pool", "--help"],
        &["pool", "counts.csv"],
        &["pool", "counts.csv", "--format", "json"],
        &["pool", "counts.csv", "--print-spec"],
        &["plot", "forest", "counts.csv"],
        &["columns", "counts.csv"],
        &["multiverse", "counts.csv"],
        &["grim", "33.3", "--n", "3"],
        &["data"],
        &["data", "miller1978"],
        &["list"],
        &["list", "schemas"],
        &["completions", "bash"],
        &["man"],
        &report,
        &[&report[..], &["--check"]].concat(),
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let run = bench.command(arguments).stdout(full).output().expect("the program");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(5), "{arguments:?}: {said}");
        assert!(said.contains("standard output: cannot write: "), "{arguments:?}: {said}");
    }
    // Nowhere to say it is no reason to stop.
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let run =
        bench.command(&["pool", "nowhere.csv"]).stdout(full()).stderr(full()).output().expect("the program");
    assert_eq!(run.status.code(), Some(5));
}

#[cfg(target_os = "linux")]
#[test]
fn a_small_stack_is_enough() {
    let bench = bench("counts.csv");
    let program = bench.command(&[]).get_program().to_string_lossy().into_owned();
    for arguments in
        ["--help", "pool counts.csv --model glmm", "report own/a.toml -o out", "multiverse counts.csv"]
    {
        let line = format!("ulimit -s 256; exec '{program}' {arguments} >out.txt");
        let status = std::process::Command::new("sh").args(["-c", &line]).current_dir(bench.path()).status();
        assert_eq!(status.expect("a shell").code(), Some(0), "{arguments}");
    }
}

/// The system refuses root no thread, so the program runs as another user; where that cannot be done, nothing is held.
#[cfg(target_os = "linux")]
#[test]
fn no_threads_are_no_reason_to_stop() {
    use std::os::unix::fs::PermissionsExt;
    let bench = bench("counts.csv");
    fs::set_permissions(bench.path(), fs::Permissions::from_mode(0o777)).expect("a mode");
    let program = bench.path().join("program");
    fs::copy(bench.command(&[]).get_program(), &program).expect("the program");
    for (limit, arguments) in [1, 2, 3, 4, 5].into_iter().flat_map(|limit| {
        ["pool counts.csv --ci bootstrap --seed 1", "report own/a.toml -o out", "multiverse counts.csv"]
            .map(|arguments| (limit, arguments))
    }) {
        let line = format!("ulimit -u {limit} && exec ./program {arguments}");
        let run = std::process::Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", &line])
            .current_dir(bench.path())
            .output();
        let Ok(run) = run else { return };
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        if said.contains("setpriv") || said.contains("Permission denied") {
            return;
        }
        assert_eq!(run.status.code(), Some(0), "{limit} {arguments}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_taken_or_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let bench = bench("counts.csv");
    let name = |bytes: &'static [u8]| OsStr::from_bytes(bytes);
    fs::copy(bench.path().join("own/a.toml"), bench.path().join("own").join(name(b"\xff.toml")))
        .expect("a file");
    let run = |arguments: &[&OsStr]| {
        let output = bench.command(&[]).args(arguments).output().expect("the program");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        (output.status.code(), said)
    };
    let words = |line: &'static str| line.split(' ').map(OsStr::new);
    let with = |line: &'static str, last: &'static [u8]| -> Vec<&OsStr> {
        words(line).chain([name(last)]).collect()
    };
    assert_eq!(run(&with("report -o out", b"own/\xff.toml")).0, Some(0));
    assert_eq!(run(&with("report own/a.toml -o", b"out-\xff")).0, Some(0));
    assert_eq!(run(&with("report own/a.toml --check -o", b"out-\xff")).0, Some(0));
    assert_eq!(run(&with("pool counts.csv -q -o", b"\xff.json")).0, Some(0));
    assert_eq!(run(&with("pool --from", b"\xff.json")).0, Some(0));
    assert_eq!(run(&with("pool", b"\xff.csv")).0, Some(2));
    assert_eq!(run(&with("report", b"\xfe.toml")).0, Some(5));
    assert_eq!(run(&with("pool counts.csv --events", b"\xff")).0, Some(2));
}

/// A dumb terminal gets no colours; `script` gives the program one.
#[cfg(target_os = "linux")]
#[test]
fn a_dumb_terminal_gets_no_commands() {
    let bench = bench("counts.csv");
    let program = bench.command(&[]).get_program().to_string_lossy().into_owned();
    let run = |term: &str, arguments: &str| {
        let line = format!("'{program}' {arguments}");
        let output = std::process::Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env("TERM", term)
            .env_remove("NO_COLOR")
            .current_dir(bench.path())
            .stdin(std::process::Stdio::null())
            .output();
        output.ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // Not every machine has the command.
    let Some(shown) = run("xterm", "pool counts.csv") else { return };
    assert!(shown.contains('\u{1b}'), "{shown}");
    for arguments in ["pool counts.csv", "pool counts.csv --tau2 x", "--help", "pool nowhere.csv"] {
        assert!(!run("dumb", arguments).expect("a run").contains('\u{1b}'), "{arguments}");
    }
}

/// No file of the source names what reaches the network or starts a program.
#[test]
fn no_network_and_no_program() {
    let mut next = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = next.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                next.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a file");
                for word in ["std::net", "TcpStream", "UdpSocket", "process::Command", "Command::new(\""] {
                    assert!(!text.contains(word), "{} names {word}", path.display());
                }
            }
        }
    }
}

/// Every test that docs/security.md names is there.
#[test]
fn every_promise_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/security.md")).expect("a page");
    let mut source = String::new();
    let mut next = vec![root.join("src/io"), root.join("tests/it")];
    while let Some(folder) = next.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                next.push(path);
            } else {
                source += &fs::read_to_string(&path).unwrap_or_default();
            }
        }
    }
    let names: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| {
            name.matches('_').count() > 2 && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'))
        })
        .collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(source.contains(&format!("fn {name}()")), "there is no test {name}");
    }
}
