//! Sessions of Immich: where their tokens stand in answers, and what a token is
//! good for.

use super::answer::{answered, json_of, refusal};
use super::member::text;
use super::secrets::{SESSION_COOKIE, SESSION_COOKIES};
use super::{Account, ApiRoute, Immich, TargetError};
use crate::exchange::Exchange;
use crate::redaction::SecretKind;
use crate::user_agent::is_sendable;

/// The id of the account whose session an answer opens, where it says so.
pub(crate) fn session_account(answer: &Exchange) -> Option<String> {
    text(answer, "userId")
}

/// Whether an answer opens the session of an administrator, as it says.
pub(crate) fn is_administrators(answer: &Exchange) -> bool {
    answer.json().is_some_and(|body| body.get("isAdmin") == Some(&true.into()))
}

/// The session tokens that an answer may hold, each once: that of the body
/// first, which apps use, then those of cookies.
pub(crate) fn session_tokens(answer: &Exchange) -> Vec<String> {
    let cookies = answer.set_cookies().into_iter().filter(|cookie| cookie.name == SESSION_COOKIE);
    let mut tokens: Vec<String> = Vec::new();
    for token in text(answer, "accessToken").into_iter().chain(cookies.map(|cookie| cookie.value)) {
        if !token.is_empty() && !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    tokens
}

/// Whether an answer refuses a sign-in, and sets a cookie by which a browser
/// shows a session, or knows that it has one.
pub(crate) fn refuses_with_session_cookies(answer: &Exchange) -> bool {
    let is_sign_in = [ApiRoute::CALLBACK, ApiRoute::PASSWORD_SIGN_IN].iter().any(|route| route.is_of(answer));
    let mut cookies = answer.set_cookies().into_iter();
    // A redirect with a token signs in.
    let is_redirect = answer.status.is_some_and(|status| (300..400).contains(&status));
    let is_refusal = answer.is_error() || is_redirect && session_tokens(answer).is_empty();
    is_refusal
        && is_sign_in
        && cookies.any(|cookie| SESSION_COOKIES.contains(&cookie.name.as_str()) && !cookie.is_cleared())
}

impl Immich {
    /// The account whose session a token opens, as the server tells its owner;
    /// `None` if the token does not work.
    pub async fn session(&self, token: &str) -> Result<Option<Account>, TargetError> {
        self.secrets().add(SecretKind::Session, token);
        let exchange = self.look_as(token).await?;
        self.session_owner(&exchange)
    }

    /// The same of a value that may be no token at all: only one that works is
    /// a secret, and one that the server calls malformed opens nothing.
    pub async fn opened(&self, text: &str) -> Result<Option<Account>, TargetError> {
        let exchange = self.look_as(text).await?;
        if exchange.status == Some(400) { Ok(None) } else { self.session_owner(&exchange) }
    }

    /// Asks for the account that a token opens.
    async fn look_as(&self, token: &str) -> Result<Exchange, TargetError> {
        if !is_sendable(token) {
            let found = "no header can hold it".to_owned();
            return Err(TargetError::Unreadable { what: "session token", found });
        }
        self.send_with(token, ApiRoute::OWN_ACCOUNT).await
    }

    /// The account in the answer; `None` if that refuses the token.
    fn session_owner(&self, exchange: &Exchange) -> Result<Option<Account>, TargetError> {
        let unreadable = |found| TargetError::Unreadable { what: "account of a session", found };
        match answered(self.secrets(), exchange)? {
            200 => Account::of(json_of(self.secrets(), exchange)?).map(Some).map_err(unreadable),
            401 | 403 => Ok(None),
            status => Err(refusal(self.secrets(), exchange, ApiRoute::OWN_ACCOUNT.path(), status)),
        }
    }

    /// Whether a token still opens the list of sessions, asked for with a cookie,
    /// as a browser does. The server may check it otherwise than a bearer token
    /// at another route.
    ///
    /// # Errors
    /// No answer comes.
    pub async fn lists_sessions(&self, token: &str) -> Result<bool, TargetError> {
        let mut request = self.request(ApiRoute::SESSIONS)?;
        request.headers.push(("cookie".to_owned(), format!("{SESSION_COOKIE}={token}")));
        let exchange = self.send(request).await?;
        let status = answered(self.secrets(), &exchange)?;
        Ok(status == 200 && exchange.json().is_some_and(|body| body.is_array()))
    }

    /// Ends the session that a token opens. Returns whether it is over.
    pub async fn end_session(&self, token: &str) -> Result<bool, TargetError> {
        answered(self.secrets(), &self.send_with(token, ApiRoute::LOGOUT).await?)?;
        self.session(token).await.map(|account| account.is_none())
    }

    /// Asks as the owner of a session.
    async fn send_with(&self, token: &str, route: ApiRoute) -> Result<Exchange, TargetError> {
        let mut request = self.request(route)?;
        request.headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        self.send(request).await
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("{}", &[], &[])]
    #[case::the_same("{\"accessToken\": \"a\"}", &["immich_access_token=a; Path=/"], &["a"])]
    #[case::another_in_a_cookie("{\"accessToken\": \"a\"}", &["immich_access_token=b"], &["a", "b"])]
    #[case::an_empty_one_hides_none("{\"accessToken\": \"\"}", &["immich_access_token=b"], &["b"])]
    #[case::cleared("<html>", &["immich_access_token=; Max-Age=0", "other=c"], &[])]
    fn finds_every_token_of_an_answer(#[case] body: &str, #[case] cookies: &[&str], #[case] tokens: &[&str]) {
        let header = |text: &&str| ("set-cookie".to_owned(), (*text).to_owned());
        let response_headers = cookies.iter().map(header).collect();
        let answer = Exchange { response_body: body.to_owned(), response_headers, ..Exchange::default() };
        assert_eq!(session_tokens(&answer), tokens);
    }
}
