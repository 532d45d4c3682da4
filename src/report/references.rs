//! The works that a report cites, numbered in the order they first occur.

use serde::Serialize;

/// One work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Author, year, and what part of the work.
    pub text: String,
    /// Its DOI, where it has one.
    pub doi: Option<String>,
}

impl Reference {
    /// Where a reader finds it.
    ///
    /// ```
    /// use metaprop::report::references::References;
    /// let mut references = References::default();
    /// references.cite("Hardy & Thompson 1996, doi:10.1002/(SICI)15:6<619::AID>3.0;2-A");
    /// assert_eq!(references.list()[0].url().unwrap(), "https://doi.org/10.1002/(SICI)15:6%3C619::AID%3E3.0;2-A");
    /// ```
    #[must_use]
    pub fn url(&self) -> Option<String> {
        let doi = self.doi.as_ref()?;
        let mut url = String::from("https://doi.org/");
        for byte in doi.bytes() {
            match byte {
                byte if byte.is_ascii_alphanumeric() || b"-._/:;()".contains(&byte) => {
                    url.push(char::from(byte))
                }
                _ => url.push_str(&format!("%{byte:02X}")),
            }
        }
        Some(url)
    }
}

/// A list of works without repetition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    list: Vec<Reference>,
}

impl References {
    /// The numbers, from 1, of the works that a source named by `metaprop list` cites.
    ///
    /// Works are separated by a semicolon and a blank. What has neither a DOI nor a year is no work
    /// ("delta method", the name of a function) and gets no number.
    ///
    /// ```
    /// use metaprop::report::references::References;
    /// let mut references = References::default();
    /// assert_eq!(references.cite("Hartung & Knapp 2001, doi:10.1002/sim.791; Sidik & Jonkman 2002, doi:10.1002/sim.1262"), [1, 2]);
    /// assert_eq!(references.cite("Hartung & Knapp 2001, doi:10.1002/sim.791"), [1]);
    /// assert!(references.cite("delta method; metafor PLN").is_empty());
    /// ```
    pub fn cite(&mut self, source: &str) -> Vec<usize> {
        let works = source.split("; ").filter_map(work);
        works.collect::<Vec<_>>().into_iter().map(|work| self.number(work)).collect()
    }

    fn number(&mut self, work: Reference) -> usize {
        let known = self.list.iter().position(|listed| *listed == work);
        1 + known.unwrap_or_else(|| {
            self.list.push(work);
            self.list.len() - 1
        })
    }

    /// The works, the first being number 1.
    #[must_use]
    pub fn list(&self) -> &[Reference] {
        &self.list
    }
}

fn work(source: &str) -> Option<Reference> {
    let source = source.trim().trim_end_matches('.');
    if let Some((text, doi)) = source.split_once("doi:") {
        let text = text.trim_end_matches([',', ' ']).to_string();
        return Some(Reference { text, doi: Some(doi.trim().to_string()) });
    }
    has_year(source).then(|| Reference { text: source.to_string(), doi: None })
}

/// Whether there is a number of four digits that could be a year.
fn has_year(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4)
}
