//! The columns of a table beside names and counts: one cell a study.

use std::sync::Arc;

/// Columns of text cells, one cell a study, in the order of the table.
///
/// A cell is empty where the table had none. Numbers are read where they are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Covariates {
    columns: Arc<[Covariate]>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covariate {
    /// Its name in the header.
    pub name: String,
    /// One cell a study.
    pub cells: Vec<String>,
}

impl Covariates {
    /// Of these columns.
    #[must_use]
    pub fn new(columns: Vec<Covariate>) -> Self {
        Self { columns: columns.into() }
    }

    /// Every column, in the order of the table.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Covariate> {
        self.columns.iter()
    }

    /// The column of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Covariate> {
        self.columns.iter().find(|column| column.name == name)
    }
}
