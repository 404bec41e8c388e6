//! One scenario file. Its cases are laid over it in [`super::cases`], and their
//! controls made in [`super::control`].
//!
//! What a case says takes some twenty times as much memory as its text. So a scenario
//! can forget its cases, and reads them again where they are wanted.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::Shape;
use super::cases::variants;
use super::control::control;
use super::play::{Play, play};
use super::tag::public_tags;
use crate::diagnostic::{Broken, Diagnostic, Source};
use crate::document::{FileFormat, Node};

/// A scenario that can be played.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// `topic/name`.
    pub name: String,
    /// The file.
    pub source: Arc<Source>,
    /// Its tests, as far as they are wanted; at least one.
    pub tests: Vec<ListedTest>,
    /// The proofs of its cases, by name.
    pub(super) proofs: BTreeMap<String, Arc<Scenario>>,
    /// Unless it has forgotten them.
    cases: OnceLock<Vec<Case>>,
}

/// What is known of a test without a look into its file.
#[derive(Debug, Clone)]
pub struct ListedTest {
    /// The case's name, where the file has cases.
    pub case: Option<String>,
    /// The tags that the file gives it.
    pub tags: Vec<String>,
    /// The public tags that it has.
    pub public_tags: Vec<&'static str>,
    /// The name of its proof.
    pub(super) proof: Option<String>,
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

impl ListedTest {
    fn of(case: &Case) -> Self {
        let shape = &case.play.shape;
        let public_tags = case.public_tags().collect();
        Self { case: case.name.clone(), tags: shape.tags.clone(), public_tags, proof: shape.proof.clone() }
    }

    /// Whether its file or a rule gives it this tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.public_tags.contains(&tag) || self.tags.iter().any(|own| own == tag)
    }
}

impl Case {
    /// The public tags that it has.
    pub fn public_tags(&self) -> impl Iterator<Item = &'static str> {
        public_tags(&self.play.shape, self.control.is_some())
    }
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
        let cases: Vec<Case> = variants(&file, |_| true, &mut problems)
            .iter()
            .filter_map(|variant| case(variant, &mut problems))
            .collect();
        // What is wrong with the file is wrong with each of its cases.
        let mut seen = Vec::new();
        problems.retain(|problem| {
            !seen.contains(problem) && {
                seen.push(problem.clone());
                true
            }
        });
        problems.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
        if !problems.is_empty() {
            return Err(broken(problems));
        }
        let (tests, proofs) = (cases.iter().map(ListedTest::of).collect(), BTreeMap::new());
        Ok(Self { name: name.to_owned(), source, tests, proofs, cases: cases.into() })
    }

    /// What its tests play: the file with each of its cases laid over it.
    pub fn cases(&self) -> &[Case] {
        self.cases.get_or_init(|| self.read(|_| true))
    }

    /// What one of its tests plays, read for that alone.
    pub fn case(&self, name: Option<&str>) -> Option<Case> {
        self.read(|case| case == name).pop()
    }

    /// Forgets what its tests play.
    pub fn forget(&mut self) {
        self.cases = OnceLock::new();
    }

    /// Keeps some of its tests.
    pub fn retain(&mut self, mut keep: impl FnMut(&ListedTest) -> bool) {
        self.tests.retain(|test| keep(test));
        let tests = &self.tests;
        if let Some(cases) = self.cases.get_mut() {
            cases.retain(|case| tests.iter().any(|test| test.case == case.name));
        }
    }

    /// Reads those of its cases that are wanted. The file was right before.
    fn read(&self, is_wanted: impl Fn(Option<&str>) -> bool) -> Vec<Case> {
        let is_test = |name: Option<&str>| self.tests.iter().any(|test| test.case.as_deref() == name);
        let is_wanted = |name: Option<&str>| is_wanted(name) && is_test(name);
        let mut problems = Vec::new();
        let Ok(file) = Node::parse(&self.source) else { return Vec::new() };
        let variants = variants(&file, is_wanted, &mut problems);
        variants.iter().filter_map(|variant| case(variant, &mut problems)).map(|case| self.proved(case)).collect()
    }

    /// Gives a case its proof.
    pub(super) fn proved(&self, mut case: Case) -> Case {
        case.proof = case.play.shape.proof.as_ref().and_then(|name| self.proofs.get(name)).cloned();
        case
    }

    /// Gives its cases their proofs.
    pub(super) fn prove(&mut self, proofs: BTreeMap<String, Arc<Self>>) {
        self.proofs = proofs;
        if let Some(cases) = self.cases.take() {
            self.cases = cases.into_iter().map(|case| self.proved(case)).collect::<Vec<_>>().into();
        }
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
        let variants = file.map(|file| variants(&file, |_| true, &mut Vec::new())).unwrap_or_default();
        variants.into_iter().map(|(_, document)| document).collect()
    }

    /// What the file says of itself: title, requirements and so on.
    pub fn shape(&self) -> Option<&Shape> {
        self.cases().first().map(|case| &case.play.shape)
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

/// Reads a variant of a file; none if a problem was found.
fn case((name, node): &(Option<String>, Node), problems: &mut Vec<Diagnostic>) -> Option<Case> {
    let play = play(node, problems)?;
    let control = control(node, &play, problems);
    Some(Case { name: name.clone(), play, control, proof: None })
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
        let control = scenario.cases()[0].control.as_ref().unwrap();
        assert!(control.shape.provider.quirks.written().is_empty());
        assert!(!scenario.cases()[0].play.shape.provider.quirks.written().is_empty());
    }

    /// So much of what it says that a change shows.
    fn told(scenario: &Scenario) -> String {
        format!("{:?}", scenario.cases())
    }

    #[test]
    fn what_is_forgotten_is_read_again() {
        let cases = "[cases.a]\nlevel = 'should'\n[cases.b]\ntitle = 'B'\n[cases.c]\ntitle = 'C'\n";
        let mut scenario = parse(&format!("{HEAD}[[steps]]\nsign-in.as = 'alice'\n{cases}")).unwrap();
        let proof = Arc::new(scenario.clone());
        scenario.prove(BTreeMap::from([("x".to_owned(), proof)]));
        scenario.retain(|test| test.case.as_deref() != Some("b"));
        let before = told(&scenario);
        assert_eq!(scenario.cases().len(), 2);
        scenario.forget();
        assert_eq!(scenario.case(Some("c")).unwrap().play.shape.title, "C");
        assert!(scenario.case(Some("b")).is_none() && scenario.cases.get().is_none());
        assert_eq!(told(&scenario), before);
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
