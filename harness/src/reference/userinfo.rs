//! Claims at `UserInfo` (OIDC Core §5.3), and which of all claims count.

use reqwest::Method;
use serde_json::{Map, Value};

use super::callback::{failed, text};
use super::discovery::Metadata;
use super::fetch::Purpose;
use super::id_token::{Expectation, IdTokenCheck, is_audience};
use super::reply::Refusal;
use super::server::Server;

/// The checks of an answer that is a JWT. It need not say who made it and for
/// whom (OIDC Core §5.3.2); if it does, it must be right.
pub(super) static CHECKS: &[&IdTokenCheck] = &[
    &IdTokenCheck {
        name: "algorithm",
        holds: |jwt, expected| jwt.header.get("alg").and_then(Value::as_str) == Some(expected.algorithm),
    },
    &IdTokenCheck { name: "critical", holds: |jwt, _| !jwt.header.contains_key("crit") },
    &IdTokenCheck {
        name: "issuer",
        holds: |jwt, expected| jwt.claims.get("iss").is_none_or(|issuer| issuer == expected.issuer),
    },
    &IdTokenCheck {
        name: "audience",
        holds: |jwt, expected| !jwt.claims.contains_key("aud") || is_audience(&jwt.claims, expected.client_id),
    },
];

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
        if enough && !self.rules.userinfo_completes {
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
            (true, true) => {
                for (name, value) in userinfo {
                    claims.entry(name).or_insert(value);
                }
            }
            // Of somebody else, or none: not to be used (OIDC Core §5.3.2).
            (true, false) => {}
        }
        Ok(claims)
    }

    async fn userinfo(
        &self,
        access_token: &str,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let endpoint = self.permitted(metadata.text("userinfo_endpoint"), metadata, settings).ok_or_else(failed)?;
        let request = self.ask(Method::GET, endpoint, Purpose::UserInfo, settings).bearer_auth(access_token);
        let answer = self.fetch(request, Purpose::UserInfo, settings).await.map_err(|_| failed())?;
        if !(self.rules.userinfo_status)(answer.status) {
            return Err(failed());
        }
        let algorithm = text(settings, "profileSigningAlgorithm");
        let agreed_on = algorithm != "none" && !algorithm.is_empty();
        if (!agreed_on || self.rules.userinfo_may_be_plain)
            && let Ok(claims) = answer.json()
        {
            return Ok(claims);
        }
        if !agreed_on && !self.rules.userinfo_may_be_a_token {
            return Err(failed());
        }
        let token = String::from_utf8(answer.body).map_err(|_| failed())?;
        let jwt = (self.rules.parse)(&token).ok_or_else(failed)?;
        let expected = Expectation {
            issuer: metadata.text("issuer"),
            client_id: text(settings, "clientId"),
            algorithm,
            now: self.now(),
            access_token: None,
        };
        let good = self.rules.userinfo_token.iter().all(|check| (check.holds)(&jwt, &expected));
        if !good || self.rules.userinfo_signature && !self.signature_is_right(&token, &jwt, metadata, settings).await {
            return Err(failed());
        }
        Ok(jwt.claims)
    }
}
