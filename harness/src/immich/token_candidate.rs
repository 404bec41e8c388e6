//! Values in an answer that may be session tokens, wherever they stand in it.
//! [`super::session`] knows the places that the contract names, and finds out
//! what a value opens.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT};
use serde_json::Value;
use url::form_urlencoded;

use super::session::session_tokens;
use crate::exchange::Exchange;
use crate::user_agent::is_sendable;

/// No more candidates of one answer are tried.
const MOST: usize = 20;

/// No shorter value is a token.
const SHORTEST: usize = 16;

/// Headers whose values are no tokens.
const PLAIN_HEADERS: &[&str] = &["content-type", "date", "etag", "set-cookie"];

/// The values in an answer that may be session tokens without the name of one,
/// each once: values of cookies, texts of a JSON body, and values of headers;
/// then the parameters of addresses in these and in other bodies, and the words
/// there. After each comes what it encodes in base64. What the request said
/// already is none of them.
pub(crate) fn token_candidates(answer: &Exchange) -> Vec<String> {
    let own = session_tokens(answer);
    let sent = |text: &str| {
        let headers = answer.request_headers.iter().map(|(_, value)| value);
        headers.chain([&answer.url, &answer.request_body]).any(|known| known.contains(text))
    };
    let mut texts: Vec<String> = answer.set_cookies().into_iter().map(|cookie| cookie.value).collect();
    let body = answer.json();
    if let Some(body) = &body {
        note_texts(body, &mut texts);
    }
    let headers = answer.response_headers.iter().filter(|(name, _)| !PLAIN_HEADERS.contains(&name.as_str()));
    texts.extend(headers.map(|(_, value)| value.clone()));
    let all = || texts.iter().chain(body.is_none().then_some(&answer.response_body));
    let parameters: Vec<String> = all().flat_map(|text| parameters(text)).collect();
    let mut words: Vec<String> = all().flat_map(|text| words(text)).collect();
    // Pages have many long names; those of files and classes come last.
    words.sort_by_key(|word| !looks_random(word));
    let mut candidates: Vec<String> = Vec::new();
    for text in texts.iter().chain(&parameters).chain(&words) {
        for text in [Some(text.clone()), decoded(text)].into_iter().flatten() {
            let may_be_one = text.len() >= SHORTEST && is_sendable(&text) && !own.contains(&text);
            if may_be_one && candidates.len() < MOST && !candidates.contains(&text) && !sent(&text) {
                candidates.push(text);
            }
        }
    }
    candidates
}

/// The values in the address of a redirect that may open a session later: long
/// ones with a digit. What the request said already is none of them.
pub(crate) fn tickets(answer: &Exchange) -> Vec<String> {
    let is_redirect = answer.status.is_some_and(|status| (300..400).contains(&status));
    let location = answer.response_headers.iter().find(|(name, _)| is_redirect && name == "location");
    let mut tickets = location.map(|(_, address)| parameters(address)).unwrap_or_default();
    tickets.retain(|text| {
        let is_random = text.chars().all(is_of_a_token) && text.chars().any(|letter| letter.is_ascii_digit());
        is_random
            && text.len() >= SHORTEST
            && ![&answer.url, &answer.request_body].iter().any(|sent| sent.contains(text))
    });
    tickets
}

fn note_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|item| note_texts(item, texts)),
        Value::Object(members) => members.values().for_each(|member| note_texts(member, texts)),
        _ => {}
    }
}

/// The values in query and fragment of each address in a text, decoded.
fn parameters(text: &str) -> Vec<String> {
    let is_between = |letter: char| letter.is_whitespace() || "\"'<>".contains(letter);
    // In HTML, `&` stands as `&amp;`.
    let addresses = text.split(is_between).map(|address| address.replace("&amp;", "&"));
    let queries =
        addresses.flat_map(|address| address.split(['?', '#']).skip(1).map(str::to_owned).collect::<Vec<_>>());
    let values = queries.flat_map(|query| form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Vec<_>>());
    // A fragment without `=` is a name to the parser.
    values.map(|(name, value)| if value.is_empty() { name } else { value }).collect()
}

/// The words of a text that are long enough and have no letters but those of
/// tokens, and the value in a word such as `token=…`.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !is_of_a_token(letter)).map(|word| word.trim_end_matches('.'));
    let parts = words.flat_map(|word| [Some(word), word.split_once('=').map(|(_, value)| value)]);
    parts.flatten().filter(|word| word.len() >= SHORTEST).map(ToOwned::to_owned).collect()
}

/// Whether a letter can stand in a token (RFC 6750 §2.1).
fn is_of_a_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "._~+/=-".contains(letter)
}

fn looks_random(word: &str) -> bool {
    let has = |is: fn(&char) -> bool| word.chars().any(|letter| is(&letter));
    has(char::is_ascii_digit) || (has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase))
}

/// What a text encodes in base64, of either alphabet, where that looks like a
/// token.
fn decoded(text: &str) -> Option<String> {
    let read = |engine: &GeneralPurpose| engine.decode(text).ok();
    let bytes = read(&STANDARD_PAD_INDIFFERENT).or_else(|| read(&URL_SAFE_PAD_INDIFFERENT))?;
    String::from_utf8(bytes).ok().filter(|text| text.chars().all(is_of_a_token))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn answer(headers: &[(&str, &str)], body: &str) -> Exchange {
        let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Exchange {
            request_body: "state=the-state-of-the-browser".to_owned(),
            response_headers: headers.iter().map(header).collect(),
            response_body: body.to_owned(),
            ..Exchange::default()
        }
    }

    #[test]
    fn a_candidate_is_long_and_was_not_sent() {
        let headers = [
            ("etag", "a-very-long-value-of-a-tag"),
            ("x-session", "a-very-long-value-of-a-header"),
            ("set-cookie", "s=a-very-long-value-of-a-cookie; Path=/"),
        ];
        let body = r#"{"a":["a-very-long-value-of-a-body","short","with blanks in between"],
            "b":"the-state-of-the-browser","accessToken":"a-very-long-value-of-a-session"}"#;
        let expected =
            ["a-very-long-value-of-a-cookie", "a-very-long-value-of-a-body", "a-very-long-value-of-a-header"];
        assert_eq!(token_candidates(&answer(&headers, body)), expected);
    }

    const TOKEN: &str = "Zk3aQ9x+bR7/tY2wLm8P";

    #[rstest]
    #[case::query(&[("location", "/auth/login?error=1&token=Zk3aQ9x%2BbR7%2FtY2wLm8P")], "")]
    #[case::fragment(&[("location", "https://photos.test/#/login?t=Zk3aQ9x%2BbR7%2FtY2wLm8P")], "")]
    #[case::fragment_alone(&[("location", "/#Zk3aQ9x%2BbR7%2FtY2wLm8P")], "")]
    #[case::link(&[("link", "<https://photos.test/?t=Zk3aQ9x%2BbR7%2FtY2wLm8P>; rel=\"next\"")], "")]
    #[case::address_in_json(&[], r#"{"next": "/auth/login?token=Zk3aQ9x%2BbR7%2FtY2wLm8P"}"#)]
    #[case::address_in_html(&[], r#"<a href="/login?a=1&amp;t=Zk3aQ9x%2BbR7%2FtY2wLm8P">back</a>"#)]
    #[case::word_of_a_header(&[("x-debug", "session Zk3aQ9x+bR7/tY2wLm8P refused")], "")]
    #[case::word_of_a_message(&[], r#"{"message": "Invalid session: Zk3aQ9x+bR7/tY2wLm8P."}"#)]
    #[case::word_of_a_text(&[], "refused, token=Zk3aQ9x+bR7/tY2wLm8P")]
    #[case::word_of_html(&[], "<p>refused<!-- Zk3aQ9x+bR7/tY2wLm8P --></p>")]
    #[case::base64(&[], r#"{"debug": "WmszYVE5eCtiUjcvdFkyd0xtOFA="}"#)]
    #[case::base64_without_padding(&[("x-debug", "WmszYVE5eCtiUjcvdFkyd0xtOFA")], "")]
    #[case::base64_in_a_cookie(&[("set-cookie", "d=WmszYVE5eCtiUjcvdFkyd0xtOFA; Path=/")], "")]
    #[case::base64_in_html(&[], "<p>WmszYVE5eCtiUjcvdFkyd0xtOFA=</p>")]
    fn a_candidate_is_found_wherever_it_stands(#[case] headers: &[(&str, &str)], #[case] body: &str) {
        let candidates = token_candidates(&answer(headers, body));
        assert!(candidates.iter().any(|candidate| candidate == TOKEN), "{candidates:?}");
    }

    #[rstest]
    #[case::standard("fn5+fn5+fn5+fn5+fn5+", Some("~~~~~~~~~~~~~~~"))]
    #[case::url_safe("fn5-fn5-fn5-fn5-fn5-", Some("~~~~~~~~~~~~~~~"))]
    #[case::binary(TOKEN, None)]
    #[case::a_sentence("YSBzZW50ZW5jZSB3aXRoIGJsYW5rcw==", None)]
    fn what_is_decoded_looks_like_a_token(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(decoded(text).as_deref(), expected);
    }

    #[test]
    fn of_many_candidates_those_of_cookies_and_members_stay() {
        let words: Vec<String> = (0..50).map(|index| format!("word-of-a-long-header-{index}")).collect();
        let headers = [("x-words", words.join(" ")), ("set-cookie", format!("s={TOKEN}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let candidates = token_candidates(&answer(&headers, r#"{"a": "a-very-long-value-of-a-body"}"#));
        assert_eq!(
            (candidates.len(), &candidates[..2]),
            (MOST, &[TOKEN.into(), "a-very-long-value-of-a-body".into()][..])
        );
    }

    #[rstest]
    #[case::ticket(302, "/auth/finish?ticket=Zk3aQ9xbR7tY2wLm8P", true)]
    #[case::in_the_fragment(302, "https://photos.test/#finish=Zk3aQ9xbR7tY2wLm8P", true)]
    #[case::reason(302, "/auth/login?error=invalid_grant_of_the_provider", false)]
    #[case::sent_before(302, "/auth/login?state=the-state-of-the-browser", false)]
    #[case::words(302, "/auth/login?message=State+1234567890+is+wrong", false)]
    #[case::no_redirect(400, "/auth/finish?ticket=Zk3aQ9xbR7tY2wLm8P", false)]
    fn a_redirect_may_carry_a_ticket(#[case] status: u16, #[case] location: &str, #[case] expected: bool) {
        let answer = Exchange { status: Some(status), ..answer(&[("location", location)], "") };
        assert_eq!(!tickets(&answer).is_empty(), expected);
    }
}
