//! The examples of `CONTRIBUTING.md` are the code.

use std::fs;
use std::path::Path;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|_| panic!("no {name}"))
}

/// Without indentation and empty lines.
fn plain(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_example_stands_in_the_file_that_it_names() {
    let text = read("CONTRIBUTING.md");
    let mut examples = 0;
    for block in text.split("```rust").skip(1) {
        let block = plain(block.split("```").next().expect("a block"));
        let (file, example) = block.split_once('\n').expect("the file's name and an example");
        let file = file.strip_prefix("// ").expect("the file's name");
        assert!(plain(&read(file)).contains(example), "{file} does not have:\n{example}");
        examples += 1;
    }
    assert!(examples >= 5, "{examples} examples");
}

#[test]
fn every_file_that_is_named_is_there() {
    let text = read("CONTRIBUTING.md");
    let named = text.split('`').skip(1).step_by(2);
    let mut found = 0;
    for name in named.filter(|name| ["src/", "tests/", "docs/"].iter().any(|folder| name.starts_with(folder)))
    {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists(), "there is no {name}");
        found += 1;
    }
    assert!(found > 20, "{found} names");
}
