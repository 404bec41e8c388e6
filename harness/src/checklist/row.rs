//! A list that scenarios are held against, and what a row of it is.

/// One thing that scenarios should show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// How scenarios name it.
    pub id: &'static str,
    /// What it is about.
    pub text: &'static str,
    /// Why no scenario shows it, where none does.
    pub without: Option<&'static str>,
}

/// A row that scenarios show.
pub(super) const fn row(id: &'static str, text: &'static str) -> Row {
    Row { id, text, without: None }
}

/// A row that no scenario shows, and why.
pub(super) const fn without(id: &'static str, text: &'static str, reason: &'static str) -> Row {
    Row { id, text, without: Some(reason) }
}

/// A list that scenarios are held against.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// The key of a scenario file under which rows are named.
    pub key: &'static str,
    /// What it is a list of.
    pub title: &'static str,
    /// Where it comes from.
    pub text: &'static str,
    /// The rows.
    pub rows: &'static [Row],
}

impl List {
    /// Whether it has such a row.
    pub fn has(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }
}
