//! What is packed in a file, by gzip or as a zip archive, and that it is not too much.

use std::io::{Cursor, Read as _};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::limits::most_unpacked;
use super::text::refused;
use crate::error::Error;

/// How the part of a workbook ends that has its texts.
const TEXTS: &str = "sharedstrings.xml";

/// As much of the texts of a workbook as is looked at for how many it says they are.
const BEGINNING: u64 = 1 << 16;

/// The bytes that are compressed by gzip in others.
///
/// # Errors
///
/// [`Error::Data`] where they are broken, or far more than those that they are compressed in.
pub(super) fn gzip(bytes: &[u8], file: &str) -> Result<Vec<u8>, Error> {
    gzip_up_to(most_unpacked(bytes.len() as u64), bytes, file)
}

fn gzip_up_to(most: u64, bytes: &[u8], file: &str) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut unpacked);
    let broken = |error| {
        let what = format!("this is compressed (gzip) and cannot be decompressed: {error}");
        refused(file, what, "it may be cut off: fetch it again, or save the table as CSV")
    };
    if read.map_err(broken)? as u64 > most {
        return Err(too_much(bytes.len(), most, file));
    }
    Ok(unpacked)
}

/// Whether the parts of a workbook that is a zip archive can be unpacked and read; whether they are what they should be is
/// left to who reads them. What the archive says of their sizes holds: the crate `zip` unpacks no part further than that.
///
/// # Errors
///
/// [`Error::Data`] where they are far more than what they are compressed in, or name more texts than there are.
pub(super) fn check_zip(bytes: &[u8], file: &str) -> Result<(), Error> {
    zip_up_to(most_unpacked(bytes.len() as u64), bytes, file)
}

fn zip_up_to(most: u64, bytes: &[u8], file: &str) -> Result<(), Error> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let mut unpacked = 0_u64;
    for place in 0..archive.len() {
        let Ok(part) = archive.by_index(place) else { continue };
        let length = part.size();
        unpacked = unpacked.saturating_add(length);
        if unpacked > most {
            return Err(too_much(bytes.len(), most, file));
        }
        if !part.name().is_ok_and(|name| name.to_lowercase().ends_with(TEXTS)) {
            continue;
        }
        let mut beginning = Vec::new();
        // What cannot be unpacked is an error of who reads it.
        let _ = part.take(BEGINNING).read_to_end(&mut beginning);
        if let Some(texts) = texts_said(&beginning).filter(|texts| *texts > length) {
            let what = format!("this workbook says that it has {texts} texts, in a part of {length} bytes");
            return Err(refused(file, what, "save it again as .xlsx, or the table as CSV"));
        }
    }
    Ok(())
}

/// How many texts a workbook says it has: memory is taken for so many before one is read.
fn texts_said(beginning: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(beginning);
    let (_, said) = text.split_once("uniqueCount")?;
    let said = said.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''));
    let digits = said.split(|c: char| !c.is_ascii_digit()).next().filter(|digits| !digits.is_empty())?;
    Some(digits.parse().unwrap_or(u64::MAX))
}

fn too_much(packed: usize, most: u64, file: &str) -> Error {
    let what =
        format!("more than {most} bytes are compressed in {packed} bytes, which no table of studies needs");
    refused(file, what, "unpack it, and take what is needed")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn what_is_packed_by_gzip_is_bounded() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&[b'x'; 5000]).unwrap();
        let bytes = packed.finish().unwrap();
        assert_eq!(gzip_up_to(5000, &bytes, "in.gz").unwrap().len(), 5000);
        let error = gzip_up_to(4999, &bytes, "in.gz").unwrap_err().to_string();
        assert!(
            error.contains(&format!("more than 4999 bytes are compressed in {}", bytes.len())),
            "{error}"
        );
    }

    fn zip(name: &str, text: &str) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for name in [name, "other.xml"] {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_packed_by_zip_is_bounded() {
        let mut bytes = zip("sheet.xml", &"x".repeat(5000));
        assert!(zip_up_to(10_000, &bytes, "in.xlsx").is_ok());
        let error = zip_up_to(9999, &bytes, "in.xlsx").unwrap_err().to_string();
        assert!(error.contains("more than 9999 bytes are compressed"), "{error}");
        // A part that is longer than the archive says is not unpacked to its end.
        let [is, said] = [5000_u32, 1000].map(u32::to_le_bytes);
        while let Some(at) = bytes.windows(4).position(|window| window == is) {
            bytes[at..at + 4].copy_from_slice(&said);
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut unpacked = Vec::new();
        assert!(archive.by_index(0).unwrap().read_to_end(&mut unpacked).is_err());
        assert!(unpacked.len() <= 1001);
    }

    #[test]
    fn no_more_texts_are_said_than_there_are() {
        let texts =
            |count: u64| zip("xl/sharedStrings.xml", &format!("<sst uniqueCount = \"{count}\"><si/></sst>"));
        assert!(check_zip(&texts(1), "in.xlsx").is_ok());
        let error = check_zip(&texts(u64::MAX), "in.xlsx").unwrap_err().to_string();
        assert!(error.contains(&u64::MAX.to_string()), "{error}");
    }
}
