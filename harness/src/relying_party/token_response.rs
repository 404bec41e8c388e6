//! The token request and its answer (RFC 6749 §4.1.3, §5.1).

use serde_json::{Map, Value};

use super::answer::{Answer, FetchError, NotAnObject};
use super::client_authentication::Credentials;
use super::fetcher::{Fetcher, ProviderRequest};
use super::member::MemberType;

/// What the request says beside the credentials.
#[derive(Clone)]
pub struct TokenRequest<'a> {
    /// The token endpoint.
    pub endpoint: &'a str,
    /// `code`.
    pub code: &'a str,
    /// `redirect_uri`.
    pub redirect_uri: &'a str,
    /// `code_verifier`.
    pub verifier: Option<&'a str>,
}

impl std::fmt::Debug for TokenRequest<'_> {
    /// Without code and verifier.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// What came from the token endpoint.
#[derive(Debug)]
pub struct TokenResponse {
    /// The answer.
    pub answer: Answer,
    /// The tokens in it.
    pub tokens: Result<Tokens, NotAnObject>,
}

/// The members of a token response. Those of an error are among them (RFC 6749
/// §5.2).
#[derive(Debug, Clone)]
pub struct Tokens {
    /// All members.
    pub members: Map<String, Value>,
    /// The type of `access_token`.
    pub access_token: MemberType,
    /// The type of `id_token`.
    pub id_token: MemberType,
    /// Whether `token_type` is `Bearer`, in any case (RFC 6749 §5.1).
    pub is_bearer: bool,
}

/// Redeems a code.
pub async fn redeem(
    fetcher: Fetcher<'_>,
    request: &TokenRequest<'_>,
    credentials: Credentials,
) -> Result<TokenResponse, FetchError> {
    let answer = fetcher.send(request.with(credentials)).await?;
    let tokens = answer.object().map(Tokens::of);
    Ok(TokenResponse { answer, tokens })
}

impl TokenRequest<'_> {
    fn with(&self, credentials: Credentials) -> ProviderRequest {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", self.code.to_owned()),
            ("redirect_uri", self.redirect_uri.to_owned()),
        ];
        form.extend(self.verifier.map(|verifier| ("code_verifier", verifier.to_owned())));
        form.extend(credentials.form);
        let (address, authorization) = (self.endpoint.to_owned(), credentials.authorization);
        ProviderRequest { address, query: Vec::new(), authorization, form }
    }
}

impl Tokens {
    fn of(members: Map<String, Value>) -> Self {
        let kind = members.get("token_type").and_then(Value::as_str);
        Self {
            access_token: MemberType::of(members.get("access_token")),
            id_token: MemberType::of(members.get("id_token")),
            is_bearer: kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
            members,
        }
    }

    /// Returns a member that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"access_token": "a", "token_type": "bearer"}), MemberType::Text, MemberType::Absent, true)]
    #[case(json!({"access_token": "", "token_type": "mac"}), MemberType::EmptyText, MemberType::Absent, false)]
    #[case(json!({"access_token": 7, "id_token": {}}), MemberType::Number, MemberType::Object, false)]
    fn tokens_have_types(
        #[case] members: Value,
        #[case] access_token: MemberType,
        #[case] id_token: MemberType,
        #[case] is_bearer: bool,
    ) {
        let found = Tokens::of(members.as_object().cloned().unwrap_or_default());
        assert_eq!((found.access_token, found.id_token, found.is_bearer), (access_token, id_token, is_bearer));
    }

    #[test]
    fn a_request_names_code_address_and_verifier() {
        let request =
            TokenRequest { endpoint: "https://idp.test/token", code: "c", redirect_uri: "r", verifier: Some("v") };
        let form = vec![("client_id", "i".to_owned())];
        let names: Vec<_> = request.with(Credentials { form, ..Credentials::default() }).form;
        let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["grant_type", "code", "redirect_uri", "code_verifier", "client_id"]);
    }
}
