//! The `UserInfo` endpoint (OIDC Core §5.3).

use serde_json::Map;

use super::exchange::{Answer, Exchange};
use crate::message::{Draft, Message};
use crate::protocol::{OPENID, credentials};
use crate::store::AccessToken;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let issuer = exchange.issuer;
    let token = exchange.header("authorization").and_then(|header| credentials(header, "Bearer"));
    let now = issuer.clock.now();
    let known = token.and_then(|token| issuer.store().access_tokens.get(token).cloned());
    let known = known.filter(|token| now < token.expires_at);
    let whose = known.and_then(|AccessToken { grant, .. }| Some((issuer.end_user(&grant.end_user)?, grant)));
    let Some((user, grant)) = whose else {
        // A request without a token gets no error code (RFC 6750 §3.1).
        let told = if token.is_some() { ", error=\"invalid_token\"" } else { "" };
        let challenge = format!("Bearer realm=\"userinfo\"{told}");
        return Answer::page(401, "the access token is missing, unknown or expired, or its end-user no longer exists")
            .header("www-authenticate", challenge);
    };
    let publication = issuer.publication();
    if !grant.has_scope(OPENID) && !publication.settings.userinfo_without_openid {
        let challenge = format!("Bearer realm=\"userinfo\", error=\"insufficient_scope\", scope=\"{OPENID}\"");
        return Answer::page(403, "the access token was granted without the scope openid")
            .header("www-authenticate", challenge);
    }
    let mut members = Map::new();
    members.insert("sub".into(), user.sub.clone().into());
    members.extend(publication.settings.claims_in_userinfo(|| user.claims_for(&grant.scopes)));
    let Some(algorithm) = publication.settings.userinfo_signing_algorithm else {
        return exchange.json(Message::UserInfo, members);
    };
    members.insert("iss".into(), issuer.url.clone().into());
    members.insert("aud".into(), publication.client.id.clone().into());
    let jose = match issuer.jose(&publication, algorithm) {
        Ok(jose) => jose,
        Err(error) => return Answer::page(500, &error.to_string()),
    };
    let mut draft = Draft::signed(Message::UserInfo, members, jose);
    draft.transport.content_type = "application/jwt".into();
    exchange.pass(&mut draft);
    match (draft.transport.body.take(), issuer.sign(&draft)) {
        (Some(body), _) | (None, Ok(body)) => {
            Answer { transport: draft.transport, body: body.into(), headers: Vec::new() }
        }
        (None, Err(error)) => Answer::page(500, &error.to_string()),
    }
}
