//! Which headers a scenario may send, and with which method: any but those by
//! which the HTTP client says where the request goes, and where it ends. Where
//! it goes at the server is for [`crate::address`].

use indexmap::IndexMap;

use crate::stage::StepError;

/// Why a scenario cannot write something into the head of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The method is no token (RFC 9110 §9.1).
    #[error("invalid method `{}`", .0.escape_debug())]
    Method(String),
    /// The method asks for a connection to another server (RFC 9110 §9.3.6).
    #[error("`{0}` requests a connection to another server")]
    Tunnel(String),
    /// The name of a header is no token (RFC 9110 §5.1).
    #[error("invalid header name `{}`", .0.escape_debug())]
    Name(String),
    /// The value of a header holds what ends it (RFC 9110 §5.5).
    #[error("the value of the header `{0}` contains a control character")]
    Value(String),
    /// The header is for the HTTP client to write.
    #[error("a scenario cannot set the header `{name}`: it determines {what}")]
    Reserved {
        /// The header's name, as the scenario writes it.
        name: String,
        /// What the header says, as a clause.
        what: &'static str,
    },
}

const ADDRESS: &str = "where the request goes (RFC 9110 §7.2)";
const LENGTH: &str = "where the request ends (RFC 9112 §6)";
const CONNECTION: &str = "what happens to the connection (RFC 9110 §7.6.1)";
const EXPECTATION: &str = "when the body follows (RFC 9110 §10.1.1)";

/// The headers that the HTTP client alone writes, in lower case, and what each
/// says. Requests share connections: a wrong length would make the next
/// request the body of this one.
const RESERVED: &[(&str, &str)] = &[
    ("host", ADDRESS),
    ("content-length", LENGTH),
    ("transfer-encoding", LENGTH),
    ("te", LENGTH),
    ("trailer", LENGTH),
    ("connection", CONNECTION),
    ("keep-alive", CONNECTION),
    ("upgrade", CONNECTION),
    ("http2-settings", CONNECTION),
    ("expect", EXPECTATION),
];

/// How the names of those headers begin that are for a proxy on the way.
const FOR_A_PROXY: &str = "proxy-";

impl HeadError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Method(_) => "write a method such as `POST`, with letters, digits and `-` only (RFC 9110 §9.1)",
            Self::Tunnel(_) => "write another method, such as `POST`: a step sends requests only to the target",
            Self::Name(_) => {
                "write a name such as `x-forwarded-proto`, with letters, digits and `-` only (RFC 9110 §5.1)"
            }
            Self::Value(_) => "remove line breaks and other control characters (RFC 9110 §5.5)",
            Self::Reserved { .. } => "remove the header: the harness sets it itself",
        }
    }
}

/// A placeholder made up what cannot be sent.
impl From<HeadError> for StepError {
    fn from(error: HeadError) -> Self {
        Self::Scenario(format!("the harness cannot send this request: {error}; {}", error.help()))
    }
}

/// Whether a text is a token (RFC 9110 §5.6.2).
fn is_token(text: &str) -> bool {
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_of_token)
}

/// Whether a scenario may send a request with this method.
pub(crate) fn check_method(method: &str) -> Result<(), HeadError> {
    if !is_token(method) {
        return Err(HeadError::Method(method.to_owned()));
    }
    if method.eq_ignore_ascii_case("CONNECT") {
        return Err(HeadError::Tunnel(method.to_owned()));
    }
    Ok(())
}

/// Whether a scenario may send this header.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(), HeadError> {
    if !is_token(name) {
        return Err(HeadError::Name(name.to_owned()));
    }
    let lower = name.to_ascii_lowercase();
    let reserved = RESERVED.iter().find(|(reserved, _)| *reserved == lower).map(|(_, what)| *what);
    if let Some(what) = reserved.or_else(|| lower.starts_with(FOR_A_PROXY).then_some(CONNECTION)) {
        return Err(HeadError::Reserved { name: name.to_owned(), what });
    }
    if value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        return Err(HeadError::Value(name.to_owned()));
    }
    Ok(())
}

/// The headers of a scenario as they are sent, placeholders filled in.
///
/// # Errors
/// A placeholder made up a value that no header can hold.
pub(crate) fn checked(headers: &IndexMap<String, String>) -> Result<Vec<(String, String)>, HeadError> {
    headers.iter().map(|(name, value)| check_header(name, value).map(|()| (name.clone(), value.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("x-forwarded-proto", "https", true)]
    #[case("Cookie", "a=b; c=d", true)]
    #[case("content-type", "text/plain\t;", true)]
    #[case("x", "ü", true)]
    #[case("Host", "evil.example", false)]
    #[case("CONTENT-LENGTH", "5", false)]
    #[case("transfer-encoding", "chunked", false)]
    #[case("connection", "upgrade", false)]
    #[case("upgrade", "h2c", false)]
    #[case("expect", "100-continue", false)]
    #[case("te", "trailers", false)]
    #[case("trailer", "x", false)]
    #[case("Keep-Alive", "timeout=5", false)]
    #[case("Proxy-Authorization", "Basic eA==", false)]
    #[case("proxy-connection", "close", false)]
    #[case("http2-settings", "", false)]
    #[case("a b", "x", false)]
    #[case("host ", "x", false)]
    #[case("x\r\ny", "1", false)]
    #[case("{user.alice.name}", "1", false)]
    #[case("", "1", false)]
    #[case("ü", "1", false)]
    #[case("q", "a\r\nx-evil: 1", false)]
    #[case("q", "a\0", false)]
    fn no_header_says_where_a_request_goes_or_ends(#[case] name: &str, #[case] value: &str, #[case] holds: bool) {
        assert_eq!(check_header(name, value).is_ok(), holds);
        let headers = IndexMap::from([(name.to_owned(), value.to_owned())]);
        assert_eq!(checked(&headers).is_ok(), holds);
    }

    #[rstest]
    #[case("GET", true)]
    #[case("PROPFIND", true)]
    #[case("get", true)]
    #[case("CONNECT", false)]
    #[case("connect", false)]
    #[case("GET / HTTP/1.1\r\nHost: evil", false)]
    #[case("{user.alice.name}", false)]
    #[case("", false)]
    fn a_method_is_a_token_and_opens_no_tunnel(#[case] method: &str, #[case] holds: bool) {
        assert_eq!(check_method(method).is_ok(), holds);
    }
}
