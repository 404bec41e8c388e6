//! The client: how it authenticates, PKCE, scopes, where people come back to, and
//! how they sign out.

use mock_idp::Url;

use super::{probe, sign_in};
use crate::doctor::check::{CheckOutcome, DoctorCheck, Status};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::{Beginning, RedirectUri, SettingLabel};

pub(in crate::doctor) static AUTHENTICATION: DoctorCheck = DoctorCheck {
    name: "client-authentication",
    looks_at: "Checks whether the server authenticates at the token endpoint with a method that the provider offers.",
    causes: &[
        ("client-unknown", "The provider does not know the client ID."),
        ("method-not-offered", "The provider does not offer the authentication method that the server uses."),
        ("public-not-offered", "The server has no client secret, but the provider does not offer public clients."),
        ("secret-blanks", "The client secret begins or ends with a space."),
        ("method-refused", "The provider refuses the server's authentication method, but accepts another one."),
        ("secret-refused", "The provider refuses the client ID or the client secret."),
    ],
    judge: authentication,
    is_reach: false,
};

pub(in crate::doctor) static PKCE: DoctorCheck = DoctorCheck {
    name: "pkce",
    looks_at: "Checks whether the discovery document lists the PKCE method S256, without which Immich does not use PKCE.",
    causes: &[
        ("pkce-not-listed", "The discovery document does not list S256, so the server does not use PKCE."),
        ("pkce-plain", "The discovery document lists PKCE methods, but not S256, so the server does not use PKCE."),
        ("public-without-pkce", "The client has no secret, and the server does not use PKCE."),
        ("pkce-required", "The provider requires PKCE, but the discovery document does not list S256."),
    ],
    judge: pkce,
    is_reach: false,
};

pub(in crate::doctor) static SCOPE: DoctorCheck = DoctorCheck {
    name: "scope",
    looks_at: "Checks whether the scopes are written correctly, and the provider offers them.",
    causes: &[
        ("scope-commas", "The scopes are separated by commas instead of spaces."),
        ("no-openid", "The scope `openid` is missing, so the provider sends no ID token."),
        ("no-email", "The scope `email` is missing, so the provider may send no email."),
        ("scope-not-offered", "The provider does not list a scope that the server requests."),
        ("scope-refused", "The provider refuses the scopes that the server requests."),
    ],
    judge: scope,
    is_reach: false,
};

pub(in crate::doctor) static REDIRECT: DoctorCheck = DoctorCheck {
    name: "redirect-uri",
    looks_at: "Checks whether the redirect URIs of the web pages and the app are usable, and registered at the provider.",
    causes: &[
        ("override-empty", "The mobile redirect URI override is on, but its URI is empty or not a URL."),
        ("override-query", "The mobile redirect URI override has a query or fragment, which the token request lacks."),
        ("override-http", "The mobile redirect URI override begins with neither https nor http."),
        ("redirect-changed", "The server sends the provider a different redirect URI than the browser requested."),
        ("app-scheme", "The provider does not accept the app's redirect URI, and its override is off."),
        ("not-registered", "A redirect URI is not registered at the provider."),
        ("request-refused", "The provider refuses the authorization request for another reason."),
    ],
    judge: redirect,
    is_reach: false,
};

pub(in crate::doctor) static END_SESSION: DoctorCheck = DoctorCheck {
    name: "sign-out",
    looks_at: "Checks whether signing out at the server also signs end-users out at the provider.",
    causes: &[
        ("no-end-session", "The provider has no end-session endpoint, so end-users stay signed in there."),
        ("sign-out-long", "The sign-out URL contains the ID token, and is too long for many servers (`--sign-in`)."),
    ],
    judge: end_session,
    is_reach: false,
};

pub(in crate::doctor) static TIMEOUT: DoctorCheck = DoctorCheck {
    name: "timeout",
    looks_at: "Checks whether the server's timeout for requests to the provider takes effect and is long enough.",
    causes: &[
        ("timeout-overflow", "The timeout is so long that Immich's timer overflows, and every request fails at once."),
        ("timeout-short", "The timeout is shorter than a slow provider needs."),
    ],
    judge: timeout,
    is_reach: false,
};

fn authentication(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let metadata = evidence.metadata()?;
    let secret = evidence.settings.client_secret.as_deref();
    if secret.is_some_and(|secret| secret != secret.trim()) {
        let text = "The client secret begins or ends with a space.";
        let change = SettingLabel::CLIENT_SECRET.to("the client secret without the spaces");
        return Some(CheckOutcome::problem("secret-blanks", text).change(change));
    }
    let listed: Vec<&str> = metadata.list("token_endpoint_auth_methods_supported").collect();
    if let Some(judged) = probe::client_id(evidence) {
        return Some(judged);
    }
    let probed = sign_in::authentication(evidence).or_else(|| probe::authentication(evidence));
    if let Some(judged) = probed.clone().filter(|judged| judged.status != Status::Unknown) {
        return Some(judged);
    }
    // The default, where the document names none (OIDC Discovery §3).
    let offered = if listed.is_empty() { vec!["client_secret_basic"] } else { listed.clone() };
    let seen = match listed.as_slice() {
        [] => "token_endpoint_auth_methods_supported is missing; its default is client_secret_basic".to_owned(),
        _ => format!("token_endpoint_auth_methods_supported: {}", listed.join(", ")),
    };
    if secret == Some("") {
        return Some(if offered.contains(&"none") {
            CheckOutcome::ok("The provider offers public clients, which have no secret.")
        } else {
            let text = "The server has no client secret, but the provider does not offer public clients.";
            let change = SettingLabel::CLIENT_SECRET.to("the client secret that the provider shows");
            CheckOutcome::problem("public-not-offered", text).seen(seen).change(change)
        });
    }
    let Some(method) = evidence.settings.authentication.as_deref() else {
        return Some(
            CheckOutcome::unknown(
                "Only the server's settings show how the server authenticates at the token endpoint.",
            )
            .seen(seen),
        );
    };
    if !offered.contains(&method) {
        let text = match method {
            "client_secret_post" => {
                "The server sends the client secret in the request body, but the provider does not offer this method."
            }
            _ => "The server sends the client secret with HTTP Basic, but the provider does not offer this method.",
        };
        let best = ["client_secret_basic", "client_secret_post"].into_iter().find(|name| offered.contains(name));
        let change = best.map_or_else(
            || "Configure the provider to accept client_secret_basic or client_secret_post for this client.".to_owned(),
            |best| SettingLabel::AUTHENTICATION.to(best),
        );
        let is_default = listed.is_empty();
        let judged = if is_default { CheckOutcome::warning } else { CheckOutcome::problem };
        return Some(judged("method-not-offered", text).seen(seen).change(change));
    }
    let offers = || {
        CheckOutcome::ok(format!(
            "The provider offers {method}, which the server uses. Only --probe tests the client secret."
        ))
    };
    Some(probed.unwrap_or_else(offers))
}

fn pkce(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let methods: Vec<&str> = evidence.metadata()?.list("code_challenge_methods_supported").collect();
    if let Some(judged) = probe::pkce(evidence) {
        return Some(judged);
    }
    let is_public = evidence.settings.client_secret.as_deref() == Some("");
    if methods.contains(&"S256") {
        return Some(CheckOutcome::ok("The discovery document lists the PKCE method S256, so the server uses PKCE."));
    }
    let change = "If the provider requires PKCE for this client, configure it to list `S256` in \
                  `code_challenge_methods_supported`, or turn off the requirement.";
    if is_public {
        let text = "The client has no secret, and the server does not use PKCE, because the discovery document does \
                    not list S256. Anyone who steals a code can redeem it.";
        return Some(
            CheckOutcome::problem("public-without-pkce", text)
                .change("Give the client a secret at the provider, or turn on PKCE there."),
        );
    }
    let seen = format!("code_challenge_methods_supported: {}", methods.join(", "));
    Some(if methods.is_empty() {
        let text = "The discovery document does not list the PKCE method S256, so the server does not use PKCE. \
                    Sign-in fails if the provider requires it.";
        CheckOutcome::warning("pkce-not-listed", text).change(change)
    } else {
        let text = "The discovery document lists PKCE methods, but not S256, so the server does not use PKCE.";
        CheckOutcome::warning("pkce-plain", text).seen(seen).change(change)
    })
}

fn scope(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let scope = evidence.settings.scope.as_deref()?;
    if let Some(judged) = probe::scope(evidence) {
        return Some(judged);
    }
    let usual = || SettingLabel::SCOPE.to("openid email profile");
    if scope.contains([',', ';']) {
        let text = "The scopes are separated by commas, but OAuth requires spaces (RFC 6749 §3.3).";
        return Some(CheckOutcome::problem("scope-commas", text).seen(scope).change(usual()));
    }
    let scopes: Vec<&str> = scope.split_whitespace().collect();
    if !scopes.contains(&"openid") {
        let text = "The scope `openid` is missing, so the provider sends no ID token (OIDC Core §3.1.2.1).";
        return Some(CheckOutcome::problem("no-openid", text).seen(scope).change(usual()));
    }
    let offered: Vec<&str> = evidence.metadata()?.list("scopes_supported").collect();
    let strange: Vec<&str> = scopes.iter().copied().filter(|name| !offered.contains(name)).collect();
    if !offered.is_empty() && !strange.is_empty() {
        let text =
            format!("The provider does not list these scopes, which the server requests: {}.", strange.join(" and "));
        return Some(
            CheckOutcome::warning("scope-not-offered", text)
                .seen(format!("scopes_supported: {}", offered.join(", ")))
                .change("If sign-in fails with `invalid_scope`, allow these scopes for this client at the provider."),
        );
    }
    if !scopes.contains(&"email") {
        let text = "The scope `email` is missing, so the provider may send no email. Without an email, the server \
                    creates no account.";
        return Some(CheckOutcome::warning("no-email", text).seen(scope).change(usual()));
    }
    Some(CheckOutcome::ok(format!("The provider lists the scopes {scope}.")))
}

/// Products that do not take another scheme than http and https for clients of
/// web servers, as their documentation says.
const WEB_ONLY: &[&str] = &["google", "entra-id", "cloudflare-access", "synology"];

fn redirect(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let server = evidence.server.as_ref().filter(|server| server.version.is_ok())?;
    let hand_over = RedirectUri::MobileRedirect.at(&server.origin);
    if let Some(uri) = evidence.settings.app_redirect_uri.as_deref() {
        let right =
            || format!("{}\nAlso register this URI at the provider.", SettingLabel::APP_REDIRECT.to(&hand_over));
        let Ok(url) = Url::parse(uri) else {
            let text = "The mobile redirect URI override is on, but its URI is empty or not a URL.";
            return Some(CheckOutcome::problem("override-empty", text).change(right()));
        };
        if url.query().is_some() || url.fragment().is_some() {
            let text = "The mobile redirect URI override has a query or fragment, which the token request lacks.";
            return Some(CheckOutcome::problem("override-query", text).seen(uri).change(right()));
        }
        if !["https", "http"].contains(&url.scheme()) {
            let text = "The mobile redirect URI override begins with neither https nor http.";
            return Some(CheckOutcome::problem("override-http", text).seen(uri).change(right()));
        }
    }
    let page = RedirectUri::SignInPage.at(&server.origin);
    if let Ok(Beginning::At(url)) = &server.beginning {
        let sent = Url::parse(url).ok().and_then(|url| {
            url.query_pairs().find(|(name, _)| name == "redirect_uri").map(|(_, value)| value.into_owned())
        });
        if let Some(sent) = sent.filter(|sent| *sent != page) {
            let text = "The server sends the provider a different redirect URI than the browser requested.";
            let seen = format!("requested {page}, sent {sent}");
            let change = "Look for a proxy that rewrites requests to the server. If there is none, the server encodes \
                          the URI twice: report the bug to its developers.";
            return Some(CheckOutcome::problem("redirect-changed", text).seen(seen).change(change));
        }
    }
    if let Some(judged) = probe::request(evidence).or_else(|| probe::redirect(evidence)) {
        return Some(judged);
    }
    let uris = [RedirectUri::SignInPage, RedirectUri::SettingsPage, RedirectUri::App].map(|uri| uri.at(&server.origin));
    let product = evidence.provider.as_ref().and_then(|provider| provider.product);
    if let Some(product) = product.filter(|it| WEB_ONLY.contains(&it.0.name.as_str()))
        && evidence.server.as_ref().is_some_and(|server| server.settings.is_some())
        && evidence.settings.app_redirect_uri.is_none()
    {
        let text = format!(
            "{} does not accept the app's redirect URI, which has a scheme of its own, and the mobile redirect URI \
             override is off.",
            product.0.product
        );
        let change = format!("{}\nAlso register this URI at the provider.", SettingLabel::APP_REDIRECT.to(&hand_over));
        return Some(CheckOutcome::warning("app-scheme", text).change(change));
    }
    let text = format!(
        "Only --probe or a sign-in shows whether these redirect URIs are registered at the provider: {}.",
        uris.join(", ")
    );
    Some(CheckOutcome::unknown(text))
}

fn end_session(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let discovered = evidence.metadata()?.text("end_session_endpoint");
    let endpoint = evidence.settings.end_session.as_deref().unwrap_or(discovered);
    let length = sign_out_length(evidence, endpoint).filter(|length| *length > LONGEST_ADDRESS);
    Some(if let Some(length) = length {
        let text = format!(
            "The sign-out URL has {length} bytes, because it contains the ID token. Many servers refuse URLs of more \
             than {LONGEST_ADDRESS} bytes."
        );
        let change = "At the provider, remove large claims, such as groups, from the ID token.\nOr allow longer URLs \
                      at the provider and its proxy (nginx: `large_client_header_buffers`, Apache: \
                      `LimitRequestLine`).";
        CheckOutcome::warning("sign-out-long", text).change(change)
    } else if let Some(url) = &evidence.settings.end_session {
        CheckOutcome::ok(format!("After signing out, the server sends end-users to {url}."))
    } else if discovered.is_empty() {
        let text = "The provider has no end-session endpoint: end-users who sign out at the server stay signed in at \
                    the provider.";
        let change = SettingLabel::END_SESSION.to("the provider's sign-out URL, if it has one");
        CheckOutcome::warning("no-end-session", text)
            .change(format!("{change}\nImmich 3.0 and later have this setting."))
    } else {
        CheckOutcome::ok("The provider has an end-session endpoint.")
    })
}

/// What nginx and Apache accept of an address by default, about, in bytes.
const LONGEST_ADDRESS: usize = 8000;

/// Immich sends the ID token from this version on.
const HINT_SINCE: (u64, u64) = (3, 1);

/// Returns the length of the address for signing out, in bytes; `None` where the
/// ID token is not known, or the server does not send it there (OIDC RP-Initiated
/// Logout §2, `id_token_hint`).
fn sign_out_length(evidence: &DoctorEvidence, endpoint: &str) -> Option<usize> {
    let id_token = evidence.sign_in.as_ref()?.tokens()?.text("id_token")?;
    let version = evidence.server.as_ref().and_then(|server| server.version.as_ref().ok());
    let is_sent = version.is_none_or(|version| (version.major, version.minor) >= HINT_SINCE);
    (is_sent && !endpoint.is_empty()).then(|| endpoint.len() + "?id_token_hint=".len() + id_token.len())
}

/// From here on, in milliseconds, the timer of Immich 2.7.5 overflows: it takes
/// the number for seconds.
const OVERFLOW: u64 = 2_147_484;

/// Providers on small machines take longer, in milliseconds.
const SHORT: u64 = 1000;

fn timeout(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let timeout = evidence.settings.timeout?;
    let change = SettingLabel::TIMEOUT.to("30000");
    Some(match timeout {
        OVERFLOW.. => {
            let text = format!(
                "The timeout of {timeout} ms is so long that Immich's timer overflows, and every request fails at once."
            );
            CheckOutcome::problem("timeout-overflow", text).change(change)
        }
        ..SHORT => {
            let text = format!("The server waits only {timeout} ms for the provider; a slow provider needs longer.");
            CheckOutcome::warning("timeout-short", text).change(change)
        }
        _ => CheckOutcome::ok(format!("The server waits {timeout} ms for the provider.")),
    })
}
