//! The issuer URL: how it is typed, and whether the document names the same.

use mock_idp::Url;

use crate::address;
use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::SettingLabel;
use crate::relying_party::IssuerMatch;

pub(in crate::doctor) static ISSUER_URL: DoctorCheck = DoctorCheck {
    name: "issuer-url",
    looks_at: "Checks whether the issuer URL is a URL that servers can use.",
    causes: &[
        ("query", "The issuer URL has a query or a fragment."),
        ("credentials", "The issuer URL has a user name or password, which clients do not send."),
        ("blanks", "The issuer URL begins or ends with a space."),
        ("not-web", "The issuer URL begins with neither https nor http."),
        ("http-refused", "The issuer URL begins with http, but the server accepts only https."),
        ("http", "The issuer URL begins with http, so the network can read the client secret and the tokens."),
    ],
    judge: issuer_url,
    is_reach: false,
};

pub(in crate::doctor) static ISSUER: DoctorCheck = DoctorCheck {
    name: "issuer",
    looks_at: "Checks whether the `issuer` of the discovery document is the issuer URL (OIDC Discovery §4.3).",
    causes: &[
        ("slash", "The issuer URL and the `issuer` of the discovery document differ by a slash at the end."),
        ("issuer-template", "The `issuer` of the discovery document has a placeholder for the tenant."),
        ("issuer-differs", "The `issuer` of the discovery document is not the issuer URL."),
        ("no-issuer-member", "The discovery document has no `issuer`."),
        (
            "issuer-not-checked",
            "The issuer URL is the address of the discovery document, so the server does not compare it with `issuer`.",
        ),
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
                .change(SettingLabel::ISSUER.to("the same URL without the user name and the password")),
        );
    }
    let trimmed = typed.trim();
    if typed != trimmed {
        let text = "The issuer URL begins or ends with a space.";
        return Some(CheckOutcome::problem("blanks", text).change(SettingLabel::ISSUER.to(trimmed)));
    }
    let Ok(url) = Url::parse(typed) else { return None };
    if url.query().is_some() || url.fragment().is_some() {
        let mut right = url.clone();
        right.set_query(None);
        right.set_fragment(None);
        let text = "The issuer URL has a query or a fragment, which OpenID Connect does not allow (OIDC Discovery §3).";
        return Some(CheckOutcome::problem("query", text).change(SettingLabel::ISSUER.to(right.as_str())));
    }
    Some(match (url.scheme(), evidence.settings.allows_http) {
        ("https", _) => CheckOutcome::ok(format!("The issuer URL {typed} begins with https.")),
        ("http", Some(false)) => {
            CheckOutcome::problem("http-refused", "The issuer URL begins with http, but the server accepts only https.")
                .change(format!(
                    "Serve the provider over https. On a test machine, allow http instead:\n{}",
                    SettingLabel::HTTP.to("on")
                ))
        }
        ("http", _) => {
            let text = "The issuer URL begins with http, so the network can read the client secret and the tokens. \
                        Immich 3.0 and later refuse http, unless you allow insecure requests.";
            CheckOutcome::warning("http", text).change("Serve the provider over https.")
        }
        _ => CheckOutcome::problem("not-web", "The issuer URL begins with neither https nor http.")
            .change(SettingLabel::ISSUER.to("a URL such as https://id.example.org")),
    })
}

fn issuer(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let provider = evidence.provider.as_ref()?;
    let document = evidence.document()?;
    let named = document.metadata.text("issuer");
    let seen = format!("issuer URL: {}; issuer of the discovery document: {named}", provider.issuer);
    let exact = SettingLabel::ISSUER.to(provider.fitting.as_deref().unwrap_or(named));
    Some(match document.issuer {
        IssuerMatch::Same if provider.is_found => {
            CheckOutcome::ok(format!("The authorization endpoint belongs to the issuer {named}."))
        }
        IssuerMatch::Same => {
            CheckOutcome::ok(format!("The issuer URL is the `issuer` of the discovery document, {named}."))
        }
        IssuerMatch::SlashDiffers => CheckOutcome::problem(
            "slash",
            "The issuer URL and the `issuer` of the discovery document differ by a slash at the end.",
        )
        .seen(seen)
        .change(exact),
        IssuerMatch::Differs if named.contains(['{', '}']) => CheckOutcome::problem(
            "issuer-template",
            "The `issuer` of the discovery document has a placeholder for the tenant.",
        )
        .seen(seen)
        .change(SettingLabel::ISSUER.to("the issuer URL of your own tenant, with the tenant's ID in the path")),
        IssuerMatch::Differs if provider.issuer.contains("/.well-known/") => CheckOutcome::warning(
            "issuer-not-checked",
            "The `issuer` of the discovery document is at a different address. The server does not notice this, \
             because the issuer URL is the address of the document itself.",
        )
        .seen(seen)
        .change(exact),
        IssuerMatch::Differs => {
            let change = if provider.fitting.is_some() {
                exact
            } else {
                format!(
                    "{exact}\nIf this is not an address of the provider, correct the provider's public URL, or \
                     configure its proxy to send X-Forwarded-Host and X-Forwarded-Proto."
                )
            };
            CheckOutcome::problem("issuer-differs", "The `issuer` of the discovery document is not the issuer URL.")
                .seen(seen)
                .change(change)
        }
        IssuerMatch::NotText(_) => {
            let text = "The discovery document has no `issuer`, which OIDC Discovery §3 requires.";
            CheckOutcome::problem("no-issuer-member", text)
                .change("Check that the provider supports OpenID Connect, not only OAuth 2.0.")
        }
    })
}
