//! Scenarios: what each shows, its story, and the file itself; and the
//! problems that they show.

use indexmap::IndexMap;

use super::story::story;
use super::{Category, Explanation};
use crate::invocation::Address;
use crate::report::root_fault_texts;
use crate::scenario::{Catalogue, Scenario, Shape, citation};
use crate::severity::Severity;

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Explanation> {
    catalogue.scenarios.iter().filter_map(entry).collect()
}

fn entry(scenario: &Scenario) -> Option<Explanation> {
    let shape = scenario.shape()?;
    let told = scenario.cases().first().map(story).unwrap_or_default();
    let cases = scenario.cases().iter().filter_map(|case| case.name.clone());
    let read: Vec<String> = shape.requirement.iter().filter_map(|one| citation::address(one)).collect();
    let entry = Explanation::new(Category::Scenario, &scenario.name, text(&shape.title, shape))
        .fact("problem", shape.problem.clone())
        .fact("severity", severity(shape))
        .fact("advice", shape.advice.clone().unwrap_or_default())
        .fact("story", told.join("\n"))
        .fact("level", shape.level.name())
        .fact("requirement", shape.requirement.join("\n"))
        .fact("read", read.join("\n"))
        .fact("field", shape.field.join(", "))
        .fact("cases", cases.collect::<Vec<_>>().join("\n"))
        .command("run", address(scenario).run(None))
        .command("by hand", address(scenario).explore(None))
        .file("file", scenario.source.text.trim_end().to_owned());
    Some(entry)
}

/// A scenario that shows a problem, with the case that does, and why the problem matters.
type Shown<'a> = (&'a Scenario, &'a Shape, Option<&'a str>);

/// The problems of servers, each with the scenarios that show it.
pub(super) fn problems(catalogue: &Catalogue) -> Vec<Explanation> {
    let plays =
        || catalogue.scenarios.iter().flat_map(|scenario| scenario.cases().iter().map(move |case| (scenario, case)));
    let mut problems: IndexMap<&str, Vec<Shown<'_>>> = IndexMap::new();
    for (scenario, case) in plays() {
        for (problem, why) in case.play.problems() {
            problems.entry(problem).or_default().push((scenario, &case.play.shape, why));
        }
    }
    let entry = |(problem, shown): (&str, Vec<Shown<'_>>)| {
        // A scenario that is about nothing else says most of it.
        let whole = || shown.iter().filter(|(_, shape, _)| shape.problem == problem);
        let why = whole().chain(&shown).find_map(|(_, _, why)| *why).map(ToOwned::to_owned);
        let title = || whole().map(|(_, shape, _)| format!("{}.", shape.title)).next();
        let advice = whole().find_map(|(_, shape, _)| shape.advice.clone()).unwrap_or_default();
        let worst = shown.iter().map(|(_, shape, _)| *shape).min_by_key(|shape| shape.severity);
        let mut scenarios: Vec<&str> = shown.iter().map(|(scenario, ..)| scenario.name.as_str()).collect();
        scenarios.dedup();
        Explanation::new(Category::Problem, problem, why.or_else(title).unwrap_or_default())
            .fact("severity", worst.map(severity).unwrap_or_default())
            .fact("advice", advice)
            .fact("scenarios", scenarios.join("\n"))
    };
    let roots = root_fault_texts().map(|(fault, why)| Explanation::new(Category::Problem, fault, why));
    problems.into_iter().map(entry).chain(roots).collect()
}

/// How bad the problem is, and what that means.
fn severity(shape: &Shape) -> String {
    let meant = Severity::ALL.iter().find(|(severity, _)| *severity == shape.severity);
    meant.map(|(severity, meaning)| format!("{severity}: {meaning}")).unwrap_or_default()
}

/// What it shows, under `title`, and why that matters.
pub(super) fn text(title: &str, shape: &Shape) -> String {
    match &shape.why {
        Some(why) => format!("{title}. {why}"),
        None => format!("{title}."),
    }
}

pub(super) fn address(scenario: &Scenario) -> Address {
    Address::of(&scenario.name, &scenario.source.path.display().to_string(), &scenario.source.text)
}

/// The story of one case, by the name that `list` gives it, where a file has
/// several.
pub fn case(catalogue: &Catalogue, name: &str) -> Option<Explanation> {
    let (scenario, case) = name.split_once("::")?;
    let scenario = catalogue.scenarios.iter().find(|known| known.name == scenario)?;
    let case = scenario.cases().iter().find(|known| known.name.as_deref() == Some(case))?;
    let entry = Explanation::new(Category::Scenario, name, text(&case.play.shape.title, &case.play.shape))
        .fact("story", story(case).join("\n"))
        .fact("level", case.play.shape.level.name())
        .command("run", address(scenario).run(case.name.as_deref()))
        .command("by hand", address(scenario).explore(case.name.as_deref()));
    Some(entry)
}
