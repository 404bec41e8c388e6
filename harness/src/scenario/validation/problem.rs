//! The sentence of a problem: what a server does that fails a scenario. Reports
//! gather scenarios by it, so it has one form.

use super::super::Shape;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Segment, lacks, path};
use crate::expect::Expected;
use crate::level::Level;

/// The longest sentence, in characters.
const LONGEST: usize = 90;

/// Words that say what is right; the sentence says what the server does.
const UNSUITABLE: &[&str] = &["should", "must", "is told"];

/// What to write instead of a malformed sentence.
const HELP: &str = "say what the server does, such as `Accepts an ID token made for another client`";

/// Complains about a problem that does not have the form.
pub(super) fn problem(shape: &Shape, node: &Node, without: &[Vec<Segment>], problems: &mut Vec<Diagnostic>) {
    if lacks(without, &["problem"]) {
        return;
    }
    if let Some((fault, help)) = fault(&shape.problem) {
        problems.push(Diagnostic::error(fault, node.place(&path(&["problem"]))).note(help));
    }
}

/// Complains about problems of expectations that do not have the form, or that repeat the
/// scenario's.
pub(super) fn own_problems(shape: &Shape, all_expected: &[Vec<Expected>], problems: &mut Vec<Diagnostic>) {
    for one in all_expected.iter().flatten() {
        let Some(own) = &one.problem else { continue };
        if let Some((fault, help)) = fault(&own.sentence) {
            problems.push(Diagnostic::error(fault, one.span.clone()).note(help));
        } else if one.level == Some(Level::May) {
            let problem = Diagnostic::error("what a server may do is no problem", one.span.clone());
            problems.push(problem.note("remove `problem` from this expectation, or its `level`"));
        } else if own.why.as_deref().is_some_and(|why| why.trim().is_empty()) {
            let problem = Diagnostic::error("`why` is empty", one.span.clone());
            problems.push(problem.note("say why the problem matters, or remove `why`"));
        } else if own.sentence == shape.problem {
            let problem = Diagnostic::error("this is the problem of the scenario", one.span.clone());
            problems.push(problem.note("remove `problem` from this expectation, or say what is special about it"));
        }
    }
}

/// Returns what is wrong with the form of a sentence, and what to do.
pub fn fault(text: &str) -> Option<(String, String)> {
    let help = HELP.to_owned();
    let verb = text.split(' ').next().unwrap_or_default();
    let length = text.chars().count();
    if !verb.starts_with(|first: char| first.is_ascii_uppercase()) {
        return Some(("a problem begins with a capital letter".to_owned(), help));
    }
    if verb != "Cannot" && !verb.ends_with('s') || !verb.chars().all(char::is_alphabetic) {
        return Some((format!("a problem begins with a verb in the third person, not with `{verb}`"), help));
    }
    if text.ends_with(['.', '!', '?']) {
        return Some(("a problem has no full stop".to_owned(), "remove the full stop".to_owned()));
    }
    if text.contains(['{', '}']) || text.chars().any(char::is_control) {
        let fault = "a problem has no braces and no control characters".to_owned();
        return Some((fault, "remove them: reports show the sentence as it is".to_owned()));
    }
    if length > LONGEST {
        let fault = format!("a problem has at most {LONGEST} characters, and this one has {length}");
        return Some((fault, "shorten the sentence".to_owned()));
    }
    let spaced = format!(" {text} ");
    let word = UNSUITABLE.iter().find(|word| spaced.contains(&format!(" {word} ")))?;
    Some((format!("a problem says what the server does, without `{word}`"), help))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Accepts an ID token made for another client", None)]
    #[case("Does not send `state`", None)]
    #[case("Cannot sign in", None)]
    #[case("accepts an expired ID token", Some("capital"))]
    #[case("Accept an expired ID token", Some("third person"))]
    #[case("", Some("capital"))]
    #[case("Accepts an expired ID token.", Some("full stop"))]
    #[case("Accepts an ID token that must be refused", Some("without `must`"))]
    #[case("Accepts a mustard", None)]
    #[case("Accepts {user.alice.email}", Some("braces"))]
    #[case("Accepts a\u{1b}[31m token", Some("control"))]
    #[case("Accepts an ID token, and then another one, and after that one more, and so on until the end", Some("90"))]
    fn a_problem_says_what_the_server_does(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = fault(text).map(|(fault, _)| fault);
        match expected {
            None => assert_eq!(found, None),
            Some(part) => assert!(found.as_ref().is_some_and(|found| found.contains(part)), "{found:?}"),
        }
    }
}
