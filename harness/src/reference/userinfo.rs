//! Claims at `UserInfo` (OIDC Core §5.3), and which of all claims count.

use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value};

use super::authorization_response::failed;
use super::callback::text;
use super::discovery::Metadata;
use super::fetch::{Answer, Purpose};
use super::id_token::{Expectation, is_audience};
use super::reply::Refusal;
use super::server::Server;
use super::token_check::{ALGORITHM, CRITICAL, TokenCheck};

/// The checks of an answer that is a JWT. It need not say who made it and for
/// whom (OIDC Core §5.3.2); if it does, it must be right.
static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &CRITICAL,
    &TokenCheck {
        name: "issuer",
        holds: |jwt, expected| jwt.claims.get("iss").is_none_or(|issuer| issuer == expected.issuer),
    },
    &TokenCheck {
        name: "audience",
        holds: |jwt, expected| !jwt.claims.contains_key("aud") || is_audience(&jwt.claims, expected.client_id),
    },
];

/// What an answer can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Plain claims.
    Plain,
    /// A JWT.
    Token,
}

/// What is decided about `UserInfo`.
#[derive(Debug, Clone)]
pub(super) struct UserInfoRules {
    /// Shows the access token (RFC 6750 §2.1), and nothing of the settings.
    pub(super) ask: fn(RequestBuilder, &str, &Value) -> RequestBuilder,
    /// Whether the request goes on, token and all, to where UserInfo sends it.
    pub(super) redirect_followed: bool,
    /// Whether claims that the ID token lacks are asked for even where it has
    /// an email.
    pub(super) completes: bool,
    /// What its claims add to those of the ID token.
    pub(super) adds: fn(&mut Map<String, Value>, Map<String, Value>),
    /// What counts besides what was agreed on.
    pub(super) besides: Option<Form>,
    /// The checks of a signed answer.
    pub(super) token: Vec<&'static TokenCheck>,
    /// Whether its signature is verified.
    pub(super) signature: bool,
}

impl UserInfoRules {
    pub(super) fn honest() -> Self {
        Self {
            ask: |request, token, _| request.bearer_auth(token),
            redirect_followed: false,
            completes: true,
            adds: |claims, userinfo| {
                for (name, value) in userinfo {
                    claims.entry(name).or_insert(value);
                }
            },
            besides: None,
            token: CHECKS.to_vec(),
            signature: true,
        }
    }
}

impl Server {
    /// With an email, the ID token is enough, and `UserInfo` adds what it may
    /// have besides; otherwise `UserInfo` counts.
    pub(super) async fn all_claims(
        &self,
        mut claims: Map<String, Value>,
        access_token: &str,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let enough = claims.get("email").is_some_and(|email| !email.is_null());
        if enough && !self.rules.userinfo.completes {
            return Ok(claims);
        }
        let userinfo = match self.userinfo(access_token, settings, metadata).await {
            Err(refusal) if !enough => return Err(refusal),
            userinfo => userinfo.unwrap_or_default(),
        };
        let same = (self.rules.userinfo_subject)(&claims, &userinfo);
        match (enough, same) {
            (false, true) => return Ok(userinfo),
            (false, false) => return Err(failed()),
            (true, true) => (self.rules.userinfo.adds)(&mut claims, userinfo),
            // Of somebody else, or none: not to be used (OIDC Core §5.3.2).
            (true, false) => {}
        }
        Ok(claims)
    }

    async fn ask_userinfo(&self, url: &str, access_token: &str, settings: &Value) -> Result<Answer, Refusal> {
        let request = self.ask(Method::GET, url, Purpose::UserInfo, settings);
        let request = (self.rules.userinfo.ask)(request, access_token, settings);
        self.fetch(request, Purpose::UserInfo, settings).await.map_err(|_| failed())
    }

    async fn userinfo(
        &self,
        access_token: &str,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let endpoint = self.permitted(metadata.text("userinfo_endpoint"), metadata, settings).ok_or_else(failed)?;
        let mut answer = self.ask_userinfo(endpoint, access_token, settings).await?;
        if let Some(location) = answer.location.take_if(|_| self.rules.userinfo.redirect_followed) {
            answer = self.ask_userinfo(location.as_str(), access_token, settings).await?;
        }
        if !(self.rules.userinfo_status)(answer.status) {
            return Err(failed());
        }
        let algorithm = text(settings, "profileSigningAlgorithm");
        let agreed_on = algorithm != "none" && !algorithm.is_empty();
        let agreed = if agreed_on { Form::Token } else { Form::Plain };
        let counts = |form| form == agreed || self.rules.userinfo.besides == Some(form);
        if counts(Form::Plain)
            && let Ok(claims) = answer.json()
        {
            return Ok(claims);
        }
        if !counts(Form::Token) {
            return Err(failed());
        }
        let token = String::from_utf8(answer.body).map_err(|_| failed())?;
        let jwt = (self.rules.reading.parse)(&token).ok_or_else(failed)?;
        let expected = Expectation {
            issuer: metadata.text("issuer"),
            client_id: text(settings, "clientId"),
            algorithm,
            now: self.now(),
            access_token: None,
            nonce: None,
        };
        let good = self.rules.userinfo.token.iter().all(|check| (check.holds)(&jwt, &expected));
        if !good || self.rules.userinfo.signature && !self.signature_is_right(&token, &jwt, metadata, settings).await {
            return Err(failed());
        }
        Ok(jwt.claims)
    }
}
