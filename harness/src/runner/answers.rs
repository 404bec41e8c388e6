//! Rules for every answer of the target, whatever a scenario expects: it
//! contains no secret, its content type names JSON, it is for its own origin
//! alone, and a refusal sets no cookie of a session. Pure.
//! [`super::judgement`] checks what a scenario expects.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::exchange::Exchange;
use crate::expect::{ANSWER_RULES, AnswerRule, CONTENT_TYPE, CROSS_ORIGIN, Check, SECRETS, SESSION_COOKIES};
use crate::immich::{ApiRoute, beside_permitted, refuses_with_session_cookies};
use crate::level::Level;
use crate::redaction::{SecretKind, Secrets};
use crate::stage::Sent;

/// What is wrong with an answer.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct AnswerFault {
    /// The path of the rule that is broken.
    path: &'static str,
    /// What the server does.
    sentence: String,
    /// The route, the status and the part of the answer that shows it.
    place: String,
}

/// Holds answers against it: those to the step's user agents at `origin`, and
/// those to the administrator since the step before. Returns a failed check
/// for each of its paths, and a diagnostic for each check.
pub(super) fn judge_answers(
    (origin, sent): (&str, &[Sent]),
    to_administrator: &[Exchange],
    secrets: &Secrets,
    place: &Range<usize>,
) -> (Vec<Check>, Vec<Diagnostic>) {
    let at_target = sent.iter().filter(|sent| crate::address::is_at(origin, &sent.exchange.url));
    let at_target = at_target.map(|sent| (&sent.exchange, sent.by_administrator));
    let all = at_target.chain(to_administrator.iter().map(|exchange| (exchange, true)));
    let faults: BTreeSet<AnswerFault> =
        all.flat_map(|(exchange, trusted)| faults(exchange, trusted, secrets)).collect();
    let broken = |rule: &&'static AnswerRule| {
        let mut places: BTreeMap<&str, &str> = BTreeMap::new();
        for fault in faults.iter().filter(|fault| fault.path == rule.path) {
            places.entry(&fault.sentence).or_insert(&fault.place);
        }
        let sentences: Vec<&str> = places.keys().copied().collect();
        let (check, diagnostic) = (!sentences.is_empty()).then(|| failed_check(rule, &sentences, place))?;
        Some((check, places.into_values().fold(diagnostic, Diagnostic::note)))
    };
    ANSWER_RULES.iter().filter_map(broken).unzip()
}

/// Returns the failed check of a rule that answers break as the sentences say,
/// and its diagnostic.
pub(super) fn failed_check(rule: &'static AnswerRule, sentences: &[&str], place: &Range<usize>) -> (Check, Diagnostic) {
    let text = sentences.join(AnswerRule::BETWEEN);
    let check = Check {
        path: rule.path.to_owned(),
        alternative: None,
        level: Level::Must,
        held: false,
        expected: Some("nothing of the kind".to_owned()),
        actual: Some(text.clone()),
        found: Some(if sentences.len() == 1 { Value::from(text.as_str()) } else { json!(sentences) }),
        problem: None,
    };
    let diagnostic = Diagnostic::error(text, place.clone()).note(format!("requirement: {}", rule.requirement));
    (check, diagnostic)
}

/// What is wrong with one answer, which is to an administrator if it is
/// `trusted`.
fn faults(exchange: &Exchange, trusted: bool, secrets: &Secrets) -> Vec<AnswerFault> {
    let texts = beside_permitted(exchange, trusted);
    let kinds: BTreeSet<SecretKind> = texts.iter().flat_map(|text| secrets.told_in(text)).collect();
    let route = ApiRoute::of(exchange);
    let mut faults = Vec::new();
    let status = exchange.status.unwrap_or_default();
    let mut note = |rule: &AnswerRule, problem: &str, what: &str| {
        let place = format!("{route} answers {status} with {what}");
        faults.push(AnswerFault { path: rule.path, sentence: AnswerRule::sentence(problem, &route), place });
    };
    if !kinds.is_empty() {
        let words: BTreeSet<String> = kinds.iter().map(|kind| kind.words()).collect();
        let words = words.into_iter().collect::<Vec<_>>().join(" and ");
        let part = part_with_secret(exchange, &texts, secrets);
        note(&SECRETS, &format!("Reveals {words} in its responses"), &format!("{words} in {part}"));
    }
    let kind = exchange.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("text/html") && exchange.json().is_some_and(|body| body.is_object() || body.is_array()) {
        note(&CONTENT_TYPE, "Sends JSON as `text/html` in its responses", "the header `content-type: text/html`");
    }
    if exchange.is_shared_with_another_origin() {
        let problem = "Allows web pages of any origin to read its responses with the end-user's cookies";
        note(&CROSS_ORIGIN, problem, "the header `access-control-allow-credentials`");
    }
    if refuses_with_session_cookies(exchange) {
        note(&SESSION_COOKIES, "Sets session cookies in its refusals", "the header `set-cookie`");
    }
    faults
}

/// Returns which header or member of the answer has a secret; the body where it is
/// no JSON object. `texts` are its headers and its body.
fn part_with_secret(exchange: &Exchange, texts: &[String], secrets: &Secrets) -> String {
    let tells = |text: &str| !secrets.told_in(text).is_empty();
    let mut headers = exchange.response_headers.iter().zip(texts);
    if let Some(((name, _), _)) = headers.find(|(_, text)| tells(text)) {
        return format!("the header `{name}`");
    }
    let body = texts.last().and_then(|text| serde_json::from_str(text).ok());
    let mut members = body.iter().filter_map(Value::as_object).flatten();
    let member = members.find(|(_, value)| tells(&value.to_string()));
    member.map_or_else(|| "the body".to_owned(), |(name, _)| format!("the member `{name}`"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::immich::SECRET_NAMES;

    const SECRET: &str = "the-secret-of-the-client";

    fn judged(path: &str, kind: &str, body: &str) -> Vec<String> {
        let secrets = Secrets::of(SECRET_NAMES);
        secrets.add(SecretKind::ClientSecret, SECRET);
        secrets.add(SecretKind::ApiKey, "the-key-of-the-administrator");
        secrets.add(SecretKind::Password, "a-short-one");
        let exchange = Exchange {
            method: "POST".into(),
            url: format!("http://photos.test{path}"),
            status: Some(400),
            response_headers: vec![("content-type".into(), kind.into())],
            response_body: body.into(),
            ..Exchange::default()
        };
        // Only its name says that it is one.
        secrets.learn(&exchange);
        let sent = |url: &str| Sent {
            agent: "browser".into(),
            exchange: Exchange { url: url.into(), ..exchange.clone() },
            instant: std::time::Instant::now(),
            answered: std::time::Instant::now(),
            by_administrator: false,
        };
        let sent = [sent(&exchange.url), sent("http://idp.test/authorize")];
        let (checks, diagnostics) = judge_answers(("http://photos.test", &sent), &[], &secrets, &(0..0));
        assert_eq!(checks.len(), diagnostics.len());
        checks.into_iter().filter_map(|check| Some(format!("{}: {}", check.path, check.actual?))).collect()
    }

    #[rstest]
    #[case::reflected("https://evil.test", "true", true)]
    #[case::not_with_cookies("https://evil.test", "false", false)]
    #[case::all("*", "true", false)]
    #[case::a_friend("https://friend.test", "true", false)]
    fn an_answer_is_for_its_own_origin(#[case] allowed: &str, #[case] credentials: &str, #[case] is_fault: bool) {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let exchange = Exchange {
            url: "http://photos.test/api/users/me".into(),
            request_headers: vec![header("Origin", "https://evil.test")],
            response_headers: vec![
                header("access-control-allow-origin", allowed),
                header("access-control-allow-credentials", credentials),
            ],
            ..Exchange::default()
        };
        let found = faults(&exchange, false, &Secrets::default());
        assert_eq!(
            found.iter().map(|fault| fault.path).collect::<Vec<_>>(),
            [CROSS_ORIGIN.path][..usize::from(is_fault)]
        );
        let own = Exchange { request_headers: vec![header("origin", "http://photos.test")], ..exchange };
        assert!(faults(&own, false, &Secrets::default()).is_empty());
    }

    #[rstest]
    #[case("/api/oauth/callback", 400, "immich_is_authenticated=true; Path=/", true)]
    #[case("/api/auth/login", 401, "immich_access_token=x", true)]
    #[case("/api/oauth/callback", 302, "immich_is_authenticated=true", true)]
    #[case("/api/oauth/callback", 302, "immich_access_token=x", false)]
    #[case("/api/oauth/callback", 201, "immich_auth_type=oauth", false)]
    #[case("/api/oauth/callback", 400, "immich_auth_type=; Max-Age=0", false)]
    #[case("/api/oauth/callback", 400, "immich_oauth_state=x", false)]
    fn a_refusal_sets_no_cookie_of_a_session(
        #[case] path: &str,
        #[case] status: u16,
        #[case] cookie: &str,
        #[case] is_fault: bool,
    ) {
        let exchange = Exchange {
            method: "POST".into(),
            url: format!("http://photos.test{path}"),
            status: Some(status),
            response_headers: vec![("set-cookie".into(), cookie.into())],
            ..Exchange::default()
        };
        let found = faults(&exchange, false, &Secrets::default());
        assert_eq!(
            found.iter().map(|fault| fault.path).collect::<Vec<_>>(),
            [SESSION_COOKIES.path][..usize::from(is_fault)]
        );
    }

    #[rstest]
    #[case::member("x-a", "b", &json!({"error": 400, "message": SECRET}).to_string(), "the member `message`")]
    #[case::header("x-a", SECRET, &json!({"message": SECRET}).to_string(), "the header `x-a`")]
    #[case::text("x-a", "b", SECRET, "the body")]
    #[case::list("x-a", "b", &json!([SECRET]).to_string(), "the body")]
    fn the_part_of_an_answer_with_a_secret_is_named(
        #[case] name: &str,
        #[case] value: &str,
        #[case] body: &str,
        #[case] part: &str,
    ) {
        let secrets = Secrets::of(SECRET_NAMES);
        secrets.add(SecretKind::ClientSecret, SECRET);
        let exchange = Exchange {
            method: "POST".into(),
            url: "http://photos.test/api/oauth/callback".into(),
            status: Some(400),
            response_headers: vec![(name.into(), value.into())],
            response_body: body.into(),
            ..Exchange::default()
        };
        let found: Vec<String> = faults(&exchange, false, &secrets).into_iter().map(|fault| fault.place).collect();
        assert_eq!(found, [format!("POST /api/oauth/callback answers 400 with the client secret in {part}")]);
    }

    #[rstest]
    #[case::nothing("", "application/json", "{\"message\":\"no\"}", &[])]
    #[case::told("", "text/plain", &format!("for {SECRET}!"), &["secrets: Reveals the client secret in its responses to POST /api/oauth/callback"])]
    #[case::encoded("", "text/plain", "dGhlLXNlY3JldC1vZi10aGUtY2xpZW50", &["secrets: Reveals the client secret in its responses to POST /api/oauth/callback"])]
    #[case::several("", "text/plain", &format!("{SECRET} the-key-of-the-administrator"), &["secrets: Reveals the API key and the client secret in its responses to POST /api/oauth/callback"])]
    #[case::short("", "application/json", "a-short-one", &[])]
    #[case::called_so_only("", "application/json", "{\"clientSecret\":\"something-that-is-none\"}", &[])]
    #[case::html("", "text/html; charset=utf-8", "{}", &["content-type: Sends JSON as `text/html` in its responses to POST /api/oauth/callback"])]
    #[case::shouted("", "Text/HTML", "[]", &["content-type: Sends JSON as `text/html` in its responses to POST /api/oauth/callback"])]
    #[case::a_page("", "text/html", "<html>", &[])]
    #[case::another_account("/api/admin/users/17", "text/plain", SECRET, &["secrets: Reveals the client secret in its responses to POST /api/admin/users/{id}"])]
    fn an_answer_is_held_against_what_is_known(
        #[case] path: &str,
        #[case] kind: &str,
        #[case] body: &str,
        #[case] expected: &[&str],
    ) {
        let path = if path.is_empty() { "/api/oauth/callback" } else { path };
        assert_eq!(judged(path, kind, body), expected);
    }
}
