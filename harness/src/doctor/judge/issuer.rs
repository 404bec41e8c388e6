//! The issuer URL: how it is typed, and whether the document names the same.

use mock_idp::Url;

use crate::address;
use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::SettingLabel;
use crate::relying_party::IssuerMatch;

pub(in crate::doctor) static ISSUER_URL: DoctorCheck = DoctorCheck {
    name: "issuer-url",
    looks_at: "Whether the issuer URL is one that a server can use.",
    causes: &[
        ("query", "The issuer URL has a query or a fragment."),
        ("credentials", "The issuer URL has a user name or password, which clients do not send."),
        ("blanks", "The issuer URL has blanks around it."),
        ("not-web", "The issuer URL begins with neither https nor http."),
        ("http-refused", "The issuer URL begins with http, and the server refuses such a provider."),
        ("http", "The issuer URL begins with http: tokens travel unprotected."),
    ],
    judge: issuer_url,
    is_reach: false,
};

pub(in crate::doctor) static ISSUER: DoctorCheck = DoctorCheck {
    name: "issuer",
    looks_at: "Whether the document's `issuer` is the issuer URL (OIDC Discovery §4.3).",
    causes: &[
        ("slash", "Only one of the two ends with a slash."),
        ("issuer-template", "The document's issuer has a placeholder, as for several tenants."),
        ("issuer-differs", "The document names another issuer."),
        ("no-issuer-member", "The document names no issuer."),
        ("issuer-not-checked", "The issuer URL is that of the document itself, so the server does not compare it."),
    ],
    judge: issuer,
    is_reach: false,
};

fn issuer_url(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let typed = evidence.settings.issuer.as_deref().filter(|typed| !typed.trim().is_empty())?;
    if address::has_credentials(typed) {
        let text = "The issuer URL has a user name or password, which clients do not send.";
        return Some(
            CheckOutcome::problem("credentials", text)
                .seen(address::shown(typed))
                .change(SettingLabel::ISSUER.to("the same URL without user name and password")),
        );
    }
    let trimmed = typed.trim();
    if typed != trimmed {
        let text = "The issuer URL has blanks around it.";
        return Some(CheckOutcome::problem("blanks", text).change(SettingLabel::ISSUER.to(trimmed)));
    }
    let Ok(url) = Url::parse(typed) else { return None };
    if url.query().is_some() || url.fragment().is_some() {
        let mut right = url.clone();
        right.set_query(None);
        right.set_fragment(None);
        let text = "The issuer URL has a query or a fragment, which an issuer never has (OIDC Discovery §3).";
        return Some(CheckOutcome::problem("query", text).change(SettingLabel::ISSUER.to(right.as_str())));
    }
    Some(match (url.scheme(), evidence.settings.allows_http) {
        ("https", _) => CheckOutcome::ok(format!("{typed} is an address over TLS.")),
        ("http", Some(false)) => CheckOutcome::problem(
            "http-refused",
            "The issuer URL begins with http, and the server refuses such a provider.",
        )
        .change(format!(
            "Serve the provider over https. On a test machine, allow http.\n{}",
            SettingLabel::HTTP.to("on")
        )),
        ("http", _) => {
            let text = "The issuer URL begins with http: secret and tokens travel unprotected. Immich 3.0 and later \
                        refuse it unless insecure requests are allowed.";
            CheckOutcome::warning("http", text).change("Serve the provider over https.")
        }
        _ => CheckOutcome::problem("not-web", "The issuer URL begins with neither https nor http.")
            .change(SettingLabel::ISSUER.to("an address such as https://id.example.org")),
    })
}

fn issuer(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let provider = evidence.provider.as_ref()?;
    let document = evidence.document()?;
    let named = document.metadata.text("issuer");
    let seen = format!("issuer URL: {}; issuer of the document: {named}", provider.issuer);
    let exact = SettingLabel::ISSUER.to(provider.fitting.as_deref().unwrap_or(named));
    Some(match document.issuer {
        IssuerMatch::Same if provider.is_found => {
            CheckOutcome::ok(format!("The authorization endpoint belongs to the issuer {named}."))
        }
        IssuerMatch::Same => CheckOutcome::ok(format!("The document names the issuer {named}.")),
        IssuerMatch::SlashDiffers => {
            CheckOutcome::problem("slash", "Only one of issuer URL and document ends with a slash.")
                .seen(seen)
                .change(exact)
        }
        IssuerMatch::Differs if named.contains(['{', '}']) => CheckOutcome::problem(
            "issuer-template",
            "The document's issuer has a placeholder, as one for several tenants has.",
        )
        .seen(seen)
        .change(SettingLabel::ISSUER.to("the issuer URL of your own tenant, with its id in the path")),
        IssuerMatch::Differs if provider.issuer.contains("/.well-known/") => CheckOutcome::warning(
            "issuer-not-checked",
            "The document names an issuer elsewhere. The server does not compare it, because the issuer URL is the \
             address of the document.",
        )
        .seen(seen)
        .change(exact),
        IssuerMatch::Differs => {
            let change = if provider.fitting.is_some() {
                exact
            } else {
                format!(
                    "{exact}\nIf that is no address of the provider, correct the public address in the provider, \
                         or let its proxy pass on host and scheme (X-Forwarded-Host, X-Forwarded-Proto)."
                )
            };
            CheckOutcome::problem("issuer-differs", "The document names another issuer than the issuer URL.")
                .seen(seen)
                .change(change)
        }
        IssuerMatch::NotText(_) => {
            let text = "The document names no issuer, which OIDC Discovery §3 requires.";
            CheckOutcome::problem("no-issuer-member", text).change("Check that the provider speaks OpenID Connect.")
        }
    })
}
