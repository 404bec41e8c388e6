//! Where the issuer of a play is, below the provider's origin.
//!
//! What a target may remember of an issuer is what it publishes: its discovery
//! document and its keys. Plays whose issuers publish the same share a path,
//! and with it the settings of the target, which then need not be written
//! again. Where something is wrong with what is published, or changes in the
//! middle, the issuer has a path that no other ever had.

use aws_lc_rs::digest::{SHA256, digest};
use mock_idp::{Deviations, Message};
use serde_json::{Map, Value};

use crate::scenario::{Shape, provider as provider_of};
use crate::step::StepShape;

/// Where the issuer of a play is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum IssuerPath {
    /// Where all are that publish the same; the text tells them apart.
    Shared(String),
    /// Where no other is.
    Own,
}

/// What a target may remember.
const PUBLISHED: &[Message] = &[Message::Discovery, Message::Jwks];

impl IssuerPath {
    pub(super) fn of(shape: &Shape) -> Self {
        let provider = &shape.provider;
        // Those that cannot be read are told elsewhere.
        let touches = |deviations: Deviations| PUBLISHED.iter().any(|message| deviations.touch(*message));
        let wrong = |quirks: &Map<String, Value>, overlay: &Map<String, Value>| {
            provider_of::deviations(quirks, overlay).is_ok_and(touches)
        };
        let changes = |step: &StepShape| {
            let change = step.provider_change();
            wrong(&step.quirks, &step.overlay)
                || change.is_some_and(|change| {
                    change.rotate_keys
                        || change.available.is_some()
                        || !change.settings.is_empty()
                        || change.quirks.as_ref().is_some_and(|quirks| wrong(quirks, &Map::new()))
                })
        };
        let settings = if provider.settings.is_empty() {
            String::new()
        } else {
            Value::Object(provider.settings.clone()).to_string()
        };
        let is_own = provider.profile.is_some()
            || provider.issuer.is_some()
            || wrong(&provider.quirks, &provider.overlay)
            || shape.steps.iter().any(changes)
            // What stands for a placeholder may be another each time.
            || settings.contains("\"{");
        if is_own { Self::Own } else { Self::Shared(settings) }
    }

    /// The path; `mark` is the run's, `play` that of the play.
    pub(super) fn text(&self, mark: &str, play: &str) -> String {
        match self {
            Self::Own => format!("/{play}"),
            Self::Shared(settings) if settings.is_empty() => format!("/{mark}"),
            Self::Shared(settings) => {
                let hash = digest(&SHA256, settings.as_bytes());
                let hash = hash.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>();
                format!("/{mark}-s{hash}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::honest(json!({}), "/mark")]
    #[case::wrong_id_token(json!({"provider": {"quirks": {"wrong-issuer": true}}}), "/mark")]
    #[case::wrong_at_one_step(json!({"steps": [{"sign-in": {"as": "a"}, "quirks": {"unsigned": true}}]}), "/mark")]
    #[case::other_claims_later(json!({"steps": [{"provider": {"users": {"a": {"name": "b"}}}}]}), "/mark")]
    #[case::wrong_discovery(json!({"provider": {"quirks": {"pkce-plain-only": true}}}), "/play")]
    #[case::overlay(json!({"provider": {"overlay": {"jwks": {"remove": ["keys"]}}}}), "/play")]
    #[case::rotation(json!({"steps": [{"provider": {"rotate-keys": true}}]}), "/play")]
    #[case::down_later(json!({"steps": [{"provider": {"available": false}}]}), "/play")]
    #[case::profile(json!({"provider": {"profile": "okta"}}), "/play")]
    #[case::placeholder(json!({"provider": {"callback-parameters": {"p": "{run}"}}}), "/play")]
    fn what_is_published_tells_paths_apart(#[case] shape: Value, #[case] path: &str) {
        assert_eq!(IssuerPath::of(&read(shape)).text("mark", "play"), path);
    }

    #[test]
    fn other_settings_are_elsewhere() {
        let path = |algorithm: &str| {
            IssuerPath::of(&read(json!({"provider": {"signing-algorithm": algorithm}}))).text("mark", "play")
        };
        assert_ne!(path("ES256"), path("PS256"));
        assert!(path("ES256").starts_with("/mark-"));
    }

    fn read(mut shape: Value) -> Shape {
        shape["title"] = "t".into();
        shape["requirement"] = json!([]);
        let Ok(shape) = serde_json::from_value(shape) else { unreachable!("the document is right") };
        shape
    }
}
