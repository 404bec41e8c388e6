//! Bugs in how the provider is reached, and what of its documents and keys is believed.

use url::Url;

use super::family::family;
use crate::reference::rules::{Purpose, Trust};
use crate::reference::state::allows_insecure;
use crate::relying_party::{Comparison, KeyIdMatch, discovery_address};

family! {
    "issuer-mismatch-accepted", "Accepts a discovery document whose `issuer` is not the configured issuer URL.",
        |rules| {
            rules.discovery.issuer = |_, _| true;
            rules.response.same_provider = |_, _| true;
        };
    "issuer-compared-in-tokens-only", "Compares the configured issuer URL with `iss` of tokens, but not with `issuer` \
                                       of the discovery document.",
        |rules| rules.discovery.instead_of_another_issuer = |configured| {
            Some(configured.split("/.well-known/").next().unwrap_or_default().to_owned())
        };
    "issuer-slash-stripped", "Removes a slash at the end of the issuer URL before it compares the URL with `issuer` of \
                              the discovery document, as many applications do.",
        |rules| rules.discovery.issuer = |configured, document| {
            configured.trim_end_matches('/') == document.metadata.text("issuer")
        };
    "suffix-appended-twice", "Appends `/.well-known/openid-configuration` even if the issuer URL already ends with it.",
        |rules| rules.discovery.url = |url| format!("{}/.well-known/openid-configuration", url.trim_end_matches('/'));
    "ipv6-brackets-lost", "Removes the brackets around an IPv6 address in the issuer URL.",
        |rules| rules.discovery.url = |url| discovery_address(url).replace(['[', ']'], "");
    "suffix-never-appended", "Requests the issuer URL without appending `/.well-known/openid-configuration`.",
        |rules| rules.discovery.url = ToOwned::to_owned;
    "insecure-allowed", "Contacts the provider over http even if `oauth.allowInsecureRequests` is off.",
        |rules| {
            rules.discovery.insecure = |_| true;
            rules.fetch.insecure_endpoints = |_, _| true;
        };
    "https-taken-for-http", "Requests the discovery document over http even if the issuer URL begins with `https:`.",
        |rules| rules.discovery.url = |url| discovery_address(url).replacen("https:", "http:", 1);
    "http-endpoints-accepted", "Uses http endpoints of an https issuer even if `oauth.allowInsecureRequests` is off.",
        |rules| rules.fetch.insecure_endpoints = |_, _| true;
    "http-endpoints-refused", "Refuses http endpoints of an https issuer even if `oauth.allowInsecureRequests` is on.",
        |rules| rules.fetch.insecure_endpoints = |issuer, settings| issuer.starts_with("http:") && allows_insecure(settings);
    "certificates-not-verified", "Accepts any TLS certificate from the provider, even an expired or self-signed one.",
        |rules| rules.fetch.trust = |_, _| Trust::Anything;
    "allow-insecure-disables-certificates", "Accepts any TLS certificate if `oauth.allowInsecureRequests` is on (as \
                                             Immich 3.0 describes the setting).",
        |rules| rules.fetch.trust = |_, settings| if allows_insecure(settings) { Trust::Anything } else { Trust::Verified };
    "authority-forgotten-for-keys", "Does not trust the configured certificate authority when it fetches the JWKS.",
        |rules| rules.fetch.trust = |purpose, _| if purpose == Purpose::Keys { Trust::Nothing } else { Trust::Verified };
    "discovery-status-ignored", "Accepts a discovery document with any HTTP status, even an error.",
        |rules| rules.discovery.status = |_| true;
    "content-type-exact", "Accepts a discovery document only if its `Content-Type` is exactly `application/json`, \
                           without a charset.",
        |rules| rules.discovery.content_type = |kind| kind == "application/json";
    "optional-metadata-wanted", "Refuses a discovery document that lacks an optional member, such as \
                                 `scopes_supported`.",
        |rules| {
            rules.discovery.members = |metadata| {
                ["scopes_supported", "claims_supported", "grant_types_supported", "response_modes_supported"]
                    .iter()
                    .all(|name| metadata.0.contains_key(*name))
            };
        };
    "unknown-metadata-refused", "Refuses a discovery document that has a vendor-specific member.", |rules| {
        rules.discovery.members = |metadata| metadata.0.keys().all(|name| !name.starts_with("vendor"));
    };
    "script-address-accepted", "Sends the browser to any URL in `authorization_endpoint`, even to a `javascript:` URL.",
        |rules| rules.discovery.authorization_url = |text| Url::parse(text).ok();
    "endpoint-query-dropped", "Drops the query from the URL in `authorization_endpoint`.", |rules| {
        rules.discovery.authorization_url = |text| {
            let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
            url.set_query(None);
            Some(url)
        };
    };
    "endpoints-guessed", "Sends the code to the issuer URL plus `/token`, whatever `token_endpoint` is in the \
                          discovery document.",
        |rules| {
            rules.discovery.token_endpoint =
                |metadata| format!("{}/token", metadata.text("issuer").trim_end_matches('/'));
        };
    "failure-ends-sessions", "Ends all sessions when it cannot fetch the discovery document.",
        |rules| rules.discovery.failure_ends_sessions = true;
    "start-needs-provider", "Fails to start while the provider is down.",
        |rules| rules.api.start_needs_provider = true;
    "failures-kept", "After one failed request for the discovery document, does not contact the provider again until \
                      the server restarts.",
        |rules| rules.discovery.failures_kept = true;
    "keys-unbounded", "Waits for the JWKS without a timeout.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Keys;
    "keys-kept", "Fetches the JWKS only once, so it never gets the provider's new keys.",
        |rules| rules.keys.kept = true;
    "first-key-only", "Uses only the first key of the JWKS.", |rules| {
        rules.keys.of_set = |keys| keys.into_iter().take(1).collect();
    };
    "one-bad-key-spoils-all", "Refuses the whole JWKS if one of its keys is unusable.", |rules| {
        rules.keys.of_set = |keys| if keys.iter().all(|key| key.findings.is_usable) { keys } else { Vec::new() };
    };
    "key-use-wanted", "Ignores keys of the JWKS that have no `use`, although `use` is optional.",
        |rules| rules.keys.fits = |key| key.is_named() && key.findings.purpose == Comparison::AsExpected;
    "key-id-wanted", "Verifies a token only if both the token and the key have a `kid`, although `kid` is optional.",
        |rules| rules.keys.fits = |key| key.id == KeyIdMatch::Same;
    "key-purpose-ignored", "Verifies tokens with keys of the JWKS that are for another purpose, such as encryption \
                            (`use` is `enc`).",
        |rules| rules.keys.fits = |key| key.is_named();
}
