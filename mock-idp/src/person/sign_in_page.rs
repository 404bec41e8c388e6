//! The page on which a person signs in, and the one before it where others can
//! reach the provider, which only asks for the secret. Rendering
//! only; what is typed there is read in [`super::visit`].

use maud::{Markup, html};
use serde_json::Value;

use super::page::{brand, pairs, prose, shell};
use crate::end_user::{END_USER, EndUser, SECRET};
use crate::interactive::Interactive;
use crate::issuer::State;
use crate::protocol::{first_named, text_of};
use crate::quirk::quirk;

/// The field that binds the form to the browser.
pub(super) const TOKEN: &str = "mock-idp-form";
/// The field that says yes or no.
pub(super) const DECISION: &str = "mock-idp-decision";
/// The field of claims, followed by the name of the end-user.
pub(super) const CLAIMS: &str = "mock-idp-claims.";
/// The choice of a new end-user.
pub(super) const NEWCOMER: &str = "+";

/// Something to mend.
pub(super) struct Complaint {
    pub(super) text: String,
    /// The name of the field it is about.
    pub(super) field: Option<String>,
}

/// Everything that the page shows.
pub(super) struct SignInPage<'a> {
    pub(super) issuer: &'a State,
    pub(super) interactive: &'a Interactive,
    pub(super) request: &'a [(String, String)],
    pub(super) cards: Vec<Card<'a>>,
    pub(super) token: String,
    pub(super) mistake: Option<&'a (String, String)>,
    pub(super) complaint: Option<Complaint>,
}

/// One who can sign in.
pub(super) struct Card<'a> {
    pub(super) name: &'a str,
    pub(super) end_user: &'a EndUser,
    /// What stands in the box, as it was typed last.
    pub(super) claims: String,
    pub(super) is_chosen: bool,
}

impl SignInPage<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        first_named(self.request, name)
    }

    /// What is to be said of a field.
    fn about(&self, field: &str) -> Option<&str> {
        about(self.complaint.as_ref(), field)
    }
}

pub(super) fn render(page: &SignInPage<'_>) -> String {
    let publication = page.issuer.publication();
    let client = &publication.client.id;
    let body = html! {
        main {
            (brand(Some(&page.issuer.url)))
            form method="post" action="?" {
                (hidden(page.request, &page.token))
                section.card {
                    h1 { "Sign in to " (client) }
                    (facts(page))
                    @if let Some((code, text)) = page.mistake {
                        div.note.bad role="status" {
                            p { "This request has an error: " (text) ". The provider will return " code { (code) } " to the client." }
                        }
                    }
                    (deviations(page.issuer))
                }
                section.card {
                    (general(page.complaint.as_ref()))
                    fieldset {
                        legend { "Who signs in?" }
                        div.people {
                            @for (index, card) in page.cards.iter().enumerate() {
                                (person(page, card, index))
                            }
                        }
                    }
                    div.actions {
                        button.primary type="submit" name=(DECISION) value="allow" { "Sign in" }
                        button type="submit" name=(DECISION) value="deny" formnovalidate { "Deny" }
                    }
                }
            }
            details.more {
                summary { "All parameters of the request" }
                (pairs(page.request))
            }
            @if !page.interactive.is_exposed {
                p.more { a href="/inspect" target="_blank" { "Show the requests in the inspector" } }
            }
        }
    };
    shell(&format!("Sign in to {client}"), "narrow", false, &body)
}

/// The page of a browser in which the secret was not typed yet.
pub(super) fn render_locked(
    issuer: &str,
    request: &[(String, String)],
    token: &str,
    complaint: Option<&Complaint>,
) -> String {
    let error = about(complaint, SECRET);
    let described = if error.is_some() { "secret-error secret-hint" } else { "secret-hint" };
    let body = html! {
        main {
            (brand(Some(issuer)))
            form method="post" action="?" {
                (hidden(request, token))
                section.card {
                    h1 { "Enter the secret of this provider" }
                    (general(complaint))
                    div.secret {
                        label for="secret" { "Secret of this provider" }
                        input id="secret" name=(SECRET) type="password" required autocomplete="current-password"
                            autocapitalize="off" spellcheck="false" aria-describedby=(described)
                            aria-invalid=[error.map(|_| "true")] autofocus;
                        @if let Some(error) = error {
                            p.error id="secret-error" role="alert" { (error) }
                        }
                        p.hint id="secret-hint" {
                            "Other machines can reach this provider, so it asks each browser once for its secret, \
                             before it lists end-users. The provider printed the secret when it started."
                        }
                    }
                    div.actions { button.primary type="submit" { "Continue" } }
                }
            }
        }
    };
    shell("Secret of this provider", "narrow", false, &body)
}

/// The request, which comes back with the form, and what binds it to the
/// browser.
fn hidden(request: &[(String, String)], token: &str) -> Markup {
    html! {
        @for (name, value) in request {
            input type="hidden" name=(name) value=(value);
        }
        input type="hidden" name=(TOKEN) value=(token);
    }
}

/// What there is to say of one field.
fn about<'a>(complaint: Option<&'a Complaint>, field: &str) -> Option<&'a str> {
    let complaint = complaint?;
    (complaint.field.as_deref() == Some(field)).then_some(complaint.text.as_str())
}

/// What there is to say of the form as a whole.
fn general(complaint: Option<&Complaint>) -> Markup {
    html! {
        @if let Some(complaint) = complaint.filter(|complaint| complaint.field.is_none()) {
            div.note.bad.first role="alert" { p { (complaint.text) } }
        }
    }
}

fn facts(page: &SignInPage<'_>) -> Markup {
    let redirect_uri = page.parameter("redirect_uri").unwrap_or_default();
    let registered = page.issuer.publication().client.redirect_uris.iter().any(|uri| uri == redirect_uri);
    let scopes: Vec<&str> = page.parameter("scope").unwrap_or_default().split_whitespace().collect();
    html! {
        dl.facts {
            dt { "The client wants to" }
            dd {
                ul.scopes {
                    @for scope in &scopes {
                        li {
                            @match words_for(scope) {
                                Some(words) => { (words) " " code.quiet { (scope) } },
                                None => { "Use the scope " code.quiet { (scope) } },
                            }
                        }
                    }
                    @if scopes.is_empty() {
                        li { "Do nothing, because the request has no scope" }
                    }
                }
            }
            dt { "Redirects to" }
            dd { code { (redirect_uri) } }
            dt { "Protection" }
            dd { (protection(page)) }
        }
        @if !registered {
            div.note.odd {
                p { "No redirect URI is registered, so the provider accepts any. It does so only while no other \
                     machine can reach it." }
            }
        }
    }
}

/// What a scope asks for.
fn words_for(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "openid" => "Know who you are",
        "email" => "See your email address",
        "profile" => "See your name and profile",
        "phone" => "See your phone number",
        "address" => "See your postal address",
        "offline_access" => "Keep access while you are away",
        "groups" => "See the groups you are in",
        "roles" => "See the roles you have",
        _ => return None,
    })
}

/// What the client does against code injection and forgery (RFC 9700 §4.5).
fn protection(page: &SignInPage<'_>) -> String {
    let method = page.parameter("code_challenge_method").unwrap_or("plain");
    let pkce = match page.parameter("code_challenge") {
        Some(_) => format!("PKCE ({method}): yes"),
        None => "PKCE: no".to_owned(),
    };
    let with = |name: &str| format!("{name}: {}", if page.parameter(name).is_some() { "yes" } else { "no" });
    format!("{pkce}; {}; {}", with("state"), with("nonce"))
}

fn deviations(issuer: &State) -> Markup {
    let names = issuer.deviations().names();
    html! {
        @if !names.is_empty() {
            div.note.odd {
                p { "The provider misbehaves on purpose:" }
                ul {
                    @for name in &names {
                        li { b { (name) } @if let Some(quirk) = quirk(name) { ". " (prose(quirk.text)) } }
                    }
                }
            }
        }
    }
}

fn person(page: &SignInPage<'_>, card: &Card<'_>, index: usize) -> Markup {
    let field = format!("{CLAIMS}{}", card.name);
    let error = page.about(&field);
    let (id, radio) = (format!("claims-{index}"), format!("person-{index}"));
    let (hint, trouble) = (format!("hint-{index}"), format!("error-{index}"));
    let claim = |name: &str| card.end_user.claims.get(name).and_then(Value::as_str);
    let is_new = card.name == NEWCOMER;
    let shown = if is_new { "A new end-user" } else { claim("name").unwrap_or(card.name) };
    let initial: String =
        if is_new { "+".to_owned() } else { shown.chars().take(1).flat_map(char::to_uppercase).collect() };
    let described = if error.is_some() { format!("{trouble} {hint}") } else { hint.clone() };
    html! {
        div.person {
            label for=(radio) {
                input type="radio" id=(radio) name=(END_USER) value=(card.name) required checked[card.is_chosen];
                span.face aria-hidden="true" { (initial) }
                span.who {
                    strong { (shown) }
                    small {
                        @if is_new {
                            "Has the claims that you enter"
                        } @else {
                            (claim("email").unwrap_or("no email"))
                            @for (name, value) in others(card.end_user) {
                                " · " (name) ": " (value)
                            }
                        }
                    }
                }
            }
            details open[error.is_some()] {
                summary { "Edit claims" span.unseen { " of " (shown) } }
                label.quiet for=(id) { "Claims, as a JSON object" }
                textarea id=(id) name=(field) spellcheck="false" autocapitalize="off" autocomplete="off"
                    aria-describedby=(described) aria-invalid=[error.map(|_| "true")] autofocus[error.is_some()] {
                    // A first line break would be swallowed.
                    "\n" (card.claims)
                }
                @if let Some(error) = error {
                    p.error id=(trouble) role="alert" { (error) }
                }
                p.hint id=(hint) { "The changes last until the provider stops." }
            }
        }
    }
}

/// Claims beyond those of every end-user, which are worth a look.
fn others(end_user: &EndUser) -> impl Iterator<Item = (&str, String)> {
    const USUAL: &[&str] = &["email", "email_verified", "name", "preferred_username"];
    let rare = end_user.claims.iter().filter(|(name, _)| !USUAL.contains(&name.as_str()));
    rare.map(|(name, value)| match value {
        Value::Array(list) => (name.as_str(), list.iter().map(text_of).collect::<Vec<_>>().join(", ")),
        one => (name.as_str(), text_of(one)),
    })
}
