//! Bugs in how the provider is reached, and what of its documents and keys is believed.

use std::time::Duration;

use url::Url;

use super::family::family;
use crate::reference::message::{Purpose, Trust, decoding_key, discovery_url, is_named};
use crate::reference::state::allows_insecure;

family! {
    "issuer-mismatch-accepted", "The discovery document may name any issuer.", |rules| rules.discovery.issuer = |_, _| true;
    "issuer-compared-in-tokens-only", "The configured issuer is held against tokens, and never against the discovery document.",
        |rules| rules.discovery.instead_of_another_issuer = |configured| {
            Some(configured.split("/.well-known/").next().unwrap_or_default().to_owned())
        };
    "issuer-slash-stripped", "The issuer URL loses its slash before it is compared (as in many applications).",
        |rules| rules.discovery.issuer = |configured, document| configured.trim_end_matches('/') == document;
    "suffix-appended-twice", "The well-known suffix is appended to full addresses, too.",
        |rules| rules.discovery.url = |url| format!("{}/.well-known/openid-configuration", url.trim_end_matches('/'));
    "ipv6-brackets-lost", "The brackets around an IPv6 address are lost on the way to the provider.",
        |rules| rules.discovery.url = |url| discovery_url(url).replace(['[', ']'], "");
    "suffix-never-appended", "The well-known suffix is never appended.",
        |rules| rules.discovery.url = ToOwned::to_owned;
    "insecure-allowed", "The provider is reached over http although that is not allowed.",
        |rules| {
            rules.discovery.insecure = |_| true;
            rules.fetch.insecure_endpoints = |_, _| true;
        };
    "http-endpoints-accepted", "Endpoints of an https issuer are reached over http although that is not allowed.",
        |rules| rules.fetch.insecure_endpoints = |_, _| true;
    "http-endpoints-refused", "Endpoints of an https issuer are never reached over http, although that is allowed.",
        |rules| rules.fetch.insecure_endpoints = |issuer, settings| issuer.starts_with("http:") && allows_insecure(settings);
    "certificates-not-verified", "Any certificate of the provider is taken.",
        |rules| rules.fetch.trust = |_, _| Trust::Anything;
    "allow-insecure-disables-certificates", "To allow http is taken for to allow any certificate (as Immich 3.0 words it).",
        |rules| rules.fetch.trust = |_, settings| if allows_insecure(settings) { Trust::Anything } else { Trust::Verified };
    "authority-forgotten-for-keys", "Keys are fetched without the certificate authority that the server was told to trust.",
        |rules| rules.fetch.trust = |purpose, _| if purpose == Purpose::Keys { Trust::Nothing } else { Trust::Verified };
    "timeout-in-seconds", "The timeout setting is taken for seconds (Immich from 1.133).",
        |rules| rules.fetch.timeout = Duration::from_secs;
    "discovery-status-ignored", "A discovery document of any status is taken.",
        |rules| rules.discovery.status = |_| true;
    "content-type-exact", "`application/json` is known only in this very spelling.",
        |rules| rules.discovery.content_type = |kind| kind == "application/json";
    "optional-metadata-wanted", "A discovery document without its optional members is refused.", |rules| {
        rules.discovery.members = |metadata| {
            ["scopes_supported", "claims_supported", "grant_types_supported", "response_modes_supported"]
                .iter()
                .all(|name| metadata.0.contains_key(*name))
        };
    };
    "unknown-metadata-refused", "A discovery document with unknown members is refused.", |rules| {
        rules.discovery.members = |metadata| metadata.0.keys().all(|name| !name.starts_with("vendor"));
    };
    "script-address-accepted", "People are sent wherever the discovery document says, be it a script.",
        |rules| rules.discovery.authorization_url = |text| Url::parse(text).ok();
    "endpoint-query-dropped", "The query of the authorization endpoint's own address gets lost.", |rules| {
        rules.discovery.authorization_url = |text| {
            let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
            url.set_query(None);
            Some(url)
        };
    };
    "endpoints-guessed", "The token endpoint is looked for below the issuer, whatever the discovery document says.",
        |rules| {
            rules.discovery.token_endpoint =
                |metadata| format!("{}/token", metadata.text("issuer").trim_end_matches('/'));
        };
    "failure-ends-sessions", "While the provider is down, everybody is signed out.",
        |rules| rules.discovery.failure_ends_sessions = true;
    "failures-kept", "A provider that failed once is not tried again until a restart.",
        |rules| rules.discovery.failures_kept = true;
    "keys-unbounded", "The provider's keys are waited for without an end.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Keys;
    "keys-kept", "The provider's keys are fetched once and never again.", |rules| rules.keys.kept = true;
    "first-key-only", "Only the first key of a set is looked at.", |rules| {
        rules.keys.of_set = |set| set["keys"].as_array().into_iter().flatten().take(1).cloned().collect();
    };
    "one-bad-key-spoils-all", "A set with a key that cannot be used is not used at all.", |rules| {
        rules.keys.of_set = |set| {
            let keys = set["keys"].as_array().cloned().unwrap_or_default();
            if keys.iter().all(|key| decoding_key(key).is_some()) { keys } else { Vec::new() }
        };
    };
    "key-use-wanted", "Keys that do not say that they are for signatures are not used.",
        |rules| rules.keys.fits = |key, kid, _| is_named(key, kid) && key["use"] == "sig";
    "key-id-wanted", "Keys without an id are not used.",
        |rules| rules.keys.fits = |key, kid, _| kid.is_some() && is_named(key, kid);
    "key-purpose-ignored", "Keys are used for what they are not meant for.",
        |rules| rules.keys.fits = |key, kid, _| is_named(key, kid);
}
