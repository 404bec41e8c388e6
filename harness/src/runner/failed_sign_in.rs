//! Explains to people why the honest sign-in before a run fails.
//! [`super::honest_sign_in`] reads the cause from the exchanges.

use std::fmt;

use crate::escape::terminal;
use crate::exchange::Exchange;
use crate::paragraph::{WIDTH, clipped, paragraph};
use crate::report::{ExchangeReport, Party, SignInEnding, SignInReport, TargetReport};

/// Why the honest sign-in fails.
#[derive(Debug, Clone)]
pub struct FailedSignIn {
    /// What happens, as a sentence without its full stop.
    pub(super) sentence: String,
    /// The server, once it is known.
    pub(super) target: Option<TargetReport>,
    /// Who asked whom for what, and what the answer was.
    pub(super) exchanges: Vec<ExchangeReport>,
    /// The likely cause, in whole sentences.
    pub(super) cause: String,
    /// What to do, in whole sentences.
    pub(super) advice: String,
    /// Whether no request of the server came to the provider, although it tried.
    pub(super) is_unreached: bool,
}

/// An exchange as one row.
#[derive(Debug, Clone)]
struct ExchangeRow {
    between: &'static str,
    told: String,
}

/// A server that retries has too many rows to read; the first and the last
/// ones say most.
const FIRST: usize = 4;
const LAST: usize = 4;

/// The columns that the parties of an exchange take.
const PARTIES: usize = 23;

/// How much of what an answer says is shown, in letters: in a sentence, and in
/// its row, which is one line.
const SAID: usize = 160;
const SAID_IN_ROW: usize = WIDTH - PARTIES;

impl FailedSignIn {
    /// Returns what to do, in lines that follow `help: `.
    pub fn help(&self) -> String {
        let go_on = "To play the tests anyway, add --continue-anyway.";
        format!("{}\n      {go_on}", after("help: ", &self.advice))
    }

    /// Returns it for a report.
    pub(super) fn report(&self) -> SignInReport {
        SignInReport {
            ending: SignInEnding::Fails,
            text: self.sentence.clone(),
            cause: Some(self.cause.clone()),
            advice: Some(self.advice.clone()),
            exchanges: self.exchanges.clone(),
        }
    }

    /// Whether the server does not reach the provider.
    pub fn is_unreached(&self) -> bool {
        self.is_unreached
    }
}

/// Returns text in lines that follow a label, without the label.
fn after(label: &str, text: &str) -> String {
    paragraph(&" ".repeat(label.len()), text).join("\n").trim_start().to_owned()
}

impl fmt::Display for FailedSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = format!("Sign-in fails: {}", self.sentence);
        writeln!(f, "{}", after("error: ", &sentence))?;
        let left_out = self.exchanges.len().saturating_sub(FIRST + LAST);
        for (index, row) in self.exchanges.iter().map(ExchangeRow::of).enumerate() {
            if (FIRST..FIRST + left_out).contains(&index) {
                if index == FIRST {
                    writeln!(f, "  … {left_out} more")?;
                }
                continue;
            }
            let between = row.between;
            writeln!(f, "  {between:<width$}{}", clipped(&row.told, SAID_IN_ROW), width = PARTIES - 2)?;
        }
        write!(f, "likely cause: {}", after("likely cause: ", &self.cause))
    }
}

impl ExchangeRow {
    /// Tells of an exchange, without its query, headers and tokens.
    fn of(report: &ExchangeReport) -> Self {
        let between = match (report.from, report.to) {
            (Party::UserAgent, Party::Target) => "browser > server",
            (Party::UserAgent, _) => "browser > provider",
            (Party::Target, _) => "server > provider",
            (Party::Provider | Party::OtherProvider, _) => "provider > server",
        };
        let exchange = &report.exchange;
        let place = match (report.to, report.endpoint.as_deref()) {
            (Party::Provider, Some(endpoint)) => endpoint,
            _ => exchange.path(),
        };
        let told = match exchange.method.as_str() {
            "TLS" => "TLS handshake: broken off".to_owned(),
            method => format!("{method} {place}: {}", answer(exchange)),
        };
        Self { between, told: terminal(&told) }
    }
}

/// Returns the answer of an exchange in words: its status, and what it says of
/// an error or is instead of JSON.
pub(super) fn answer(exchange: &Exchange) -> String {
    let Some(status) = exchange.status else {
        return match &exchange.error {
            _ if exchange.timed_out() => "no answer in time".to_owned(),
            Some(error) => format!("no answer ({})", clipped(error, SAID)),
            None => "no answer".to_owned(),
        };
    };
    let kind = exchange.header("content-type").map(|kind| kind.split(';').next().unwrap_or(kind).trim());
    match (said(exchange), kind) {
        (Some(said), _) => format!("{status} “{said}”"),
        (None, Some(kind)) if !exchange.response_body.is_empty() && !kind.ends_with("json") => {
            format!("{status} with {kind}")
        }
        _ => status.to_string(),
    }
}

/// Returns what an answer says of an error: Immich's `message`, or the
/// provider's `error` (RFC 6749 §5.2) with its description.
pub(super) fn said(exchange: &Exchange) -> Option<String> {
    let body = exchange.json().filter(|_| exchange.status.is_none_or(|status| status >= 400))?;
    let text = |name: &str| {
        let value = body.get(name)?;
        Some(value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
    };
    let said = match (text("message"), text("error"), text("error_description")) {
        (Some(message), ..) => message,
        (None, Some(error), Some(description)) => format!("{error}: {description}"),
        (None, Some(error), None) => error,
        (None, None, _) => return None,
    };
    Some(terminal(&clipped(&said, SAID)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn exchange(status: Option<u16>, kind: &str, body: &str) -> Exchange {
        Exchange {
            status,
            response_headers: vec![("content-type".to_owned(), kind.to_owned())],
            response_body: body.to_owned(),
            ..Exchange::default()
        }
    }

    #[rstest]
    #[case(Some(500), "application/json", r#"{"message": "no"}"#, "500 “no”")]
    #[case(Some(400), "application/json", r#"{"message": ["a", "b"]}"#, "400 “[\"a\",\"b\"]”")]
    #[case(
        Some(400),
        "application/json",
        r#"{"error": "invalid_grant", "error_description": "d"}"#,
        "400 “invalid_grant: d”"
    )]
    #[case(Some(200), "text/html; charset=utf-8", "<p>", "200 with text/html")]
    #[case(Some(201), "application/json", r#"{"url": "u"}"#, "201")]
    #[case(Some(404), "application/json", "{}", "404")]
    #[case(None, "", "", "no answer")]
    fn an_answer_in_words(#[case] status: Option<u16>, #[case] kind: &str, #[case] body: &str, #[case] words: &str) {
        assert_eq!(answer(&exchange(status, kind, body)), words);
    }

    #[test]
    fn at_most_25_lines_of_80_columns() {
        let long = "word ".repeat(40);
        let answer = exchange(Some(500), "application/json", &format!("{{\"message\": \"{long}\"}}"));
        let exchange = Exchange { method: "POST".into(), url: "http://photos.test/api".into(), ..answer };
        let failure = FailedSignIn {
            sentence: long[..SAID].to_owned(),
            target: None,
            exchanges: vec![ExchangeReport { to: Party::Provider, exchange, ..ExchangeReport::default() }; 30],
            cause: "word ".repeat(35),
            advice: "word ".repeat(60),
            is_unreached: false,
        };
        let shown = format!("error: {failure}\nhelp: {}", failure.help());
        assert!(shown.lines().count() <= 25 && shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
        assert!(shown.contains("… 22 more"), "{shown}");
    }
}
