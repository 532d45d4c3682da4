//! What is written reads back: analysis files and result documents.

use metaprop::options::analysis_file::{parse, to_toml};
use metaprop::report::{Document, reread};

use super::is_sound;

/// An analysis file.
pub fn analysis_file(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let file = match parse(&text, "any.toml") {
        Ok(file) => file,
        Err(error) => return is_sound(&error, &[2]),
    };
    let written = to_toml(&file);
    let again = parse(&written, "again.toml").unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(again, file, "{written}");
    assert_eq!(to_toml(&again), written);
}

/// A result document, as `pool --from` reads it.
pub fn document(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = match reread::read(&text, "any.json") {
        Ok(read) => read,
        Err(error) => return is_sound(&error, &[3]),
    };
    // A longer one takes its time, and says no more.
    if read.data.k() > super::fitted::MOST_STUDIES {
        return;
    }
    match read.fit() {
        Ok(result) => super::fitted::is_sound_result(&result),
        Err(error) => is_sound(&error, &[2, 3, 4]),
    }
}

/// A result written as a document and run again is the same document.
pub fn runs_again(result: &metaprop::MetaAnalysis) {
    let written = result.json();
    let read = reread::read(&written, "any.json").unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(read.spec, result.spec);
    let again = read.fit().unwrap_or_else(|error| panic!("{error}\n{written}"));
    let written_again = again.json();
    let differs = written.lines().zip(written_again.lines()).find(|(one, other)| one != other);
    assert!(written == written_again, "a document that is run again is another: {differs:?}");
}
