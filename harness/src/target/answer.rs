//! What the answers of the administrator's API mean: that none came, that
//! somebody else gave it, or why the server does not grant what was asked.
//! What to ask is for [`super::Immich`]. Secrets that the server says again
//! are labelled here, before an error takes them along.

use serde_json::Value;

use super::TargetError;
use crate::exchange::Exchange;
use crate::redaction::Secrets;

/// The status, if an answer came at all.
pub(super) fn answered(secrets: &Secrets, exchange: &Exchange) -> Result<u16, TargetError> {
    exchange.status.ok_or_else(|| {
        let url = secrets.text(&exchange.url);
        let reason = exchange.error.as_deref().map_or_else(|| "no answer".to_owned(), |error| secrets.text(error));
        match reason.split_once("invalid peer certificate: ") {
            Some((_, reason)) => TargetError::Certificate { url, reason: reason.to_owned() },
            None if reason.contains("InvalidContentType") => TargetError::NoTls(url),
            None => TargetError::Unreachable { url, reason },
        }
    })
}

/// The document of an answer.
pub(super) fn json_of(secrets: &Secrets, exchange: &Exchange) -> Result<Value, TargetError> {
    // An empty answer is one, too.
    if exchange.response_body.is_empty() {
        return Ok(Value::Null);
    }
    exchange.json().ok_or_else(|| {
        let kind = exchange.header("content-type").unwrap_or("something that is not JSON");
        TargetError::NotImmich { url: exchange.url.clone(), found: secrets.text(kind) }
    })
}

/// What the server says of a request that it does not grant.
pub(super) fn refusal(secrets: &Secrets, exchange: &Exchange, path: &str, status: u16) -> TargetError {
    let message = exchange.json().and_then(|body| {
        let message = body.get("message")?;
        Some(secrets.text(&message.as_str().map_or_else(|| message.to_string(), ToOwned::to_owned)))
    });
    let Some(message) = message else {
        return TargetError::NotImmich {
            url: exchange.url.clone(),
            found: format!("status {status} without a message"),
        };
    };
    let permission = message.strip_prefix("Missing required permission: ");
    match (status, permission) {
        (401, _) => TargetError::KeyRefused,
        (403, Some(permission)) => TargetError::Permission(vec![permission.to_owned()]),
        (403, None) if message == "Forbidden" => TargetError::NotAdministrator,
        (400, _) if message.contains("IMMICH_CONFIG_FILE") => TargetError::ConfigurationFile,
        _ => TargetError::Unexpected { method: exchange.method.clone(), path: path.to_owned(), status, message },
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(401, r#"{"message":"Invalid API key"}"#, TargetError::KeyRefused)]
    #[case(403, r#"{"message":"Forbidden"}"#, TargetError::NotAdministrator)]
    #[case(403, r#"{"message":"Missing required permission: a.b"}"#, TargetError::Permission(vec!["a.b".into()]))]
    #[case(
        400,
        r#"{"message":"Cannot update configuration while IMMICH_CONFIG_FILE is in use"}"#,
        TargetError::ConfigurationFile
    )]
    #[case(502, "<html>", TargetError::NotImmich { url: String::new(), found: "status 502 without a message".into() })]
    fn refusals_are_told_apart(#[case] status: u16, #[case] body: &str, #[case] expected: TargetError) {
        let exchange = Exchange { response_body: body.to_owned(), ..Exchange::default() };
        assert_eq!(refusal(&Secrets::default(), &exchange, "/", status), expected);
    }
}
