//! Sessions of Immich: where their tokens stand in answers, and what a token is
//! good for.

use super::answer::{answered, json_of, refusal};
use super::member::text;
use super::secret_names::SESSION_COOKIE;
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

impl Immich {
    /// The account whose session a token opens, as the server tells its owner;
    /// `None` if the token does not work.
    pub async fn session(&self, token: &str) -> Result<Option<Account>, TargetError> {
        self.secrets().add(SecretKind::Session, token);
        if !is_sendable(token) {
            let found = "no header can hold it".to_owned();
            return Err(TargetError::Unreadable { what: "session token", found });
        }
        let exchange = self.send_with(token, ApiRoute::OWN_ACCOUNT).await?;
        let unreadable = |found| TargetError::Unreadable { what: "account of a session", found };
        match answered(self.secrets(), &exchange)? {
            200 => Account::of(json_of(self.secrets(), &exchange)?).map(Some).map_err(unreadable),
            401 | 403 => Ok(None),
            status => Err(refusal(self.secrets(), &exchange, ApiRoute::OWN_ACCOUNT.path(), status)),
        }
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
