//! The authorization endpoint for a person, who signs in on a page instead of
//! by headers. The page is in [`crate::person`].

use super::authorization_request::{AuthorizationRequest, mistake, redirect_uri};
use super::exchange::{Answer, Exchange};
use crate::end_user::SECRET;
use crate::interactive::Interactive;
use crate::person::page::{headers, notice};
use crate::person::{Outcome, Visit, receive};

/// What is remembered of the person who is asked here. A request with the
/// secret's header comes from a program, which cannot answer a page.
pub(super) fn interactive<'a>(exchange: &Exchange<'a>) -> Option<&'a Interactive> {
    exchange.issuer.interactive.get().filter(|_| exchange.header(SECRET).is_none())
}

/// Shows the page, or takes what was decided there.
pub(super) fn read(exchange: &Exchange<'_>, interactive: &Interactive) -> Result<AuthorizationRequest, Box<Answer>> {
    let redirect_uri = redirect_uri(exchange).map_err(|(status, text)| Box::new(refusal(status, &text)))?;
    let mistake = mistake(exchange);
    let outcome = receive(&Visit {
        issuer: exchange.issuer,
        interactive,
        is_post: *exchange.method == axum::http::Method::POST,
        parameters: &exchange.parameters.to_pairs(),
        cookie: exchange.header("cookie"),
        host: exchange.header("host"),
        mistake: mistake.as_ref(),
    });
    let request = |end_user, error, cookie| {
        AuthorizationRequest { redirect_uri, end_user, error, session: None, cookie }.resumed(exchange)
    };
    match outcome {
        Outcome::Page { status, html, cookie } => Err(Box::new(page(status, html).header("set-cookie", cookie))),
        Outcome::Unseen { last } => Ok(request(last.unwrap_or_default(), mistake, None)),
        Outcome::Decided { end_user, denied, cookie } => {
            let denied = denied.then(|| ("access_denied".to_owned(), "the end-user refused the sign-in".to_owned()));
            Ok(request(end_user, denied.or(mistake), Some(cookie)))
        }
    }
}

/// A refusal, on a page for a person if one is served.
fn refusal(status: u16, text: &str) -> Answer {
    page(status, notice("This sign-in cannot continue", &format!("The provider refuses: {text}.")))
}

/// A page of HTML that others can neither frame nor keep.
fn page(status: u16, html: String) -> Answer {
    let mut answer = Answer::page(status, &html);
    answer.transport.content_type = "text/html; charset=utf-8".into();
    headers().into_iter().fold(answer, |answer, (name, value)| answer.header(name, value))
}
