//! The path of a play's issuer, below the provider's origin.
//!
//! A target may cache what an issuer publishes: its discovery document and its
//! keys. Plays whose issuers publish the same share a path. They also share
//! the target's settings, so the harness need not write those again. If an
//! issuer publishes something wrong, or changes it during a play, it has a
//! unique path.

use aws_lc_rs::digest::{SHA256, digest};
use mock_idp::{Deviations, Message, Profile, ProviderSettings};
use serde_json::json;

use crate::scenario::Shape;
use crate::step::StepShape;

/// Where the issuer of a play is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum IssuerPath {
    /// The path of all that publish the same; the text distinguishes them, and is
    /// empty where all is as usual.
    Shared(String),
    /// Where no other is.
    Own,
}

/// What a target may remember.
const PUBLISHED: &[Message] = &[Message::Discovery, Message::Jwks];

/// What stands for something else in every play.
const OF_THE_PLAY: &[&str] = &["{run}", "{user."];

impl IssuerPath {
    pub(super) fn of(shape: &Shape) -> Self {
        let provider = &shape.provider;
        // Other code reports what cannot be read.
        let Ok(profile) = provider.profile() else { return Self::Own };
        let Some(published) = published(shape, profile) else { return Self::Own };
        let touches = |deviations: &Deviations| PUBLISHED.iter().any(|message| deviations.touch(*message));
        let changes = |step: &StepShape| {
            touches(step.quirks.deviations())
                || touches(step.overlay.deviations())
                || step.provider_change().is_some_and(|change| {
                    change.is_published || change.quirks.is_some_and(|quirks| touches(quirks.deviations()))
                })
        };
        let is_own = provider.issuer.is_some()
            || provider.deviations_over(profile).is_ok_and(|deviations| touches(&deviations))
            || shape.steps.iter().any(changes)
            || OF_THE_PLAY.iter().any(|placeholder| published.contains(placeholder));
        if is_own { Self::Own } else { Self::Shared(published) }
    }

    /// What it is called, as the last part of a path or as a profile's realm;
    /// `mark` is the run's, `play` that of the play.
    pub(super) fn name(&self, mark: &str, play: &str) -> String {
        match self {
            Self::Own => play.to_owned(),
            Self::Shared(published) if published.is_empty() => mark.to_owned(),
            Self::Shared(published) => {
                let hash = digest(&SHA256, published.as_bytes());
                let hash = hash.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>();
                format!("{mark}-s{hash}")
            }
        }
    }
}

/// All that makes up what an honest issuer publishes; none if the settings are
/// invalid.
fn published(shape: &Shape, profile: Option<&Profile>) -> Option<String> {
    let provider = &shape.provider;
    let settings = provider.settings_over(profile, "", "").ok()?.published();
    // The discovery document names the authentication of a client without a secret.
    let public = shape.is_of_a_public_client();
    if !public && profile.is_none() && settings == ProviderSettings::default().published() {
        return Some(String::new());
    }
    let issuer = profile.map(|profile| profile.issuer_path("", ""));
    Some(json!([settings, public, issuer]).to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::scenario::Catalogue;

    #[rstest]
    #[case::honest(json!({}), "mark")]
    #[case::wrong_id_token(json!({"provider": {"quirks": {"wrong-issuer": true}}}), "mark")]
    #[case::wrong_at_one_step(json!({"steps": [{"sign-in": {"as": "a"}, "quirks": {"unsigned": true}}]}), "mark")]
    #[case::other_claims_later(json!({"steps": [{"provider": {"users": {"a": {"name": "b"}}}}]}), "mark")]
    #[case::not_published(json!({"provider": {"claims-in": "both"}}), "mark")]
    #[case::not_published_and_of_the_play(json!({"provider": {"callback-parameters": {"p": "{run}"}}}), "mark")]
    #[case::wrong_discovery(json!({"provider": {"quirks": {"pkce-plain-only": true}}}), "play")]
    #[case::overlay(json!({"provider": {"overlay": {"jwks": {"remove": ["keys"]}}}}), "play")]
    #[case::rotation(json!({"steps": [{"provider": {"rotate-keys": true}}]}), "play")]
    #[case::down_later(json!({"steps": [{"provider": {"available": false}}]}), "play")]
    #[case::wrong_in_a_profile(json!({"provider": {"profile": "okta", "quirks": {"jwks-empty": true}}}), "play")]
    #[case::of_the_play(json!({"provider": {"discovery": {"set": {"p": "{run}"}}}}), "play")]
    fn what_is_published_tells_paths_apart(#[case] shape: Value, #[case] name: &str) {
        assert_eq!(IssuerPath::of(&read(shape)).name("mark", "play"), name);
    }

    #[test]
    fn what_publishes_something_else_is_elsewhere() {
        let name = |shape: Value| IssuerPath::of(&read(shape)).name("mark", "play");
        let names = [
            name(json!({})),
            name(json!({"provider": {"userinfo-signing-algorithm": "ES256"}})),
            name(json!({"provider": {"userinfo-signing-algorithm": "PS256"}})),
            name(json!({"provider": {"client-secret": ""}})),
            name(json!({"provider": {"profile": "okta"}})),
            name(json!({"provider": {"profile": "dex"}})),
        ];
        assert!(names.iter().all(|name| name.starts_with("mark")), "{names:?}");
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len(), "{names:?}");
        assert_eq!(name(json!({"server": {"oauth": {"clientSecret": ""}}})), names[3]);
    }

    /// What a server remembers of an issuer from one test would decide another, whichever
    /// comes first.
    #[test]
    fn no_two_scenarios_have_an_issuer_of_one_name() {
        let mut scenarios = BTreeMap::new();
        for scenario in Catalogue::embedded().scenarios {
            let issuers = scenario.cases().iter().filter_map(|case| case.play.shape.provider.issuer.clone());
            for issuer in issuers.collect::<BTreeSet<String>>() {
                let path = issuer.trim_start_matches("{origin}").trim_end_matches('/').to_owned();
                scenarios.entry(path).or_insert_with(BTreeSet::new).insert(scenario.name.clone());
            }
        }
        // There is only one at the root.
        scenarios.remove("");
        let shared: Vec<_> = scenarios.iter().filter(|(_, names)| names.len() > 1).collect();
        assert!(!scenarios.is_empty() && shared.is_empty(), "{shared:?}");
    }

    fn read(mut shape: Value) -> Shape {
        shape["title"] = "t".into();
        shape["problem"] = "Fails".into();
        shape["severity"] = "low".into();
        shape["format"] = 1.into();
        shape["requirement"] = json!([]);
        let Ok(shape) = serde_json::from_value(shape) else { unreachable!("the document is right") };
        shape
    }
}
