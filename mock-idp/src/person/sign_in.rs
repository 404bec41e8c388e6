//! A person at the authorization endpoint: shown the page, or heard.
//!
//! Stateless. The form brings the request back with it, bound to the browser
//! by a token (RFC 6749 §10.12); what the person typed comes back when there
//! is something to mend.

use std::collections::BTreeMap;

use serde::de::Error;

use super::browser_cookie::BrowserCookie;
use super::end_user_table::{EndUserTable, table};
use super::sign_in_page::{CLAIMS, Card, Complaint, DECISION, NEWCOMER, SignInPage, TOKEN, render, render_locked};
use super::{access, page};
use crate::end_user::{END_USER, EndUser, SECRET};
use crate::interactive::Interactive;
use crate::issuer::State;
use crate::protocol::{first_named, is_same_secret};

/// Fields of the form begin with this; no parameter of a request does.
const OURS: &str = "mock-idp-";

/// A request whose client and redirect URI are right.
#[derive(Debug)]
pub(crate) struct Visit<'a> {
    pub(crate) issuer: &'a State,
    pub(crate) interactive: &'a Interactive,
    pub(crate) is_post: bool,
    pub(crate) parameters: &'a [(String, String)],
    pub(crate) cookie: Option<&'a str>,
    pub(crate) host: Option<&'a str>,
    /// What is wrong with the request, if something is.
    pub(crate) mistake: Option<&'a (String, String)>,
}

/// What comes of a visit.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A page is shown.
    Page { status: u16, html: String, cookie: String },
    /// The client asked not to show any (OIDC Core §3.1.2.1, `prompt`). Whom
    /// the browser signed in last, if it may say so.
    Unseen { last: Option<String> },
    /// The person decided.
    Decided { end_user: String, denied: bool, cookie: String },
}

impl Visit<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        first_named(self.parameters, name)
    }

    /// Whether this browser may see the end-users: at an exposed provider, the
    /// user must have entered the secret.
    fn lets_in(&self, browser: &BrowserCookie) -> bool {
        !self.interactive.is_exposed || browser.is_proven(&self.issuer.secret)
    }

    /// The request itself, without what the form adds.
    fn request(&self) -> Vec<(String, String)> {
        self.parameters.iter().filter(|(name, _)| !name.starts_with(OURS)).cloned().collect()
    }
}

/// Shows the page, or takes what was decided there.
pub(crate) fn receive(visit: &Visit<'_>) -> Outcome {
    let known = BrowserCookie::read(visit.cookie);
    let mut browser = known.clone().unwrap_or_else(|| BrowserCookie::fresh(visit.issuer.random_text(22)));
    if !visit.interactive.is_exposed && !access::is_local_name(visit.host) {
        let html = page::notice(
            "Wrong host name",
            "This page is available only under a host name of this computer, such as localhost.",
        );
        return Outcome::Page { status: 403, html, cookie: browser.write(visit.interactive.is_https) };
    }
    let posted = visit.is_post && visit.parameter(TOKEN).is_some();
    if !posted {
        if visit.parameter("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "none")) {
            return Outcome::Unseen { last: browser.last.clone().filter(|_| visit.lets_in(&browser)) };
        }
        // A link fills in no form.
        return show(&Visit { parameters: &visit.request(), ..*visit }, &browser, 200, None);
    }
    // Without the cookie, the form is not from this browser.
    let right = known.is_some_and(|known| {
        let right = known.form_token(&visit.issuer.secret, &visit.request());
        visit.parameter(TOKEN).is_some_and(|given| is_same_secret(given, &right))
    });
    if !right {
        let text = "This form was opened in another browser, or before the provider started. Use the new form below. \
                    If this message comes again, allow cookies for this page."
            .to_owned();
        let afresh = Visit { parameters: &visit.request(), ..*visit };
        return show(&afresh, &browser, 403, Some(Complaint { text, field: None }));
    }
    if !visit.lets_in(&browser) {
        let secret = &visit.issuer.secret;
        if !visit.parameter(SECRET).is_some_and(|given| is_same_secret(given.trim(), secret)) {
            let text = "Wrong secret. The provider printed the secret when it started.".to_owned();
            return show(visit, &browser, 400, Some(Complaint { text, field: Some(SECRET.to_owned()) }));
        }
        browser.prove(secret);
        return show(visit, &browser, 200, None);
    }
    match decide(visit, &mut browser) {
        Ok((end_user, denied)) => {
            Outcome::Decided { end_user, denied, cookie: browser.write(visit.interactive.is_https) }
        }
        Err(complaint) => show(visit, &browser, 400, Some(complaint)),
    }
}

/// What the person wants; claims that were edited are the end-user's from now.
fn decide(visit: &Visit<'_>, browser: &mut BrowserCookie) -> Result<(String, bool), Complaint> {
    let chosen = visit.parameter(END_USER).unwrap_or_default();
    if visit.parameter(DECISION) == Some("deny") {
        return Ok((chosen.to_owned(), true));
    }
    let before = visit.issuer.end_user(chosen);
    if before.is_none() && chosen != NEWCOMER {
        let text = "Choose an end-user.".to_owned();
        return Err(Complaint { text, field: None });
    }
    let field = format!("{CLAIMS}{chosen}");
    let edited = visit.parameter(&field).map(|text| claims(chosen, text)).transpose();
    let edited = edited.map_err(|text| Complaint { text, field: Some(field.clone()) })?;
    let name = match (&edited, chosen) {
        (Some(newcomer), NEWCOMER) => newcomer.sub.clone(),
        _ => chosen.to_owned(),
    };
    if chosen == NEWCOMER && (name == NEWCOMER || visit.issuer.end_user(&name).is_some()) {
        let text = format!("There is already an end-user `{name}`. Enter another `sub` for the new end-user.");
        return Err(Complaint { text, field: Some(field) });
    }
    if let Some(end_user) = edited.filter(|edited| before.as_deref() != Some(edited)) {
        visit.issuer.set_end_user(name.clone(), end_user);
    }
    browser.last = Some(name.clone());
    visit.interactive.learn(visit.parameter("redirect_uri").unwrap_or_default());
    Ok((name, false))
}

/// Reads what was typed as claims.
fn claims(name: &str, text: &str) -> Result<EndUser, String> {
    let read = serde_json::from_str::<EndUserTable>(text).and_then(|table| match (&table.sub, name) {
        (None, NEWCOMER) => Err(serde_json::Error::custom("a new end-user needs a `sub`")),
        _ => Ok(table.named(name)),
    });
    read.map_err(|error| format!("These claims are not valid: {error}. Enter them as one JSON object."))
}

fn show(visit: &Visit<'_>, browser: &BrowserCookie, status: u16, complaint: Option<Complaint>) -> Outcome {
    let issuer = visit.issuer;
    let request = visit.request();
    let token = browser.form_token(&issuer.secret, &request);
    let page = |html| Outcome::Page { status, html, cookie: browser.write(visit.interactive.is_https) };
    if !visit.lets_in(browser) {
        return page(render_locked(&issuer.url, &request, &token, complaint.as_ref()));
    }
    let typed: BTreeMap<&str, &str> = visit.parameters.iter().map(|(name, value)| (&**name, &**value)).collect();
    let end_users = issuer.end_users();
    let hint = visit.parameter("login_hint");
    let hinted = |hint: &str| {
        let is_meant = |user: &EndUser| {
            user.sub == hint
                || ["email", "preferred_username"]
                    .iter()
                    .any(|claim| user.claims.get(*claim).is_some_and(|value| value == hint))
        };
        end_users.iter().find(|(name, user)| *name == hint || is_meant(user)).map(|(name, _)| name.as_str())
    };
    let remembered = browser.last.as_deref().filter(|last| end_users.contains_key(*last));
    let first = || end_users.keys().next().map(String::as_str);
    let chosen = typed.get(END_USER).copied().or_else(|| hint.and_then(hinted)).or(remembered).or_else(first);
    let newcomer = EndUser::default();
    let accounts = end_users.iter().map(|(name, user)| (name.as_str(), &**user)).chain([(NEWCOMER, &newcomer)]);
    let cards = accounts.map(|(name, end_user)| {
        let original = if name == NEWCOMER { template(issuer) } else { pretty(end_user) };
        let claims = typed.get(format!("{CLAIMS}{name}").as_str()).map_or(original, |text| (*text).to_owned());
        Card { name, end_user, claims, is_chosen: chosen.unwrap_or(NEWCOMER) == name }
    });
    page(render(&SignInPage {
        issuer,
        interactive: visit.interactive,
        request: &request,
        cards: cards.collect(),
        token,
        mistake: visit.mistake,
        complaint,
    }))
}

fn pretty(end_user: &EndUser) -> String {
    format!("{:#}", serde_json::Value::Object(table(end_user)))
}

/// The form's value for a new end-user; no end-user has that name.
fn template(issuer: &State) -> String {
    let name = format!("new-{}", issuer.random_text(6).to_lowercase());
    let claims = serde_json::json!({
        "sub": name,
        "email": format!("{name}@example.test"),
        "email_verified": true,
        "name": "New End-User",
        "preferred_username": name,
    });
    format!("{claims:#}")
}
