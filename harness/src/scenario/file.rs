//! One scenario file, read whole. Its cases are laid over it in
//! [`super::cases`], and their controls made in [`super::control`].

use std::path::Path;
use std::sync::Arc;

use super::Shape;
use super::cases::variants;
use super::control::control;
use super::play::{Play, play};
use crate::diagnostic::{Broken, Source};
use crate::document::{FileFormat, Node};

/// A scenario that can be played.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// `topic/name`.
    pub name: String,
    /// The file.
    pub source: Arc<Source>,
    /// At least one.
    pub cases: Vec<Case>,
}

/// One test: the file with one of its cases laid over it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The case's name, where the file has cases.
    pub name: Option<String>,
    /// What is played.
    pub play: Play,
    /// What must succeed first.
    pub control: Option<Play>,
    /// What the server must pass, too, for a pass to count: a scenario with that
    /// one case. The catalogue finds it.
    pub proof: Option<Arc<Scenario>>,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(name: &str, source: Source) -> Result<Self, Broken> {
        let source = Arc::new(source);
        let broken = |problems| Broken { source: Arc::clone(&source), problems };
        let file = Node::parse(&source).map_err(&broken)?;
        FileFormat::SCENARIO.check(&file, &source).map_err(|problem| broken(vec![problem]))?;
        let mut problems = Vec::new();
        let mut cases = Vec::new();
        for (name, node) in variants(&file, &mut problems) {
            if let Some(play) = play(&node, &mut problems) {
                let control = control(&node, &play, &mut problems);
                cases.push(Case { name, play, control, proof: None });
            }
        }
        // What is wrong with the file is wrong with each of its cases.
        let mut seen = Vec::new();
        problems.retain(|problem| {
            !seen.contains(problem) && {
                seen.push(problem.clone());
                true
            }
        });
        problems.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
        if problems.is_empty() { Ok(Self { name: name.to_owned(), source, cases }) } else { Err(broken(problems)) }
    }

    /// The names of the tests in a file, unread otherwise; those of a broken
    /// file are not known.
    pub(super) fn case_names(source: &Source) -> Vec<Option<String>> {
        let Ok(file) = Node::parse(source) else { return Vec::new() };
        match file.get("cases").and_then(Node::table).filter(|cases| !cases.is_empty()) {
            Some(cases) => cases.keys().map(|name| Some(name.clone())).collect(),
            None => vec![None],
        }
    }

    /// Returns the file with each of its cases laid over it, in the order of
    /// `cases`.
    pub fn documents(&self) -> Vec<Node> {
        let file = Node::parse(&self.source);
        let variants = file.map(|file| variants(&file, &mut Vec::new())).unwrap_or_default();
        variants.into_iter().map(|(_, document)| document).collect()
    }

    /// What the file says of itself: title, requirements and so on.
    pub fn shape(&self) -> Option<&Shape> {
        self.cases.first().map(|case| &case.play.shape)
    }

    /// What a test of it is called, as filters and reports know it:
    /// `topic/name::case`.
    pub fn test_name(&self, case: &Case) -> String {
        test_name(&self.name, case.name.as_deref())
    }

    /// The folder that the file is in.
    pub fn topic(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// `topic/name`, from the last two parts of the path.
pub fn scenario_name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let topic = path.parent().and_then(Path::file_name).map(|topic| topic.to_string_lossy());
    topic.map_or_else(|| stem.to_string(), |topic| format!("{topic}/{stem}"))
}

/// `topic/name`, or `topic/name::case` where there are cases.
pub fn test_name(scenario: &str, case: Option<&str>) -> String {
    case.map_or_else(|| scenario.to_owned(), |case| format!("{scenario}::{case}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use super::*;

    fn parse(text: &str) -> Result<Scenario, Broken> {
        Scenario::parse("a/b", Source { path: "b.toml".into(), text: text.into() })
    }

    const HEAD: &str = "format = 1\ntitle = 'T'\nproblem = 'Fails'\nseverity = 'low'\n\
                        requirement = ['RFC 6749 §4.1']\n[users.alice]\n";

    #[test]
    fn the_control_leaves_out_what_is_wrong() {
        let steps = "[[steps]]\nsign-in.as = 'alice'\nexpect.outcome = 'refused'\n";
        let scenario = parse(&format!("{HEAD}[provider]\nquirks.expired = true\n{steps}")).unwrap();
        let control = scenario.cases[0].control.as_ref().unwrap();
        assert!(control.shape.provider.quirks.written().is_empty());
        assert!(!scenario.cases[0].play.shape.provider.quirks.written().is_empty());
    }

    #[test]
    fn a_refusal_without_a_control_is_refused() {
        let broken = parse(&format!("{HEAD}[[steps]]\nsign-in.as = 'alice'\nexpect.outcome = 'refused'\n"));
        assert!(broken.unwrap_err().problems[0].message.contains("proves nothing"));
    }

    #[test]
    fn cases_change_steps_by_their_id() {
        let steps = "[[steps]]\nid = 'one'\nsign-in.as = 'alice'\n";
        let cases = "[cases.a]\nsteps.one.sign-in.client = 'mobile'\n[cases.b]\nsteps.two.expect.outcome = 'done'\n";
        let broken = parse(&format!("{HEAD}{steps}{cases}")).unwrap_err();
        assert_eq!(broken.problems.len(), 1);
        assert!(broken.problems[0].message.contains("no step has the id `two`"));
    }
}
