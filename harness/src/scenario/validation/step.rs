//! The steps: that each does one thing, and that what it refers to is there.

use std::ops::Range;

use super::deviation::{deviations, together};
use super::provider::provider_settings;
use super::setting::{setting_values, settings};
use crate::address;
use crate::deviation_table::Overlays;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Segment, lacks, path};
use crate::expect::Expected;
use crate::immich::ApiRoute;
use crate::scenario::Shape;
use crate::step::{ACTIONS, Action, Begun, HeadError, StepShape, check_header, check_method};

pub(super) fn steps(
    shape: &Shape,
    node: &Node,
    all_expected: &[Vec<Expected>],
    without: &[Vec<Segment>],
    problems: &mut Vec<Diagnostic>,
) {
    let mut ids: Vec<&str> = Vec::new();
    // Other checks report those that cannot be read.
    let profile = shape.provider.profile().ok();
    let mut resting = profile.and_then(|profile| shape.provider.deviations_over(profile).ok());
    for (index, step) in shape.steps.iter().enumerate() {
        let position = index.to_string();
        let at = |keys: &[&str]| {
            let mut all = vec!["steps", position.as_str()];
            all.extend(keys);
            node.place(&path(&all))
        };
        let actions = step.actions();
        // One that cannot be read may be the action.
        let is_broken = lacks(without, &["steps", &position]);
        if actions.len() != 1 && !is_broken {
            let names = actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(" and ");
            let (found, help) = match names.as_str() {
                "" => ("none", format!("add one of {}", ACTIONS.join(", "))),
                names => (names, "write one `[[steps]]` for each action".to_owned()),
            };
            problems.push(Diagnostic::error(format!("expected one action, found {found}"), at(&[])).note(help));
        }
        for action in actions.iter().filter(|_| !is_broken) {
            references(*action, &at, shape, index, &ids, without, problems);
        }
        deviations(&step.quirks, &step.overlay, &["steps", &position], node, problems);
        if let (Some(resting), Ok(own)) = (&resting, step.quirks.with(&step.overlay)) {
            together(resting, &own, &["steps", &position], node, problems);
        }
        if let Some(quirks) = actions.iter().find_map(|action| action.provider_change()?.quirks) {
            resting = Some(quirks.deviations().clone());
        }
        request_headers(step, &["steps", &position], node, problems);
        for action in &actions {
            request_head(*action, &["steps", &position, action.name()], node, problems);
            changes(*action, &["steps", &position, action.name()], shape, node, problems);
        }
        let expected = all_expected.get(index).map_or(&[][..], Vec::as_slice);
        // That a server refuses nonsense may be what the step is about.
        let is_about_refusal =
            expected.iter().any(|one| one.path.first().is_some_and(|first| first == "outcome" || first == "response"));
        let changed = actions.iter().filter_map(|action| Some((action.name(), action.settings()?)));
        for (action, own) in changed.filter(|_| !is_about_refusal) {
            setting_values(own, &["steps", &position, action], node, problems);
        }
        if let Some(id) = &step.id {
            if ids.contains(&id.as_str()) {
                let problem = Diagnostic::error(format!("two steps have the id `{id}`"), at(&["id"]));
                problems.push(problem.note("give one of the two another id"));
            }
            ids.push(id);
        }
        for one in expected {
            expectation(one, &ids, shape, all_expected, problems);
        }
    }
}

/// What an action of step `index` refers to; `at` knows where its keys stand.
fn references(
    action: &dyn Action,
    at: &impl Fn(&[&str]) -> Range<usize>,
    shape: &Shape,
    index: usize,
    ids: &[&str],
    without: &[Vec<Segment>],
    problems: &mut Vec<Diagnostic>,
) {
    let references = action.references();
    if let Some((key, user)) = references.end_user
        && !shape.users.contains_key(user)
        && !lacks(without, &["users"])
    {
        let names = shape.users.keys().map(String::as_str);
        let problem = Diagnostic::error(format!("unknown end-user `{user}`"), at(&[action.name(), key]));
        problems.push(problem.suggest(user, names).note(format!("add `[users.{user}]`")));
    }
    let named = references.step.into_iter().chain(references.other_step);
    for (key, id) in named.clone().filter(|(_, id)| !ids.contains(id)) {
        let problem = Diagnostic::error(format!("no earlier step has the id `{id}`"), at(&[action.name(), key]));
        let help = format!("give an earlier step `id = \"{id}\"`");
        problems.push(problem.suggest(id, ids.iter().copied()).note(help));
    }
    for (key, id) in named.filter(|(_, id)| references.finishes && ids.contains(id)) {
        let is_begun = |step: &&StepShape| step.id.as_deref() == Some(id);
        let begun = shape.steps[..index].iter().find(is_begun).map(StepShape::actions).unwrap_or_default();
        let [begun] = begun.as_slice() else { continue };
        if begun.begins() == Begun::Asked {
            let text = format!("`{key}` needs a sign-in at the provider, but in step `{id}` no end-user signs in");
            let problem = Diagnostic::error(text, at(&[action.name(), key]));
            problems.push(problem.note(format!("add `start-sign-in.as = \"…\"` to step `{id}`")));
        } else if begun.begins() == Begun::Nothing {
            let text = format!("`{key}` needs a step with `start-sign-in`, but step `{id}` has `{}`", begun.name());
            let help = "name a step with `start-sign-in`. That step stops when the provider sends the browser back, \
                        and this step continues from there";
            problems.push(Diagnostic::error(text, at(&[action.name(), key])).note(help));
        }
    }
}

/// What an expectation refers to.
fn expectation(
    one: &Expected,
    ids: &[&str],
    shape: &Shape,
    all_expected: &[Vec<Expected>],
    problems: &mut Vec<Diagnostic>,
) {
    if one.path.first().is_some_and(|first| first == "sessions")
        && let Some(id) = one.path.get(1)
        && !ids.contains(&id.as_str())
    {
        let problem = Diagnostic::error(format!("no earlier step has the id `{id}`"), one.span.clone());
        let help = format!("give the step that opened the session `id = \"{id}\"`");
        problems.push(problem.suggest(id, ids.iter().copied()).note(help));
    }
    if shape.other_provider.is_none() && one.path.first().is_some_and(|first| first == "other-provider-saw") {
        let problem = Diagnostic::error("`other-provider-saw` needs a second provider", one.span.clone());
        problems.push(problem.note("add `[other-provider]`; this table may be empty"));
    }
    let is_of_account = one.path == ["account", "same-as"];
    for id in one.matcher.texts().into_iter().filter(|_| is_of_account) {
        problems.extend(
            account_of(id, ids, shape, all_expected).map(|(text, help)| {
                Diagnostic::error(text, one.span.clone()).suggest(id, ids.iter().copied()).note(help)
            }),
        );
    }
}

/// Why the account that step `id` saw is not known, and what to do.
fn account_of(id: &str, ids: &[&str], shape: &Shape, expected: &[Vec<Expected>]) -> Option<(String, String)> {
    let earlier = shape.steps.iter().position(|step| step.id.as_deref() == Some(id)).filter(|_| ids.contains(&id));
    let Some(index) = earlier else {
        let help = format!("give the earlier step that saw the account `id = \"{id}\"`");
        return Some((format!("no earlier step has the id `{id}`"), help));
    };
    let makes_one = shape.steps[index].actions().iter().any(|action| action.creates_account());
    let looks = |one: &Expected| one.path.first().is_some_and(|first| first == "account");
    if makes_one || expected.get(index).is_some_and(|expected| expected.iter().any(looks)) {
        return None;
    }
    let help = format!("add `expect.account.exists = true` to step `{id}`");
    Some((format!("step `{id}` has no expectation for its account"), help))
}

/// What an action changes in the middle is held to the same as what a file
/// begins with; `below` leads to the action.
fn changes(action: &dyn Action, below: &[&str], shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    if let Some(own) = action.settings() {
        settings(own, below, node, problems);
    }
    let Some(change) = action.provider_change() else { return };
    let table = node.at(&path(&[below, &["settings"]].concat()));
    provider_settings(table, &[], problems);
    deviations(&change.quirks.cloned().unwrap_or_default(), &Overlays::default(), below, node, problems);
    // [`references`] reports the first.
    for name in change.users.keys().skip(1).filter(|name| !shape.users.contains_key(*name)) {
        let span = node.key_place(&path(&[below, &["users"]].concat()), name);
        let names = shape.users.keys().map(String::as_str);
        let problem = Diagnostic::error(format!("unknown end-user `{name}`"), span);
        problems.push(problem.suggest(name, names).note(format!("add `[users.{name}]`")));
    }
}

/// What is wrong with the head of an action's request: its path must be one of
/// the server, and its method one that can be sent. `below` leads to the
/// action.
fn request_head(action: &dyn Action, below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    let at = |key: &str| path(&[below, &[key]].concat());
    let told = |error: HeadError, span| Diagnostic::error(error.to_string(), span).note(error.help());
    let head = action.head();
    if let Some(Err(error)) = head.path.map(address::check) {
        let problem = Diagnostic::error(format!("invalid path: {error}"), node.place(&at("path")));
        problems.push(problem.note(address::help(ApiRoute::FEATURES.path())));
    }
    if let Some(Err(error)) = head.method.map(check_method) {
        problems.push(told(error, node.place(&at("method"))));
    }
}

/// What is wrong with the headers of the step to which `below` leads.
fn request_headers(step: &StepShape, below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    let headers = path(&[below, &["headers"]].concat());
    problems.extend(step.headers.iter().filter_map(|(name, value)| {
        let error = check_header(name, value).err()?;
        Some(Diagnostic::error(error.to_string(), node.key_place(&headers, name)).note(error.help()))
    }));
}
