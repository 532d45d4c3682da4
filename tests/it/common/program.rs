//! The program in a folder of its own: what the tests of the command line share.

// Each test program uses a part of it.
#![allow(dead_code)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Four studies.
pub const TINY: &str =
    "study,events,total\nAlpha 2001,8,12\nBeta 2002,9,13\nGamma 2003,21,66\nDelta 2004,8,18\n";

/// A folder to run in.
pub struct Bench(TempDir);

impl Bench {
    /// A folder with `counts.csv` and these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let bench = Self(TempDir::new().expect("a folder"));
        bench.file("counts.csv", TINY);
        files.iter().for_each(|(name, text)| bench.file(name, text));
        bench
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        // METAPROP names another build of the program, which the tests are then held against.
        let program = match std::env::var_os("METAPROP") {
            Some(other) => std::path::absolute(other).expect("a path"),
            None => env!("CARGO_BIN_EXE_metaprop").into(),
        };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    /// Standard output of a run that ends with this code.
    pub fn ends(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Standard error of a run that ends with this code.
    pub fn complains(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        said
    }

    /// The document of a run that ends with this code.
    pub fn json(&self, code: i32, arguments: &[&str]) -> Value {
        let arguments: Vec<_> = arguments.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&self.ends(code, &arguments)).expect("JSON")
    }
}

/// Every key that the schema of the document requires is there, and every key is in the schema.
pub fn fits_its_schema(document: &Value) {
    let schemas: Value = serde_json::from_str(&Bench::with(&[]).ends(0, &["list", "schemas"])).expect("JSON");
    let schema = &schemas[document["schema"].as_str().expect("a name")];
    for key in schema["required"].as_array().expect("keys") {
        assert!(document.get(key.as_str().expect("a key")).is_some(), "{key} is missing");
    }
    for key in document.as_object().expect("an object").keys() {
        assert!(schema["properties"].get(key).is_some(), "{key} is not in the schema");
    }
}
