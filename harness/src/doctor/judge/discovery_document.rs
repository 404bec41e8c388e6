//! The discovery document: its members, endpoints and algorithms.

use mock_idp::Url;

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::doctor::look::is_loopback;
use crate::immich::SettingLabel;
use crate::relying_party::{MemberType, Metadata};

pub(in crate::doctor) static DOCUMENT: DoctorCheck = DoctorCheck {
    name: "document",
    looks_at: "Checks whether the discovery document has the members that a sign-in needs, with the right types.",
    causes: &[
        ("member-missing", "The discovery document lacks an endpoint that every sign-in needs."),
        ("member-type", "A member of the discovery document has the wrong type."),
        (
            "no-userinfo",
            "The discovery document lacks `userinfo_endpoint`, so the server has only the claims of the ID token.",
        ),
        ("not-openid", "The provider supports plain OAuth 2.0, but not OpenID Connect."),
    ],
    judge: document,
    is_reach: false,
};

pub(in crate::doctor) static ENDPOINTS: DoctorCheck = DoctorCheck {
    name: "endpoints",
    looks_at: "Checks whether the server and the browser can reach the endpoints.",
    causes: &[
        ("endpoint-http", "The issuer URL begins with https, but an endpoint begins with http."),
        ("endpoint-relative", "The address of an endpoint lacks the scheme or the host."),
        (
            "endpoint-loopback",
            "An endpoint has a loopback address, such as `localhost`, which other hosts cannot reach.",
        ),
        ("endpoint-lost", "This machine cannot reach the host of an endpoint."),
    ],
    judge: endpoints,
    is_reach: false,
};

pub(in crate::doctor) static FLOW: DoctorCheck = DoctorCheck {
    name: "flow",
    looks_at: "Checks whether the provider offers the authorization code flow, and requires nothing that Immich does not \
               support.",
    causes: &[
        ("no-code-flow", "The provider does not offer the authorization code flow."),
        ("par-required", "The provider requires pushed authorization requests (RFC 9126)."),
        ("request-object-required", "The provider requires signed request objects (RFC 9101)."),
        ("mtls-required", "The provider binds access tokens to client certificates (RFC 8705)."),
    ],
    judge: flow,
    is_reach: false,
};

pub(in crate::doctor) static SIGNING_ALGORITHM: DoctorCheck = DoctorCheck {
    name: "signing-algorithm",
    looks_at: "Checks whether the provider signs ID tokens with the algorithm that the server accepts.",
    causes: &[
        ("hs256-only", "The provider offers only HS256, usually because it has no signing key for this client."),
        ("algorithm-not-offered", "The provider does not offer the algorithm that the server accepts."),
        ("algorithm-none", "The provider offers only unsigned ID tokens."),
    ],
    judge: signing_algorithm,
    is_reach: false,
};

pub(in crate::doctor) static PROFILE_ALGORITHM: DoctorCheck = DoctorCheck {
    name: "profile-algorithm",
    looks_at: "Checks whether the provider signs UserInfo responses as the server expects.",
    causes: &[
        ("userinfo-unsigned", "The server expects signed UserInfo responses, but the provider does not offer them."),
        (
            "userinfo-algorithm",
            "The provider does not sign UserInfo responses with the algorithm that the server accepts.",
        ),
    ],
    judge: profile_algorithm,
    is_reach: false,
};

/// Members without which no sign-in takes place.
const NEEDED: &[&str] = &["authorization_endpoint", "token_endpoint"];

fn document(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let metadata = evidence.metadata()?;
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|name| !metadata.0.contains_key(*name)).collect();
    if !missing.is_empty() {
        return Some(
            CheckOutcome::problem("member-missing", format!("The discovery document lacks {}.", missing.join(" and ")))
                .change(
                    "Check that the issuer URL is that of an OpenID Connect provider. If it is, configure its \
                     endpoints at the provider.",
                ),
        );
    }
    let wrong: Vec<&str> = metadata
        .members()
        .filter(|member| member.found != MemberType::Absent && member.found != member.expected)
        // `null` stands for nothing in the documents of some products.
        .filter(|member| member.is_required || member.found != MemberType::Null)
        .map(|member| member.name)
        .collect();
    if !wrong.is_empty() {
        let text = format!("These members of the discovery document have the wrong type: {}.", wrong.join(", "));
        return Some(
            CheckOutcome::problem("member-type", text)
                .change("Correct these members at the provider, or at the proxy that changes them."),
        );
    }
    if !metadata.0.contains_key("id_token_signing_alg_values_supported") && !metadata.0.contains_key("jwks_uri") {
        let text = "The discovery document names neither a `jwks_uri` nor algorithms for ID tokens: the provider \
                    supports plain OAuth 2.0, but not OpenID Connect.";
        let change = "Use an OpenID Connect provider, or put one, such as Dex, Keycloak or authentik, between the \
                      server and this provider.";
        return Some(CheckOutcome::problem("not-openid", text).change(change));
    }
    if metadata.text("userinfo_endpoint").is_empty() {
        let text = "The discovery document has no `userinfo_endpoint`, so sign-in works only if the ID token has the \
                    end-user's email.";
        let change = "Configure the provider to put `email` and `name` into the ID token; Immich 2.6 and later read \
                      them there.";
        return Some(CheckOutcome::warning("no-userinfo", text).change(change));
    }
    Some(CheckOutcome::ok("The discovery document has all members that a sign-in needs."))
}

/// The endpoints that the server or the browser asks.
const ASKED: &[&str] =
    &["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"];

fn endpoints(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let provider = evidence.provider.as_ref()?;
    let metadata = evidence.metadata()?;
    let issuer = Url::parse(&provider.issuer).ok();
    let is_over_tls = issuer.as_ref().is_some_and(|url| url.scheme() == "https");
    let is_local = issuer.as_ref().is_some_and(is_loopback);
    let (mut plain, mut local) = (Vec::new(), Vec::new());
    for (name, text) in asked(metadata) {
        let Ok(url) = Url::parse(text) else {
            let sentence = format!("`{name}` of the discovery document lacks the scheme or the host.");
            let change = "Set the provider's public URL, so that it publishes complete URLs.";
            return Some(CheckOutcome::problem("endpoint-relative", sentence).seen(text).change(change));
        };
        if is_over_tls && url.scheme() == "http" {
            plain.push(name);
        }
        if !is_local && is_loopback(&url) {
            local.push(name);
        }
    }
    if !plain.is_empty() {
        let text =
            format!("The issuer URL begins with https, but these endpoints begin with http: {}.", plain.join(", "));
        let change = "Configure the proxy in front of the provider to send X-Forwarded-Proto: https, and the provider \
                      to trust this header.";
        return Some(CheckOutcome::problem("endpoint-http", text).change(change));
    }
    if !local.is_empty() {
        let text = format!(
            "These endpoints have a loopback address, such as localhost, which other hosts cannot reach: {}.",
            local.join(", ")
        );
        let change = "Set the provider's public URL to a host name that the server and all browsers can reach.";
        return Some(CheckOutcome::problem("endpoint-loopback", text).change(change));
    }
    if let Some((name, url, reason)) = provider.lost_endpoints.first() {
        let text = format!("This machine cannot reach `{name}`: {reason}.");
        let change = "Check that the server can resolve and reach this host. If the host is wrong, correct the \
                      provider's public URL.";
        return Some(CheckOutcome::problem("endpoint-lost", text).seen(url.as_str()).change(change));
    }
    Some(CheckOutcome::ok("This machine can reach the endpoints."))
}

fn asked(metadata: &Metadata) -> impl Iterator<Item = (&'static str, &str)> {
    let texts = ASKED.iter().map(|name| (*name, metadata.text(name)));
    texts.filter(|(_, text)| !text.is_empty())
}

/// Requirements that Immich cannot meet: the member, the cause, the sentence.
const REQUIRED: &[(&str, &str, &str)] = &[
    ("require_pushed_authorization_requests", "par-required", "The provider requires pushed authorization requests."),
    ("require_signed_request_object", "request-object-required", "The provider requires signed request objects."),
    (
        "tls_client_certificate_bound_access_tokens",
        "mtls-required",
        "The provider binds access tokens to client certificates.",
    ),
];

fn flow(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let metadata = evidence.metadata()?;
    let types: Vec<&str> = metadata.list("response_types_supported").collect();
    if !types.is_empty() && !types.contains(&"code") {
        let text =
            "The provider does not offer the authorization code flow, which is the only one that Immich supports.";
        let change = "At the provider, turn on the response type `code` (authorization code flow) for this client.";
        return Some(
            CheckOutcome::problem("no-code-flow", text)
                .seen(format!("response_types_supported: {}", types.join(", ")))
                .change(change),
        );
    }
    if let Some(&(member, cause, text)) = REQUIRED.iter().find(|(member, ..)| metadata.flag(member)) {
        let judged = if cause == "mtls-required" { CheckOutcome::warning } else { CheckOutcome::problem };
        let change = "Turn off this requirement for the client at the provider; Immich does not support it.";
        return Some(judged(cause, text).seen(format!("{member}: true")).change(change));
    }
    Some(CheckOutcome::ok("The provider offers the authorization code flow."))
}

fn signing_algorithm(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let offered: Vec<&str> = evidence.metadata()?.list("id_token_signing_alg_values_supported").collect();
    let first = *offered.first()?;
    let seen = format!("id_token_signing_alg_values_supported: {}", offered.join(", "));
    let is_symmetric = |name: &&str| name.starts_with("HS");
    let accepted = evidence.settings.signing_algorithm.as_deref();
    if offered.iter().all(|name| *name == "none") {
        let text = "The provider offers only unsigned ID tokens.";
        return Some(
            CheckOutcome::problem("algorithm-none", text).seen(seen).change("Choose a signing key at the provider."),
        );
    }
    Some(match accepted {
        Some(accepted) if offered.contains(&accepted) => {
            CheckOutcome::ok(format!("The provider offers {accepted}, which the server accepts."))
        }
        _ if offered.iter().all(is_symmetric) && accepted.is_none_or(|name| !is_symmetric(&name)) => {
            let text = "The provider offers only HS256, usually because it has no signing key for this client.";
            let change = format!(
                "At the provider, choose a signing key (RS256) for this client. Or change the server's setting:\n{}",
                SettingLabel::SIGNING_ALGORITHM.to(first)
            );
            CheckOutcome::problem("hs256-only", text).seen(seen).change(change)
        }
        Some(accepted) => {
            let text = format!("The server accepts only {accepted}, but the provider does not offer this algorithm.");
            CheckOutcome::problem("algorithm-not-offered", text)
                .seen(seen)
                .change(SettingLabel::SIGNING_ALGORITHM.to(best(&offered).unwrap_or(first)))
        }
        None if offered.contains(&"RS256") => {
            CheckOutcome::ok("The provider offers RS256, which Immich accepts by default.")
        }
        None => {
            let text = "The provider does not offer RS256, which Immich accepts by default.";
            CheckOutcome::warning("algorithm-not-offered", text)
                .seen(seen)
                .change(SettingLabel::SIGNING_ALGORITHM.to(best(&offered).unwrap_or(first)))
        }
    })
}

/// Returns the algorithm to choose: RS256, else the first with a public key.
fn best<'a>(offered: &[&'a str]) -> Option<&'a str> {
    let public = |name: &&&str| **name != "none" && !name.starts_with("HS");
    offered.iter().find(|name| **name == "RS256").or_else(|| offered.iter().find(public)).copied()
}

fn profile_algorithm(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let accepted = evidence.settings.userinfo_algorithm.as_deref().filter(|name| !name.is_empty())?;
    let offered: Vec<&str> = evidence.metadata()?.list("userinfo_signing_alg_values_supported").collect();
    let seen = format!("userinfo_signing_alg_values_supported: {}", offered.join(", "));
    Some(match accepted {
        "none" => CheckOutcome::ok("The server expects unsigned UserInfo responses."),
        _ if offered.contains(&accepted) => CheckOutcome::ok(format!(
            "The provider offers UserInfo responses signed with {accepted}, as the server expects."
        )),
        _ if offered.iter().all(|name| *name == "none") => {
            let text = format!(
                "The server expects UserInfo responses signed with {accepted}, but the provider does not sign UserInfo \
                 responses."
            );
            CheckOutcome::problem("userinfo-unsigned", text)
                .seen(seen)
                .change(SettingLabel::USERINFO_ALGORITHM.to("none"))
        }
        _ => {
            let text = format!(
                "The server expects UserInfo responses signed with {accepted}, but the provider does not offer this \
                 algorithm."
            );
            CheckOutcome::problem("userinfo-algorithm", text)
                .seen(seen)
                .change(SettingLabel::USERINFO_ALGORITHM.to(offered.first().unwrap_or(&"none")))
        }
    })
}
