//! Header and claims of a JWT, compared with what the client expects: the
//! checks of OIDC Core §3.1.3.7 and Back-Channel Logout §2.6, without a verdict.
//! The signature is for [`super::signature`].

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::jwt::Jwt;
use super::member::{Comparison, MemberType, Moment};

/// The event of a logout token (OIDC Back-Channel Logout §2.4).
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a JWT is compared with.
#[derive(Debug, Clone)]
pub struct Expectation<'a> {
    /// The issuer of the metadata.
    pub issuer: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The signing algorithm that was agreed on.
    pub algorithm: &'a str,
    /// The media type of the token's kind, in lower case, as in `logout+jwt`.
    pub media_type: &'a str,
    /// Seconds since 1970.
    pub now: i64,
    /// The access token that came beside it, if one did.
    pub access_token: Option<&'a str>,
    /// The nonce that was sent, if one was.
    pub nonce: Option<&'a str>,
}

/// What `aud` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience {
    /// Its type.
    pub member: MemberType,
    /// Whether it names the client.
    pub names_client: bool,
    /// How many audiences it has.
    pub count: usize,
}

/// How `at_hash` compares with the access token (OIDC Core §3.1.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashMatch {
    /// The claim is missing.
    Absent,
    /// The algorithm names no hash, or there is no access token.
    Unknown,
    /// It is the left half of the hash.
    AsExpected,
    /// It is another value.
    Differs,
}

/// What a JWT says, compared with what is expected.
#[derive(Debug, Clone)]
pub struct TokenFindings<'a> {
    /// The token.
    pub jwt: &'a Jwt,
    /// What it was compared with.
    pub expected: &'a Expectation<'a>,
    /// `alg` of the header.
    pub algorithm: Comparison,
    /// `crit` of the header (RFC 7515 §4.1.11).
    pub critical: MemberType,
    /// Whether `typ` of the header names another kind of JWT (RFC 8725 §3.11).
    pub is_another_kind: bool,
    /// `iss`.
    pub issuer: Comparison,
    /// `aud`.
    pub audience: Audience,
    /// `azp`, compared with the client id.
    pub authorized_party: Comparison,
    /// `sub`.
    pub subject: MemberType,
    /// `sid`.
    pub session_id: MemberType,
    /// `jti`.
    pub token_id: MemberType,
    /// `iat`.
    pub issued_at: Moment,
    /// `exp`.
    pub expiry: Moment,
    /// `nbf`.
    pub not_before: Moment,
    /// `at_hash`.
    pub access_token_hash: HashMatch,
    /// `nonce`.
    pub nonce: Comparison,
    /// `events`.
    pub events: MemberType,
    /// The logout event in `events`.
    pub logout_event: MemberType,
}

impl<'a> TokenFindings<'a> {
    /// Compares a token.
    pub fn of(jwt: &'a Jwt, expected: &'a Expectation<'a>) -> Self {
        let claim = |name: &str| jwt.claims.get(name);
        let moment = |name: &str| Moment::of(claim(name), expected.now);
        // By the algorithm of the token itself, agreed on or not.
        let algorithm = jwt.header_text("alg").unwrap_or_default();
        Self {
            jwt,
            expected,
            algorithm: Comparison::of(jwt.header.get("alg"), Some(expected.algorithm)),
            critical: MemberType::of(jwt.header.get("crit")),
            is_another_kind: is_another_kind(&jwt.header, expected.media_type),
            issuer: Comparison::of(claim("iss"), Some(expected.issuer)),
            audience: Audience::of(claim("aud"), expected.client_id),
            authorized_party: Comparison::of(claim("azp"), Some(expected.client_id)),
            subject: MemberType::of(claim("sub")),
            session_id: MemberType::of(claim("sid")),
            token_id: MemberType::of(claim("jti")),
            issued_at: moment("iat"),
            expiry: moment("exp"),
            not_before: moment("nbf"),
            access_token_hash: HashMatch::of(claim("at_hash"), algorithm, expected.access_token),
            nonce: Comparison::of(claim("nonce"), expected.nonce),
            events: MemberType::of(claim("events")),
            logout_event: MemberType::of(claim("events").and_then(|events| events.get(LOGOUT_EVENT))),
        }
    }

    /// Returns a claim.
    pub fn claim(&self, name: &str) -> Option<&'a Value> {
        self.jwt.claims.get(name)
    }

    /// Returns a claim that is a text.
    pub fn claim_text(&self, name: &str) -> Option<&'a str> {
        self.claim(name).and_then(Value::as_str)
    }
}

impl Audience {
    fn of(aud: Option<&Value>, client_id: &str) -> Self {
        let (names_client, count) = match aud {
            Some(Value::String(aud)) => (aud == client_id, 1),
            Some(Value::Array(list)) => (list.iter().any(|aud| aud == client_id), list.len()),
            _ => (false, 0),
        };
        Self { member: MemberType::of(aud), names_client, count }
    }
}

impl HashMatch {
    /// Compares `at_hash` with the hash that the signing algorithm names.
    pub fn of(claim: Option<&Value>, algorithm: &str, access_token: Option<&str>) -> Self {
        let function = match algorithm.get(2..) {
            Some("256") => Some(&SHA256),
            Some("384") => Some(&SHA384),
            Some("512") => Some(&SHA512),
            _ => None,
        };
        let Some(claim) = claim else { return Self::Absent };
        let Some((function, access_token)) = function.zip(access_token) else { return Self::Unknown };
        let whole = digest(function, access_token.as_bytes());
        let (left, _) = whole.as_ref().split_at(whole.as_ref().len() / 2);
        if claim == &BASE64_URL_SAFE_NO_PAD.encode(left) { Self::AsExpected } else { Self::Differs }
    }
}

/// Many tokens have no `typ`, or that of any JWT.
fn is_another_kind(header: &Map<String, Value>, own: &str) -> bool {
    header.get("typ").is_some_and(|kind| {
        let kind = kind.as_str().unwrap_or("+").to_ascii_lowercase();
        kind.contains('+') && kind != own
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const EXPECTED: Expectation<'_> = Expectation {
        issuer: "https://idp.test",
        client_id: "client",
        algorithm: "RS256",
        media_type: "id_token+jwt",
        now: 1000,
        access_token: Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
        nonce: None,
    };

    fn jwt(header: Value, claims: Value) -> Jwt {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        Jwt { header: object(header), claims: object(claims) }
    }

    #[test]
    fn an_honest_token_is_as_expected() {
        // The hash is that of OIDC Core, appendix A.3.
        let claims = json!({"iss": "https://idp.test", "aud": "client", "sub": "s", "iat": 990, "exp": 1060,
                            "at_hash": "77QmUPtjPfzWtF2AnpK9RQ"});
        let jwt = jwt(json!({"alg": "RS256", "typ": "JWT"}), claims);
        let found = TokenFindings::of(&jwt, &EXPECTED);
        assert_eq!([found.algorithm, found.issuer, found.nonce], [Comparison::AsExpected; 3]);
        assert_eq!(found.authorized_party, Comparison::Missing);
        assert_eq!(found.audience, Audience { member: MemberType::Text, names_client: true, count: 1 });
        assert_eq!([found.issued_at, found.expiry], [Moment::Away(-10.0), Moment::Away(60.0)]);
        assert_eq!(found.access_token_hash, HashMatch::AsExpected);
        assert_eq!([found.critical, found.events, found.logout_event], [MemberType::Absent; 3]);
        assert!(!found.is_another_kind);
    }

    #[rstest]
    #[case(json!("client"), true, 1)]
    #[case(json!(["other", "client"]), true, 2)]
    #[case(json!("other"), false, 1)]
    #[case(json!([]), false, 0)]
    #[case(json!({"client": true}), false, 0)]
    fn an_audience_names_the_client_or_not(#[case] aud: Value, #[case] names_client: bool, #[case] count: usize) {
        let found = Audience::of(Some(&aud), "client");
        assert_eq!((found.names_client, found.count), (names_client, count));
    }

    #[rstest]
    #[case(json!({"alg": "RS256"}), json!({}), HashMatch::Absent)]
    #[case(json!({"alg": "RS256"}), json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}), HashMatch::AsExpected)]
    #[case(json!({"alg": "RS512"}), json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}), HashMatch::Differs)]
    #[case(json!({"alg": "EdDSA"}), json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}), HashMatch::Unknown)]
    fn a_hash_is_that_of_the_algorithm(#[case] header: Value, #[case] claims: Value, #[case] expected: HashMatch) {
        assert_eq!(TokenFindings::of(&jwt(header, claims), &EXPECTED).access_token_hash, expected);
    }

    #[rstest]
    #[case(json!({}), false)]
    #[case(json!({"typ": "JWT"}), false)]
    #[case(json!({"typ": "ID_TOKEN+jwt"}), false)]
    #[case(json!({"typ": "logout+jwt"}), true)]
    #[case(json!({"typ": 7}), true)]
    fn a_type_is_of_another_kind_or_not(#[case] header: Value, #[case] expected: bool) {
        assert_eq!(TokenFindings::of(&jwt(header, json!({})), &EXPECTED).is_another_kind, expected);
    }
}
