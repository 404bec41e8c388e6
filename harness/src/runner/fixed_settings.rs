//! Selects the tests for a target with fixed settings, and those for a target
//! without an administrator's key. Pure.

use super::own_secret::gives_away;
use crate::expect::SECTIONS;
use crate::guard::Session;
use crate::immich::{Access, Concern, ISSUER_SETTING, issuer_of, setting};
use crate::placeholder::Placeholders;
use crate::scenario::{Case, Play, Shape};
use crate::step::StepShape;

/// Why a test is not played at a target with fixed settings or without a key;
/// nothing if it can be.
pub(super) fn misfit(session: &Session, case: &Case) -> Option<String> {
    case.control.iter().chain([&case.play]).find_map(|play| misfit_of(session, play))
}

/// The same of one play.
pub(super) fn misfit_of(session: &Session, play: &Play) -> Option<String> {
    match session.access() {
        Access::Api | Access::File(_) => None,
        Access::Fixed => gives_away(play).or_else(|| needs_other_settings(session, &play.shape)),
        Access::ReadOnly => needs_administrator(play),
    }
}

fn needs_other_settings(session: &Session, shape: &Shape) -> Option<String> {
    let own_client = shape.provider.client_secret.is_some() || !matches!(shape.provider.profile(), Ok(None));
    if own_client || shape.provider.issuer.is_some() || shape.provider.tls != mock_idp::Tls::None {
        return Some(format!("it needs another `{ISSUER_SETTING}`, but with --fixed-settings the run changes none"));
    }
    // The address of a document does not show how its issuer ends.
    let about_issuers = |one: &String| one.contains(ISSUER_SETTING) || one.starts_with("OIDC Discovery §4");
    if issuer_of(session.originals()).is_some_and(|issuer| issuer.contains("/.well-known/"))
        && shape.requirement.iter().any(about_issuers)
    {
        return Some(format!(
            "it needs an issuer in `{ISSUER_SETTING}`, but the server has the address of the discovery document there, \
             and with --fixed-settings the run changes no settings"
        ));
    }
    let changed = shape.steps.iter().flat_map(StepShape::changed_settings);
    if let Some((section, key, _)) = changed.into_iter().next() {
        return Some(format!(
            "one of its steps changes `{section}.{key}`, but with --fixed-settings the run changes no settings"
        ));
    }
    let mut placeholders = Placeholders::default();
    placeholders.set("target", session.target.origin());
    for (name, wanted) in shape.server.sections() {
        for (key, found) in session.originals().get(name).into_iter().flatten() {
            let default = session.capabilities.defaults.get(name).and_then(|section| section.get(key));
            let in_its_way = match (wanted.get(key), default) {
                (Some(wanted), _) => placeholders.fill(wanted) != *found,
                (None, Some(default)) => {
                    let about = || shape.requirement.iter().any(|one| one.ends_with(&format!("{name}.{key}")));
                    let matters = match setting(name, key).map(|setting| setting.concern) {
                        Some(Concern::Provider) => false,
                        Some(Concern::Eye) => about(),
                        Some(Concern::Behavior) | None => true,
                    };
                    matters && default != found
                }
                (None, None) => false,
            };
            if in_its_way {
                return Some(format!(
                    "it needs `{name}.{key}` {}, but with --fixed-settings the run changes no settings",
                    wanted.get(key).or(default).map(ToString::to_string).unwrap_or_default()
                ));
            }
        }
    }
    None
}

fn needs_administrator(play: &Play) -> Option<String> {
    let shape = &play.shape;
    if let Some((section, key, _)) = shape.server.named().next() {
        return Some(format!("it needs `{section}.{key}`, but with --read-only the run changes no settings"));
    }
    if let Some(action) = shape.steps.iter().filter_map(StepShape::action).find(|action| !action.only_looks()) {
        let name = action.name();
        return Some(format!(
            "its step `{name}` changes accounts or settings, but with --read-only the run changes nothing"
        ));
    }
    let sections = play.expected.iter().flatten().filter_map(|expected| expected.path.first());
    let is_in_the_open = |name: &str| SECTIONS.iter().any(|section| section.name == name && section.is_in_the_open());
    let hidden = sections.into_iter().find(|section| !is_in_the_open(section));
    hidden.map(|section| {
        format!("it expects `{section}`, which needs an administrator's API key, but with --read-only the run has none")
    })
}
