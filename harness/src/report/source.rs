//! A file as a run used it, and places in it. A report keeps its text, so that a
//! page shows what was played.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Source, position};
use crate::document::Node;

/// A file as it was used: a scenario that was played, or the baseline.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SourceReport {
    /// Where it was read from, as the user named it.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Where in a scenario file something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourcePlace<'a> {
    /// The file.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in letters, from 1.
    pub column: usize,
}

impl SourceReport {
    /// Line and column, from 1, of a byte of the text.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        position(&self.text, offset)
    }

    /// Returns why the requirement of a scenario, or of one of its cases, matters;
    /// none if the file does not say.
    pub fn why(&self, case: Option<&str>) -> Option<String> {
        let source = Source { path: self.path.clone().into(), text: self.text.clone() };
        let file = Node::parse(&source).ok()?;
        let of_case = case.and_then(|case| file.get("cases")?.get(case)?.get("why"));
        of_case.or_else(|| file.get("why")).and_then(Node::text).map(ToOwned::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(None, Some("all"))]
    #[case(Some("own"), Some("one"))]
    #[case(Some("other"), Some("all"))]
    fn a_case_may_have_a_reason_of_its_own(#[case] case: Option<&str>, #[case] expected: Option<&str>) {
        let text = "why = 'all'\n[cases.own]\nwhy = 'one'\n[cases.other]\n".to_owned();
        let file = SourceReport { path: "a.toml".to_owned(), text };
        assert_eq!(file.why(case).as_deref(), expected);
    }
}
