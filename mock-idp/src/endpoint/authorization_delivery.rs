//! How an authorization response reaches the client: in the query or fragment
//! of the redirect URI, or by a form (OAuth 2.0 Form Post Response Mode §2).

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::exchange::Answer;
use crate::message::{Delivery, Draft};
use crate::protocol::text_of;

/// Sends the user agent back, in the way that the draft says.
pub(super) fn deliver(draft: Draft) -> Answer {
    let Draft { members, mut transport, .. } = draft;
    let mut body = transport.body.take().unwrap_or_default();
    // Without an address the user agent stays.
    if let Some(uri) = transport.location.take() {
        let response = encode(&members);
        let joined = |mark: char| {
            let mark = if uri.contains(mark) { '&' } else { mark };
            Some(format!("{uri}{mark}{response}"))
        };
        match transport.delivery {
            Delivery::Query => transport.location = joined('?'),
            Delivery::Fragment => transport.location = joined('#'),
            Delivery::FormPost => {
                transport.status = 200;
                transport.content_type = "text/html; charset=utf-8".into();
                body = form(&uri, &members);
            }
        }
    }
    Answer { transport, body: body.into(), headers: Vec::new() }
}

/// A page that posts itself (OAuth 2.0 Form Post Response Mode §2).
fn form(redirect_uri: &str, members: &Map<String, Value>) -> String {
    let escape =
        |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    let inputs = pairs(members)
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(&value)));
    format!(
        "<!doctype html><title>Returning</title><body onload=\"document.forms[0].submit()\">\
         <form method=\"post\" action=\"{}\">{}<button>Continue</button></form>",
        escape(redirect_uri),
        inputs.collect::<String>()
    )
}

/// Parameters of a response; a list is one that comes several times.
fn pairs(members: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    members.iter().flat_map(|(name, value)| {
        let values = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        values.iter().map(move |value| (name.as_str(), text_of(value)))
    })
}

fn encode(members: &Map<String, Value>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs(members)).finish()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::arbitrary;
    use crate::message::Message;

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn whatever_is_answered_arrives(
            redirect_uri in "(https://rp\\.example|app\\.immich://)/[a-z/]{0,8}(\\?([a-z]{1,3}=[a-z0-9]{0,4}&?){0,3})?",
            members in arbitrary::object(),
        ) {
            let before = Url::parse(&redirect_uri).unwrap();
            let expected: Vec<(String, String)> = before
                .query_pairs()
                .into_owned()
                .chain(pairs(&members).map(|(name, value)| (name.to_owned(), value)))
                .collect();
            let mut draft = Draft::new(Message::AuthorizationResponse, members);
            draft.transport.location = Some(redirect_uri.clone());
            let location = deliver(draft).transport.location.unwrap();
            let arrived = Url::parse(&location).unwrap();
            prop_assert_eq!(arrived.query_pairs().into_owned().collect::<Vec<_>>(), expected);
            prop_assert!(location.starts_with(&redirect_uri) && arrived.fragment().is_none());
        }
    }
}
