//! What a well-formed scenario can still get wrong: names that refer to
//! nothing, identities of others, quirks that there are not.

use indexmap::IndexMap;
use mock_idp::{Deviations, Overlay, PROFILES, ProviderSettings, QuirkError};
use semver::VersionReq;
use serde_json::{Map, Value};

use super::decode::decode;
use super::document::{Content, Node, Segment};
use super::end_user::{end_users, placeholders};
use super::{Shape, citation, provider};
use crate::coverage::LISTS;
use crate::diagnostic::Diagnostic;
use crate::expect::Expected;
use crate::step::{Action, StepShape};
use crate::target::{SETTINGS, SettingKind, setting};

pub(super) fn path(keys: &[&str]) -> Vec<Segment> {
    keys.iter().map(|key| key.parse().map_or_else(|_| Segment::Key((*key).to_owned()), Segment::Index)).collect()
}

/// Collects everything that is wrong with `shape`, which came from `node`;
/// at `without` something was wrong in itself, and something neutral stands.
pub(super) fn validate(
    shape: &Shape,
    node: &Node,
    expected: &[Vec<Expected>],
    without: &[Vec<Segment>],
    problems: &mut Vec<Diagnostic>,
) {
    head(shape, node, without, problems);
    let own = [&shape.server.oauth, &shape.server.password_login];
    settings(own, &["server"], node, problems);
    setting_values(own, &["server"], node, problems);
    profile(shape, node, problems);
    deviations(&shape.provider.quirks, &shape.provider.overlay, &["provider"], node, problems);
    end_users(shape, node, problems);
    steps(shape, node, expected, without, problems);
    placeholders(shape, node, problems);
}

/// Whether something at or below the path was wrong in itself.
fn lacks(without: &[Vec<Segment>], keys: &[&str]) -> bool {
    let place = path(keys);
    without.iter().any(|gone| gone.starts_with(&place))
}

fn head(shape: &Shape, node: &Node, without: &[Vec<Segment>], problems: &mut Vec<Diagnostic>) {
    if shape.requirement.is_empty() && !lacks(without, &["requirement"]) {
        let span = node.place(&path(&["requirement"]));
        let problem = Diagnostic::error("a scenario cites at least one requirement", span);
        problems.push(problem.note("such as `OIDC Core §3.1.3.7 (3)`, or `immich: oauth.scope`"));
    }
    citations(shape, node, without, problems);
    if let Some(range) = &shape.requires.version
        && let Err(error) = VersionReq::parse(range)
    {
        let span = node.place(&path(&["requires", "version"]));
        problems.push(Diagnostic::error(format!("not a range of versions: {error}"), span).note("such as `>=3.0.0`"));
    }
    if shape.steps.is_empty() && !lacks(without, &["steps"]) {
        let problem = Diagnostic::error("nothing happens: there are no [[steps]]", 0..0);
        problems.push(problem.note("add one, such as\n\n    [[steps]]\n    sign-in.as = \"alice\""));
    }
}

/// The keys of `[provider]` that are no settings.
const BESIDE_SETTINGS: &[&str] = &["profile", "issuer", "tls", "redirect-uris", "client-secret", "quirks", "overlay"];

/// The settings in a table in which keys of `beside` may stand, too; whether
/// all is well.
fn provider_settings(table: Option<&Node>, beside: &[&str], problems: &mut Vec<Diagnostic>) -> bool {
    let Some(mut settings) = table.cloned() else { return true };
    let known = serde_json::to_value(ProviderSettings::default()).unwrap_or_default();
    let known = known.as_object().cloned().unwrap_or_default();
    let before = problems.len();
    if let Some(table) = settings.table_mut() {
        table.retain(|name, _| !beside.contains(&name.as_str()));
        table.retain(|name, entry| {
            let is_known = known.contains_key(name);
            if !is_known {
                let names = known.keys().map(String::as_str).chain(beside.iter().copied());
                let help = format!("the keys here are {}", names.clone().collect::<Vec<_>>().join(", "));
                let text = format!("a provider has no setting `{name}`");
                problems.push(Diagnostic::error(text, entry.key_span.clone()).suggest(name, names).note(help));
            }
            is_known
        });
    }
    decode::<ProviderSettings>(&settings, problems).is_some() && problems.len() == before
}

/// The profile, and what lies over it.
fn profile(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
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
    if !provider_settings(node.get("provider"), BESIDE_SETTINGS, problems) {
        return;
    }
    let span = node.place(&path(&["provider"]));
    if let Err(error) = shape.provider.settings_over(profile.as_ref(), "name", "client") {
        let help = "`oidc-harness explain` with the name of a setting says what it takes";
        problems.push(Diagnostic::error(error.to_string(), span.clone()).note(help));
    }
    // What is wrong with the file's own is told elsewhere, and better.
    let own = provider::deviations(&shape.provider.quirks, &shape.provider.overlay);
    if let (Ok(_), Err(error)) = (own, shape.provider.deviations_over(profile.as_ref())) {
        problems.push(Diagnostic::error(error.to_string(), span).note("one of them is part of the profile"));
    }
}

fn citations(shape: &Shape, node: &Node, without: &[Vec<Segment>], problems: &mut Vec<Diagnostic>) {
    let is_broken = |list: &str, index: usize| lacks(without, &[list, &index.to_string()]);
    let at = |list: &str, index: usize| node.place(&path(&[list, &index.to_string()]));
    for (index, text) in shape.requirement.iter().enumerate() {
        if is_broken("requirement", index) {
            continue;
        }
        if let Err(problem) = citation::requirement(text) {
            let name = text.split_once(" §").map_or("", |(name, _)| name);
            let help = if name.is_empty() {
                "a clause is written `RFC 9207 §2.4`; of Immich, a setting, a route or a subject".to_owned()
            } else {
                format!("the specifications are {}", citation::SPECIFICATIONS.join(", "))
            };
            let mut problem = Diagnostic::error(problem, at("requirement", index));
            if let Some(citation) = citation::meant(text) {
                problem = problem.note(format!("did you mean `{citation}`?"));
            }
            problems.push(problem.note(help));
        }
    }
    for list in LISTS {
        for (index, id) in list
            .named_by(shape)
            .iter()
            .enumerate()
            .filter(|(_, id)| !list.has(id))
            .filter(|(index, _)| !is_broken(list.key, *index))
        {
            let problem = format!("`{id}` is not in the list “{}”", list.title);
            let known = list.rows.iter().map(|row| row.id);
            let help = "docs/coverage.md has all rows of all lists";
            problems.push(Diagnostic::error(problem, at(list.key, index)).suggest(id, known).note(help));
        }
    }
}

type Section = IndexMap<String, Value>;

/// The settings in the table at `below`.
fn settings(sections: [&Section; 2], below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    for (section, keys) in ["oauth", "passwordLogin"].into_iter().zip(sections) {
        for key in keys.keys().filter(|key| setting(section, key).is_none()) {
            let names = SETTINGS.iter().filter(|setting| setting.section == section).map(|setting| setting.name);
            let span = key_place(node, &[below, &[section]].concat(), key);
            let help = format!("the settings of `{section}` are {}", names.clone().collect::<Vec<_>>().join(", "));
            let problem = Diagnostic::error(format!("Immich has no setting `{section}.{key}`"), span);
            problems.push(problem.suggest(key, names).note(help));
        }
    }
}

/// What a server would refuse to be set to.
fn setting_values(sections: [&Section; 2], below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    for (section, keys) in ["oauth", "passwordLogin"].into_iter().zip(sections) {
        for (key, value) in keys {
            let Some(kind) = setting(section, key).map(|setting| setting.kind).filter(|kind| !kind.admits(value))
            else {
                continue;
            };
            let quotes = if kind == SettingKind::Text { "in quotes" } else { "without quotes" };
            let (is, help) = (kind.words(), format!("write {}, {quotes}", kind.words()));
            let span = node.place(&path(&[below, &[section, key]].concat()));
            problems.push(Diagnostic::error(format!("`{section}.{key}` is {is}"), span).note(help));
        }
    }
}

/// Each by itself, so that all mistakes are told; then all together, as two
/// may not go together.
fn deviations(
    quirks: &Map<String, Value>,
    overlay: &Map<String, Value>,
    below: &[&str],
    node: &Node,
    problems: &mut Vec<Diagnostic>,
) {
    let one = |key: &String, value: &Value| Map::from_iter([(key.clone(), value.clone())]);
    let empty = Map::new();
    let of_quirks = quirks.iter().filter_map(|(key, value)| provider::deviations(&one(key, value), &empty).err());
    let of_overlay = overlay.iter().filter_map(|(key, value)| provider::deviations(&empty, &one(key, value)).err());
    let mut errors: Vec<QuirkError> = of_quirks.chain(of_overlay).collect();
    if errors.is_empty() {
        errors.extend(provider::deviations(quirks, overlay).err());
    }
    problems.extend(errors.iter().map(|error| deviation(error, below, node)));
}

fn deviation(error: &QuirkError, below: &[&str], node: &Node) -> Diagnostic {
    let place = |table: &str, key: Option<&str>| {
        let mut keys: Vec<&str> = below.to_vec();
        keys.push(table);
        keys.extend(key);
        node.place(&path(&keys))
    };
    let own_key = |table: &str, key: &str| key_place(node, &[below, &[table]].concat(), key);
    let text = error.to_string();
    match error {
        QuirkError::Unknown(name) => Diagnostic::error(text, own_key("quirks", name))
            .suggest(name, Deviations::known())
            .note("`oidc-harness quirks` lists them all"),
        QuirkError::Argument { quirk, .. } => Diagnostic::error(text, place("quirks", Some(quirk)))
            .note(format!("`oidc-harness explain {quirk}` says what it does")),
        QuirkError::UnknownMessage(name) => {
            let messages = Overlay::messages();
            let help = format!("the messages are {}", messages.join(", "));
            let names = messages.iter().map(String::as_str);
            Diagnostic::error(text, own_key("overlay", name)).suggest(name, names).note(help)
        }
        QuirkError::Overlay { message, .. } => Diagnostic::error(text, place("overlay", Some(message)))
            .note("an overlay has `set` and `append`, which are tables, and `remove`, which is a list of names"),
        QuirkError::Conflict(_) => {
            Diagnostic::error(text, place("quirks", None)).note("leave one of them out, or give each a case of its own")
        }
    }
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

fn steps(
    shape: &Shape,
    node: &Node,
    all_expected: &[Vec<Expected>],
    without: &[Vec<Segment>],
    problems: &mut Vec<Diagnostic>,
) {
    let mut ids: Vec<&str> = Vec::new();
    for (index, step) in shape.steps.iter().enumerate() {
        let position = index.to_string();
        let at = |keys: &[&str]| {
            let mut all = vec!["steps", position.as_str()];
            all.extend(keys);
            node.place(&path(&all))
        };
        let actions = Action::of(step);
        // One that cannot be read may be the action.
        let is_broken = lacks(without, &["steps", &position]);
        if actions.len() != 1 && !is_broken {
            let names = actions.iter().map(Action::name).collect::<Vec<_>>().join(" and ");
            let found = if names.is_empty() { "none".to_owned() } else { names };
            let problem = Diagnostic::error("a step has exactly one action", at(&[]))
                .label(format!("found {found}"))
                .note(format!("the actions are {}", Action::NAMES.join(", ")));
            problems.push(problem);
        }
        for action in actions.iter().filter(|_| !is_broken) {
            let references = action.references();
            if let Some((key, user)) = references.end_user
                && !shape.users.contains_key(user)
                && !lacks(without, &["users"])
            {
                let names = shape.users.keys().map(String::as_str);
                let problem = Diagnostic::error(format!("there is no [users.{user}]"), at(&[action.name(), key]));
                problems.push(problem.suggest(user, names).note(format!("add [users.{user}]")));
            }
            let named = references.step.into_iter().chain(references.other_step);
            for (key, id) in named.clone().filter(|(_, id)| !ids.contains(id)) {
                let problem =
                    Diagnostic::error(format!("no earlier step has the id `{id}`"), at(&[action.name(), key]));
                let help = format!("give the step that is meant `id = \"{id}\"`; it stands before this one");
                problems.push(problem.suggest(id, ids.iter().copied()).note(help));
            }
            let takes_up = matches!(action, Action::Callback(_) | Action::Link(_));
            for (key, id) in named.filter(|(_, id)| takes_up && ids.contains(id)) {
                let is_begun = |step: &&StepShape| step.id.as_deref() == Some(id);
                let begun = shape.steps[..index].iter().find(is_begun).map(Action::of).unwrap_or_default();
                if let [begun] = begun.as_slice()
                    && !matches!(begun, Action::StartSignIn(_))
                {
                    let text = format!("`{key}` wants a start-sign-in, and step `{id}` is a {}", begun.name());
                    let help =
                        "a start-sign-in stops where the provider sends the user agent back; what it has is used here";
                    problems.push(Diagnostic::error(text, at(&[action.name(), key])).note(help));
                }
            }
        }
        deviations(&step.quirks, &step.overlay, &["steps", &position], node, problems);
        changes(step, &position, shape, node, problems);
        let expected = all_expected.get(index).map_or(&[][..], Vec::as_slice);
        // That a server refuses nonsense may be what the step is about.
        let is_about_refusal =
            expected.iter().any(|one| one.path.first().is_some_and(|first| first == "outcome" || first == "response"));
        if let Some(change) = step.configured().filter(|_| !is_about_refusal) {
            let own = [&change.oauth, &change.password_login];
            setting_values(own, &["steps", &position, "configure"], node, problems);
        }
        if let Some(id) = &step.id {
            if ids.contains(&id.as_str()) {
                let problem = Diagnostic::error(format!("two steps have the id `{id}`"), at(&["id"]));
                problems.push(problem.note("give one of them another"));
            }
            ids.push(id);
        }
        for one in expected {
            if one.path.first().is_some_and(|first| first == "sessions")
                && let Some(id) = one.path.get(1)
                && !ids.contains(&id.as_str())
            {
                let problem = Diagnostic::error(format!("no step so far has the id `{id}`"), one.span.clone());
                let help = format!("give the step that made the session `id = \"{id}\"`");
                problems.push(problem.suggest(id, ids.iter().copied()).note(help));
            }
            let is_of_account = one.path == ["account", "same-as"];
            for id in one.texts().into_iter().filter(|_| is_of_account) {
                problems.extend(account_of(id, &ids, shape, all_expected).map(|(text, help)| {
                    Diagnostic::error(text, one.span.clone()).suggest(id, ids.iter().copied()).note(help)
                }));
            }
        }
    }
}

/// Why the account that step `id` saw is not known, and what to do.
fn account_of(id: &str, ids: &[&str], shape: &Shape, expected: &[Vec<Expected>]) -> Option<(String, String)> {
    let earlier = shape.steps.iter().position(|step| step.id.as_deref() == Some(id)).filter(|_| ids.contains(&id));
    let Some(index) = earlier else {
        let help = format!("give the step that saw the account `id = \"{id}\"`; it stands before this one");
        return Some((format!("no earlier step has the id `{id}`"), help));
    };
    let makes_one = Action::of(&shape.steps[index]).iter().any(|action| matches!(action, Action::CreateAccount(_)));
    let looks = |one: &Expected| one.path.first().is_some_and(|first| first == "account");
    if makes_one || expected.get(index).is_some_and(|expected| expected.iter().any(looks)) {
        return None;
    }
    let help = "add `expect.account.exists = true` there".to_owned();
    Some((format!("step `{id}` does not look at its account"), help))
}

/// What a step changes in the middle is held to the same as what a file begins
/// with.
fn changes(step: &StepShape, position: &str, shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    if let Some(change) = step.configured() {
        settings([&change.oauth, &change.password_login], &["steps", position, "configure"], node, problems);
    }
    let Some(change) = step.provider_change() else { return };
    let below = ["steps", position, "provider"];
    let step = match node.get("steps").map(|steps| &steps.content) {
        Some(Content::List(steps)) => position.parse::<usize>().ok().and_then(|index| steps.get(index)),
        _ => None,
    };
    let table = step.and_then(|step| step.get("provider")).and_then(|change| change.get("settings"));
    provider_settings(table, &[], problems);
    deviations(&change.quirks.clone().unwrap_or_default(), &Map::new(), &below, node, problems);
    // The first is told as what the step refers to.
    for name in change.users.keys().skip(1).filter(|name| !shape.users.contains_key(*name)) {
        let span = key_place(node, &[&below[..], &["users"]].concat(), name);
        let names = shape.users.keys().map(String::as_str);
        let problem = Diagnostic::error(format!("there is no [users.{name}]"), span);
        problems.push(problem.suggest(name, names).note(format!("add [users.{name}]")));
    }
}
