//! Why a member that a message can have is not there: what the client did not
//! send. Asked only where an overlay did not find the member; how overlays
//! change messages is for [`crate::quirk`].

use super::exchange::Exchange;
use crate::end_user::EndUser;
use crate::message::{Draft, Message};
use crate::protocol::{OFFLINE_ACCESS, credentials};
use crate::store::Grant;

/// Members that are there only if the client sent a parameter in the
/// authorization request.
const ECHOES: &[(Message, &str, &str)] = &[
    // RFC 6749 §4.1.2
    (Message::AuthorizationResponse, "state", "state"),
    // OIDC Core §2
    (Message::IdToken, "nonce", "nonce"),
    (Message::IdToken, "auth_time", "max_age"),
    // RFC 6749 §5.1
    (Message::TokenResponse, "scope", "scope"),
];

/// Members of an answer to a request that the provider accepts.
const OF_ACCEPTED: &[(Message, &[&str])] = &[
    (Message::AuthorizationResponse, &["code"]),
    (Message::TokenResponse, &["access_token", "token_type", "expires_in", "scope", "id_token", "refresh_token"]),
];

/// What the client did not send, as a clause, if `member` is not in the draft
/// for want of it; `None` for a member that the provider never sends.
pub(super) fn reason(exchange: &Exchange<'_>, draft: &Draft, member: &str) -> Option<String> {
    let is_of_accepted =
        OF_ACCEPTED.iter().any(|(message, names)| *message == draft.message && names.contains(&member));
    if let Some(error) = draft.members.get("error").and_then(|error| error.as_str()).filter(|_| is_of_accepted) {
        return Some(format!("the provider refused the client's request with `{error}`"));
    }
    if let Some((.., parameter)) = ECHOES.iter().find(|(message, name, _)| (*message, *name) == (draft.message, member))
    {
        return Some(format!("the client sent no `{parameter}`"));
    }
    let scope = missing_scope(exchange, draft.message, member)?;
    Some(format!("the client did not request the scope `{scope}`"))
}

/// The scope that would have brought a member.
fn missing_scope(exchange: &Exchange<'_>, message: Message, member: &str) -> Option<&'static str> {
    let settings = &exchange.issuer.publication().settings;
    if settings.scopes_granted.is_some() {
        // What the client asks for makes no difference then.
        return None;
    }
    if (message, member) == (Message::TokenResponse, "id_token") {
        return Some("openid");
    }
    if (message, member) == (Message::TokenResponse, "refresh_token") {
        return Some(OFFLINE_ACCESS);
    }
    let grant = grant(exchange)?;
    let claims = exchange.issuer.end_user(&grant.end_user)?.claims.clone();
    let placed = match message {
        Message::IdToken => settings.claims_in_id_token(|| claims),
        Message::UserInfo => settings.claims_in_userinfo(|| claims),
        _ => return None,
    };
    let scope = EndUser::scope_of(member)?;
    (placed.contains_key(member) && !grant.scopes.iter().any(|one| one == scope)).then_some(scope)
}

/// The scopes that the end-user granted to this client.
fn grant(exchange: &Exchange<'_>) -> Option<Grant> {
    let store = exchange.issuer.store();
    let by_code = || Some(store.codes.get(exchange.parameters.get("code")?)?.grant.clone());
    let token = || credentials(exchange.header("authorization")?, "Bearer");
    let by_refresh = || Some(store.refresh_tokens.get(exchange.parameters.get("refresh_token")?)?.grant.clone());
    by_code().or_else(by_refresh).or_else(|| Some(store.access_tokens.get(token()?)?.grant.clone()))
}
