//! What a well-formed scenario can still get wrong: names that refer to
//! nothing, identities of others, quirks that there are not.

use mock_idp::{Deviations, Overlay, PROFILES, ProviderSettings, QuirkError};
use semver::VersionReq;
use serde_json::{Map, Value};

use super::decode::decode;
use super::document::{Content, Node, Segment};
use super::{Shape, citation, placeholder, provider};
use crate::coverage::LISTS;
use crate::diagnostic::Diagnostic;
use crate::expect::{Expected, OUTCOMES};
use crate::step::Action;
use crate::target::{SETTINGS, setting};

fn path(keys: &[&str]) -> Vec<Segment> {
    keys.iter().map(|key| key.parse().map_or_else(|_| Segment::Key((*key).to_owned()), Segment::Index)).collect()
}

/// Collects everything that is wrong with `shape`, which came from `node`.
pub(super) fn validate(shape: &Shape, node: &Node, expected: &[Vec<Expected>], problems: &mut Vec<Diagnostic>) {
    head(shape, node, problems);
    settings(shape, node, problems);
    provider_settings(shape, node, problems);
    deviations(&shape.provider.quirks, &shape.provider.overlay, &["provider"], node, problems);
    users(shape, node, problems);
    steps(shape, node, expected, problems);
    let names: Vec<&str> = shape.users.keys().map(String::as_str).collect();
    placeholders(node, &names, problems);
}

fn head(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    if shape.requirement.is_empty() {
        let span = node.place(&path(&["requirement"]));
        problems.push(Diagnostic::error("a scenario cites at least one requirement", span));
    }
    citations(shape, node, problems);
    if let Some(range) = &shape.requires.version
        && let Err(error) = VersionReq::parse(range)
    {
        let span = node.place(&path(&["requires", "version"]));
        problems.push(Diagnostic::error(format!("not a range of versions: {error}"), span).note("such as `>=3.0.0`"));
    }
    if shape.steps.is_empty() {
        problems.push(Diagnostic::error("nothing happens: there are no [[steps]]", 0..0));
    }
}

fn citations(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    let at = |list: &str, index: usize| node.place(&path(&[list, &index.to_string()]));
    for (index, text) in shape.requirement.iter().enumerate() {
        if let Err(problem) = citation::requirement(text) {
            let name = text.split_once(" §").map_or("", |(name, _)| name);
            let known = citation::SPECIFICATIONS.iter().copied();
            problems.push(Diagnostic::error(problem, at("requirement", index)).suggest(name, known));
        }
    }
    for list in LISTS {
        for (index, id) in list.named_by(shape).iter().enumerate().filter(|(_, id)| !list.has(id)) {
            let problem = format!("`{id}` is not in the list “{}”", list.title);
            let known = list.rows.iter().map(|row| row.id);
            problems.push(Diagnostic::error(problem, at(list.key, index)).suggest(id, known));
        }
    }
}

fn settings(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    for (section, keys) in [("oauth", &shape.server.oauth), ("passwordLogin", &shape.server.password_login)] {
        for key in keys.keys().filter(|key| setting(section, key).is_none()) {
            let names = SETTINGS.iter().filter(|setting| setting.section == section).map(|setting| setting.name);
            let table = node.get("server").and_then(|server| server.get(section));
            let span = table.and_then(|table| table.entry(key)).map_or(0..0, |entry| entry.key_span.clone());
            problems
                .push(Diagnostic::error(format!("Immich has no setting `{section}.{key}`"), span).suggest(key, names));
        }
    }
}

/// The keys of `[provider]` that are no settings.
const BESIDE_SETTINGS: &[&str] = &["profile", "issuer", "tls", "redirect-uris", "client-secret", "quirks", "overlay"];

fn provider_settings(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    let Some(mut settings) = node.get("provider").cloned() else { return };
    let known = serde_json::to_value(ProviderSettings::default()).unwrap_or_default();
    let known = known.as_object().cloned().unwrap_or_default();
    let before = problems.len();
    if let Some(table) = settings.table_mut() {
        table.retain(|name, _| !BESIDE_SETTINGS.contains(&name.as_str()));
        table.retain(|name, entry| {
            let is_known = known.contains_key(name);
            if !is_known {
                let names = known.keys().map(String::as_str).chain(BESIDE_SETTINGS.iter().copied());
                let text = format!("a provider has no setting `{name}`");
                problems.push(Diagnostic::error(text, entry.key_span.clone()).suggest(name, names));
            }
            is_known
        });
    }
    let decoded: Option<ProviderSettings> = decode(&settings, problems);
    let profile = match shape.provider.profile() {
        Ok(profile) => profile,
        Err(error) => {
            let name = shape.provider.profile.as_deref().unwrap_or_default();
            let problem = Diagnostic::error(error.to_string(), node.place(&path(&["provider", "profile"])));
            problems
                .push(problem.suggest(name, PROFILES.iter().copied()).note("`oidc-harness profiles` lists them all"));
            return;
        }
    };
    if decoded.is_none() || problems.len() > before {
        return;
    }
    let span = node.place(&path(&["provider"]));
    if let Err(error) = shape.provider.settings_over(profile.as_ref(), "name", "client") {
        problems.push(Diagnostic::error(error.to_string(), span.clone()));
    }
    // What is wrong with the file's own is told elsewhere, and better.
    let own = provider::deviations(&shape.provider.quirks, &shape.provider.overlay);
    if let (Ok(_), Err(error)) = (own, shape.provider.deviations_over(profile.as_ref())) {
        problems.push(Diagnostic::error(error.to_string(), span).note("one of them is part of the profile"));
    }
}

fn deviations(
    quirks: &Map<String, Value>,
    overlay: &Map<String, Value>,
    below: &[&str],
    node: &Node,
    problems: &mut Vec<Diagnostic>,
) {
    let Err(error) = provider::deviations(quirks, overlay) else { return };
    let place = |table: &str, key: Option<&str>| {
        let mut keys: Vec<&str> = below.to_vec();
        keys.push(table);
        keys.extend(key);
        node.place(&path(&keys))
    };
    let text = error.to_string();
    problems.push(match &error {
        QuirkError::Unknown(name) => {
            let mut keys = below.to_vec();
            keys.push("quirks");
            let span = key_place(node, &keys, name);
            Diagnostic::error(text, span)
                .suggest(name, Deviations::known())
                .note("`oidc-harness quirks` lists them all")
        }
        QuirkError::Argument { quirk, .. } => Diagnostic::error(text, place("quirks", Some(quirk))),
        QuirkError::UnknownMessage(name) => {
            let messages = Overlay::messages();
            let names = messages.iter().map(String::as_str);
            Diagnostic::error(text, place("overlay", Some(name))).suggest(name, names)
        }
        QuirkError::Overlay { message, .. } => Diagnostic::error(text, place("overlay", Some(message))),
        QuirkError::Conflict(_) => Diagnostic::error(text, place("quirks", None)),
    });
}

fn key_place(node: &Node, keys: &[&str], key: &str) -> std::ops::Range<usize> {
    let mut current = Some(node);
    for segment in path(keys) {
        current = match (segment, current.map(|node| &node.content)) {
            (Segment::Key(key), Some(Content::Table(table))) => table.get(&key).map(|entry| &entry.node),
            (Segment::Index(index), Some(Content::List(list))) => list.get(index),
            _ => None,
        };
    }
    current.and_then(|node| node.entry(key)).map_or(0..0, |entry| entry.key_span.clone())
}

/// A run never signs in as an account that it did not make.
fn users(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    for (name, claims) in &shape.users {
        for claim in ["sub", "email", "preferred_username"] {
            let Some(Value::String(text)) = claims.get(claim) else { continue };
            if !text.contains("{run}") {
                let span = node.place(&path(&["users", name, claim]));
                let problem = Diagnostic::error(format!("`{claim}` must contain {{run}}"), span)
                    .note("otherwise the run might sign in as somebody who exists");
                problems.push(problem);
            }
        }
    }
}

fn steps(shape: &Shape, node: &Node, expected: &[Vec<Expected>], problems: &mut Vec<Diagnostic>) {
    let mut ids: Vec<&str> = Vec::new();
    for (index, step) in shape.steps.iter().enumerate() {
        let position = index.to_string();
        let at = |keys: &[&str]| {
            let mut all = vec!["steps", position.as_str()];
            all.extend(keys);
            node.place(&path(&all))
        };
        let actions = Action::of(step);
        if actions.len() != 1 {
            let names = actions.iter().map(Action::name).collect::<Vec<_>>().join(" and ");
            let found = if names.is_empty() { "none".to_owned() } else { names };
            let problem = Diagnostic::error("a step has exactly one action", at(&[]))
                .label(format!("found {found}"))
                .note(format!("the actions are {}", Action::NAMES.join(", ")));
            problems.push(problem);
        }
        for action in &actions {
            let references = action.references();
            if let Some((key, user)) = references.end_user
                && !shape.users.contains_key(user)
            {
                let names = shape.users.keys().map(String::as_str);
                let problem = Diagnostic::error(format!("there is no [users.{user}]"), at(&[action.name(), key]));
                problems.push(problem.suggest(user, names));
            }
            let named = references.step.into_iter().chain(references.other_step);
            for (key, id) in named.filter(|(_, id)| !ids.contains(id)) {
                let problem =
                    Diagnostic::error(format!("no earlier step has the id `{id}`"), at(&[action.name(), key]));
                problems.push(problem.suggest(id, ids.iter().copied()));
            }
        }
        deviations(&step.quirks, &step.overlay, &["steps", &position], node, problems);
        if let Some(id) = &step.id {
            if ids.contains(&id.as_str()) {
                problems.push(Diagnostic::error(format!("two steps have the id `{id}`"), at(&["id"])));
            }
            ids.push(id);
        }
        for one in expected.get(index).into_iter().flatten() {
            if one.path == ["outcome"]
                && let Some(name) = one.value.as_str()
                && !OUTCOMES.contains(&name)
            {
                let problem = Diagnostic::error(format!("there is no outcome `{name}`"), one.span.clone());
                problems.push(
                    problem
                        .suggest(name, OUTCOMES.iter().copied())
                        .note(format!("the outcomes are {}", OUTCOMES.join(", "))),
                );
            }
            if one.path.first().is_some_and(|first| first == "sessions")
                && let Some(id) = one.path.get(1)
                && !ids.contains(&id.as_str())
            {
                let problem = Diagnostic::error(format!("no step so far has the id `{id}`"), one.span.clone());
                problems.push(problem.suggest(id, ids.iter().copied()));
            }
        }
    }
}

fn placeholders(node: &Node, end_users: &[&str], problems: &mut Vec<Diagnostic>) {
    match &node.content {
        Content::Scalar(Value::String(text)) => {
            for name in placeholder::unknown(text, end_users) {
                let known = placeholder::NAMES.iter().copied();
                let problem = Diagnostic::error(format!("nothing is called {{{name}}}"), node.span.clone());
                problems.push(
                    problem.suggest(&name, known).note(format!("there are {{{}}}", placeholder::NAMES.join("}, {"))),
                );
            }
        }
        Content::Scalar(_) => {}
        Content::List(list) => list.iter().for_each(|node| placeholders(node, end_users, problems)),
        Content::Table(table) => {
            table.values().for_each(|entry| placeholders(&entry.node, end_users, problems));
        }
    }
}
