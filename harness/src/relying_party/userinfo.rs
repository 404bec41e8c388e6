//! `UserInfo` (OIDC Core §5.3), and whether it is about the end-user of the ID
//! token.

use serde_json::{Map, Value};

use super::answer::{Answer, FetchError, NotAnObject};
use super::fetcher::{Fetcher, ProviderRequest};
use super::jwt::{Jwt, UnreadableJwt};

/// What came from `UserInfo`.
#[derive(Debug)]
pub struct UserInfo {
    /// The answer.
    pub answer: Answer,
    /// What its body is.
    pub body: UserInfoBody,
}

/// What the body of an answer is.
#[derive(Debug)]
pub enum UserInfoBody {
    /// Plain claims.
    Claims(Map<String, Value>),
    /// A JWT, as it came and read.
    Token(String, Jwt),
    /// Neither.
    Neither(NotAnObject, UnreadableJwt),
}

/// Asks `UserInfo` with an access token (RFC 6750 §2.1). `query` is added to the
/// address.
pub async fn userinfo(
    fetcher: Fetcher<'_>,
    address: &str,
    access_token: &str,
    query: Vec<(&'static str, String)>,
) -> Result<UserInfo, FetchError> {
    let authorization = Some(format!("Bearer {access_token}"));
    let request = ProviderRequest { address: address.to_owned(), query, authorization, form: Vec::new() };
    let answer = fetcher.send(request).await?;
    let body = UserInfoBody::of(&answer);
    Ok(UserInfo { answer, body })
}

impl UserInfoBody {
    fn of(answer: &Answer) -> Self {
        let not_an_object = match answer.object() {
            Ok(claims) => return Self::Claims(claims),
            Err(error) => error,
        };
        let text = std::str::from_utf8(&answer.body).unwrap_or_default();
        match Jwt::read(text) {
            Ok(jwt) => Self::Token(text.to_owned(), jwt),
            Err(unreadable) => Self::Neither(not_an_object, unreadable),
        }
    }
}

/// How `sub` of `UserInfo` compares with that of the ID token (OIDC Core
/// §5.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectMatch {
    /// They are the same.
    Same,
    /// Neither has one.
    Absent,
    /// Only the ID token has one.
    OnlyIdToken,
    /// Only `UserInfo` has one.
    OnlyUserInfo,
    /// They differ.
    Differs,
}

impl SubjectMatch {
    /// Compares the claims of an ID token with those of `UserInfo`.
    pub fn of(id_token: &Map<String, Value>, userinfo: &Map<String, Value>) -> Self {
        match (id_token.get("sub"), userinfo.get("sub")) {
            (None, None) => Self::Absent,
            (Some(_), None) => Self::OnlyIdToken,
            (None, Some(_)) => Self::OnlyUserInfo,
            (Some(own), Some(other)) if own == other => Self::Same,
            (Some(_), Some(_)) => Self::Differs,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("{\"sub\": \"a\"}", "claims")]
    #[case("eyJhIjoxfQ.eyJiIjoyfQ.c", "a JWT")]
    #[case("<html>", "expected value at line 1 column 1; it has 1 parts instead of 3")]
    #[case("[]", "not an object; it has 1 parts instead of 3")]
    fn a_body_is_claims_or_a_token(#[case] body: &str, #[case] expected: &str) {
        let found = match UserInfoBody::of(&Answer::sample(body)) {
            UserInfoBody::Claims(_) => "claims".to_owned(),
            UserInfoBody::Token(_, _) => "a JWT".to_owned(),
            UserInfoBody::Neither(one, other) => format!("{one}; {other}"),
        };
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case(json!({"sub": "a"}), json!({"sub": "a"}), SubjectMatch::Same)]
    #[case(json!({"sub": "a"}), json!({"sub": "b"}), SubjectMatch::Differs)]
    #[case(json!({"sub": "1"}), json!({"sub": 1}), SubjectMatch::Differs)]
    #[case(json!({"sub": "a"}), json!({}), SubjectMatch::OnlyIdToken)]
    #[case(json!({}), json!({"sub": "a"}), SubjectMatch::OnlyUserInfo)]
    #[case(json!({}), json!({}), SubjectMatch::Absent)]
    fn subjects_are_compared(#[case] id_token: Value, #[case] userinfo: Value, #[case] expected: SubjectMatch) {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        assert_eq!(SubjectMatch::of(&object(id_token), &object(userinfo)), expected);
    }
}
