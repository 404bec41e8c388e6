//! Claims at `UserInfo` (OIDC Core §5.3), and which of all claims count.

use reqwest::Method;
use serde_json::{Map, Value};

use super::request::RelyingParty;
use crate::reference::message::{Answer, Metadata, Purpose};
use crate::reference::reply::Refusal;
use crate::reference::rules::Form;

impl RelyingParty<'_> {
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

    async fn ask_userinfo(&self, url: &str, access_token: &str) -> Result<Answer, Refusal> {
        let request = self.ask(Method::GET, url, Purpose::UserInfo);
        let request = (self.rules.userinfo.ask)(request, access_token, &self.settings);
        self.fetch(request, Purpose::UserInfo).await.map_err(|_| Refusal::failed())
    }

    async fn userinfo(&self, access_token: &str, metadata: &Metadata) -> Result<Map<String, Value>, Refusal> {
        let rules = &self.rules.userinfo;
        let endpoint = self.permitted(metadata.text("userinfo_endpoint"), metadata).ok_or_else(Refusal::failed)?;
        let mut answer = self.ask_userinfo(endpoint, access_token).await?;
        if let Some(location) = answer.location.take_if(|_| rules.redirect_followed) {
            answer = self.ask_userinfo(location.as_str(), access_token).await?;
        }
        if !(rules.status)(answer.status) {
            return Err(Refusal::failed());
        }
        let algorithm = self.setting("profileSigningAlgorithm");
        let agreed = if ["none", ""].contains(&algorithm) { Form::Plain } else { Form::Token };
        let counts = |form| form == agreed || rules.besides == Some(form);
        if counts(Form::Plain)
            && let Ok(claims) = answer.json()
        {
            return Ok(claims);
        }
        if !counts(Form::Token) {
            return Err(Refusal::failed());
        }
        let token = String::from_utf8(answer.body).map_err(|_| Refusal::failed())?;
        let jwt = (self.rules.id_token.parse)(&token).ok_or_else(Refusal::failed)?;
        let expected = self.expectation(metadata, algorithm);
        let is_right = self.is_right(&token, &jwt, &rules.checks, &expected, metadata).await;
        if is_right { Ok(jwt.claims) } else { Err(Refusal::failed()) }
    }
}
