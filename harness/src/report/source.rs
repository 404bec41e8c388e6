//! A file as a run used it, and places in it. A report keeps its text, so that a
//! page shows what was played.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Source, position};
use crate::document::{Content, Node};

/// How much of a text is shown, in characters.
const LONGEST: usize = 60;

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

    /// Returns what a test assumes, as its file says it: the server's settings, the claims
    /// of end-users and, of a case, the provider but for quirks:
    /// `users.alice.email_verified = false`.
    pub fn givens(&self, case: Option<&str>) -> Vec<String> {
        let source = Source { path: self.path.clone().into(), text: self.text.clone() };
        let Ok(file) = Node::parse(&source) else { return Vec::new() };
        let mut givens = Vec::new();
        for key in ["server", "users"] {
            givens.extend(file.get(key).into_iter().flat_map(|node| self.leaves(key, node)));
        }
        if let Some(Content::Table(changes)) = case.and_then(|case| Some(&file.get("cases")?.get(case)?.content)) {
            let changed = changes.iter().filter(|(key, _)| ["server", "users", "provider"].contains(&key.as_str()));
            let changed: Vec<String> = changed.flat_map(|(key, entry)| self.leaves(key, &entry.node)).collect();
            let key = |given: &String| given.split(" = ").next().map(ToOwned::to_owned);
            givens.retain(|given| !changed.iter().any(|other| key(other) == key(given)));
            givens.extend(changed);
        }
        givens
    }

    /// Whether the provider of the scenario, or of one of its cases, is like a product,
    /// with many peculiarities.
    pub fn has_profile(&self) -> bool {
        let source = Source { path: self.path.clone().into(), text: self.text.clone() };
        let Ok(file) = Node::parse(&source) else { return false };
        let has = |node: &Node| node.get("provider").is_some_and(|one| one.get("profile").is_some());
        let cases = file.get("cases").and_then(Node::table);
        has(&file) || cases.into_iter().flatten().any(|(_, case)| has(&case.node))
    }

    /// The values below `node`, each with its path, but for quirks and overlays,
    /// which reports show elsewhere.
    fn leaves(&self, path: &str, node: &Node) -> Vec<String> {
        let Content::Table(table) = &node.content else {
            let text = match node.text().filter(|text| text.chars().count() > LONGEST) {
                Some(long) => {
                    let start: String = long.chars().take(LONGEST).collect();
                    format!("{start:?} … ({} characters)", long.chars().count())
                }
                None => self.text.get(node.span.clone()).unwrap_or_default().to_owned(),
            };
            return vec![format!("{path} = {}", text.split_whitespace().collect::<Vec<_>>().join(" "))];
        };
        let is_shown = |key: &&str| ["quirks", "overlay"].contains(key);
        let below = table.iter().filter(|(key, _)| !is_shown(&key.as_str()));
        below.flat_map(|(key, entry)| self.leaves(&format!("{path}.{}", bare(key)), &entry.node)).collect()
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

/// A key as TOML has it: in quotes if it needs them.
fn bare(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|one| one.is_ascii_alphanumeric() || "-_".contains(one));
    if is_bare { key.to_owned() } else { format!("{key:?}") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::none(None, &["server.oauth.autoRegister = true"])]
    #[case::claims(Some("list"), &["server.oauth.autoRegister = true", "users.alice.role = [ 1, 2 ]"])]
    #[case::settings(Some("off"), &["server.oauth.autoRegister = false", "users.alice.\"a.b\" = \"x\""])]
    #[case::quirk(Some("quirk"), &["server.oauth.autoRegister = true"])]
    fn a_case_says_what_it_assumes(#[case] case: Option<&str>, #[case] expected: &[&str]) {
        let text = "title = 't'\n[server.oauth]\nautoRegister = true\n[users.alice]\n\
                    [cases.list]\nwhy = 'w'\nusers.alice.role = [\n  1, 2 ]\nsteps.in.expect.a = 1\n\
                    [cases.off]\nserver.oauth.autoRegister = false\nusers.alice.\"a.b\" = \"x\"\n\
                    [cases.quirk]\nprovider.quirks.expired = 5\n";
        let file = SourceReport { path: "a.toml".to_owned(), text: text.to_owned() };
        assert_eq!(file.givens(case), expected);
    }

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
