//! What a failed check found, in a sentence. The sentence of a problem names what its
//! scenario is about, which may be more than one thing.

use crate::expect::{Check, ODD_SESSION};
use crate::plural::counted;

/// How much of a value stands in a sentence, in characters.
const LONGEST: usize = 80;

/// Returns what the check found, without a full stop: `the session of step `a` has
/// ended`. None for an outcome and for values that no words describe better than
/// the check does.
pub(super) fn finding(check: &Check) -> Option<String> {
    let actual = Actual::of(check.actual.as_deref()?);
    let (section, path) = check.path.split_once('.')?;
    match section {
        "sessions" => session(path, &actual),
        "account" => account(path, &actual),
        "accounts" => accounts(path, &actual),
        "cookies" => cookie(path, &actual),
        "response" => response(path, &actual),
        "redirect" => redirect(path, &actual),
        "provider-saw" => request("provider", path, &actual),
        "other-provider-saw" => request("second provider", path, &actual),
        _ => None,
    }
}

/// What a check found, as it is printed.
enum Actual<'a> {
    /// No value.
    Absent,
    /// No place for a value, such as a request that never came.
    Unknown,
    /// This value.
    Value(&'a str),
}

impl<'a> Actual<'a> {
    fn of(printed: &'a str) -> Self {
        match printed {
            "absent" => Self::Absent,
            text if text.starts_with("unknown (") => Self::Unknown,
            text => Self::Value(text),
        }
    }

    /// Returns the number, if it is one.
    fn count(&self) -> Option<usize> {
        if let Self::Value(text) = self { text.parse().ok() } else { None }
    }

    /// Returns what the `whole` has as its `member`, or that it lacks one.
    fn of_member(&self, article: &str, member: &str, whole: &str) -> Option<String> {
        match self {
            Self::Absent => Some(format!("the {whole} has no {member}")),
            Self::Unknown => None,
            Self::Value(text) => Some(format!("{article}{member} of the {whole} is {}", short(text))),
        }
    }
}

/// Returns how many there are, with `no` for none.
fn number(count: usize, one: &str) -> String {
    if count == 0 { format!("no {one}s") } else { counted(count, one, &format!("{one}s")) }
}

/// Returns the beginning of a long text.
pub(super) fn short(text: &str) -> String {
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

fn session(step: &str, actual: &Actual<'_>) -> Option<String> {
    match actual {
        Actual::Value("\"ended\"") => Some(format!("the session of step `{step}` has ended")),
        Actual::Value("\"alive\"") => Some(format!("the session of step `{step}` still works")),
        Actual::Value(text) => {
            let state = text.trim_matches('"');
            state.starts_with(ODD_SESSION).then(|| format!("the session of step `{step}` is {state}"))
        }
        _ => None,
    }
}

fn account(member: &str, actual: &Actual<'_>) -> Option<String> {
    match (member, actual) {
        ("exists", Actual::Value("true")) => Some("the end-user has an account".to_owned()),
        ("exists", Actual::Value("false")) | (_, Actual::Unknown) => Some("the end-user has no account".to_owned()),
        ("same-as", _) => None,
        _ => actual.of_member("", &format!("`{member}`"), "account"),
    }
}

fn accounts(member: &str, actual: &Actual<'_>) -> Option<String> {
    let accounts = number(actual.count()?, "account");
    match member {
        "created" | "changed" => Some(format!("the server {member} {accounts}")),
        _ => None,
    }
}

fn cookie(path: &str, actual: &Actual<'_>) -> Option<String> {
    let (name, member) = path.rsplit_once('.')?;
    match actual {
        Actual::Unknown => Some(format!("the server did not set the cookie `{name}`")),
        _ => actual.of_member("", &format!("`{member}`"), &format!("cookie `{name}`")),
    }
}

fn response(path: &str, actual: &Actual<'_>) -> Option<String> {
    let (part, member) = path.split_once('.').unwrap_or((path, ""));
    match (part, actual) {
        ("status", Actual::Value(status)) => Some(format!("the server answered {status}")),
        ("message", _) => actual.of_member("the ", "error message", "response"),
        ("body", _) => actual.of_member("", &format!("`{member}`"), "response body"),
        ("headers", _) => actual.of_member("the ", &format!("header `{member}`"), "response"),
        _ => None,
    }
}

fn redirect(path: &str, actual: &Actual<'_>) -> Option<String> {
    match (path.split_once('.'), actual) {
        (_, Actual::Unknown) => Some("the server did not redirect the browser".to_owned()),
        (Some(("parameters", name)), _) => actual.of_member("", &format!("`{name}`"), "redirect"),
        (None, Actual::Value(url)) if path != "fragment" => {
            Some(format!("the server redirected the browser to {}", short(url)))
        }
        _ => None,
    }
}

/// Returns what `who` received at an endpoint.
fn request(who: &str, path: &str, actual: &Actual<'_>) -> Option<String> {
    let (endpoint, rest) = path.split_once('.')?;
    let kind = match endpoint {
        "jwks" => "JWKS",
        "userinfo" => "UserInfo",
        other => other,
    };
    let of_request = format!("{kind} request");
    match (endpoint, rest, actual) {
        ("connection", "count", Actual::Value("0")) => Some(format!("the server did not connect to the {who}")),
        (_, "count", _) => Some(format!("the {who} received {}", number(actual.count()?, &of_request))),
        (_, _, Actual::Unknown) => Some(format!("the {who} received no {of_request}")),
        (_, "refused", _) => Some(format!("the {who} refused {}", number(actual.count()?, &of_request))),
        _ => match rest.split_once('.') {
            Some(("headers", name)) => actual.of_member("the ", &format!("header `{name}`"), &of_request),
            Some(_) => None,
            None => actual.of_member("", &format!("`{rest}`"), &of_request),
        },
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::level::Level;

    #[rstest]
    #[case("sessions.phone", "\"ended\"", Some("the session of step `phone` has ended"))]
    #[case("sessions.phone", "\"alive\"", Some("the session of step `phone` still works"))]
    #[case(
        "sessions.phone",
        "\"neither alive nor ended: 500\"",
        Some("the session of step `phone` is neither alive nor ended: 500")
    )]
    #[case("account.exists", "true", Some("the end-user has an account"))]
    #[case("account.exists", "false", Some("the end-user has no account"))]
    #[case("account.name", "unknown (the end-user has no account)", Some("the end-user has no account"))]
    #[case("account.oauthId", "\"\"", Some("`oauthId` of the account is \"\""))]
    #[case("account.storageLabel", "absent", Some("the account has no `storageLabel`"))]
    #[case("accounts.created", "1", Some("the server created 1 account"))]
    #[case("accounts.created", "0", Some("the server created no accounts"))]
    #[case("accounts.changed", "2", Some("the server changed 2 accounts"))]
    #[case("cookies.token.secure", "false", Some("`secure` of the cookie `token` is false"))]
    #[case("cookies.token.value", "unknown (no cookie)", Some("the server did not set the cookie `token`"))]
    #[case("response.status", "500", Some("the server answered 500"))]
    #[case("response.message", "absent", Some("the response has no error message"))]
    #[case("response.body.url", "\"x\"", Some("`url` of the response body is \"x\""))]
    #[case("response.headers.location", "absent", Some("the response has no header `location`"))]
    #[case("response.text", "\"[]\"", None)]
    #[case("redirect.url", "\"https://a.test\"", Some("the server redirected the browser to \"https://a.test\""))]
    #[case("redirect.parameters.state", "absent", Some("the redirect has no `state`"))]
    #[case("redirect.url", "unknown (no redirect)", Some("the server did not redirect the browser"))]
    #[case("provider-saw.connection.count", "0", Some("the server did not connect to the provider"))]
    #[case("provider-saw.token.count", "2", Some("the provider received 2 token requests"))]
    #[case("provider-saw.jwks.count", "0", Some("the provider received no JWKS requests"))]
    #[case("provider-saw.token.refused", "1", Some("the provider refused 1 token request"))]
    #[case("provider-saw.token.code_verifier", "absent", Some("the token request has no `code_verifier`"))]
    #[case("provider-saw.token.headers.accept", "\"x\"", Some("the header `accept` of the token request is \"x\""))]
    #[case("provider-saw.userinfo.method", "unknown (none)", Some("the provider received no UserInfo request"))]
    #[case("other-provider-saw.token.count", "1", Some("the second provider received 1 token request"))]
    #[case("outcome", "\"refused\"", None)]
    fn what_was_found_is_a_sentence(#[case] path: &str, #[case] actual: &str, #[case] expected: Option<&str>) {
        let actual = Some(actual.to_owned());
        let (path, level) = (path.to_owned(), Level::Must);
        let check =
            Check { path, alternative: None, level, held: false, expected: None, actual, found: None, problem: None };
        assert_eq!(finding(&check).as_deref(), expected);
    }

    #[test]
    fn a_long_value_is_cut_off() {
        let (path, actual) = ("account.name".to_owned(), Some("x".repeat(200)));
        let check = Check {
            path,
            alternative: None,
            level: Level::Must,
            held: false,
            expected: None,
            actual,
            found: None,
            problem: None,
        };
        let found = finding(&check).unwrap_or_default();
        assert!(found.len() < 120 && found.ends_with('…'), "{found}");
    }
}
