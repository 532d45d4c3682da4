//! What a release is made by: the workflow, the packing, the notes, the citation, and what `docs/install.md` says of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use yaml_rust2::{Yaml, YamlLoader};

const INSTALL: &str = include_str!("../../docs/install.md");

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|_| panic!("no {name}"))
}

fn yaml(name: &str) -> Yaml {
    let mut documents =
        YamlLoader::load_from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

/// What is under `[package]` in Cargo.toml.
fn package(key: &str) -> String {
    let manifest: toml::Table = text("Cargo.toml").parse().expect("TOML");
    manifest["package"][key].as_str().expect("a text").to_string()
}

fn steps(job: &Yaml) -> impl Iterator<Item = &Yaml> {
    job["steps"].as_vec().expect("steps").iter()
}

#[test]
fn the_workflow_builds_an_archive_for_every_system_with_features_profile_and_checksums() {
    let workflow = yaml(".github/workflows/release.yml");
    assert_eq!(workflow["env"]["FEATURES"].as_str(), Some("tables,images"));
    let jobs = &workflow["jobs"];
    let archive = &jobs["archive"];
    let matrix = archive["strategy"]["matrix"]["include"].as_vec().expect("a matrix");
    let targets: BTreeSet<&str> =
        matrix.iter().map(|entry| entry["target"].as_str().expect("a target")).collect();
    let wanted = [
        "aarch64-apple-darwin",
        "x86_64-apple-darwin",
        "x86_64-pc-windows-msvc",
        "x86_64-unknown-linux-gnu",
        "x86_64-unknown-linux-musl",
    ];
    assert_eq!(targets, BTreeSet::from(wanted));
    for entry in matrix {
        let (target, runner) =
            (entry["target"].as_str().expect("one"), entry["runner"].as_str().expect("one"));
        let system = ["linux", "apple", "windows"].into_iter().find(|system| target.contains(system));
        let wanted = match system {
            Some("linux") => "ubuntu-",
            Some("apple") => "macos-",
            _ => "windows-",
        };
        assert!(runner.starts_with(wanted), "{target} on {runner}");
        let program = if target.contains("windows") { "metaprop.exe" } else { "metaprop" };
        assert_eq!(entry["program"].as_str(), Some(program));
        let ending = if target.contains("windows") { "zip" } else { "tar.gz" };
        let name = format!("`metaprop-VERSION-{target}.{ending}`");
        assert!(INSTALL.contains(&name), "docs/install.md does not name {name}");
    }
    let runs: Vec<&str> = steps(archive).filter_map(|step| step["run"].as_str()).collect();
    let has = |words: &[&str]| runs.iter().any(|run| words.iter().all(|word| run.contains(word)));
    assert!(
        has(&["cargo build", "--locked", "--profile dist", "--features \"$FEATURES\"", "matrix.target"]),
        "{runs:?}"
    );
    assert!(has(&["selftest"]) && has(&[".ci/package"]), "{runs:?}");
    // Features and profile are those of Cargo.toml.
    let manifest: toml::Table = text("Cargo.toml").parse().expect("TOML");
    for feature in workflow["env"]["FEATURES"].as_str().expect("a text").split(',') {
        assert!(manifest["features"].get(feature).is_some(), "{feature}");
    }
    assert!(manifest["profile"].get("dist").is_some());
    // What is built by others is held first, and a draft is all that is made.
    assert_eq!(
        (archive["needs"].as_str(), jobs["draft"]["needs"].as_str()),
        (Some("check"), Some("archive"))
    );
    let drafts: Vec<&str> = steps(&jobs["draft"]).filter_map(|step| step["run"].as_str()).collect();
    assert!(drafts.iter().any(|run| run.contains("sha256sum --check SHA256SUMS")));
    assert!(drafts.iter().any(|run| run.contains("gh release create") && run.contains("--draft")));
    assert!(!text(".github/workflows/release.yml").contains("cargo publish"));
    // Every script that is called is there.
    for word in
        text(".github/workflows/release.yml").split_whitespace().filter(|word| word.starts_with(".ci/"))
    {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(word).exists(), "{word}");
    }
}

#[test]
fn the_citation_is_of_this_version_and_invents_nobody() {
    let citation = yaml("CITATION.cff");
    let keys: BTreeSet<&str> =
        citation.as_hash().expect("keys").keys().map(|key| key.as_str().expect("a text")).collect();
    let required = ["authors", "cff-version", "message", "title"];
    let known = [&required[..], &["abstract", "keywords", "license", "type", "version"]].concat();
    assert!(
        required.iter().all(|key| keys.contains(key)) && keys.iter().all(|key| known.contains(key)),
        "{keys:?}"
    );
    assert_eq!(citation["cff-version"].as_str(), Some("1.2.0"));
    assert_eq!(citation["type"].as_str(), Some("software"));
    assert_eq!(citation["version"].as_str(), Some(&*package("version")));
    let licences: Vec<&str> =
        citation["license"].as_vec().expect("a list").iter().filter_map(Yaml::as_str).collect();
    assert_eq!(licences, ["MIT", "Apache-2.0"]);
    let authors = citation["authors"].as_vec().expect("a list");
    assert_eq!(authors.len(), 1);
    assert_eq!(authors[0]["name"].as_str(), Some("The metaprop authors"));
    assert!(text("LICENSE-MIT").contains("The metaprop authors"));
}

#[cfg(unix)]
mod scripts {
    use std::path::Path;
    use std::process::{Command, Output};

    use super::{package, text};

    fn script(name: &str, arguments: &[&str]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci").join(name);
        Command::new("bash").arg(script).args(arguments).output().expect("bash")
    }

    fn said(output: &Output) -> (Option<i32>, String, String) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    #[test]
    fn the_notes_of_a_release_are_its_section_of_the_changelog() {
        let folder = tempfile::tempdir().expect("a folder");
        let changelog = folder.path().join("CHANGELOG.md");
        let entries = "# Changelog\n\n## 0.2.0 (2027-01-02)\n\n### Added\n\n- One.\n\n## 0.1.0 (2026-12-01)\n\n- Two.\n";
        std::fs::write(&changelog, entries).expect("a file");
        let file = changelog.to_str().expect("a path");
        let notes = |version: &str| said(&script("release-notes", &[version, file]));
        assert_eq!(notes("v0.2.0").1, "### Added\n\n- One.\n");
        assert_eq!(notes("0.1.0").1, "- Two.\n");
        let (code, _, complaint) = notes("0.1");
        assert!(code == Some(1) && complaint.contains("## 0.1"), "{complaint}");
        // The changelog of this repository has the version, dated or not.
        let heading = format!("\n## {} (", package("version"));
        assert!(text("CHANGELOG.md").contains(&heading), "no{heading}");
        std::fs::write(&changelog, entries.replace("2027-01-02", "unreleased")).expect("a file");
        let (code, _, complaint) = notes("0.2.0");
        assert!(code == Some(1) && complaint.contains("unreleased"), "{complaint}");
    }

    #[test]
    fn an_archive_has_the_program_with_what_belongs_to_it_and_its_checksum() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
        let (program, extras, out) = (env!("CARGO_BIN_EXE_metaprop"), path("extras"), path("out"));
        assert_eq!(
            said(&script("package", &["extras", program, &extras])),
            (Some(0), String::new(), String::new())
        );
        let target = "x86_64-unknown-linux-gnu";
        let (code, name, complaint) = said(&script("package", &[target, program, &extras, &out]));
        let stem = format!("metaprop-{}-{target}", package("version"));
        assert_eq!((code, name.trim()), (Some(0), format!("{stem}.tar.gz").as_str()), "{complaint}");
        let listed =
            Command::new("tar").args(["-tzf", &format!("{out}/{stem}.tar.gz")]).output().expect("tar");
        let listed = String::from_utf8(listed.stdout).expect("names");
        for file in [
            "metaprop",
            "metaprop.1",
            "completions/metaprop.bash",
            "completions/_metaprop",
            "README.md",
            "CHANGELOG.md",
            "CITATION.cff",
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "LICENSE-OFL",
        ] {
            assert!(listed.lines().any(|line| line == format!("{stem}/{file}")), "no {file}: {listed}");
        }
        let held = Command::new("sha256sum")
            .args(["--check", &format!("{stem}.tar.gz.sha256")])
            .current_dir(&out)
            .output();
        if let Ok(held) = held {
            assert!(held.status.success(), "{held:?}");
        }
    }
}
