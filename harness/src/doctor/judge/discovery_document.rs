//! The discovery document: its members, endpoints and algorithms.

use mock_idp::Url;

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::doctor::look::is_loopback;
use crate::immich::SettingLabel;
use crate::relying_party::{MemberType, Metadata};

pub(in crate::doctor) static DOCUMENT: DoctorCheck = DoctorCheck {
    name: "document",
    looks_at: "Whether the document has the members that a sign-in needs, each of its type.",
    causes: &[
        ("member-missing", "The document lacks an endpoint that every sign-in needs."),
        ("member-type", "A member has another type than its specification says."),
        ("no-userinfo", "The document lacks `userinfo_endpoint`; only claims in the ID token count."),
        ("not-openid", "The document is one of plain OAuth 2.0."),
    ],
    judge: document,
    is_reach: false,
};

pub(in crate::doctor) static ENDPOINTS: DoctorCheck = DoctorCheck {
    name: "endpoints",
    looks_at: "Whether the endpoints are addresses that server and browser reach.",
    causes: &[
        ("endpoint-http", "The issuer is https, and an endpoint is plain http."),
        ("endpoint-relative", "An endpoint is no address with scheme and host."),
        ("endpoint-loopback", "An endpoint is at a loopback address, which leads each host to itself."),
        ("endpoint-lost", "This machine finds no way to the host of an endpoint."),
    ],
    judge: endpoints,
    is_reach: false,
};

pub(in crate::doctor) static FLOW: DoctorCheck = DoctorCheck {
    name: "flow",
    looks_at: "Whether the provider offers the authorization code flow, and asks for nothing that Immich cannot do.",
    causes: &[
        ("no-code-flow", "The provider does not offer the authorization code flow."),
        ("par-required", "The provider requires pushed authorization requests (RFC 9126)."),
        ("request-object-required", "The provider requires signed request objects (RFC 9101)."),
        ("mtls-required", "The provider binds access tokens to certificates (RFC 8705)."),
    ],
    judge: flow,
    is_reach: false,
};

pub(in crate::doctor) static SIGNING_ALGORITHM: DoctorCheck = DoctorCheck {
    name: "signing-algorithm",
    looks_at: "Whether the provider signs ID tokens with the algorithm that the server accepts.",
    causes: &[
        ("hs256-only", "The provider offers HS256 alone, mostly because no signing key is chosen."),
        ("algorithm-not-offered", "The provider does not offer the algorithm that the server accepts."),
        ("algorithm-none", "The provider offers unsigned ID tokens alone."),
    ],
    judge: signing_algorithm,
    is_reach: false,
};

pub(in crate::doctor) static PROFILE_ALGORITHM: DoctorCheck = DoctorCheck {
    name: "profile-algorithm",
    looks_at: "Whether the provider signs UserInfo answers as the server expects.",
    causes: &[
        ("userinfo-unsigned", "The server expects signed UserInfo answers, and the provider does not offer them."),
        ("userinfo-algorithm", "The provider does not offer the algorithm of signed UserInfo that the server accepts."),
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
            CheckOutcome::problem("member-missing", format!("The document lacks {}.", missing.join(" and ")))
                .change("Correct the issuer URL to that of an OpenID provider, or configure the provider's endpoints."),
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
        let text = format!("The document has members of another type than OpenID Connect says: {}.", wrong.join(", "));
        return Some(
            CheckOutcome::problem("member-type", text).change("Correct the document at the provider, or its proxy."),
        );
    }
    if !metadata.0.contains_key("id_token_signing_alg_values_supported") && !metadata.0.contains_key("jwks_uri") {
        let text = "The document names neither keys nor algorithms of ID tokens: the provider speaks plain OAuth 2.0.";
        let change = "Use a provider of OpenID Connect, or one in between, such as Dex, Keycloak or authentik.";
        return Some(CheckOutcome::problem("not-openid", text).change(change));
    }
    if metadata.text("userinfo_endpoint").is_empty() {
        let text = "The document has no `userinfo_endpoint`. People sign in only if the ID token has their email.";
        let change = "Let the provider put email and name into the ID token; Immich 2.6 and later read it there.";
        return Some(CheckOutcome::warning("no-userinfo", text).change(change));
    }
    Some(CheckOutcome::ok("The document has what a sign-in needs."))
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
            let sentence = format!("`{name}` is no address with scheme and host.");
            let change = "Let the provider publish whole addresses; set its public address.";
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
        let text = format!("The issuer URL begins with https, and these endpoints with http: {}.", plain.join(", "));
        let change = "Let the proxy in front of the provider pass on the scheme (X-Forwarded-Proto: https), and let the \
                      provider trust it.";
        return Some(CheckOutcome::problem("endpoint-http", text).change(change));
    }
    if !local.is_empty() {
        let text = format!("These endpoints are at a loopback address: {}.", local.join(", "));
        let change = "Set the provider's public address to a name that browsers and the server reach.";
        return Some(CheckOutcome::problem("endpoint-loopback", text).change(change));
    }
    if let Some((name, url, reason)) = provider.lost_endpoints.first() {
        let text = format!("This machine finds no way to `{name}`: {reason}.");
        let change =
            "Let the server resolve and reach that host, or correct the provider's public or internal address.";
        return Some(CheckOutcome::problem("endpoint-lost", text).seen(url.as_str()).change(change));
    }
    Some(CheckOutcome::ok("The endpoints are addresses that can be reached."))
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
        "The provider binds access tokens to certificates.",
    ),
];

fn flow(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let metadata = evidence.metadata()?;
    let types: Vec<&str> = metadata.list("response_types_supported").collect();
    if !types.is_empty() && !types.contains(&"code") {
        let text = "The provider does not offer the authorization code flow, the only one that Immich uses.";
        let change = "Enable the response type `code` (authorization code flow) at the provider.";
        return Some(
            CheckOutcome::problem("no-code-flow", text)
                .seen(format!("response_types_supported: {}", types.join(", ")))
                .change(change),
        );
    }
    if let Some(&(member, cause, text)) = REQUIRED.iter().find(|(member, ..)| metadata.flag(member)) {
        let judged = if cause == "mtls-required" { CheckOutcome::warning } else { CheckOutcome::problem };
        let change = "Switch the requirement off for this client at the provider; Immich cannot meet it.";
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
        let text = "The provider offers unsigned ID tokens alone.";
        return Some(
            CheckOutcome::problem("algorithm-none", text).seen(seen).change("Choose a signing key at the provider."),
        );
    }
    Some(match accepted {
        Some(accepted) if offered.contains(&accepted) => {
            CheckOutcome::ok(format!("The provider offers {accepted}, which the server accepts."))
        }
        _ if offered.iter().all(is_symmetric) && accepted.is_none_or(|name| !is_symmetric(&name)) => {
            let text = "The provider offers HS256 alone, mostly because no signing key is chosen for this client.";
            let change = format!(
                "At the provider, choose a signing key (RS256) for this client. Or change the server.\n{}",
                SettingLabel::SIGNING_ALGORITHM.to(first)
            );
            CheckOutcome::problem("hs256-only", text).seen(seen).change(change)
        }
        Some(accepted) => {
            let text = format!("The server accepts {accepted} alone, and the provider does not offer it.");
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
        "none" => CheckOutcome::ok("The server expects plain UserInfo answers."),
        _ if offered.contains(&accepted) => {
            CheckOutcome::ok(format!("The provider offers UserInfo signed with {accepted}."))
        }
        _ if offered.iter().all(|name| *name == "none") => {
            let text =
                format!("The server expects UserInfo signed with {accepted}, and the provider does not offer it.");
            CheckOutcome::problem("userinfo-unsigned", text)
                .seen(seen)
                .change(SettingLabel::USERINFO_ALGORITHM.to("none"))
        }
        _ => {
            let text =
                format!("The server expects UserInfo signed with {accepted}, and the provider does not offer that.");
            CheckOutcome::problem("userinfo-algorithm", text)
                .seen(seen)
                .change(SettingLabel::USERINFO_ALGORITHM.to(offered.first().unwrap_or(&"none")))
        }
    })
}
