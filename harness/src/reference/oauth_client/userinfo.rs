//! Which claims of `UserInfo` count (OIDC Core §5.3), and which of all claims.

use serde_json::{Map, Value};

use super::client::OAuthClient;
use crate::reference::reply::Refusal;
use crate::reference::rules::{Form, Purpose};
use crate::relying_party::{Expectation, Metadata, UserInfoBody, userinfo};

impl OAuthClient<'_> {
    /// With an email, the ID token is enough, and `UserInfo` adds what it may
    /// have besides; otherwise `UserInfo` counts.
    pub(super) async fn all_claims(
        &self,
        mut claims: Map<String, Value>,
        access_token: &str,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let rules = &self.rules.userinfo;
        let enough = claims.get("email").is_some_and(|email| !email.is_null());
        if enough && !rules.completes {
            return Ok(claims);
        }
        let userinfo = match self.userinfo(access_token, metadata).await {
            Err(_) if !enough && !rules.failure_ends => return Ok(claims),
            Err(refusal) if !enough => return Err(refusal),
            userinfo => userinfo.unwrap_or_default(),
        };
        match (enough, (rules.subject)(&claims, &userinfo)) {
            (false, true) => return Ok(userinfo),
            (false, false) => return Err(Refusal::failed()),
            (true, true) => (rules.adds)(&mut claims, userinfo),
            // Of another end-user, or of none: must not be used (OIDC Core
            // §5.3.2).
            (true, false) => {}
        }
        Ok(claims)
    }

    async fn userinfo(&self, access_token: &str, metadata: &Metadata) -> Result<Map<String, Value>, Refusal> {
        let rules = &self.rules.userinfo;
        let endpoint = self.permitted(metadata.text("userinfo_endpoint"), metadata).ok_or_else(Refusal::failed)?;
        let query = (rules.query)(access_token, &self.settings);
        let found = userinfo(self.fetcher(Purpose::UserInfo), endpoint, access_token, query).await;
        let found = found.map_err(|_| Refusal::failed())?;
        if !(rules.status)(found.answer.status) {
            return Err(Refusal::failed());
        }
        let algorithm = self.setting("profileSigningAlgorithm");
        let agreed = if ["none", ""].contains(&algorithm) { Form::Plain } else { Form::Token };
        let counts = |form| form == agreed || rules.besides == Some(form);
        match found.body {
            UserInfoBody::Claims(claims) if counts(Form::Plain) => Ok((rules.plain)(&found.answer, claims)),
            UserInfoBody::Token(token, _) if counts(Form::Token) => {
                let jwt = self.read(&token).ok_or_else(Refusal::failed)?;
                let expected = Expectation { algorithm, ..self.expectation(metadata) };
                let is_right = self.is_right(&token, &jwt, &rules.checks, &expected, metadata).await;
                if is_right { Ok(jwt.claims) } else { Err(Refusal::failed()) }
            }
            _ => Err(Refusal::failed()),
        }
    }
}
