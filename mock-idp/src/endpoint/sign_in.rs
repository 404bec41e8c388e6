//! The authorization endpoint's door for a person: the page instead of the
//! headers of a run. What the page is, [`crate::by_hand`] knows.

use super::exchange::{Answer, Exchange};
use crate::by_hand::{self, ByHand, Outcome, Visit, receive};

/// Who signs in, or what is to be said to the client instead.
pub(super) struct Decision {
    pub(super) end_user: String,
    pub(super) error: Option<(String, String)>,
    pub(super) cookie: Option<String>,
}

/// The page, or what was decided there. A request with the secret's header is
/// a program's, and none of this.
pub(super) fn by_hand<'a>(exchange: &Exchange<'a>) -> Option<&'a ByHand> {
    exchange.issuer.by_hand.get().filter(|_| exchange.header("mock-idp-secret").is_none())
}

pub(super) fn decide(
    exchange: &Exchange<'_>,
    by_hand: &ByHand,
    mistake: Option<(String, String)>,
) -> Result<Decision, Box<Answer>> {
    let outcome = receive(&Visit {
        issuer: exchange.issuer,
        by_hand,
        is_post: *exchange.method == axum::http::Method::POST,
        parameters: &exchange.parameters.to_pairs(),
        cookie: exchange.header("cookie"),
        host: exchange.header("host"),
        mistake: mistake.as_ref(),
    });
    match outcome {
        Outcome::Page { status, html, cookie } => Err(Box::new(page(status, html).header("set-cookie", cookie))),
        Outcome::Unseen => {
            let error = ("login_required".to_owned(), "nobody can sign in without being asked".to_owned());
            Ok(Decision { end_user: String::new(), error: Some(error), cookie: None })
        }
        Outcome::Decided { end_user, denied, cookie } => {
            let denied = denied.then(|| ("access_denied".to_owned(), "the end-user said no".to_owned()));
            Ok(Decision { end_user, error: denied.or(mistake), cookie: Some(cookie) })
        }
    }
}

/// A refusal, on a page for a person if one is served.
pub(super) fn refusal(by_hand: Option<&ByHand>, status: u16, text: &str) -> Answer {
    match by_hand {
        Some(_) => {
            page(status, by_hand::notice("This sign-in cannot go on", &format!("The provider refuses: {text}.")))
        }
        None => Answer::page(status, text),
    }
}

/// A page of HTML that others can neither frame nor keep.
pub(super) fn page(status: u16, html: String) -> Answer {
    let mut answer = Answer::page(status, &html);
    answer.transport.content_type = "text/html; charset=utf-8".into();
    by_hand::page_headers().into_iter().fold(answer, |answer, (name, value)| answer.header(name, value))
}
