//! The parameters of a callback (RFC 6749 §4.1.2, RFC 9207), compared with what
//! was sent.

use super::member::Comparison;
use super::metadata::Metadata;

/// How often a parameter is there, and its first value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter<'a> {
    /// Not at all.
    Absent,
    /// Once.
    Once(&'a str),
    /// More than once, which RFC 6749 §3.1 forbids.
    Repeated(&'a str),
}

/// An authorization response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// All parameters, in their order.
    pub parameters: Vec<(String, String)>,
    /// How `state` compares with the one that was sent.
    pub state: Comparison,
    /// How `iss` compares with the issuer of the metadata.
    pub issuer: Comparison,
    /// Whether the metadata promises `iss` (RFC 9207 §3).
    pub is_issuer_promised: bool,
}

impl AuthorizationResponse {
    /// Compares the parameters of a callback with the state that was sent and
    /// with the metadata.
    pub fn of(parameters: Vec<(String, String)>, state: &str, metadata: &Metadata) -> Self {
        let first = |name| first(&parameters, name);
        Self {
            state: Comparison::of_text(first("state"), Some(state)),
            issuer: Comparison::of_text(first("iss"), Some(metadata.text("issuer"))),
            is_issuer_promised: metadata.flag("authorization_response_iss_parameter_supported"),
            parameters,
        }
    }

    /// Returns a parameter by its name.
    pub fn parameter(&self, name: &str) -> Parameter<'_> {
        match (first(&self.parameters, name), self.parameters.iter().filter(|(key, _)| key == name).count()) {
            (None, _) => Parameter::Absent,
            (Some(value), 1) => Parameter::Once(value),
            (Some(value), _) => Parameter::Repeated(value),
        }
    }

    /// Returns the first value of a parameter.
    pub fn first(&self, name: &str) -> Option<&str> {
        first(&self.parameters, name)
    }
}

fn first<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn response(query: &str) -> AuthorizationResponse {
        let document = json!({"issuer": "https://idp.test"});
        let metadata = Metadata(document.as_object().cloned().unwrap_or_default());
        let parameters = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        AuthorizationResponse::of(parameters, "s", &metadata)
    }

    #[rstest]
    #[case("state=s&iss=https://idp.test", Comparison::AsExpected, Comparison::AsExpected)]
    #[case("state=S&iss=https://idp.test/", Comparison::Differs, Comparison::Differs)]
    #[case("code=c", Comparison::Missing, Comparison::Missing)]
    #[case("state=&iss=", Comparison::Differs, Comparison::Differs)]
    fn state_and_issuer_are_compared(#[case] query: &str, #[case] state: Comparison, #[case] issuer: Comparison) {
        let found = response(query);
        assert_eq!((found.state, found.issuer, found.is_issuer_promised), (state, issuer, false));
    }

    #[rstest]
    #[case("state=s", Parameter::Absent)]
    #[case("code=", Parameter::Once(""))]
    #[case("code=a&state=s&code=b", Parameter::Repeated("a"))]
    fn a_parameter_is_counted(#[case] query: &str, #[case] expected: Parameter<'_>) {
        assert_eq!(response(query).parameter("code"), expected);
    }
}
