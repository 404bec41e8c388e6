//! How the provider is asked, and what of its discovery document and keys is
//! believed.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::declaration::rules;
use crate::reference::state::allows_insecure;
use crate::relying_party::{DiscoveryDocument, IssuerMatch, Metadata, TokenKey, discovery_address};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Discovery,
    Token,
    Keys,
    UserInfo,
    Picture,
}

/// What becomes of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It is verified.
    Verified,
    /// It is not looked at.
    Anything,
    /// It is verified, but without the configured certificate authority.
    Nothing,
}

rules! {
    /// How the provider is asked.
    FetchRules {
        /// How long the provider is waited for, given the setting.
        timeout: fn(u64) -> Duration = Duration::from_millis;
        /// Whether an answer is waited for beyond the timeout.
        waits_for_ever: fn(Purpose) -> bool = |_| false;
        /// More bytes of an answer are not read, whatever it unpacks to.
        limit: usize = 1024 * 1024;
        /// How many redirects are followed.
        redirects: fn(Purpose) -> usize = |_| 0;
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
        url: fn(&str) -> String = discovery_address;
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
        issuer: fn(&str, &DiscoveryDocument) -> bool = |_, document| document.issuer == IssuerMatch::Same;
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
        of_set: fn(Vec<TokenKey>) -> Vec<TokenKey> = |keys| keys;
        /// Whether a key may verify a token.
        fits: fn(&TokenKey) -> bool = |key| key.is_named() && key.findings.is_meant();
        /// Whether a set that was fetched once is never fetched again.
        kept: bool = false;
    }
}
