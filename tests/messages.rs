//! `explain` knows messages as people paste them, and nothing else.

use std::collections::BTreeSet;

use harness::explain::Library;
use harness::scenario::Catalogue;
use rstest::rstest;
use toml::Value;

#[path = "messages/near_miss.rs"]
mod near_miss;

use near_miss::Slips;

/// The first text of each message that `explain` shows.
fn told<'a>(library: &'a Library, pasted: &str) -> Vec<&'a str> {
    library.recognise(pasted).iter().filter_map(|one| one.message.said.first()).map(String::as_str).collect()
}

#[test]
fn every_message_is_recognised_as_itself() {
    let library = Library::new();
    for message in library.messages() {
        for said in &message.said {
            let first = library.recognise(said).first().map(|one| one.message.cause.clone());
            assert_eq!(first.as_ref(), Some(&message.cause), "{said}");
        }
    }
}

#[test]
fn what_a_message_names_exists() {
    let catalogue = Catalogue::embedded();
    let names = |scenario: &harness::scenario::Scenario| {
        let cases: Vec<String> = scenario.cases().iter().filter_map(|case| case.name.clone()).collect();
        let of_cases = cases.into_iter().map(|case| format!("{}::{case}", scenario.name));
        of_cases.chain([scenario.name.clone()]).collect::<Vec<_>>()
    };
    let scenarios: BTreeSet<String> = catalogue.scenarios.iter().flat_map(names).collect();
    for message in Library::new().messages() {
        let unknown: Vec<&String> = message.quirks.iter().filter(|name| mock_idp::quirk(name).is_none()).collect();
        assert!(unknown.is_empty(), "no quirk: {unknown:?}");
        let unknown: Vec<&String> = message.scenarios.iter().filter(|name| !scenarios.contains(*name)).collect();
        assert!(unknown.is_empty(), "no scenario: {unknown:?}");
    }
}

/// The texts that a file expects in `message`, and those that it quotes.
fn texts_of(file: &str) -> Vec<String> {
    fn texts(value: &Value) -> Vec<String> {
        match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(items) => items.iter().flat_map(texts).collect(),
            Value::Table(table) => {
                let is_expected = |(key, _): &(&String, &Value)| !["problem", "why"].contains(&key.as_str());
                table.iter().filter(is_expected).flat_map(|(_, value)| texts(value)).collect()
            }
            _ => Vec::new(),
        }
    }
    fn of_messages(value: &Value) -> Vec<String> {
        match value {
            Value::Array(items) => items.iter().flat_map(of_messages).collect(),
            Value::Table(table) => table
                .iter()
                .flat_map(|(key, value)| if key == "message" { texts(value) } else { of_messages(value) })
                .collect(),
            _ => Vec::new(),
        }
    }
    let expected = toml::from_str(file).map(|value: Value| of_messages(&value)).unwrap_or_default();
    let quoted =
        file.split('“').skip(1).filter_map(|rest| rest.split_once('”')).map(|(text, _)| text.replace('\\', ""));
    expected.into_iter().chain(quoted).filter(|text| text.contains(' ') || text.contains('_')).collect()
}

#[test]
fn all_that_scenarios_expect_and_quote_is_known() {
    let library = Library::new();
    let catalogue = Catalogue::embedded();
    let texts: BTreeSet<String> =
        catalogue.scenarios.iter().flat_map(|scenario| texts_of(&scenario.source.text)).collect();
    assert!(texts.len() > 20, "{texts:?}");
    let unknown: Vec<&String> = texts.iter().filter(|text| library.recognise(text).is_empty()).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

/// `explain` shows the innermost cause, whatever surrounds it.
#[rstest]
#[case::log_line(
    "[Nest] 7  - 11/29/2026, 1:37:49 AM   ERROR [Api:OAuthRepository~y8uzmbli] OAuth login failed: invalid response \
     encountered",
    &["invalid response encountered"]
)]
#[case::colours(
    "\u{1b}[31m[Nest] 7  - \u{1b}[39m11/29/2026, 1:37:49 AM \u{1b}[31m  ERROR\u{1b}[39m \
     \u{1b}[33m[Api:OAuthRepository~y8uzmbli]\u{1b}[39m \u{1b}[31mError in OAuth discovery: TypeError: fetch \
     failed\u{1b}[39m",
    &["fetch failed"]
)]
#[case::stack_trace(
    "ERROR [Api:OAuthRepository~y8uzmbli] ClientError: invalid response encountered\n    at e \
     (file:///usr/src/app/node_modules/openid-client/build/index.js:116:12)\n    at async AuthService.callback \
     (/usr/src/app/dist/services/auth.service.js:220:44) {\n  code: 'OAUTH_INVALID_RESPONSE',\n  [cause]: \
     OperationProcessingError: no authorization code in \"callbackParameters\"\n      at OPE \
     (file:///usr/src/app/node_modules/oauth4webapi/build/index.js:116:12) {\n    code: \
     'OAUTH_INVALID_RESPONSE',\n    [cause]: undefined\n  }\n}",
    &["no authorization code in \"callbackParameters\""]
)]
#[case::network(
    "[TypeError: fetch failed] {\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:9000\n      at \
     TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16) {\n    errno: -111,\n    code: 'ECONNREFUSED',\n    \
     syscall: 'connect',\n    address: '127.0.0.1',\n    port: 9000\n  }\n}",
    &["ECONNREFUSED"]
)]
#[case::refused_by_the_provider(
    "ResponseBodyError: server responded with an error in the response body {\n  cause: {\n    error: \
     'invalid_grant',\n    error_description: 'the code was used before'\n  },\n  code: \
     'OAUTH_RESPONSE_BODY_ERROR',\n  status: 400",
    &["invalid_grant"]
)]
#[case::answer_of_the_api(
    r#"{"message":"OAuth profile does not have an email address","error":"Bad Request","statusCode":400}"#,
    &["OAuth profile does not have an email address"]
)]
#[case::screen(r#"{"message":"Internal server error","statusCode":500,"correlationId":"y8uzmbli"}"#, &["Internal server error"])]
#[case::escaped(r#"OAuth login failed: unexpected JWT \"alg\" header parameter"#, &["unexpected JWT \"alg\" header parameter"])]
#[case::broken_line("unable to verify the\n   first certificate", &["UNABLE_TO_VERIFY_LEAF_SIGNATURE"])]
#[case::a_piece("response parameter state", &["response parameter \"state\" missing"])]
#[case::slip_in_a_log("ERROR OAuth login failed: unexpected JWT \"aud\" (audiense) clam value", &["unexpected JWT \"aud\" (audience) claim value"])]
fn a_pasted_message_is_recognised(#[case] pasted: &str, #[case] expected: &[&str]) {
    assert_eq!(told(&Library::new(), pasted), expected);
}

#[test]
fn ninety_five_of_a_hundred_near_misses_are_recognised() {
    let library = Library::new();
    let texts: Vec<(&str, &str)> = library
        .messages()
        .iter()
        .flat_map(|message| message.said.iter().map(|said| (said.as_str(), message.cause.as_str())))
        .collect();
    let mut slips = Slips::new(2026);
    let mut missed = Vec::new();
    for _ in 0..400 {
        let (said, cause) = texts[slips.below(texts.len())];
        let pasted = slips.near_miss(said);
        let found = library.recognise(&pasted);
        if !found.iter().any(|one| one.message.cause == cause) {
            missed.push((pasted, found.first().map(|one| one.said)));
        }
    }
    assert!(missed.len() <= 20, "{} of 400 missed: {missed:#?}", missed.len());
}

#[test]
fn nonsense_is_not_answered() {
    let library = Library::new();
    let texts: Vec<&str> = include_str!("messages/nonsense.txt").lines().collect();
    assert_eq!(texts.len(), 100);
    let answered: Vec<_> =
        texts.iter().map(|text| (text, told(&library, text))).filter(|(_, told)| !told.is_empty()).collect();
    assert!(answered.is_empty(), "{answered:#?}");
}
