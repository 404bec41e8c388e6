//! The lists, and what a row of one is.

use super::{DEVIATIONS, END_TO_END, FIELD_FAILURES, MODULES};

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

/// All of them.
pub static LISTS: &[List] = &[
    List {
        key: "field",
        title: "Field failures",
        text: "How sign-in really broke between Immich, other servers and their providers, as people reported it.",
        rows: FIELD_FAILURES,
    },
    List {
        key: "oidf",
        title: "Modules of the OpenID Foundation's suite",
        text: "Those of its relying-party plans that apply to a server such as Immich, and of its FAPI plans those \
               that fit the code flow.",
        rows: MODULES,
    },
    List {
        key: "e2e",
        title: "Immich's own end-to-end cases",
        text: "What Immich tests of its OAuth sign-in itself.",
        rows: END_TO_END,
    },
    List {
        key: "deviation",
        title: "Deviations of Immich",
        text: "Where Immich deviates from what OpenID Connect asks, or was found to; what its releases do of it \
               stands in their baselines.",
        rows: DEVIATIONS,
    },
];

impl List {
    /// Whether it has such a row.
    pub fn has(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }
}
