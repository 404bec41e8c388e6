//! Makes a logout token and sends it where it is wanted (OIDC Back-Channel
//! Logout §2.5).

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::answer::{ControlError, Json, read};
use crate::by_hand::context::Context;
use crate::logout_token::LogoutTokenRequest;
use crate::settings::LogoutTokens;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedLogoutToken {
    /// An end-user by name: their `sub` and, by the settings, their
    /// latest session.
    r#as: Option<String>,
    sub: Option<String>,
    sid: Option<String>,
    to: Option<Url>,
}

/// How much of an answer is read and shown, in bytes.
const ANSWER_LIMIT: usize = 4096;

pub(super) async fn make(State(context): State<Context>, body: Bytes) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let wanted: WantedLogoutToken = read(&body)?;
    let (mut sub, mut sid) = (wanted.sub, wanted.sid);
    if let Some(name) = wanted.r#as {
        let Some(end_user) = issuer.state.end_user(&name) else {
            return Err(ControlError::new(422, format!("there is no end-user `{name}`")).into());
        };
        sub = sub.or(Some(end_user.sub.clone()));
        let by_sid = issuer.settings().logout_tokens == LogoutTokens::SubAndSid;
        sid = sid.or_else(|| issuer.sid_of(&name).filter(|_| by_sid));
    }
    if sub.is_none() && sid.is_none() {
        let text = "give `as` (the name of an end-user), `sub` or `sid`: a logout token names an end-user or a session";
        return Err(ControlError::new(422, text).into());
    }
    let token = issuer.logout_token(LogoutTokenRequest { sub, sid });
    let token = token.map_err(|error| ControlError::new(422, error.to_string()))?;
    let mut answer = json!({ "logout_token": token });
    if let Some(to) = wanted.to {
        answer["delivered"] = deliver(&context, to, &token).await?;
    }
    Ok(Json(answer))
}

async fn deliver(context: &Context, to: Url, token: &str) -> Result<Value, ControlError> {
    let refuse =
        |reason: String| ControlError::new(502, format!("the provider could not deliver the logout token: {reason}"));
    let failed = |error: reqwest::Error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        refuse(format!("{error}{cause}"))
    };
    let client = (context.http)().map_err(refuse)?;
    let mut response = client.post(to).form(&[("logout_token", token)]).send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while body.len() < ANSWER_LIMIT
        && let Some(more) = response.chunk().await.map_err(failed)?
    {
        body.extend_from_slice(&more);
    }
    body.truncate(ANSWER_LIMIT);
    Ok(json!({ "status": status, "body": String::from_utf8_lossy(&body) }))
}
