//! How the provider is asked, and what of its discovery document and keys is
//! believed.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::Value;
use url::Url;

use super::declaration::rules;
use crate::reference::message::{Metadata, Purpose, Trust, discovery_url, is_issuer_of, is_meant, is_named};
use crate::reference::state::allows_insecure;

rules! {
    /// How the provider is asked.
    FetchRules {
        /// How long the provider is waited for, given the setting.
        timeout: fn(u64) -> Duration = Duration::from_millis;
        /// Whether an answer is waited for beyond the timeout.
        waits_for_ever: fn(Purpose) -> bool = |_| false;
        /// More bytes of an answer are not read, whatever it unpacks to.
        limit: usize = 1024 * 1024;
        /// Whether endpoints of that issuer may be reached over http.
        insecure_endpoints: fn(&str, &Value) -> bool = |_, settings| allows_insecure(settings);
        /// What becomes of the provider's certificate.
        trust: fn(Purpose, &Value) -> Trust = |_, _| Trust::Verified;
    }
}

rules! {
    /// What the discovery document must be and say.
    DiscoveryRules {
        /// Where the discovery document is.
        url: fn(&str) -> String = discovery_url;
        /// Whether it may be fetched over http.
        insecure: fn(&Value) -> bool = allows_insecure;
        /// Whether an answer of this status is a document.
        status: fn(u16) -> bool = |status| status == 200;
        /// Whether one may come under this content type. What is JSON shows in
        /// the parsing.
        content_type: fn(&str) -> bool = |_| true;
        /// Whether the document has what it needs, and nothing that it must
        /// not. What is needed shows where it is used.
        members: fn(&Metadata) -> bool = |_| true;
        /// Whether the document's issuer is the configured one.
        issuer: fn(&str, &str) -> bool = is_issuer_of;
        /// The issuer that counts where the document names another than was
        /// configured, if one does.
        instead_of_another_issuer: fn(&str) -> Option<String> = |_| None;
        /// Where people are sent to sign in, given the member. Any other
        /// scheme would run in the page that goes there.
        authorization_url: fn(&str) -> Option<Url> =
            |text| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        /// Where codes are redeemed.
        token_endpoint: fn(&Metadata) -> String = |metadata| metadata.text("token_endpoint").to_owned();
        /// Whether all sessions end when the provider fails.
        failure_ends_sessions: bool = false;
        /// Whether a provider that failed once is never tried again.
        failures_kept: bool = false;
    }
}

rules! {
    /// Which of the provider's keys are used.
    KeyRules {
        /// The keys of a set that are looked at.
        of_set: fn(&Value) -> Vec<Value> =
            |set| set.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
        /// Whether a key may verify what names this key id and algorithm.
        fits: fn(&Value, Option<&str>, Algorithm) -> bool =
            |key, kid, algorithm| is_named(key, kid) && is_meant(key, algorithm);
        /// Whether a set that was fetched once is never fetched again.
        kept: bool = false;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({}), None, true)]
    #[case(json!({}), Some("a"), false)]
    #[case(json!({"kid": "a"}), Some("a"), true)]
    #[case(json!({"kid": "a", "use": "sig", "alg": "RS256"}), Some("a"), true)]
    #[case(json!({"use": "enc"}), None, false)]
    #[case(json!({"alg": "RS512"}), None, false)]
    #[case(json!(7), None, true)]
    fn keys_are_for_what_they_say(#[case] key: Value, #[case] kid: Option<&str>, #[case] fits: bool) {
        assert_eq!((KeyRules::honest().fits)(&key, kid, Algorithm::RS256), fits);
    }
}
