//! `/`: what to enter at the relying party, and forms that turn quirks on and
//! off and edit end-users. Scripts use the control API instead.
//!
//! The forms need no secret on loopback. A browser says in `Origin` which page
//! sends a form: only this page may.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::context::Context;
use super::inspector::refusal;
use crate::interactive::Interactive;
use crate::issuer::Issuer;
use crate::person::page::{self, brand, shell};
use crate::person::{EndUserTable, table};
use crate::protocol::Endpoint;
use crate::quirk::{Deviations, QUIRKS, written};

pub(super) fn routes() -> Router<Context> {
    Router::new().route("/", get(show).post(change)).route("/favicon.ico", get(icon))
}

/// Browsers ask for it beside every page that is not ours, such as a JSON
/// document.
async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], page::icon())
}

async fn show(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Response> {
    let (issuer, interactive) = context.open()?;
    if let Some(refusal) = refusal(&context, interactive, &headers) {
        return Ok(refusal);
    }
    Ok(whole(&context, issuer, interactive, StatusCode::OK, None))
}

/// A form of the page.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum PageChange {
    /// `NAME` or `NAME=VALUE`.
    TurnOn {
        quirk: String,
    },
    TurnOff {
        quirk: String,
    },
    /// All claims of an end-user, as JSON.
    Save {
        name: String,
        claims: String,
    },
    Remove {
        name: String,
    },
}

impl PageChange {
    /// Makes the change, or says what is wrong with it.
    fn make(self, issuer: &Issuer) -> Result<(), String> {
        let (mut quirks, overlay) = issuer.deviations().tables();
        let mut end_users = issuer.end_users();
        match self {
            Self::TurnOn { quirk } => {
                let (name, value) = written(quirk.trim());
                quirks.insert(name, value);
            }
            Self::TurnOff { quirk } => _ = quirks.shift_remove(&quirk),
            Self::Save { name, claims } => {
                let name = name.trim();
                if name.is_empty() {
                    return Err("Enter a name for the end-user.".to_owned());
                }
                let own: EndUserTable = serde_json::from_str(&claims)
                    .map_err(|error| format!("The claims of {name} are invalid: {error}"))?;
                end_users.insert(name.to_owned(), own.named(name));
            }
            Self::Remove { name } => _ = end_users.shift_remove(&name),
        }
        issuer.set_deviations(Deviations::parse(&quirks, &overlay).map_err(|error| error.to_string())?);
        issuer.set_end_users(end_users);
        Ok(())
    }
}

async fn change(
    State(context): State<Context>,
    headers: HeaderMap,
    form: Result<Form<PageChange>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Response> {
    let (issuer, interactive) = context.open()?;
    if let Some(refusal) = refusal(&context, interactive, &headers) {
        return Ok(refusal);
    }
    if !is_of_this_page(&headers) {
        let text = "The provider accepts this form only from its own page. Scripts use the control API.";
        return Ok(
            (StatusCode::FORBIDDEN, page::headers(), Html(page::notice("Request refused", text))).into_response()
        );
    }
    let made = form.map_err(|error| error.body_text()).and_then(|Form(change)| change.make(issuer));
    Ok(match made {
        Ok(()) => Redirect::to("/").into_response(),
        Err(problem) => whole(&context, issuer, interactive, StatusCode::UNPROCESSABLE_ENTITY, Some(&problem)),
    })
}

/// Whether the browser says that the form comes from a page of the host to which
/// it is sent (RFC 6454 §7).
fn is_of_this_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let authority = |url: Url| {
        Some(format!("{}{}", url.host_str()?, url.port().map(|port| format!(":{port}")).unwrap_or_default()))
    };
    let origin = text(header::ORIGIN).and_then(|origin| Url::parse(origin).ok()).and_then(authority);
    let host = text(header::HOST).and_then(|host| Url::parse(&format!("http://{host}")).ok()).and_then(authority);
    origin.is_some() && origin == host
}

fn whole(
    context: &Context,
    issuer: &Issuer,
    interactive: &Interactive,
    status: StatusCode,
    problem: Option<&str>,
) -> Response {
    let body = html! {
        main {
            (brand(Some(issuer.url())))
            @if let Some(problem) = problem { p.error role="alert" { (problem) } }
            (entrance(context, issuer, interactive))
            (quirks(issuer))
            (end_users(issuer))
            p { a href="/inspect" { "Inspector: every request, as it arrives" } }
        }
    };
    (status, page::headers(), Html(shell("mock-idp", "wide", false, &body))).into_response()
}

/// What to enter where.
fn entrance(context: &Context, issuer: &Issuer, interactive: &Interactive) -> Markup {
    let client = &issuer.state.publication().client;
    html! {
        section.card {
            h1 { "Enter this at the relying party" }
            dl.facts {
                @if let Some(profile) = context.profile.get().copied().flatten() {
                    dt { "Imitates" } dd { (profile.product) ", " (profile.version) }
                }
                dt { "Issuer URL" } dd { code { (issuer.url()) } }
                dt { "Client ID" } dd { code { (client.id) } }
                dt { "Client secret" }
                dd {
                    @match &client.secret {
                        None => "none, because it is a public client",
                        Some(_) if interactive.is_exposed => "the provider printed it when it started",
                        Some(secret) => code { (secret) },
                    }
                }
                dt { "Redirect URIs" }
                dd {
                    @if client.redirect_uris.is_empty() { "any" }
                    @for uri in &client.redirect_uris { code { (uri) } br; }
                }
                dt { "Sign-in page" } dd { code { (issuer.state.endpoint_url(Endpoint::Authorization)) } }
            }
            p.quiet { "The sign-in page is where the relying party sends the browser." }
        }
    }
}

fn quirks(issuer: &Issuer) -> Markup {
    let (active, _) = issuer.deviations().tables();
    html! {
        section.card {
            h2 { "Quirks" }
            @if active.is_empty() { p { "None: the provider follows the specifications." } }
            @for (name, value) in &active {
                form.row method="post" action="/" {
                    input type="hidden" name="do" value="turn-off";
                    input type="hidden" name="quirk" value=(name);
                    p.grow {
                        code { (name) @if *value != Value::Bool(true) { "=" (value) } }
                        " " (crate::quirk::quirk(name).map(|quirk| quirk.text).unwrap_or_default())
                    }
                    button { "Turn off" }
                }
            }
            form.row method="post" action="/" {
                input type="hidden" name="do" value="turn-on";
                label.grow {
                    "Quirk, as " code { "name" } " or " code { "name=value" }
                    input name="quirk" list="quirks" required autocomplete="off" spellcheck="false";
                }
                datalist #quirks { @for quirk in QUIRKS { option value=(quirk.name) { (quirk.text) } } }
                button.primary { "Turn on" }
            }
        }
    }
}

fn end_users(issuer: &Issuer) -> Markup {
    html! {
        section.card {
            h2 { "End-users" }
            @for (name, end_user) in &issuer.end_users() {
                details {
                    summary { (name) }
                    (end_user_form(name, &format!("{:#}", Value::Object(table(end_user))), false))
                    form.row method="post" action="/" {
                        input type="hidden" name="do" value="remove";
                        input type="hidden" name="name" value=(name);
                        button { "Remove " (name) }
                    }
                }
            }
            details {
                summary { "Add an end-user" }
                (end_user_form("", "{\n  \"email\": \"erin@example.test\",\n  \"email_verified\": true\n}", true))
            }
        }
    }
}

fn end_user_form(name: &str, claims: &str, is_new: bool) -> Markup {
    html! {
        form.claims method="post" action="/" {
            input type="hidden" name="do" value="save";
            @if is_new { label { "Name" input name="name" required autocomplete="off"; } }
            @else { input type="hidden" name="name" value=(name); }
            label { "Claims, as JSON" textarea name="claims" rows="8" spellcheck="false" { (claims) } }
            button.primary { "Save" }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("http://127.0.0.1:9000"), true)]
    #[case(Some("https://127.0.0.1:9000"), true)]
    #[case(Some("http://127.0.0.1:9001"), false)]
    #[case(Some("http://evil.example"), false)]
    #[case(Some("null"), false)]
    #[case(None, false)]
    fn only_this_page_sends_forms(#[case] origin: Option<&str>, #[case] expected: bool) {
        let host = (header::HOST, "127.0.0.1:9000".parse().unwrap());
        let origin = origin.map(|origin| (header::ORIGIN, origin.parse().unwrap()));
        assert_eq!(is_of_this_page(&std::iter::once(host).chain(origin).collect()), expected);
    }
}
